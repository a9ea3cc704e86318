"""Notes on dates: written in the sidebar, drawn on every chart over time."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import access, edits, i18n, queries
from dashboard.i18n import _
from dashboard.widgets.filters import scope
from dashboard.widgets.safe import esc

MOST = 30
"""Notes listed, the latest days first."""


def between(first: date, last: date, *entities: str) -> pl.DataFrame:
    """day, text, day_text of the notes of these days, as charts draw them.

    Those of everybody in view, or of the entities that are named, and those of the market.
    """
    found = queries.notes_between(first, last, entities or scope().entities)
    days = [i18n.day(day) for day in found["day"]]
    return found.with_columns(day_text=pl.Series(days, dtype=pl.String))


def panel() -> None:
    """The notes, and for editors a form for one more."""
    rows = queries.notes()
    may = access.may_edit()
    if rows.is_empty() and not may:
        return
    with st.popover(_("Notes on dates ({n})").format(n=rows.height), width="stretch", key="notes"):
        if may:
            _form()
        for row in rows.head(MOST).iter_rows(named=True):
            _line(row, may=may)


def _form() -> None:
    known = dict(queries.entities().select("entity_id", "name").iter_rows())
    words = {"": _("The whole market"), **known}
    end = queries.as_of()
    with st.form("note", clear_on_submit=True, border=False):
        day = st.date_input(
            _("Day"), value=i18n.local(end).date() if end else "today", format="DD/MM/YYYY",
            key="note-day",
        )  # fmt: skip
        text = st.text_input(
            _("What happened"), max_chars=edits.NOTE, key="note-text",
            placeholder=_("campaign, launch, event"),
        )  # fmt: skip
        whose = st.selectbox(
            _("About"), ["", *known], format_func=words.__getitem__, key="note-entity"
        )
        if st.form_submit_button(_("Add the note")) and text.strip() and isinstance(day, date):
            edits.add_note(day, text, whose or None)
            st.rerun()


def _line(row: dict[str, Any], *, may: bool) -> None:
    words, drop = st.columns([5, 1], vertical_alignment="center")
    name = dict(queries.entities().select("entity_id", "name").iter_rows()).get(row["entity_id"])
    signed = _("{who}, {moment}").format(who=row["by"], moment=i18n.moment(row["at"]))
    about = f"{name} · " if name else ""
    words.html(
        f"<b>{esc(i18n.day(row['day']))}</b> {esc(row['text'])}"
        f'<div class="v-note">{esc(about)}{esc(signed)}</div>'
    )
    if may and drop.button("✕", key=f"drop-{row['note_id']}", help=_("Delete"), type="tertiary"):
        edits.drop_note(row["note_id"])
        st.rerun()
