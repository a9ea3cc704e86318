"""What rises and falls this week, false alarms controlled."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries
from dashboard.i18n import _, ngettext
from dashboard.widgets import filters, rises, states
from data.vocabulary import TREND_KINDS

MOST = 14
"""Rows of the chart: the surest first."""
OPEN = 3
"""Trends shown unfolded."""
FLOOR = 0.02

Row = dict[str, Any]


def _named(row: Row) -> str:
    """A trend's label on an axis; a hashtag and the words of a type tell what they are."""
    if row["kind"] != "format":
        return str(row["label"])
    return f"{row['label']} ({names.trend_kind('format').lower()})"


def _chart(rows: list[Row]) -> None:
    known = [row for row in rows if all(row[name] for name in ("ratio", "low", "high"))][:MOST]
    if not known:
        return
    frame = pl.DataFrame(
        {
            "label": _named(row),
            "status_label": names.status(row["status"]), "text": rises.ratio(row),
            "n_text": rises.posts(row), "q_text": rises.q_words(row),
            **{name: max(FLOOR, row[name]) for name in ("ratio", "low", "high")},
        }
        for row in known
    )  # fmt: skip
    labels = {status: names.status(status) for status in ("rising", "falling", "steady")}
    st.vega_lite_chart(
        charts.ratios(frame.sort("ratio", descending=True), labels),
        width="stretch",
        alt=_("This week against the usual, with 95% intervals"),
    )


def _list(rows: list[Row], status: str, title: str, none: str) -> None:
    states.section(title)
    found = [row for row in rows if row["status"] == status]
    if not found:
        states.nothing(none)
    for place, row in enumerate(found):
        rises.show(row, unfolded=place < OPEN and bool(row["examples"]))


def show() -> None:
    """The page."""
    scope = filters.scope()
    found = queries.trends(scope.platform)
    lede = names.platform(scope.platform)
    if not found.is_empty():
        lede = i18n.sentence(f"{i18n.week(found['week'][0])} · {lede}")
    states.head(_("Trends"), _("What rises and what falls"), lede)
    if found.is_empty():
        states.nothing(_("Nothing could be tested yet: trends need some weeks of posts."))
        return
    kinds = filters.choose(
        "kind", _("Kind"), ["", *TREND_KINDS],
        lambda kind: names.trend_kind(kind) if kind else _("All kinds"),
    )  # fmt: skip
    types = {row["type_id"]: row["label"] for row in queries.content_types().iter_rows(named=True)}
    rows = [
        row | {"label": rises.label(row, types)}
        for row in found.iter_rows(named=True)
        if not kinds or row["kind"] == kinds
    ]
    states.section(
        _("This week against the usual"),
        ngettext(
            "One thing was tested.",
            "{n} things were tested; about one in ten of those called rising or falling may be "
            "a false alarm (Benjamini-Hochberg).",
            len(rows),
        ),
    )
    _chart(rows)
    _list(rows, "rising", _("Rising"), _("Nothing rises beyond chance this week."))
    _list(rows, "falling", _("Falling"), _("Nothing falls beyond chance this week."))


show()
