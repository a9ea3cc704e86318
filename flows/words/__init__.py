"""What the commands say and ask: options, output, problems, and their French."""
