"""Vega-Lite specifications: pure functions from small frames to dicts."""

from dashboard.charts.base import Spec, columns_used
from dashboard.charts.compare import dots, forest, stacked
from dashboard.charts.time import counts, heat, lines, sparkline
from dashboard.charts.topics import ratios, shares

__all__ = [
    "Spec",
    "columns_used",
    "counts",
    "dots",
    "forest",
    "heat",
    "lines",
    "ratios",
    "shares",
    "sparkline",
    "stacked",
]
