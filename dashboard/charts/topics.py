"""What is talked about: who says what, what rises and falls."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard import theme
from dashboard.charts.base import ONCE, ROW, Spec, chart, colour, tips
from dashboard.i18n import _


def shares(frame: pl.DataFrame, types: Sequence[str], entities: Sequence[str]) -> Spec:
    """Share of each content type in each entity's posts, as a table of shaded figures.

    Columns in: name, label, share, share_text, text (share with interval), n_text, lift_text.
    """
    place = {
        "y": {"field": "label", "type": "nominal", "sort": list(types), "title": None,
              "scale": {"paddingInner": 0.07}},
        "x": {"field": "name", "type": "nominal", "sort": list(entities), "title": None,
              "scale": {"paddingInner": 0.03},
              "axis": {"orient": "top", "labelAngle": -40, "labelLimit": 120,
                       "labelOverlap": False}},
    }  # fmt: skip
    tip = tips(
        ("name", _("Who")), ("label", _("Content type")), ("text", _("Share")),
        ("n_text", _("Based on")), ("lift_text", _("Median lift")),
    )  # fmt: skip
    return chart(
        frame,
        height={"step": ROW},
        layer=[
            {"mark": {"type": "rect", "cornerRadius": 2}, "encoding": {
                "color": {"field": "share", "type": "quantitative", "legend": None,
                          "scale": {"range": [theme.PALE, theme.BRAND], "domainMin": 0}},
                "tooltip": tip}},
            {"mark": {"type": "text", "fontSize": 12}, "encoding": {
                "text": {"field": "share_text"},
                "color": {"condition": {"test": "datum.dark", "value": "white"},
                          "value": "#17212E"}, "tooltip": tip}},
        ],
        encoding=place,
    )  # fmt: skip


def ratios(frame: pl.DataFrame, status_labels: Mapping[str, str]) -> Spec:
    """This week's ratio of each trend with its 95% interval, logarithmic, 1 = as usual.

    Columns in: label, ratio, low, high, status_label, text, n_text, q_text.
    """
    tints = {"rising": theme.GOOD, "falling": theme.BAD, "steady": theme.GREY}
    colours = {label: tints[status] for status, label in status_labels.items()}
    y = {"field": "label", "type": "nominal", "sort": frame["label"].to_list(), "title": None}
    x = {"type": "quantitative", "scale": {"type": "log", "nice": False, "padding": 14},
         "axis": {"title": _("times its usual week (logarithmic)"), "format": ".2~f",
                  "values": [0.1, 0.2, 0.5, 1, 2, 5, 10, 20]}}  # fmt: skip
    paint = colour("status_label", list(colours), colours)
    tip = tips(("label", _("What")), ("text", _("Times the usual")), ("n_text", _("Based on")),
               ("q_text", _("Chance of a false alarm")))  # fmt: skip
    return chart(
        frame,
        height={"step": ROW},
        layer=[
            {"data": ONCE, "mark": {"type": "rule", "color": theme.GREY, "strokeDash": [4, 3]},
             "encoding": {"x": {"datum": 1}}},
            {"mark": {"type": "rule", "strokeWidth": 2.5, "strokeCap": "round"},
             "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"},
                          "color": paint, "tooltip": tip}},
            {"mark": {"type": "point", "filled": True, "size": 100, "opacity": 1},
             "encoding": {"y": y, "x": x | {"field": "ratio"}, "color": paint, "tooltip": tip}},
        ],
    )  # fmt: skip
