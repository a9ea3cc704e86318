"""What the market's platforms serve, each in its own wire format."""
