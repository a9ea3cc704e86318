"""Vigie watching itself: drift of its sources, logs, metrics, what a run fell short of."""
