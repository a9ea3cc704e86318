"""Content types in people's own words: rename, merge, take back."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import access, edits, i18n, queries
from dashboard.i18n import _
from dashboard.widgets import states
from dashboard.widgets.safe import esc

Row = dict[str, Any]


def show(types: pl.DataFrame) -> None:
    """What was changed by whom, and, for editors, how to change more.

    `types` is what `queries.content_types` gives.
    """
    labels = dict(types.select("type_id", "label").iter_rows())
    changed = pl.any_horizontal(pl.col("label", "merged_into").is_not_null())
    made = queries.type_edits().filter(changed)
    may = access.may_edit()
    if not may and made.is_empty():
        return
    with st.expander(_("Rename and merge types"), expanded=False, key="edit-types"):
        if may:
            _form(labels)
        for row in made.iter_rows(named=True):
            _line(row, labels, may=may)
        if queries.type_merges():
            states.note(
                _(
                    "Merged types count as one on every page at once; trends and effects take the "
                    "merge in with the next run."
                )
            )


def _form(labels: dict[str, str]) -> None:
    chosen = st.selectbox(
        _("Type to change"), list(labels), format_func=labels.__getitem__, key="edit-type"
    )
    left, right = st.columns(2, gap="large")
    with left.form("rename-type", border=False):
        name = st.text_input(
            _("New name"), value=labels[chosen], max_chars=edits.LABEL, key=f"name-{chosen}"
        )
        if st.form_submit_button(_("Rename")) and name.strip() != labels[chosen]:
            edits.rename_type(chosen, name)
            st.rerun()
    others = [key for key in labels if key != chosen]
    if not others:
        return
    with right.form("merge-type", border=False):
        into = st.selectbox(
            _("Count it as"), others, format_func=labels.__getitem__, key=f"into-{chosen}"
        )
        if st.form_submit_button(_("Merge")):
            edits.merge_type(chosen, into)
            st.rerun()


def _line(row: Row, labels: dict[str, str], *, may: bool) -> None:
    words, undo = st.columns([6, 1], vertical_alignment="center")
    words.html(_told(row, labels))
    key = f"undo-{row['type_id']}"
    if may and undo.button(_("Undo"), key=key, type="tertiary"):
        edits.undo_type(row["type_id"])
        st.rerun()


def _told(row: Row, labels: dict[str, str]) -> str:
    """One edit as a line of HTML: what, by whom, when, and whether its type is still there."""
    parts = []
    if row["label"] is not None:
        parts.append(_("“{was}” is called “{now}”").format(was=row["was"], now=row["label"]))
    if (into := row["merged_into"]) is not None:
        root = queries.type_merges().get(row["type_id"], str(into))
        name = row["label"] or row["was"]
        parts.append(_("“{was}” counts as “{now}”").format(was=name, now=labels.get(root, root)))
    if row["type_id"] not in {*labels, *queries.type_merges(), *queries.found_sizes()}:
        parts.append(_("this type is gone from the latest grouping; the change waits for it"))
    elif into is not None and row["type_id"] not in queries.type_merges():
        parts.append(_("the other type is gone from the latest grouping; they count apart"))
    signed = _("{who}, {moment}").format(who=row["by"], moment=i18n.moment(row["at"]))
    return f'{esc(" · ".join(parts))} <span class="v-note">{esc(signed)}</span>'
