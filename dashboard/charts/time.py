"""Over time: weeks, hours of the week, the growth of a post."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import polars as pl

from dashboard import theme
from dashboard.charts.base import ONCE, Spec, chart, colour, tips, values
from dashboard.i18n import _

HOURS_D: Final = 4
"""Days from which an axis of moments names days only."""
TURNS: Final = 3
"""Heights on which the texts of notes are written, so that neighbours stay apart."""


def _weeks(frame: pl.DataFrame) -> Spec:
    """An axis of weeks that is labelled at their Mondays only."""
    mondays = [monday.isoformat() for monday in frame["week"].unique().sort()]
    return {
        "field": "week", "type": "temporal", "title": None, "scale": {"type": "utc"},
        "axis": {"format": "%-d %b", "grid": False, "labelOverlap": True, "values": mondays},
    }  # fmt: skip


def lines(
    frame: pl.DataFrame, colours: Mapping[str, str], *, brands: Sequence[str], title: str
) -> Spec:
    """Posts per week, one line an entity, the brand's thick.

    Columns in: week (date), name, posts, week_text.
    """
    names = frame["name"].unique(maintain_order=True).to_list()
    is_brand = f"indexof({json.dumps(list(brands))}, datum.name) >= 0"
    return chart(
        frame,
        height=300,
        layer=[
            {"mark": {"type": "line", "point": {"size": 34, "filled": True}},
             "encoding": {
                 "strokeWidth": {"condition": {"test": is_brand, "value": 3.5}, "value": 1.5},
                 "opacity": {"condition": {"test": is_brand, "value": 1}, "value": 0.75},
             }},
        ],
        encoding={
            "x": _weeks(frame),
            "y": {"field": "posts", "type": "quantitative", "title": title,
                  "axis": {"tickMinStep": 1, "tickCount": 5}},
            "color": colour("name", names, colours, legend={} if len(names) > 1 else None),
            "tooltip": tips(("name", _("Who")), ("week_text", _("Week")), ("posts", _("Posts"))),
        },
    )  # fmt: skip


def with_notes(spec: Spec, notes: pl.DataFrame) -> Spec:
    """A chart over time with a labelled rule on each day that somebody noted.

    Columns in: day (date), text, day_text. The texts take turns on three heights.
    """
    if notes.is_empty():
        return spec
    inner = {name: spec.pop(name) for name in ("mark", "layer", "encoding") if name in spec}
    x = {"field": "day", "type": "temporal", "scale": {"type": "utc"}}
    data = {"values": values(notes.with_row_index("turn"))}
    tip = tips(("day_text", _("Day")), ("text", _("Note")))
    texts = [
        {"transform": [{"filter": f"datum.turn % {TURNS} == {turn}"}],
         "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11.5, "limit": 150,
                  "color": theme.NOTE},
         "encoding": {"x": x, "y": {"value": 8 + 15 * turn}, "text": {"field": "text"},
                      "tooltip": tip}}
        for turn in range(TURNS)
    ]  # fmt: skip
    rule = {"mark": {"type": "rule", "color": theme.NOTE, "strokeDash": [2, 3], "strokeWidth": 1.5},
            "encoding": {"x": x, "tooltip": tip}}  # fmt: skip
    return {**spec, "layer": [inner, {"data": data, "layer": [rule, *texts]}]}


def heat(frame: pl.DataFrame, days: Sequence[str]) -> Spec:
    """Posts by weekday and hour; the count in each cell is exact.

    Columns in: day (name), hour, posts, hour_text, lift_text.
    """
    return chart(
        frame,
        height={"step": 26},
        mark={"type": "rect", "cornerRadius": 2},
        encoding={
            "x": {"field": "hour", "type": "ordinal", "scale": {"domain": list(range(24)),
                  "paddingInner": 0.08}, "title": None, "axis": {"labelAngle": 0, "values":
                  list(range(0, 24, 3)), "labelExpr": "datum.value + ':00'"}},
            "y": {"field": "day", "type": "ordinal", "scale": {"domain": list(days),
                  "paddingInner": 0.1}, "title": None},
            "color": {"field": "posts", "type": "quantitative", "legend": {
                  "title": _("posts"), "orient": "right", "gradientLength": 130, "tickMinStep": 1},
                  "scale": {"range": [theme.FAINT, theme.BRAND], "domainMin": 0}},
            "tooltip": tips(("day", _("Day")), ("hour_text", _("Hour")), ("posts", _("Posts")),
                            ("lift_text", _("Median lift"))),
        },
    )  # fmt: skip


def counts(frame: pl.DataFrame, labels: Mapping[str, str]) -> Spec:
    """The public counts of a post at each capture.

    Columns in: observed_at, kind (likes …), label, value, when_text.
    """
    shown = [kind for kind in theme.COUNTS if kind in set(frame["kind"])]
    colours = {labels[kind]: theme.COUNTS[kind] for kind in shown}
    moments = sorted(frame["observed_at"].to_list())
    span = moments[-1] - moments[0] if moments else timedelta()
    hours = "" if span > timedelta(days=HOURS_D) else " %H:%M"
    return chart(
        frame,
        height=260,
        mark={"type": "line", "point": {"size": 50, "filled": True}, "strokeWidth": 2},
        encoding={
            "x": {"field": "observed_at", "type": "temporal", "scale": {"type": "utc"},
                  "title": None, "axis": {"grid": False, "format": f"%-d %b{hours}",
                                          "labelOverlap": True, "tickCount": 5}},
            "y": {"field": "value", "type": "quantitative", "title": None,
                  "axis": {"tickMinStep": 1, "tickCount": 5}},
            "color": colour("label", list(colours), colours),
            "tooltip": tips(("label", _("Count")), ("value", _("Value")), ("when_text", _("Seen"))),
        },
    )  # fmt: skip


def sparkline(frame: pl.DataFrame, tint: str) -> Spec:
    """A trend's weeks: ratio to the usual with its 95% band, 1 = as usual.

    Columns in: week, ratio, low, high, text, n_text, week_text.
    """
    x = _weeks(frame)
    # An interval of a week with next to no posts would flatten every other week.
    # That of the last week, which the words beside it name, is never cut.
    last = frame["high"].to_list()[-1] or 0.0
    top = max([2.0, last, *(2 * one for one in frame["ratio"].to_list() if one is not None)])
    y = {"type": "quantitative", "title": None, "axis": {"tickCount": 3},
         "scale": {"domain": [0, top]}}  # fmt: skip
    tip = tips(("week_text", _("Week")), ("text", _("Times the usual")), ("n_text", _("Based on")))
    return chart(
        frame,
        height=130,
        layer=[
            {"mark": {"type": "area", "color": tint, "opacity": 0.16, "clip": True},
             "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}},
            {"data": ONCE, "mark": {"type": "rule", "color": theme.GREY, "strokeDash": [4, 3]},
             "encoding": {"y": {"datum": 1}}},
            {"mark": {"type": "line", "color": tint, "strokeWidth": 2.2,
                      "point": {"size": 40, "filled": True, "color": tint}},
             "encoding": {"x": x, "y": y | {"field": "ratio"}, "tooltip": tip}},
        ],
    )  # fmt: skip
