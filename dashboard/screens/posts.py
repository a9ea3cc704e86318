"""Own publications: searched, sorted, opened down to the archived page."""

import functools
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from dashboard import i18n, names, queries
from dashboard.i18n import _, ngettext
from dashboard.views import archive, detail
from dashboard.widgets import cards, filters, people, safe, states, tags
from data.vocabulary import FORMATS

SHOWN = 200
"""Rows of the list; a search or a filter finds the others."""
ON_CARDS = 24
ACROSS = 3
MOMENT = {"en": "D MMM YYYY, HH:mm", "fr": "DD/MM/YYYY HH:mm"}
"""How the table writes times; its month names are English ones."""


def _sort_words(sort: str) -> str:
    words = {
        "published_at": _("latest first"), "lift": _("best lift first"),
        "engagement_7d": _("most engagement first"), "engagement_rate": _("best rate first"),
    }  # fmt: skip
    return words[sort]


def _controls() -> tuple[queries.Wanted, str, str]:
    """What is wanted, in which order, and shown how."""
    has_tags = bool(queries.every_tag())
    search, form, kind, *tag, sort, view = st.container(key="halve-controls").columns(
        [5, 4, 5, 4, 5, 3] if has_tags else [5, 4, 5, 5, 3], vertical_alignment="bottom"
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
    with kind:
        about = _type()
    label = ""
    if has_tags:
        with tag[0]:
            label = tags.filter_by()
    with sort:
        order = filters.choose("sort", _("Order"), queries.SORTS, _sort_words)
    with view:
        shape = filters.choose(
            "view", _("Shown as"), ["table", "cards"],
            lambda name: _("Table") if name == "table" else _("Cards"),
        )  # fmt: skip
    run = st.query_params.get("run", "")
    return queries.Wanted(text.strip(), chosen, about, label, run), order, shape


def _type() -> str:
    types = queries.content_types()
    labels = dict(types.select("type_id", "label").iter_rows())
    return filters.choose(
        "about", _("Content type"), ["", *labels],
        lambda key: labels[key] if key else _("All types"),
    )  # fmt: skip


def _keep_search() -> None:
    if st.session_state["q"]:
        st.query_params["q"] = st.session_state["q"]
    else:
        st.query_params.pop("q", None)


def _frame(rows: pl.DataFrame) -> pl.DataFrame:
    """The list as it is downloaded: figures as figures."""
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


def _written() -> dict[str, Callable[[float], str]]:
    """How the table writes each figure."""
    ratio = functools.partial(i18n.decimal, digits=2)
    return {
        "engagement": lambda value: i18n.decimal(value, 0),
        "engagement_rate": lambda value: i18n.percent(value / 100, 2),
        "lift": lambda value: f"{ratio(value)}×",
        "lift_low": ratio,
        "lift_high": ratio,
    }


def _in_words(frame: pl.DataFrame) -> pl.DataFrame:
    """The list as it is shown: figures in the reader's language, which the browser's may not be.

    They are padded on the left, so that sorting the column as text sorts it by value.
    """
    columns = []
    for name, write in _written().items():
        texts = [None if value is None else write(value) for value in frame[name]]
        width = max((len(text) for text in texts if text), default=0)
        padded = [text and text.rjust(width) for text in texts]
        columns.append(pl.Series(name, padded, dtype=pl.String))
    return frame.with_columns(columns)


def _columns() -> dict[str, Any]:
    """How each column of the table is shown."""
    text = st.column_config.TextColumn
    number = functools.partial(text, alignment="right")
    return {
        "published_at": st.column_config.DatetimeColumn(
            _("Published ({zone})").format(zone=i18n.zone()),
            format=MOMENT[i18n.lang()],
            timezone=i18n.zone(),
            width=142,
        ),
        "who": text(_("Who"), width=110),
        "text": text(_("Text"), width=262),
        "format": text(_("Format"), width=90),
        "platform": text(_("Platform"), width=90),
        "engagement": number(_("Engagement"), width=92),
        "engagement_rate": number(_("Rate"), width=80),
        "lift": number(_("Lift"), width=70),
        "lift_low": number(_("low"), width=60),
        "lift_high": number(_("high"), width=60),
    }


def _table(rows: pl.DataFrame) -> None:
    frame = _frame(rows)
    picked = st.dataframe(
        _in_words(frame),
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
            # Figures first: a narrow window shows what the list is sorted by, and how texts begin.
            "published_at", "who", "engagement", "lift", "text", "lift_low", "lift_high",
            "engagement_rate", "format", "platform",
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
    states.head(_("Posts"), _("Own publications"), _lede())
    wanted, order, shape = _controls()
    with st.spinner(_("Reading the lake …")):
        rows, total = queries.find(filters.scope(), wanted, order, SHOWN)
    if wanted.run:
        st.button(_("Show all posts"), on_click=_show_all)
    if rows.is_empty():
        states.nothing(_("No post fits; choose a longer period or fewer filters."))
        return
    words = ngettext("{n} post", "{n} posts", total)
    shown = min(rows.height, SHOWN if shape == "table" else ON_CARDS)
    if total > shown:
        words = _("{posts}, the first {shown} shown").format(posts=words, shown=i18n.decimal(shown))
    hint = _("tick a row to open its post") if shape == "table" else ""
    states.note(" · ".join(filter(None, (words, hint))))
    if shape == "table":
        _table(rows)
    else:
        _cards(rows)


def _lede() -> str:
    """What is listed: the period, or what a run saw first."""
    if not (run_id := st.query_params.get("run")):
        return filters.caption()
    times = queries.run_times(run_id)
    return _("First seen by the run of {time}, whenever they were published.").format(
        time=i18n.stamp(times[0] if times else None)
    )


def _show_all() -> None:
    st.query_params.pop("run", None)


def _keep_address() -> None:
    """Write the address where it changed: links within a page leave the browser's as it was."""
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    if st.session_state.get("posts-address", now) != now:
        st.query_params.from_dict(now)
    st.session_state["posts-address"] = now


def show() -> None:
    """The list, the post of `?post=`, or the archived page of `?page=`."""
    _keep_address()
    if page_id := st.query_params.get("page"):
        archive.show(page_id, st.query_params.get("post"))
    elif post_id := st.query_params.get("post"):
        detail.show(post_id)
    else:
        _list()


show()
