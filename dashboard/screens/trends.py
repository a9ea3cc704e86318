"""What rises and falls this week, false alarms controlled."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries, theme
from dashboard.i18n import _, ngettext
from dashboard.widgets import cards, filters, states
from dashboard.widgets.safe import esc, plain, shorten
from data.vocabulary import TREND_KINDS

MOST = 14
"""Rows of the chart: the surest first."""
OPEN = 3
"""Trends shown unfolded."""
FLOOR = 0.02
LEAST_Q = 0.001
TINTS = {"rising": theme.GOOD, "falling": theme.BAD}

Row = dict[str, Any]


def _label(row: Row, types: dict[str, str]) -> str:
    key = str(row["key"])
    if row["kind"] == "hashtag":
        return shorten(f"#{key}", 60)
    return names.form(key) if row["kind"] == "format" else types.get(key, key)


def _ratio(row: Row) -> str:
    return (
        f"{i18n.times(row['ratio'])}× {i18n.interval(row['low'], row['high'], i18n.times)}".strip()
    )


def _posts(row: Row) -> str:
    posts = ngettext("{n} post", "{n} posts", row["posts"])
    return f"{posts}, {ngettext('{n} account', '{n} accounts', row['accounts'])}"


def _q(row: Row) -> str:
    if row["q_value"] is None:
        return i18n.NONE
    small = row["q_value"] < LEAST_Q
    return f"q {'<' if small else '='} {i18n.decimal(max(LEAST_Q, row['q_value']), 3)}"


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
            "status_label": names.status(row["status"]), "text": _ratio(row),
            "n_text": _posts(row), "q_text": _q(row),
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


def _history(row: Row) -> None:
    weeks = queries.trend_history(row["platform"], row["kind"], row["key"]).drop_nulls("ratio")
    if weeks.height < 2:  # noqa: PLR2004 - one point is no line
        states.note(_("First seen this week."))
        return
    texts = [
        {"text": _ratio(week), "n_text": _posts(week), "week_text": i18n.week(week["week"])}
        for week in weeks.iter_rows(named=True)
    ]
    frame = pl.concat(
        [weeks.select("week", "ratio", "low", "high"), pl.DataFrame(texts)], how="horizontal"
    )
    st.vega_lite_chart(
        charts.sparkline(frame, TINTS.get(row["status"], theme.GREY)),
        width="stretch",
        alt=_("Ratio to the usual, week by week"),
        key=f"history-{row['kind']}-{row['key']}",
    )


def _trend(row: Row, *, unfolded: bool) -> None:
    label = f"{plain(row['label'])} – {plain(_ratio(row))}"
    with st.expander(label, expanded=unfolded):
        stack = st.container(key=f"stack-{row['kind']}-{row['key']}")
        words, line = stack.columns([2, 3])
        with words:
            lift = f"{i18n.times(row['lift'])}×" if row["lift"] is not None else i18n.NONE
            cards.facts(
                [
                    (_("Kind"), esc(names.trend_kind(row["kind"]))),
                    (_("Times the usual"), f"<b>{esc(_ratio(row))}</b>"),
                    (_("Based on"), esc(_posts(row))),
                    (_("False alarm"), esc(_q(row))),
                    (_("Lift"), esc(lift)),
                ]
            )
        with line:
            _history(row)
        if row["examples"]:
            cards.post_cards(tuple(row["examples"]))


def _list(rows: list[Row], status: str, title: str, none: str) -> None:
    states.section(title)
    found = [row for row in rows if row["status"] == status]
    if not found:
        states.nothing(none)
    for place, row in enumerate(found):
        _trend(row, unfolded=place < OPEN and bool(row["examples"]))


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
        row | {"label": _label(row, types)}
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
