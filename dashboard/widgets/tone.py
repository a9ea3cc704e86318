"""How the comments sound, with how well the reader of them was measured to read."""

from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import i18n, names, queries
from dashboard.i18n import _
from dashboard.widgets import cards, filters, people, safe, states
from dashboard.widgets.safe import esc

SIDES: Final = ("positive", "negative")

Row = dict[str, Any]


def quality() -> str:
    """How often the classifier is right, and where that is told; empty where it is not known.

    Empty too where it surely reads no better than one who always names the commonest tone: no
    tone is shown then.
    """
    measured = queries.models("tone")
    if measured.is_empty() or (measured["low"] <= measured["baseline"]).any():
        return ""
    said = [_language(row) for row in measured.iter_rows(named=True)]
    return _(
        "Read by a small classifier, which is wrong at times; measured on {n} texts a language "
        "that it had never seen: {quality}. Always naming the commonest tone would give "
        "{baseline}. Source: {source}."
    ).format(
        n=i18n.decimal(measured["n"][0]), quality=_("; ").join(said),
        baseline=i18n.decimal(measured["baseline"][0], 2), source=measured["source"][0],
    )  # fmt: skip


def _language(row: Row) -> str:
    words = {"fr": _("in French"), "en": _("in English")}
    return _(
        "{language} it is right on about {right} comments of 10 ({measure} {value} {span})"
    ).format(
        language=words.get(row["language"], row["language"]),
        right=i18n.decimal(round(10 * row["value"])), measure=row["measure"],
        value=i18n.decimal(row["value"], 2), span=i18n.interval(row["low"], row["high"]),
    )  # fmt: skip


def _share(row: Row, side: str) -> str:
    """A share with its interval (HTML)."""
    if row[side] is None:
        return esc(_("not enough comments"))
    span = i18n.interval(row[f"{side}_low"], row[f"{side}_high"], i18n.percent)
    return f"<b>{esc(i18n.percent(row[side]))}</b> <small>{esc(span)}</small>"


def show(platform: str, period: str, chosen: str) -> None:
    """The part of a page on the tone of everybody's comments, and the posts of the one chosen."""
    told = quality()
    if not told:
        return
    states.section(
        _("Tone of the comments"),
        _(
            "Of other people’s comments in French and English under the posts of {period}: how "
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
        states.note(
            _(
                "Comments read as positive (or negative) over all that have a tone. Interval: "
                "Wilson’s, with the effective number of comments of Korn & Graubard (1998), since "
                "comments under one post agree more than others. It holds chance, not the "
                "comments that are misread, so compare accounts rather than take a share as "
                "counted. No share under 30 comments or 5 posts. Irony is read by its words."
            )
        )
