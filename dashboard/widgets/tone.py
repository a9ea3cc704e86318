"""How the comments sound, with how well the reader of them was measured to read."""

from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import i18n, names, queries, toned
from dashboard.i18n import _
from dashboard.widgets import cards, filters, people, safe, states
from dashboard.widgets.safe import esc

SIDES: Final = ("positive", "negative")

Row = dict[str, Any]


def _share(row: Row, side: str) -> str:
    """A share with its interval (HTML)."""
    if row[side] is None:
        return esc(_("not enough comments"))
    span = i18n.interval(row[f"{side}_low"], row[f"{side}_high"], i18n.percent)
    return f"<b>{esc(i18n.percent(row[side]))}</b> <small>{esc(span)}</small>"


def show(platform: str, period: str, chosen: str) -> None:
    """The part of a page on the tone of everybody's comments, and the posts of the one chosen."""
    told = toned.quality(queries.models("tone"))
    if not told:
        return
    states.section(
        _("Tone of the comments"),
        _(
            "Of other people’s comments in French and English under posts ({period}): how "
            "many sound positive, how many negative; the others sound neutral."
        ).format(period=names.period(period)),
        told,
    )
    rows = people.named(queries.tones(platform, period)).filter(pl.col("role") != "topic")
    if rows.is_empty():
        states.nothing(_("No comment in French or English was read in this period."))
        return
    heads = (_("Whose"), _("Positive"), _("Negative"), _("Comments (n)"), _("Under posts"))
    lines = [
        (
            esc(row["name"]) if row["entity_id"] != chosen else f"<b>{esc(row['name'])}</b>",
            *(_share(row, side) for side in SIDES),
            i18n.decimal(row["n"]), i18n.decimal(row["posts"]),
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    states.table(heads, lines, numbers=(3, 4))
    _below(chosen, platform, period)


def _below(chosen: str, platform: str, period: str) -> None:
    row = st.container(horizontal=True, gap="large", vertical_alignment="center")
    row.page_link(
        cards.POSTS,
        label=_("Posts of {who}").format(who=safe.plain(cards.who(chosen)[0])),
        query_params=filters.address(entity=chosen, platform=platform, period=period),
    )
    with row.popover(_("How is this computed?"), type="tertiary", key="how-tone"):
        states.note(toned.formula())
