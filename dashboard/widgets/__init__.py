"""What pages are made of. Nothing here reads the lake but through `queries`."""
