"""Erasure and retention: what goes, in which order, and what must not come back."""
