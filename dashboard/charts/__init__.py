"""Vega-Lite specifications: pure functions from small frames to dicts."""

from dashboard.charts.base import Spec, columns_used
from dashboard.charts.compare import dots, forest, stacked
from dashboard.charts.roles import calendar, gap_parts, grid, moments
from dashboard.charts.time import counts, heat, lines, sparkline, with_notes
from dashboard.charts.topics import ratios, shares

__all__ = [
    "Spec",
    "calendar",
    "columns_used",
    "counts",
    "dots",
    "forest",
    "gap_parts",
    "grid",
    "heat",
    "lines",
    "moments",
    "ratios",
    "shares",
    "sparkline",
    "stacked",
    "with_notes",
]
