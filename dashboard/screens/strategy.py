"""The strategist's desk: side by side, formats by content type, openings, influencers."""

import math
from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries
from dashboard.i18n import _
from dashboard.widgets import cards, filters, influencers, people, sides, states
from dashboard.widgets.rises import posts as posts_and_accounts
from dashboard.widgets.safe import esc, plain
from data.vocabulary import FORMATS

FIRM: Final = 10
"""Posts from which a cell has its full shade."""
TONES: Final = {"opening": "ahead", "missed": "warning", "crowded": "behind"}
"""How a status is coloured."""
OPEN: Final = 2
"""Openings shown unfolded."""

Row = dict[str, Any]


def _side_by_side() -> None:
    states.section(
        _("Side by side"),
        _(
            "Any entities, platforms and periods. Verdicts are against everybody else of the same "
            "kind; a difference whose interval holds zero may be chance."
        ),
    )
    chosen = sides.choose()
    if not chosen:
        states.nothing(_("Nobody to compare is watched."))
        return
    sides.table(chosen)
    states.note(
        _(
            "Intervals of differences take both sides as independent (Zou & Donner 2008); where "
            "the same entity’s periods or platforms overlap they are wider than need be."
        )
    )
    sides.links(chosen)


def _cell(row: Row, labels: dict[str, str]) -> Row:
    lift = row["lift"]
    known = lift is not None
    return {
        "label": labels[row["type_id"]],
        "form": names.form(row["format"]),
        "shade": math.log(max(lift, 0.01)) if known else None,
        "lift_text": f"{i18n.times(lift)}×" if known else "",
        "n_short": cards.based_on(row["posts"]),
        "text": cards.lift_words(row) if known else _("not enough posts"),
        "n_text": posts_and_accounts(row),
        "firm": row["posts"] >= FIRM,
        "sure": known and (row["lift_low"] > 1 or row["lift_high"] < 1),
    }


def _map(scope: queries.Scope, labels: dict[str, str]) -> None:
    states.section(
        _("What pays: formats by type of content"),
        _(
            "Engagement of a post over its account’s usual, whatever the format, with n below. "
            "Blue brings more, orange less; bold where the 95% interval leaves out 1. Cells of "
            "fewer than {firm} posts are pale, those of fewer than 5 empty; point at one for its "
            "interval."
        ).format(firm=FIRM),
        _("Whose: {who}").format(who=_whose(scope)),
    )
    rows = queries.grid(scope).filter(pl.col("type_id").is_in(list(labels)))
    if rows.is_empty():
        states.nothing(_("not enough posts"))
        return
    used = sorted(set(rows["format"]), key=FORMATS.index)
    frame = pl.DataFrame([_cell(row, labels) for row in rows.iter_rows(named=True)],
                         schema_overrides={"shade": pl.Float64})  # fmt: skip
    st.vega_lite_chart(
        charts.grid(frame, list(labels.values()), [names.form(name) for name in used]),
        width="stretch",
        alt=_("Lift of each format with each type of content"),
    )
    below = st.container(horizontal=True, gap="large")
    with below.popover(_("How is this computed?"), type="tertiary", key="how-map"):
        states.note(
            _(
                "exp of the mean, over the posts of a cell, of log(engagement at seven days + 0.5) "
                "minus the account’s mean of it in the period. Interval: Student’s t, posts taken "
                "as independent. Accounts with fewer than five posts and topics are left out."
            )
        )
    with below:
        _cell_posts(used, labels)


def _whose(scope: queries.Scope) -> str:
    known = people.by_name(queries.entities())
    chosen = [known[one] for one in scope.entities if one in known]
    return ", ".join(chosen) or _("everybody but topics")


def _cell_posts(used: list[str], labels: dict[str, str]) -> None:
    """From a cell of the map to its posts."""
    with st.popover(_("See the posts of a cell"), type="tertiary", key="cell-posts"):
        form = st.selectbox(_("Format"), used, format_func=names.form, key="cell-format")
        kind = st.selectbox(
            _("Content type"), list(labels), format_func=labels.__getitem__, key="cell-type"
        )
        st.page_link(
            cards.POSTS, label=_("See these posts"),
            query_params=filters.address(format=str(form), about=str(kind)),
        )  # fmt: skip


def _level(row: Row, labels: dict[str, str]) -> str:
    """A format or a type of content in words."""
    if row["dimension"] == "format":
        return names.form(row["level"])
    return str(labels.get(row["level"], row["level"]))


def _openings(scope: queries.Scope, labels: dict[str, str]) -> None:
    period = queries.effect_period(scope.period)
    states.section(
        _("Openings"),
        _(
            "Formats and types of content that surely bring more within account, all else being "
            "equal, and that few publish: neither the market nor the brand as much as an even "
            "share ({period}, everybody’s posts)."
        ).format(period=names.period(period)),
    )
    rows = queries.effects(scope.platform, scope.period).filter(
        pl.col("dimension").is_in(["format", "content_type"])
    )
    if rows.is_empty():
        states.nothing(_("not enough posts"))
        return
    found = rows.filter(pl.col("status") == "opening").sort("lift_low", descending=True)
    if found.is_empty():
        states.nothing(_("No opening is sure in this period: nothing rare surely brings more."))
    for place, row in enumerate(found.iter_rows(named=True)):
        _opening(row, labels, queries.Scope(scope.platform, period), unfolded=place < OPEN)
    _effects_table(rows, labels)


def _opening(row: Row, labels: dict[str, str], scope: queries.Scope, *, unfolded: bool) -> None:
    name = _level(row, labels)
    is_format = row["dimension"] == "format"
    with st.expander(f"{plain(name)} – {plain(cards.lift_words(row))}", expanded=unfolded):
        cards.facts(
            [
                (_("Kind"), esc(names.trend_kind(row["dimension"]))),
                (_("Lift"), f"<b>{esc(cards.lift_words(row))}</b>"),
                (_("Based on"), esc(posts_and_accounts(row))),
                (_("Share of the market’s posts"), esc(i18n.percent(row["share"]))),
                (_("Share of the brand’s posts"), esc(i18n.percent(row["brand_share"]))),
            ]
        )
        shown = queries.examples(
            scope, row["level"] if is_format else "", "" if is_format else row["level"]
        )
        cards.post_cards(shown)
        more = {"format": row["level"]} if is_format else {"about": row["level"]}
        st.page_link(
            cards.POSTS, label=_("See these posts"),
            query_params=filters.address(**more, period=scope.period, sort="lift"),
        )  # fmt: skip


def _effect_cells(row: Row, labels: dict[str, str]) -> list[str]:
    """A line of the table below (HTML)."""
    kind, chip = names.trend_kind(row["dimension"]), TONES.get(row["status"], "level")
    words = cards.lift_words(row) if row["lift"] is not None else i18n.NONE
    lift, _gap, span = words.partition(" ")
    return [
        f"{esc(_level(row, labels))}<br><small>{esc(kind)}</small>",
        f"<b>{esc(lift)}</b> <small>{esc(span)}</small>",
        esc(posts_and_accounts(row)),
        esc(i18n.percent(row["share"])),
        esc(i18n.percent(row["brand_share"])),
        f'<span class="v-chip v-{esc(chip)}">{esc(names.opening(row["status"]))}</span>',
    ]


def _effects_table(rows: pl.DataFrame, labels: dict[str, str]) -> None:
    order = rows.sort("dimension", "lift", descending=[True, True], nulls_last=True)
    lines = [_effect_cells(row, labels) for row in order.iter_rows(named=True)]
    heads = (
        _("What"), _("Lift, 95% interval"), _("Based on"), _("Share, market"), _("Share, brand"),
        _("Verdict"),
    )  # fmt: skip
    with st.expander(_("All formats and types of content ({n})").format(n=rows.height)):
        states.table(heads, lines, numbers=(1, 3, 4))


def show() -> None:
    """The page."""
    scope = filters.scope()
    states.head(_("Strategist"), _("Where to go next"), filters.caption())
    if not queries.is_built():
        states.not_built()
        return
    labels = {row["type_id"]: row["label"] for row in queries.content_types().iter_rows(named=True)}
    _side_by_side()
    _map(scope, labels)
    _openings(scope, labels)
    influencers.show(scope)


show()
