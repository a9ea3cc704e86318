"""What somebody should look at today."""

from collections.abc import Callable
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


def strip(most: int = FIRST, keep: Callable[[dict[str, Any]], bool] | None = None) -> None:
    """The latest alerts, each opening the post or page behind it.

    With `keep`, those that it keeps, and a line where there is none; else nothing is said then.
    """
    found = [row for row in queries.alerts().iter_rows(named=True) if keep is None or keep(row)]
    if not found and keep is None:
        return
    states.section(_("To look at"))
    if not found:
        states.nothing(_("No alert of weight."))
    for row in found[:most]:
        _line(row)
    if found[most:]:
        with st.expander(_("Earlier alerts ({n})").format(n=len(found[most:]))):
            for row in found[most:]:
                _line(row)
