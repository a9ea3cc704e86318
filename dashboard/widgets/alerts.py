"""What somebody should look at today."""

from typing import Any, Final

import streamlit as st

from dashboard import i18n, names, queries
from dashboard.i18n import _
from dashboard.widgets import states
from dashboard.widgets.cards import POSTS, who
from dashboard.widgets.filters import address
from dashboard.widgets.safe import esc

FIRST: Final = 3
"""Alerts shown before one asks for more."""


def _line(row: dict[str, Any]) -> None:
    text, open_it = st.columns([5, 1], vertical_alignment="center")
    name = f"{who(row['entity_id'])[0]} · " if row["entity_id"] else ""
    text.html(
        f'<div class="v-alert"><span class="v-chip v-{esc(row["severity"])}">'
        f"{esc(names.alert(row['kind']))}</span><span>{esc(row['title'])} "
        f"<small>{esc(name)}{esc(i18n.day(row['raised_at']))}</small></span></div>"
    )
    posts, pages = row["post_ids"], row["page_ids"]
    if posts:
        open_it.page_link(POSTS, label=_("Open"), query_params=address(post=posts[0]))
    elif pages:
        open_it.page_link(POSTS, label=_("Open"), query_params=address(page=pages[0]))


def strip(most: int = FIRST) -> None:
    """The latest alerts, each opening the post or page behind it; nothing where there is none."""
    found = list(queries.alerts().iter_rows(named=True))
    if not found:
        return
    states.section(_("To look at"))
    for row in found[:most]:
        _line(row)
    if found[most:]:
        with st.expander(_("Earlier alerts ({n})").format(n=len(found[most:]))):
            for row in found[most:]:
                _line(row)
