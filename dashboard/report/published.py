"""Figures that others published, held beside the market's: with source, year and address."""

import polars as pl

from dashboard import names, theme
from dashboard.i18n import _
from dashboard.report import wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Cell, Column, Mark, Table


def of(facts: Facts, kpi: str) -> list[Row]:
    """The references of a KPI that speak of just what is shown: the same platform, or all."""
    rows = facts.references
    here = rows.filter(pl.col("kpi") == kpi, pl.col("platform") == facts.platform)
    return list(here.iter_rows(named=True))


def marks(facts: Facts, kpi: Row) -> tuple[Mark, ...]:
    """A grey dot without an interval for each, below the market's own."""
    return tuple(
        Mark(f"{wording.said(row['name'])} ({row['year']})", row["value"], None, None,
             f"{names.figure(row['value'], kpi['unit'])} · {_cited(row)}", theme.GREY)
        for row in of(facts, kpi["kpi"])
    )  # fmt: skip


def line(row: Row, unit: str) -> str:
    """One in a line of text."""
    return _("Published: {value}, {name} ({source}, {year})").format(
        value=names.figure(row["value"], unit), name=wording.said(row["name"]),
        source=wording.said(row["source"]), year=row["year"],
    )  # fmt: skip


def _cited(row: Row) -> str:
    return f"{wording.said(row['source'], 30)}, {row['year']}"


def table(facts: Facts) -> Table | None:
    """All of them, beside what the brand has there; None where the watchlist gives none."""
    known = {row["kpi"]: row for row in facts.kpis.iter_rows(named=True)}
    rows = [row for row in facts.references.iter_rows(named=True) if row["kpi"] in known]
    if not rows:
        return None
    columns = (
        Column("kpi", _("Figure")), Column("name", _("Published"), wide=True),
        Column("platform", _("Platform")), Column("value", _("Value")),
        Column("source", _("Source"), wide=True), Column("year", _("Year"), "text"),
    )  # fmt: skip
    note = _(
        "As the watchlist gives them. Others may count otherwise: they have neither n nor "
        "interval, and nobody is ranked against them."
    )
    lines = tuple(_row(row, known[row["kpi"]]) for row in rows)
    return Table("references", _("Published elsewhere"), columns, lines, note, dense=True)


def _row(row: Row, kpi: Row) -> tuple[Cell, ...]:
    name, where = wording.kpi_name(kpi), names.platform(row["platform"])
    source = wording.said(row["source"], 80)
    return (
        Cell(name, name), wording.text(row["name"]), Cell(where, where),
        Cell(names.figure(row["value"], kpi["unit"]), row["value"]),
        Cell(source, source, url=wording.address(row["url"])),
        Cell(str(row["year"]), str(row["year"])),
    )  # fmt: skip
