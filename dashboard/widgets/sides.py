"""Side by side: any entities, platforms and periods, figure by figure, with the differences."""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import i18n, names, queries
from dashboard.i18n import _
from dashboard.widgets import cards, filters, people, safe, states
from dashboard.widgets.safe import esc
from dashboard.widgets.sentences import difference
from data.vocabulary import ALL, PERIODS

KEYS: Final = ("a", "b", "c")
"""Parameters of the sides in the address; platform and period add their letter."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """What one column shows."""

    entity_id: str
    platform: str
    period: str
    name: str

    def rows(self) -> dict[str, Row]:
        """KPI → its line of `benchmark`."""
        here = queries.benchmark(self.platform, self.period)
        own = here.filter(pl.col("entity_id") == self.entity_id)
        return {row["kpi"]: row for row in own.iter_rows(named=True)}

    def about(self) -> str:
        """Platform and period in words."""
        return f"{names.platform_inside(self.platform)}, {names.period(self.period)}"


def choose() -> list[Side]:
    """The sides that the reader chose: two at least, a third if wanted."""
    known = people.by_name(queries.entities().filter(pl.col("role") != "topic"))
    scope, order = filters.scope(), list(known)
    firsts = {"a": order[0] if order else "", "b": _rival(scope, order), "c": ""}
    labels = {"a": _("First"), "b": _("Against"), "c": _("And against")}
    found = []
    for key in KEYS:
        place, *more = st.columns([6, 6, 3])
        options = order if key == "a" else ["", *order]
        with place:
            who = filters.choose(
                key, labels[key], options,
                lambda one: known[one] if one else _("nobody"), default=firsts[key],
            )  # fmt: skip
        if who:
            platform, period = _where(key, scope, more)
            found.append(Side(who, platform, period, known[who]))
    return found


def _rival(scope: queries.Scope, order: list[str]) -> str:
    """Whoever else published most in the scope: to start from somebody who has figures."""
    rows = queries.benchmark(scope.platform, scope.period).filter(
        pl.col("kpi") == "posts_per_week", pl.col("entity_id").is_in(order[1:])
    )
    busiest = rows.sort("n", "entity_id", descending=[True, False])["entity_id"].to_list()
    return str(busiest[0]) if busiest else "".join(order[1:2])


def _where(key: str, scope: queries.Scope, places: list[DeltaGenerator]) -> tuple[str, str]:
    left, right = places
    with left:
        platform = filters.choose(
            f"{key}p", _("Platform"), [ALL, *queries.platforms()], names.platform,
            default=scope.platform,
        )  # fmt: skip
    with right:
        period = filters.choose(
            f"{key}t", _("Period"), list(PERIODS), names.period_short, default=scope.period
        )
    return platform, period


def _estimate(row: Row | None) -> queries.Estimate | None:
    if row is None or any(row[name] is None for name in ("value", "low", "high")):
        return None
    return queries.Estimate(row["value"], row["low"], row["high"], row["n"])


def compared(first: Row | None, other: Row | None) -> queries.Estimate | None:
    """`other` minus `first` with its 95% interval; None where either is not known."""
    ours, theirs = _estimate(first), _estimate(other)
    return queries.difference(theirs, ours) if ours and theirs else None


def _value(row: Row | None, unit: str) -> str:
    if row is None or row["value"] is None:
        n = cards.based_on(row["n"]) if row else ""
        return f"{esc(names.missing(row['n'] if row else 0))} <small>{esc(n)}</small>"
    span = i18n.interval(row["low"], row["high"], names.bare(unit))
    return (
        f"<b>{esc(names.figure(row['value'], unit))}</b> <small>{esc(span)} "
        f"{esc(cards.based_on(row['n']))}</small><div>{cards.verdict_chip(row)}</div>"
    )


def _difference(found: queries.Estimate | None, unit: str) -> str:
    if found is None:
        return i18n.NONE
    value, span = difference(found, unit)
    kind, word = "level", _("no clear difference")
    if found.low > 0 or found.high < 0:
        kind, word = "sure", _("higher") if found.low > 0 else _("lower")
    return (
        f"<b>{esc(value)}</b> <small>{esc(span)}</small>"
        f'<div><span class="v-chip v-{kind}">{esc(word)}</span></div>'
    )


def table(sides: list[Side]) -> None:
    """Every KPI of the sides: value, interval, n, verdict; and each against the first."""
    found = [side.rows() for side in sides]
    heads = [_("Figure"), f"{sides[0].name} ({sides[0].about()})"]
    for side in sides[1:]:
        heads += [f"{side.name} ({side.about()})", _("Difference to the first")]
    lines = []
    for kpi in queries.kpis().iter_rows(named=True):
        rows = [one.get(kpi["kpi"]) for one in found]
        if not any(rows):
            continue
        name = esc(cards.kpi_name(kpi))
        cells = [f"<details><summary>{name}</summary>{cards.formula(kpi)}</details>"]
        cells.append(_value(rows[0], kpi["unit"]))
        for row in rows[1:]:
            cells += [
                _value(row, kpi["unit"]),
                _difference(compared(rows[0], row), kpi["unit"]),
            ]
        lines.append(cells)
    if not lines:
        states.nothing(_("Nothing was published on this platform in this period."))
        return
    states.table(heads, lines)


def links(sides: list[Side]) -> None:
    """The posts behind each side."""
    row = st.container(horizontal=True, gap="medium")
    for side in sides:
        where = {"entity": side.entity_id, "platform": side.platform, "period": side.period}
        row.page_link(
            cards.POSTS,
            label=_("Posts of {who}").format(who=f"{safe.plain(side.name)} ({side.about()})"),
            query_params={**filters.address(), **where},
        )
