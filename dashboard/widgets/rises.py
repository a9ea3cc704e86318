"""One trend: in words, week by week, and with the posts that show it."""

from datetime import timedelta
from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries, theme
from dashboard.i18n import _, ngettext
from dashboard.widgets import cards, notes, states
from dashboard.widgets.safe import esc, plain, shorten

LEAST_Q: Final = 0.001
TINTS: Final = {"rising": theme.GOOD, "falling": theme.BAD}

Row = dict[str, Any]


def label(row: Row, types: dict[str, str]) -> str:
    """What rises or falls; `types` is type_id → label."""
    key = str(row["key"])
    if row["kind"] == "hashtag":
        return shorten(f"#{key}", 60)
    return names.form(key) if row["kind"] == "format" else types.get(key, key)


def ratio(row: Row) -> str:
    """Times the usual, with its interval."""
    return (
        f"{i18n.times(row['ratio'])}× {i18n.interval(row['low'], row['high'], i18n.times)}".strip()
    )


def posts(row: Row) -> str:
    """What it rests on."""
    own = ngettext("{n} post", "{n} posts", row["posts"])
    return f"{own}, {ngettext('{n} account', '{n} accounts', row['accounts'])}"


def q_words(row: Row) -> str:
    """The chance that it is a false alarm."""
    if row["q_value"] is None:
        return i18n.NONE
    small = row["q_value"] < LEAST_Q
    return f"q {'<' if small else '='} {i18n.decimal(max(LEAST_Q, row['q_value']), 3)}"


def _history(row: Row) -> None:
    weeks = queries.trend_history(row["platform"], row["kind"], row["key"]).drop_nulls("ratio")
    if weeks.height < 2:  # noqa: PLR2004 - one point is no line
        states.note(_("First seen this week."))
        return
    texts = [
        {"text": ratio(week), "n_text": posts(week), "week_text": i18n.week(week["week"])}
        for week in weeks.iter_rows(named=True)
    ]
    frame = pl.concat(
        [weeks.select("week", "ratio", "low", "high"), pl.DataFrame(texts)], how="horizontal"
    )
    first, last = weeks["week"][0], weeks["week"][-1] + timedelta(days=6)
    chart = charts.sparkline(frame, TINTS.get(row["status"], theme.GREY))
    st.vega_lite_chart(
        charts.with_notes(chart, notes.between(first, last)),
        width="stretch",
        alt=_("Ratio to the usual, week by week"),
        key=f"history-{row['kind']}-{row['key']}",
    )


def show(row: Row, *, unfolded: bool) -> None:
    """A trend of `queries.trends` with its `label`, to unfold."""
    title = f"{plain(row['label'])} – {plain(ratio(row))}"
    with st.expander(title, expanded=unfolded):
        stack = st.container(key=f"stack-{row['kind']}-{row['key']}")
        words, line = stack.columns([2, 3])
        with words:
            lift = f"{i18n.times(row['lift'])}×" if row["lift"] is not None else i18n.NONE
            cards.facts(
                [
                    (_("Kind"), esc(names.trend_kind(row["kind"]))),
                    (_("Times the usual"), f"<b>{esc(ratio(row))}</b>"),
                    (_("Based on"), esc(posts(row))),
                    (_("False alarm"), esc(q_words(row))),
                    (_("Lift"), esc(lift)),
                ]
            )
        with line:
            _history(row)
        if row["examples"]:
            cards.post_cards(tuple(row["examples"]))
