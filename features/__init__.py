"""Frames in, frames out: frequency, formats, engagement, types, trends, benchmark."""
