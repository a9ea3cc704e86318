"""One account's engagement rate under every definition in use: where another tool's is from."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries, theme
from dashboard.i18n import _
from dashboard.widgets import cards, filters, states
from dashboard.widgets.safe import esc
from data.vocabulary import RATE_PERIODS

OURS = "engagement_rate"

Row = dict[str, Any]


def _ours(entity_id: str, platform: str, period: str) -> list[Row]:
    """Vigie's own rate, as a row like the others."""
    registry = queries.kpis().filter(pl.col("kpi") == OURS)
    found = queries.benchmark(platform, period).filter(
        pl.col("entity_id") == entity_id, pl.col("kpi") == OURS
    )
    if registry.is_empty() or found.is_empty():
        return []
    kpi, row = registry.row(0, named=True), found.row(0, named=True)
    name = _("Vigie’s: the median at seven days")
    told = {"name_en": name, "name_fr": name, "used_by": _("Vigie’s benchmark")}
    return [{**kpi, **told, **{key: row[key] for key in ("value", "low", "high", "n")}}]


def _chart(rows: list[Row]) -> None:
    known = [row for row in rows if row["value"] is not None]
    frame = pl.DataFrame(
        [
            {
                "name": cards.kpi_name(row), "value": row["value"], "low": row["low"],
                "high": row["high"], "text": cards.with_interval(row, names.RATIO),
                "n_text": cards.based_on(row["n"]), "rank_text": row["used_by"],
            }
            for row in known
        ]
    )  # fmt: skip
    ours = _("Vigie’s: the median at seven days")
    colours = {name: theme.BRAND if name == ours else theme.GREY for name in frame["name"]}
    st.vega_lite_chart(
        charts.dots(frame, colours, brands=[ours], title=_("Engagement rate"), number=".1~%"),
        width="stretch",
        alt=_("Engagement rate under every definition, with its 95% interval"),
    )


def _table(rows: list[Row]) -> None:
    heads = (_("Definition"), _("Formula"), _("Value, 95% interval"), "n", _("Used by"))
    write = names.bare(names.RATIO)
    lines = []
    for row in rows:
        figure = esc(_("not enough posts"))
        if row["value"] is not None:
            span = esc(i18n.interval(row["low"], row["high"], write))
            figure = f"<b>{esc(names.figure(row['value'], names.RATIO))}</b> <small>{span}</small>"
        formula = row["formula_fr" if i18n.lang() == "fr" else "formula"]
        lines.append((
            esc(cards.kpi_name(row)), f"<small>{esc(formula)}</small>", figure,
            i18n.decimal(row["n"]), f"<small>{esc(row['used_by'])}</small>",
        ))  # fmt: skip
    states.table(heads, lines, numbers=(2, 3))


def _lede(rows: list[Row]) -> str:
    values = [row["value"] for row in rows if row["value"] is not None]
    if not values:
        return _("Too few posts for any figure.")
    low, high = (names.figure(value, names.RATIO) for value in (min(values), max(values)))
    return _("The same posts: from {low} to {high}, depending on who counts.").format(
        low=low, high=high
    )


def show() -> None:
    """The page."""
    scope = filters.scope()
    known = {row["entity_id"]: row["name"] for row in queries.entities().iter_rows(named=True)}
    states.head(_("Definitions"), _("One account, every engagement rate"), filters.caption())
    if not queries.is_built():
        states.not_built()
        return
    offered = [one for one in scope.entities or known if one in known]
    whose = filters.choose("whose", _("Whose"), offered, known.__getitem__)
    period = queries.nearest(scope.period, RATE_PERIODS)
    others = queries.rates(whose, scope.platform, period).to_dicts()
    rows = _ours(whose, scope.platform, period) + others
    if not others:
        states.nothing(_("Nothing was published on this platform in this period."))
        return
    states.section(known[whose], _lede(rows))
    if period != scope.period:
        states.note(_("Shown: {period}.").format(period=names.period(period)))
    if any(row["value"] is not None for row in rows):
        _chart(rows)
    states.note(
        _(
            "Ask of any figure from elsewhere which of these it is, before comparing. A mean moves "
            "with a single viral post; the interval says how much."
        )
    )
    _table(rows)


show()
