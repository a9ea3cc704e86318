"""Own publications: searched, sorted, opened down to the archived page."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import i18n, names, queries
from dashboard.i18n import _, ngettext
from dashboard.views import archive, detail
from dashboard.widgets import cards, filters, people, safe, states
from data.vocabulary import FORMATS

SHOWN = 200
"""Rows of the list; a search or a filter finds the others."""
ON_CARDS = 24
ACROSS = 3


def _sort_words(sort: str) -> str:
    words = {
        "published_at": _("latest first"), "lift": _("best lift first"),
        "engagement_7d": _("most engagement first"), "engagement_rate": _("best rate first"),
    }  # fmt: skip
    return words[sort]


def _controls() -> tuple[str, str, str, str]:
    search, form, sort, view = st.container(key="halve-controls").columns(
        [3, 2, 2, 2], vertical_alignment="bottom"
    )
    with search:
        st.session_state.setdefault("q", st.query_params.get("q", ""))
        text = st.text_input(
            _("Search"), key="q", placeholder=_("a word or #hashtag"), on_change=_keep_search
        )
    with form:
        chosen = filters.choose(
            "format", _("Format"), ["", *FORMATS],
            lambda name: names.form(name) if name else _("All formats"),
        )  # fmt: skip
    with sort:
        order = filters.choose(
            "sort", _("Order"), ["published_at", "lift", "engagement_7d", "engagement_rate"],
            _sort_words,
        )  # fmt: skip
    with view:
        shape = filters.choose(
            "view", _("Shown as"), ["table", "cards"],
            lambda name: _("Table") if name == "table" else _("Cards"),
        )  # fmt: skip
    return text, chosen, order, shape


def _keep_search() -> None:
    if st.session_state["q"]:
        st.query_params["q"] = st.session_state["q"]
    else:
        st.query_params.pop("q", None)


def _frame(rows: pl.DataFrame) -> pl.DataFrame:
    """The list as the table shows it and as it is downloaded."""
    known = people.by_name(queries.entities())
    texts = [
        {
            "who": known.get(row["entity_id"], row["entity_id"]),
            "platform": names.platform(row["platform"]),
            "format": names.form(row["format"]),
            "text": safe.shorten(" – ".join(filter(None, (row["title"], row["text"]))), 240),
        }
        for row in rows.iter_rows(named=True)
    ]
    figures = rows.select(
        "published_at", "engagement", "engagement_7d", pl.col("engagement_rate") * 100, "lift",
        "lift_low", "lift_high", "url",
    )  # fmt: skip
    return pl.concat([pl.DataFrame(texts), figures], how="horizontal")


def _columns() -> dict[str, Any]:
    """How each column of the table is shown."""
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    return {
        "published_at": st.column_config.DatetimeColumn(
            _("Published (UTC)"), format="YYYY-MM-DD HH:mm", timezone="UTC", width=130
        ),
        "who": text(_("Who"), width=115),
        "text": text(_("Text"), width=262),
        "format": text(_("Format"), width=90),
        "platform": text(_("Platform"), width=90),
        "engagement": number(_("Engagement"), format="localized", width=95),
        "engagement_rate": number(_("Rate"), format="%.2f %%", width=80),
        "lift": number(_("Lift"), format="%.2f ×", width=70),
        "lift_low": number(_("low"), format="%.2f", width=60),
        "lift_high": number(_("high"), format="%.2f", width=60),
    }


def _table(rows: pl.DataFrame) -> None:
    frame = _frame(rows)
    picked = st.dataframe(
        frame,
        width="stretch",
        height=560,
        row_height=36,
        hide_index=True,
        placeholder=i18n.NONE,
        on_select="rerun",
        selection_mode="single-row",
        key="list",
        alt=_("Own publications with their figures"),
        column_order=(
            "published_at", "who", "text", "format", "engagement", "lift", "lift_low", "lift_high",
            "engagement_rate", "platform",
        ),
        column_config=_columns(),
    )  # fmt: skip
    if chosen := picked.selection.rows:
        st.query_params["post"] = rows["post_id"][chosen[0]]
        st.rerun()
    st.download_button(
        _("Download as CSV"),
        lambda: safe.to_csv(frame.with_columns(post_id=rows["post_id"])),
        file_name="vigie-posts.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _cards(rows: pl.DataFrame) -> None:
    shown = list(rows.head(ON_CARDS).iter_rows(named=True))
    for start in range(0, len(shown), ACROSS):
        for place, row in zip(st.columns(ACROSS), shown[start : start + ACROSS], strict=False):
            with place:
                cards.post_card(row)


def _list() -> None:
    states.head(_("Posts"), _("Own publications"), filters.caption())
    text, form, order, shape = _controls()
    with st.spinner(_("Reading the lake …")):
        rows, total = queries.find(filters.scope(), text.strip(), form, order, SHOWN)
    if rows.is_empty():
        states.nothing(_("No post fits; choose a longer period or fewer filters."))
        return
    words = ngettext("{n} post", "{n} posts", total)
    if total > rows.height:
        words = _("{posts}, the first {shown} shown").format(
            posts=words, shown=i18n.decimal(rows.height)
        )
    hint = _("tick a row to open its post") if shape == "table" else ""
    states.note(" · ".join(filter(None, (words, hint))))
    if shape == "table":
        _table(rows)
    else:
        _cards(rows)


def show() -> None:
    """The list, the post of `?post=`, or the archived page of `?page=`."""
    if page_id := st.query_params.get("page"):
        archive.show(page_id, st.query_params.get("post"))
    elif post_id := st.query_params.get("post"):
        detail.show(post_id)
    else:
        _list()


show()
