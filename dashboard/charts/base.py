"""What every chart has in common: raw Vega-Lite, quiet axes, numbers in the reader's language.

A chart is a plain dict with its data inside: Streamlit sends it on as it is, which costs 3 ms
where Altair costs 70.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from dashboard.i18n import vega_locale

Spec = dict[str, Any]
ROW: Final = 34
"""Pixels a row of a dot chart takes."""
ONCE: Final[Spec] = {"values": [{}]}
"""Data of a layer that is drawn once, not once a row: a line to read others by."""
FONT: Final = "Source Sans, sans-serif"


def values(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as Vega reads them: times as ISO text."""
    return [
        {name: value.isoformat() if isinstance(value, date | datetime) else value
         for name, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]  # fmt: skip


def chart(frame: pl.DataFrame, *, height: int | Mapping[str, Any], **parts: Any) -> Spec:
    """A specification with its data and the common style."""
    if layers := parts.get("layer"):
        parts["layer"] = [_unspoken(_without_tip(layer)) for layer in layers]
    fit = "fit-x" if isinstance(height, Mapping) else "fit"
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values(frame)},
        "height": height,
        "autosize": {"type": fit, "contains": "padding"},
        # Room for the half of the last axis label that stands beyond the axis.
        "padding": {"left": 0, "top": 5, "right": 16, "bottom": 5},
        "config": {
            "locale": vega_locale(),
            "axis": {
                "labelFont": FONT, "titleFont": FONT, "labelFontSize": 12.5, "titleFontSize": 12.5,
                "titleFontWeight": "normal", "labelLimit": 190, "domain": False, "ticks": False,
                "labelPadding": 8, "labelFlush": False, "gridOpacity": 0.55,
            },
            "legend": {
                "labelFont": FONT, "titleFont": FONT, "labelFontSize": 12.5, "orient": "top",
                "title": None, "symbolType": "circle", "symbolSize": 90, "columns": 4,
                "labelLimit": 160, "offset": 10,
            },
            "view": {"stroke": None},
        },
        **parts,
    }  # fmt: skip


def _without_tip(layer: Spec) -> Spec:
    """The layer, with no tooltip where none was written for it: Streamlit shows raw columns."""
    if "mark" not in layer or "tooltip" in layer.get("encoding", {}):
        return layer
    return {**layer, "mark": {**layer["mark"], "tooltip": None}}


def _unspoken(layer: Spec) -> Spec:
    """The layer, left out of what screen readers tell where it has no datum to tell of."""
    if layer.get("data") is not ONCE:
        return layer
    return {**layer, "mark": {**layer["mark"], "aria": False}}


def colour(field: str, names: Sequence[str], colours: Mapping[str, str], **more: Any) -> Spec:
    """A colour channel with fixed colours by name."""
    scale = {"domain": list(names), "range": [colours[name] for name in names]}
    return {"field": field, "type": "nominal", "scale": scale, **more}


def tips(*fields: tuple[str, str]) -> list[Spec]:
    """Tooltip lines of (column, label); every value is shown as text."""
    return [{"field": name, "type": "nominal", "title": label} for name, label in fields]


def columns_used(spec: Any) -> set[str]:
    """Every data column that a specification names."""
    if isinstance(spec, list):
        return set().union(*(columns_used(part) for part in spec))
    if not isinstance(spec, dict):
        return set()
    own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
    kept = {name: part for name, part in spec.items() if name not in {"data", "config"}}
    return own.union(*(columns_used(part) for part in kept.values()))
