"""Who speaks of the brand: its share of voice, and the latest posts of others that name it."""

from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import queries
from dashboard.i18n import _, ngettext
from dashboard.widgets import cards, states
from dashboard.widgets.safe import shorten

KPI: Final = "share_of_voice"
LATEST: Final = 6
ACROSS: Final = 3
MOST_NAMES: Final = 4


def section(scope: queries.Scope, brand: str) -> None:
    """What is said of a brand in the period, with the posts to open."""
    states.section(
        _("What is said of us"),
        _(
            "Posts of other watched accounts, and of strangers under watched topics, that name "
            "the brand by its account, its name or a hashtag. Nobody reads the whole web here."
        ),
    )
    _share(scope, brand)
    rows = queries.said_of(queries.Scope(scope.platform, scope.period, (brand,)))
    if rows.is_empty():
        states.nothing(_("No collected post of others names the brand in this period."))
        return
    counted = ngettext("{n} post", "{n} posts", rows.height)
    states.note(_("{posts}: {who}.").format(posts=counted, who=_by_whom(rows)))
    latest = queries.cards(tuple(rows["post_id"].head(2 * LATEST))).head(LATEST)
    shown = list(latest.iter_rows(named=True))
    for start in range(0, len(shown), ACROSS):
        chunk = shown[start : start + ACROSS]
        places = st.container(key=f"stack-said-{start}").columns(ACROSS)
        for place, row in zip(places, chunk, strict=False):
            with place:
                cards.post_card(row)


def _share(scope: queries.Scope, brand: str) -> None:
    registry: dict[str, dict[str, Any]] = {
        row["kpi"]: row for row in queries.kpis().iter_rows(named=True)
    }
    rows = queries.benchmark(scope.platform, scope.period)
    found = rows.filter(pl.col("entity_id") == brand, pl.col("kpi") == KPI)
    if KPI not in registry or found.is_empty():
        return
    with st.container(border=True):
        cards.kpi_card(registry[KPI], found.row(0, named=True), judged=True)
        cards.computed(registry[KPI], key="how-said")


def _by_whom(rows: pl.DataFrame) -> str:
    """Who names it, most often first: "Trail (4), Léa Grimpe (2)"."""
    counted = rows.group_by("name").len().sort("len", "name", descending=[True, False])
    named = [f"{shorten(name or '?', 40)} ({n})" for name, n in counted.head(MOST_NAMES).rows()]
    more = counted.height - len(named)
    said = [*named, ngettext("{n} more", "{n} more", more)] if more > 0 else named
    return ", ".join(said)
