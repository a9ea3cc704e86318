"""One module a command: what the user writes and sees; the work is done elsewhere."""
