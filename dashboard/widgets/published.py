"""Figures that others published, beside the market's own: with source, year and address."""

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from dashboard import names, queries, theme
from dashboard.i18n import _
from dashboard.widgets import states
from dashboard.widgets.safe import esc, link, shorten
from data.vocabulary import ALL

Row = dict[str, Any]
NAME: Final = 60
"""Characters of what a reference is called."""


def of(kpi: str, platform: str) -> list[Row]:
    """The references of a KPI that speak of just what is shown: the same platform, or all."""
    rows = queries.references()
    here = rows.filter(pl.col("kpi") == kpi, pl.col("platform") == platform)
    return list(here.iter_rows(named=True))


def label(row: Row) -> str:
    """What a reference is called, with its year, so that nobody takes it for an entity."""
    return f"{shorten(row['name'], NAME)} ({row['year']})"


def line(row: Row, unit: str) -> str:
    """A reference in one line of text."""
    return _("Published: {value}, {name} ({source}, {year})").format(
        value=names.figure(row["value"], unit), name=shorten(row["name"], NAME),
        source=shorten(row["source"], NAME), year=row["year"],
    )  # fmt: skip


def with_dots(frame: pl.DataFrame, found: Sequence[Row], unit: str) -> pl.DataFrame:
    """The frame of `charts.dots` with a row a reference below: a dot without an interval."""
    rows = [
        {"name": label(row), "value": row["value"], "low": None, "high": None,
         "text": names.figure(row["value"], unit), "rank_text": _("not ranked"),
         "n_text": f"{shorten(row['source'], NAME)}, {row['year']}"}
        for row in found
    ]  # fmt: skip
    below = pl.DataFrame(rows, schema=frame.schema) if rows else frame.clear()
    return pl.concat([frame, below])


def colours(found: Sequence[Row]) -> dict[str, str]:
    """Label → colour: they are nobody watched, hence grey."""
    return {label(row): theme.GREY for row in found}


def table(kpi: Row, platform: str) -> None:
    """Every reference of a KPI that may be held against this platform; nothing where none is."""
    rows = queries.references().filter(pl.col("kpi") == kpi["kpi"])
    if platform != ALL:
        rows = rows.filter(pl.col("platform").is_in([platform, ALL]))
    if rows.is_empty():
        return
    states.note(
        _(
            "Published elsewhere, as the watchlist gives it, in grey in the picture where it "
            "speaks of the same platforms. Others may count otherwise: it has neither n nor "
            "interval, and nobody is ranked against it."
        )
    )
    heads = (_("Published"), _("Value"), _("Platform"), _("Source"), _("Year"))
    lines = [
        (
            esc(shorten(row["name"], NAME)),
            f"<b>{esc(names.figure(row['value'], kpi['unit']))}</b>",
            esc(names.platform(row["platform"])),
            link(row["url"], shorten(row["source"], NAME)),
            str(row["year"]),
        )
        for row in rows.iter_rows(named=True)
    ]
    states.table(heads, lines, numbers=(1, 4))
