"""Damage in a lake: found, named, mended."""
