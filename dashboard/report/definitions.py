"""The brand's engagement rate under every definition in use: where another tool's is from."""

from typing import Final

from dashboard import names, queries, theme
from dashboard.i18n import _
from dashboard.report import standing, wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Block, Cell, Column, Dots, Mark, Section, Table
from data.vocabulary import RATE_PERIODS

FIGURES: Final = ("value", "low", "high", "n")


def section(facts: Facts) -> Section | None:
    """Every definition side by side; None without a brand or where nothing can be told."""
    rows = [*_ours(facts), *facts.rates.iter_rows(named=True)]
    if facts.brand is None or facts.rates.is_empty():
        return None
    notes = [
        _(
            "Ask of any figure from elsewhere which of these it is, before comparing. A mean moves "
            "with a single viral post; the interval says how much."
        )
    ]
    period = queries.nearest(facts.period, RATE_PERIODS)
    if period != facts.period:
        notes.append(_("Shown: {period}.").format(period=names.period(period)))
    message, chart = _message(rows), _dots(rows, facts)
    blocks: tuple[Block, ...] = (chart, _table(rows)) if chart else (_table(rows),)
    return Section("definitions", _("Definitions"), message, tuple(notes), blocks)


def _ours(facts: Facts) -> list[Row]:
    """Vigie's own rate, as a row like the others; of the report's period like them, or not at all.

    Definitions are told for some periods only: beside those of another one it would mislead.
    """
    kpi, brand = standing.registry(facts).get(standing.HEADLINE), facts.brand
    row = standing.row_of(facts, brand["entity_id"], standing.HEADLINE) if brand else None
    if kpi is None or row is None or facts.period not in RATE_PERIODS:
        return []
    name = _("Vigie’s: the median at seven days")
    told = {"name_en": name, "name_fr": name, "used_by": _("Vigie’s benchmark")}
    return [{**kpi, **told, "definition": "", **{key: row[key] for key in FIGURES}}]


def _message(rows: list[Row]) -> str:
    values = [row["value"] for row in rows if row["value"] is not None]
    if not values:
        return _("Too few posts for any figure.").rstrip(".")
    low, high = (names.figure(value, names.RATIO) for value in (min(values), max(values)))
    told = _("The same posts: from {low} to {high}, depending on who counts.")
    return told.format(low=low, high=high).rstrip(".")


def _dots(rows: list[Row], facts: Facts) -> Dots | None:
    marks = tuple(
        Mark(wording.kpi_name(row), row["value"], row["low"], row["high"],
             f"{wording.figure(row, names.RATIO)} {wording.span(row, names.RATIO)} · "
             f"{wording.based_on(row['n'])}",
             theme.GREY if row["definition"] else theme.BRAND, not row["definition"])
        for row in rows if row["value"] is not None
    )  # fmt: skip
    if not marks or facts.brand is None:
        return None
    title = _("Engagement rate of {brand}").format(brand=wording.said(facts.brand["name"]))
    return Dots("definition_values", title, _message(rows), marks, names.RATIO)


def _table(rows: list[Row]) -> Table:
    columns = (
        Column("definition", _("Definition"), wide=True),
        Column("formula", _("Formula"), wide=True),
        Column("value", _("Value, 95% interval"), "ratio"),
        Column("low", _("{what}, low").format(what=_("Value")), "ratio", sheet=True),
        Column("high", _("{what}, high").format(what=_("Value")), "ratio", sheet=True),
        Column("n", "n", "count"), Column("used_by", _("Used by")),
    )  # fmt: skip
    return Table("definitions", _("Engagement rate under every definition"), columns,
                 tuple(map(_line, rows)))  # fmt: skip


def _line(row: Row) -> tuple[Cell, ...]:
    name, used = wording.kpi_name(row), wording.said(row["used_by"], 120)
    formula = wording.worded(row, "formula")
    return (
        Cell(name, name), Cell(formula, formula),
        Cell(wording.figure(row, names.RATIO), row["value"], wording.span(row, names.RATIO)),
        Cell("", row["low"]), Cell("", row["high"]), wording.count(row["n"]), Cell(used, used),
    )  # fmt: skip
