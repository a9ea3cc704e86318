"""Who does more, and what brings more: dots with intervals, shares."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from dashboard import theme
from dashboard.charts.base import ONCE, ROW, Spec, chart, colour, tips
from dashboard.i18n import _

CLOSED: Final[Spec] = {"filter": "isValid(datum.low) && isValid(datum.high)"}
"""Intervals with both ends."""


def _axis(form: str, title: str | None = None, **more: Any) -> Spec:
    return {"format": form, "title": title, "tickCount": 6, **more}


def _domain(frame: pl.DataFrame) -> list[float]:
    """From zero, or below it where an interval goes there, to a little beyond the last interval."""
    ends = [0.0, *frame["low"].drop_nulls(), *frame["high"].drop_nulls(), *frame["value"]]
    low, high = min(ends), max(ends)
    spare = 0.04 * ((high - low) or 1.0)
    return [low - spare if low < 0 else 0.0, high + spare]


def _band(band: tuple[float, float, float] | None, x: Spec) -> list[Spec]:
    """The peers' quartiles as a band with their median."""
    if band is None:
        return []
    low, middle, high = band
    return [
        {"data": ONCE, "mark": {"type": "rect", "color": theme.BAND},
         "encoding": {"x": x | {"datum": low}, "x2": {"datum": high}}},
        {"data": ONCE, "mark": {"type": "rule", "color": theme.GREY, "strokeDash": [4, 3]},
         "encoding": {"x": {"datum": middle}}},
    ]  # fmt: skip


def _open(frame: pl.DataFrame, place: Spec) -> list[Spec]:
    """Intervals whose upper end is not known yet: dashed, to the edge of the picture."""
    if frame.filter(pl.col("low").is_not_null(), pl.col("high").is_null()).is_empty():
        return []
    return [
        {"transform": [{"filter": "isValid(datum.low) && !isValid(datum.high)"}],
         "mark": {"type": "rule", "strokeDash": [4, 4], "strokeWidth": 2},
         "encoding": {**place, "x2": {"value": "width"}}},
    ]  # fmt: skip


def dots(
    frame: pl.DataFrame,
    colours: Mapping[str, str],
    *,
    brands: Sequence[str],
    title: str,
    number: str,
    band: tuple[float, float, float] | None = None,
) -> Spec:
    """A KPI over entities: a dot and its 95% interval each, over the peers' quartile band.

    Columns in: name, value, low, high, text (value with interval), n_text, rank_text.
    `band` holds the lower quartile, median and upper quartile of the brand's peers.
    """
    names = frame["name"].to_list()
    is_brand = f"indexof({json.dumps(list(brands))}, datum.name) >= 0"
    bold = {
        "condition": {"test": is_brand.replace("datum.name", "datum.value"), "value": "bold"},
        "value": "normal",
    }
    y = {
        "field": "name", "type": "nominal", "sort": names, "title": None,
        "axis": {"labelFontWeight": bold, "labelLimit": 280},
    }  # fmt: skip
    x = {"type": "quantitative", "scale": {"domain": _domain(frame)}, "axis": _axis(number, title)}
    paint = colour("name", names, colours, legend=None)
    tip = tips(("name", _("Who")), ("text", title), ("n_text", _("Based on")),
               ("rank_text", _("Rank")))  # fmt: skip
    layers = _band(band, x)
    emphasis = {"condition": {"test": is_brand, "value": 4}, "value": 2}
    layers += _open(frame, {"y": y, "x": x | {"field": "low"}, "color": paint, "tooltip": tip})
    layers += [
        {"transform": [CLOSED], "mark": {"type": "rule", "strokeCap": "round"},
         "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}, "color": paint,
                      "strokeWidth": emphasis, "tooltip": tip}},
        {"mark": {"type": "point", "filled": True, "opacity": 1},
         "encoding": {"y": y, "x": x | {"field": "value"}, "color": paint, "tooltip": tip,
                      "size": {"condition": {"test": is_brand, "value": 190}, "value": 95}}},
    ]  # fmt: skip
    return chart(frame, height={"step": ROW}, layer=layers)


def stacked(frame: pl.DataFrame, entities: Sequence[str], formats: Sequence[str]) -> Spec:
    """Shares of formats as one bar an entity.

    Columns in: name, format, label, share, text (share with interval), n_text, order.
    """
    labels = {row["label"]: theme.FORMATS[row["format"]] for row in frame.iter_rows(named=True)}
    ordered = [label for label in formats if label in labels]
    return chart(
        frame,
        height={"step": ROW},
        mark={"type": "bar", "height": {"band": 0.66}},
        encoding={
            "y": {"field": "name", "type": "nominal", "sort": list(entities), "title": None},
            "x": {
                "field": "share", "type": "quantitative", "stack": "zero",
                "scale": {"domain": [0, 1]}, "axis": _axis(".0%", grid=False),
            },
            "color": colour("label", ordered, labels),
            "order": {"field": "order", "type": "quantitative"},
            "tooltip": tips(
                ("name", _("Who")), ("label", _("Format")), ("text", _("Share")),
                ("n_text", _("Based on")),
            ),
        },
    )  # fmt: skip


def forest(frame: pl.DataFrame, colours: Mapping[str, str]) -> Spec:
    """Lift of each format with its 95% interval, one colour an entity, 1 = the account's usual.

    Columns in: label, name, lift, lift_low, lift_high, text, n_text. Logarithmic, because twice
    and half are equally far from 1.
    """
    names = frame["name"].unique(maintain_order=True).to_list()
    labels = (
        frame.group_by("label", maintain_order=True).agg(pl.col("lift").max())
        .sort("lift", descending=True, nulls_last=True)["label"].to_list()
    )  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": labels, "title": None}
    offset = {"field": "name", "type": "nominal", "sort": names}
    x = {
        "type": "quantitative", "scale": {"type": "log", "nice": False, "padding": 14},
        "axis": {"format": ".2~f", "title": _("times the account’s usual (logarithmic)"),
                 "values": [0.1, 0.2, 0.5, 1, 2, 5, 10]},
    }  # fmt: skip
    paint = colour("name", names, colours, legend=None if len(names) == 1 else {})
    tip = tips(
        ("name", _("Who")), ("label", _("Format")), ("text", _("Lift")), ("n_text", _("Based on"))
    )
    step: dict[str, Any] = {"step": ROW}
    if len(names) > 1:
        step = {"step": max(14, 30 // len(names)), "for": "offset"}
    return chart(
        frame,
        height=step,
        layer=[
            {"data": ONCE, "mark": {"type": "rule", "color": theme.GREY, "strokeDash": [4, 3]},
             "encoding": {"x": {"datum": 1}}},
            {"mark": {"type": "rule", "strokeWidth": 2.5, "strokeCap": "round"},
             "encoding": {"y": y, "yOffset": offset, "x": x | {"field": "lift_low"},
                          "x2": {"field": "lift_high"}, "color": paint, "tooltip": tip}},
            {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
             "encoding": {"y": y, "yOffset": offset, "x": x | {"field": "lift"}, "color": paint,
                          "tooltip": tip}},
        ],
    )  # fmt: skip
