"""Influencers as cards: how big, how regular, how engaging, how paid, and what to ask about."""

from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import audited, i18n, names, queries
from dashboard.i18n import _, ngettext
from dashboard.widgets import cards, filters, people, states
from dashboard.widgets.safe import esc

ACROSS: Final = 3
EVIDENCE: Final = 3
"""Posts that a check leads to."""
FIGURES: Final = ("engagement_rate", "follower_growth_pct", "posts_per_week")

Row = dict[str, Any]


def _figure(kpi: Row, row: Row | None) -> tuple[str, str]:
    """A KPI of the benchmark among influencers: value, interval, n, rank and verdict."""
    if row is None or row["value"] is None:
        n = row["n"] if row else 0
        return cards.kpi_name(kpi), esc(f"{names.missing(n)} ({cards.based_on(n)})")
    text = (
        f"<b>{esc(names.figure(row['value'], kpi['unit']))}</b> "
        f"{esc(i18n.interval(row['low'], row['high'], names.bare(kpi['unit'])))} "
        f"{esc(cards.based_on(row['n']))}"
    )
    return cards.kpi_name(kpi), f"{text}<br>{cards.verdict_chip(row)}"


def _share(row: Row) -> str:
    """The disclosed posts among all, with the interval of their share."""
    if row["posts"] < queries.FLOOR:
        return _("not enough posts")
    span = i18n.interval(row["share_low"], row["share_high"], i18n.percent)
    of = _("{n} of {posts} posts").format(
        n=i18n.decimal(row["sponsored"]), posts=i18n.decimal(row["posts"])
    )
    return f"{i18n.percent(row['share'])} {span} ({of})"


def _asked(entity_id: str, platform: str) -> None:
    """What the checks of its figures found: what is worth a look with its evidence, or nothing."""
    found = queries.audits(entity_id).filter(
        queries.Scope(platform).on_platform(), pl.col("status") != "not enough posts"
    )
    odd = found.filter(pl.col("status") == "watch")
    if found.is_empty():
        states.note(_("Its figures can’t be checked yet: not enough posts."))
    elif odd.is_empty():
        checks = ngettext("{n} check", "{n} checks", found.height)
        states.note(_("{checks} of its figures, nothing unusual (90 days).").format(checks=checks))
    else:
        with st.expander(_("Worth a look ({n})").format(n=odd.height), key=f"asked-{entity_id}"):
            for row in odd.iter_rows(named=True):
                _signal(row)


def _signal(row: Row) -> None:
    st.html(f"<p><b>{esc(audited.asked(row))}</b><br>{esc(audited.reading(row))}</p>")
    posts = audited.posts(row)[:EVIDENCE]
    for place, post in enumerate(posts, 1):
        label = _("Open the post") if len(posts) == 1 else _("Open post {n}").format(n=place)
        st.page_link(cards.POSTS, label=label, query_params=filters.address(post=post))


def _card(row: Row, kpis: dict[str, Row], found: dict[str, Row], platform: str) -> None:
    name, colour = cards.who(row["entity_id"])
    weeks = _("{active} of {weeks} weeks with a post").format(
        active=i18n.decimal(row["weeks_active"]), weeks=i18n.decimal(row["weeks"])
    )
    gap = _("{days} days").format(days=i18n.decimal(row["longest_gap_d"], 1))
    lines = [
        (_("Followers"), f"<b>{esc(i18n.decimal(row['followers']))}</b>"),
        *(_figure(kpis[kpi], found.get(kpi)) for kpi in FIGURES if kpi in kpis),
        (_("Regularity"), esc(weeks if row["weeks"] else i18n.NONE)),
        (_("Longest silence"), esc(gap if row["longest_gap_d"] is not None else i18n.NONE)),
        (_("Disclosed as paid"), esc(_share(row))),
        (_("Perhaps boosted"), esc(_("{n} of {posts} posts").format(
            n=i18n.decimal(row["suspects"]), posts=i18n.decimal(row["posts"])))),
    ]  # fmt: skip
    with st.container(border=True, height="stretch"):
        st.html(
            f'<div class="v-post"><div><span class="v-swatch" style="background:{colour}">'
            f"</span><b>{esc(name)}</b></div></div>"
        )
        cards.facts(lines)
        _asked(row["entity_id"], platform)
        st.page_link(
            cards.POSTS,
            label=_("See these posts"),
            query_params=filters.address(entity=row["entity_id"]),
        )


def show(scope: queries.Scope) -> None:
    """The part of a page that shows them all, those chosen in the sidebar only if any is."""
    states.section(
        _("Influencers"),
        _(
            "Ranked among themselves. Followers are summed over channels. Perhaps boosted: likes "
            "out of proportion to every other count of the account, a hint and no proof."
        ),
        _(
            "Worth a look: a figure outside what is usual over 90 days, a reason to ask and never "
            "a proof; one honest account in twenty lies outside."
        ),
    )
    rows = people.named(queries.influencers(scope.platform, scope.period))
    if chosen := [one for one in scope.entities if one in set(rows["entity_id"])]:
        rows = rows.filter(pl.col("entity_id").is_in(chosen))
    if rows.is_empty():
        states.nothing(_("No influencer is watched."))
        return
    kpis = {row["kpi"]: row for row in queries.kpis().iter_rows(named=True)}
    bench = queries.benchmark(scope.platform, scope.period)
    listed = list(rows.iter_rows(named=True))
    for start in range(0, len(listed), ACROSS):
        places = st.container(key=f"stack-influencers-{start}").columns(ACROSS)
        for place, row in zip(places, listed[start : start + ACROSS], strict=False):
            own = bench.filter(pl.col("entity_id") == row["entity_id"])
            with place:
                rates = {one["kpi"]: one for one in own.iter_rows(named=True)}
                _card(row, kpis, rates, scope.platform)
    with st.popover(_("How is this computed?"), type="tertiary", key="how-influencers"):
        for kpi in (kpis[name] for name in FIGURES if name in kpis):
            st.html(f"<b>{esc(cards.kpi_name(kpi))}</b>{cards.formula(kpi)}")
