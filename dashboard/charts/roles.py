"""What the home pages draw: parts of a gap, moments, a calendar, formats by content type."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from dashboard import theme
from dashboard.charts.base import ONCE, Spec, chart, colour, tips
from dashboard.i18n import _

INK: Final = "#17212E"
"""Text on shades that are light in both themes."""
WRITTEN: Final[Spec] = {
    "condition": {"test": "datum.shade === null", "value": theme.GREY}, "value": INK,
}  # fmt: skip
"""Colour of what is written in a cell; one without a shade lies on the page itself."""
SHADE: Final[Spec] = {
    "field": "shade", "type": "quantitative", "legend": None,
    "scale": {"domain": [-0.7, 0, 0.7], "range": list(theme.DIVERGING), "interpolate": "rgb",
              "clamp": True},
}  # fmt: skip
"""A cell's colour by the log of its lift: half as much and twice are full."""
WHITE: Final[Spec] = {
    "transform": [{"filter": "datum.shade !== null && !datum.firm"}],
    "mark": {"type": "rect", "cornerRadius": 3, "color": "#FFFFFF", "aria": False},
}
"""Below cells that let some of it through: pale on a dark page too."""
SIGNED: Final = "datum.value === 0 ? '0' : format(datum.value, '+,.2~f')"
"""How an axis of differences writes its values."""
LIFTS: Final = [0.1, 0.2, 0.5, 0.8, 1, 1.25, 1.6, 2, 3, 5, 10]


def gap_parts(
    frame: pl.DataFrame, parts: Sequence[str], colours: Mapping[str, str], title: str
) -> Spec:
    """The gap to each competitor and what it is made of: a bar from zero with its 95% interval.

    Columns in: name, part (label), value, low, high, text. A dot ends each bar, so that a part of
    zero is seen too; `parts` are labels in order.
    """
    names = frame["name"].unique(maintain_order=True).to_list()
    y = {"field": "name", "type": "nominal", "sort": names, "title": None,
         "scale": {"paddingInner": 0.28}}  # fmt: skip
    offset = {"field": "part", "type": "nominal", "sort": list(parts)}
    x = {"type": "quantitative", "title": title, "axis": {"labelExpr": SIGNED, "tickCount": 6}}
    paint = colour("part", parts, colours)
    tip = tips(("name", _("Against")), ("part", _("Part")), ("text", _("Interactions a week")))
    place = {"y": y, "yOffset": offset, "color": paint, "tooltip": tip}
    return chart(
        frame,
        height={"step": 15, "for": "offset"},
        layer=[
            # A thick rule, not a bar: bars and rules are not centred alike under an offset.
            {"mark": {"type": "rule", "strokeWidth": 10, "opacity": 0.32},
             "encoding": {**place, "x": x | {"field": "value"}, "x2": {"datum": 0}}},
            {"mark": {"type": "rule", "strokeWidth": 2, "strokeCap": "round"},
             "encoding": {**place, "x": x | {"field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
             "encoding": {**place, "x": x | {"field": "value"}}},
            {"data": ONCE, "mark": {"type": "rule", "color": theme.GREY},
             "encoding": {"x": {"datum": 0}}},
        ],
    )  # fmt: skip


def moments(frame: pl.DataFrame, tints: Mapping[str, str]) -> Spec:
    """What a day or an hour brings, in their own order: dots with 95% intervals, 1 = average.

    Columns in: label, lift, low, high, verdict (label), text, n_text. Logarithmic.
    """
    y = {"field": "label", "type": "nominal", "sort": frame["label"].to_list(), "title": None}
    x = {"type": "quantitative", "scale": {"type": "log", "nice": False, "padding": 14},
         "axis": {"title": _("times the average post (logarithmic)"), "format": ".2~f",
                  "values": LIFTS, "labelOverlap": True}}  # fmt: skip
    paint = colour("verdict", list(tints), tints, legend={} if len(tints) > 1 else None)
    tip = tips(("label", _("When")), ("text", _("Times the average")), ("n_text", _("Based on")),
               ("verdict", _("Verdict")))  # fmt: skip
    return chart(
        frame,
        height={"step": 30},
        layer=[
            {"data": ONCE, "mark": {"type": "rule", "color": theme.GREY, "strokeDash": [4, 3]},
             "encoding": {"x": {"datum": 1}}},
            {"mark": {"type": "rule", "strokeWidth": 2.5, "strokeCap": "round"},
             "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"},
                          "color": paint, "tooltip": tip}},
            {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
             "encoding": {"y": y, "x": x | {"field": "lift"}, "color": paint, "tooltip": tip}},
        ],
    )  # fmt: skip


def calendar(frame: pl.DataFrame, names: Sequence[str], mondays: Sequence[str]) -> Spec:
    """Publications a day, one strip an entity; every count is exact.

    Columns in: name, day (ISO text), posts, day_text.
    """
    days = frame["day"].unique().sort().to_list()
    return chart(
        frame,
        height={"step": 26},
        mark={"type": "rect", "cornerRadius": 2},
        encoding={
            "x": {"field": "day", "type": "ordinal", "title": None,
                  "scale": {"domain": days, "paddingInner": 0.1},
                  "axis": {"values": list(mondays), "labelAngle": 0, "labelAlign": "left",
                           "labelExpr": "utcFormat(toDate(datum.value), '%-d %b')"}},
            "y": {"field": "name", "type": "nominal", "sort": list(names), "title": None,
                  "scale": {"paddingInner": 0.16}},
            "color": {"field": "posts", "type": "quantitative",
                      "legend": {"title": _("posts"), "orient": "right", "gradientLength": 110,
                                 "tickMinStep": 1},
                      "scale": {"type": "pow", "exponent": 0.6, "domainMin": 0,
                                "range": [theme.FAINT, theme.BRAND]}},
            "tooltip": tips(("name", _("Who")), ("day_text", _("Day")), ("posts", _("Posts"))),
        },
    )  # fmt: skip


def grid(frame: pl.DataFrame, types: Sequence[str], forms: Sequence[str]) -> Spec:
    """Lift of each format with each content type; the shade is the lift, n is written below.

    Columns in: label (of the type), form (label of the format), shade (log of the lift; null where
    there is none), lift_text, n_short, text (lift with interval), n_text, firm (enough posts for
    the full shade), sure (the interval leaves out 1).
    """
    place: dict[str, Any] = {
        "y": {"field": "label", "type": "nominal", "sort": list(types), "title": None,
              "scale": {"paddingInner": 0.05}},
        "x": {"field": "form", "type": "nominal", "sort": list(forms), "title": None,
              "scale": {"paddingInner": 0.04},
              "axis": {"orient": "top", "labelAngle": -30, "labelOverlap": False,
                       "labelLimit": 110}},
    }  # fmt: skip
    tip = tips(
        ("label", _("Content type")), ("form", _("Format")), ("text", _("Lift")),
        ("n_text", _("Based on")),
    )  # fmt: skip
    return chart(
        frame,
        height={"step": 46},
        encoding=place,
        layer=[
            WHITE,
            {"transform": [{"filter": "datum.shade !== null"}],
             "mark": {"type": "rect", "cornerRadius": 3},
             "encoding": {"color": SHADE, "tooltip": tip,
                          "opacity": {"condition": {"test": "datum.firm", "value": 1},
                                      "value": 0.7}}},
            {"transform": [{"filter": "!datum.sure"}],
             "mark": {"type": "text", "fontSize": 13, "dy": -7},
             "encoding": {"text": {"field": "lift_text"}, "color": WRITTEN, "tooltip": tip}},
            {"transform": [{"filter": "datum.sure"}],
             "mark": {"type": "text", "fontSize": 13, "dy": -7, "fontWeight": "bold"},
             "encoding": {"text": {"field": "lift_text"}, "color": WRITTEN, "tooltip": tip}},
            {"mark": {"type": "text", "fontSize": 11, "dy": 9}, "encoding": {
                "text": {"field": "n_short"}, "color": WRITTEN, "tooltip": tip}},
        ],
    )  # fmt: skip
