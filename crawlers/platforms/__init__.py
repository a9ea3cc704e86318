"""One file a platform. A file that is put here is found; nothing else is edited."""
