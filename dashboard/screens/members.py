"""The community of an account: the four Cs, who speaks most, and what its figures ask about."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import audited, i18n, names, queries
from dashboard.i18n import _
from dashboard.widgets import cards, filters, states, tone
from dashboard.widgets.safe import esc
from data.vocabulary import RATE_PERIODS

FOUR_CS: Final = {
    "context": ("share_of_posts", "share_of_engagement", "view_rate"),
    "content": ("posts_per_week", "format_diversity", "engagement_rate"),
    "connectivity": ("reply_rate", "reply_median_min"),
    "continuity": ("active_days_per_week", "follower_growth_pct"),
}
"""KPIs of the benchmark under each of the four."""
COMMUNAL: Final = {"connectivity": "member_to_member", "continuity": "returning_rate"}
"""Figures of `communities` under two of them."""
SHOWN: Final = 10

Row = Mapping[str, Any]


def _titles() -> dict[str, tuple[str, str]]:
    """Name and definition of each C."""
    return {
        "context": (
            _("Context"),
            _("The place: how large a part of the market’s talk it has, and who sees it."),
        ),
        "content": (
            _("Content"),
            _("What it publishes: how much, how varied, and what a post brings."),
        ),
        "connectivity": (
            _("Connectivity"),
            _("Who talks with whom: whether it answers, and whether members answer each other."),
        ),
        "continuity": (
            _("Continuity"),
            _("Whether it lasts: days with a post, followers gained, members who come back."),
        ),
    }


def _communal_names() -> dict[str, str]:
    return {
        "member_to_member": _("Comments that answer another member"),
        "returning_rate": _("Members who come back"),
    }


def _figure(row: Row, unit: str, verdict: str = "") -> str:
    """A figure with its interval and n (HTML)."""
    n = esc(cards.based_on(row["n"]))
    if row["value"] is None:
        return f"{esc(names.missing(row['n']))} <small>{n}</small>"
    span = esc(i18n.interval(row["low"], row["high"], names.bare(unit)))
    figure = f"<b>{esc(names.figure(row['value'], unit))}</b>"
    return f"{figure} <small><nobr>{span}</nobr> {n}</small> {verdict}"


def _share(found: pl.DataFrame, name: str) -> Row | None:
    """A figure of `communities` with its interval and n."""
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    n = row.get(f"{name}_n", row["comments"])
    return {"value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"], "n": n}


def _four_cs(stands: Mapping[str, Row], registry: Mapping[str, Row], talk: pl.DataFrame) -> None:
    places = st.columns(2) + st.columns(2)
    for place, (key, (title, definition)) in zip(places, _titles().items(), strict=True):
        lines = [
            (
                cards.kpi_name(registry[kpi]),
                _figure(
                    stands[kpi], registry[kpi]["unit"], cards.verdict_chip(stands[kpi])
                ),
            )
            for kpi in FOUR_CS[key]
            if kpi in stands and kpi in registry
        ]  # fmt: skip
        name = COMMUNAL.get(key)
        if name and (row := _share(talk, name)):
            lines.append((_communal_names()[name], _figure(row, names.RATIO)))
        with place, st.container(border=True, height="stretch"):
            st.html(
                f'<div class="v-card"><div class="v-label">{esc(title)}</div>'
                f'<div class="v-sub">{esc(definition)}</div>'
                f"{cards.fact_list(lines)}</div>"
            )


def _members(found: pl.DataFrame, talk: pl.DataFrame) -> None:
    states.section(
        _("Most active members"),
        _("By pseudonym: a keyed hash stands for the name, which Vigie never keeps."),
    )
    if found.is_empty():
        states.nothing(_("Nobody commented twice in this period, or the platform shows no names."))
        return
    row = _share(talk, "share_of_top_10pct")
    if row is not None and row["value"] is not None:
        said = _("The busiest tenth of the members wrote {share} of the comments.")
        states.note(said.format(share=cards.with_interval(row, names.RATIO)))
    heads = (
        _("Member"), _("Comments"), _("Share"), _("Posts commented"), _("Weeks active"),
        _("Answers received"), _("Last comment"),
    )  # fmt: skip
    lines = [
        (
            f"<code>{esc(row['author_key'][:10])}</code>", i18n.decimal(row["comments"]),
            esc(names.figure(row["share"], names.RATIO)), i18n.decimal(row["posts_commented"]),
            i18n.decimal(row["weeks_active"]), i18n.decimal(row["answered"]),
            esc(i18n.day(row["last_at"])),
        )
        for row in found.head(SHOWN).iter_rows(named=True)
    ]  # fmt: skip
    states.table(heads, lines, numbers=(1, 2, 3, 4, 5))


def _audits(found: pl.DataFrame) -> None:
    states.section(
        _("Do the figures look usual?"),
        _(
            "Over 90 days. In brackets: of shares the 95% interval, else what is usual. Outside it "
            "is a reason to look, never a proof: one honest account in twenty lies outside."
        ),
    )
    if found.is_empty():
        states.nothing(_("Nothing to check yet."))
        return
    heads = (_("Check"), _("Platform"), _("Found"), "n", _("Result"))
    lines = []
    for row in found.iter_rows(named=True):
        chip = f'<span class="v-chip v-{"behind" if row["status"] == "watch" else "level"}">'
        known = f"<b>{esc(audited.figure(row))}</b> <small>{esc(audited.span(row))}</small>"
        figure = i18n.NONE if row["value"] is None else known
        lines.append((
            esc(audited.name(row["check"])), esc(names.platform(row["platform"])), figure,
            i18n.decimal(row["n"]), f"{chip}{esc(audited.status(row['status']))}</span>",
        ))  # fmt: skip
    states.table(heads, lines, numbers=(2, 3))


def show() -> None:
    """The page."""
    scope = filters.scope()
    roles = queries.entities().filter(pl.col("role") != "topic")
    known = dict(roles.select("entity_id", "name").iter_rows())
    states.head(_("Community"), _("Who speaks, and how one answers"), filters.caption())
    if not queries.is_built() or not known:
        states.not_built()
        return
    offered = [one for one in scope.entities if one in known] or list(known)
    whose = filters.choose("community", _("Whose"), offered, known.__getitem__)
    period = queries.nearest(scope.period, RATE_PERIODS)
    if period != scope.period:
        states.note(_("Members: {period}.").format(period=names.period(period)))
    talk = queries.community(whose, scope.platform, period)
    rows = queries.benchmark(scope.platform, scope.period).filter(pl.col("entity_id") == whose)
    stands = {row["kpi"]: row for row in rows.iter_rows(named=True)}
    if not stands:
        states.nothing(_("Nothing was published on this platform in this period."))
        return
    states.section(_("The four Cs"), _("Context, content, connectivity, continuity."))
    registry = {row["kpi"]: row for row in queries.kpis().iter_rows(named=True)}
    _four_cs(stands, registry, talk)
    tone.show(scope.platform, period, whose)
    _members(queries.members(whose, scope.platform, period), talk)
    _audits(queries.audits(whose))


show()
