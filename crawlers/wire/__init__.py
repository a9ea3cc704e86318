"""Shapes of what large APIs send, beside the platform files that they would crowd."""
