"""What can be had from an address before it is watched."""
