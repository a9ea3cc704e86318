"""From typed lines to a brand's own figures: one row a post, or one a day."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from crawlers.imports.family import FIGURES
from crawlers.imports.lines import Clock, Line, day_of, duplicates_out
from crawlers.imports.posts import Origin, post_key
from crawlers.imports.problems import Bad, CellError, SheetError
from crawlers.imports.table import Table

Known = Callable[[str, str], tuple[str, date | None] | None]
"""Native id and address → post_id and day of publication of a known post, or None."""


def require_insights(table: Table) -> None:
    """Make sure that the table says what its figures are of, and that it has figures.

    Raises:
        SheetError: a column is missing; names the cure.
    """
    if not {"id", "url", "day"} & table.mapping.keys():
        raise SheetError(
            "no column tells which post or day the figures are of; name one with "
            "--map day=COLUMN, --map id=COLUMN or --map url=COLUMN, or number the posts by "
            "their line with --map id=@line"
        )
    if not set(FIGURES) - {"paid"} & table.mapping.keys():
        raise SheetError(
            "no column holds figures ({figures}); name one such as --map reach=COLUMN, "
            "or import the counts with --as posts",
            figures=", ".join(FIGURES),
        )


def by_post(table: Table) -> bool:
    """Whether the figures are of posts rather than of days."""
    return bool({"id", "url"} & table.mapping.keys())


def insights_of(
    table: Table, lines: Sequence[Line], origin: Origin, known: Known, clock: Clock
) -> tuple[list[dict[str, Any]], list[Bad], int, int]:
    """Rows of `insights` without entity_id and page_id; bad lines; doubles; posts known.

    A post's figures are of the line's day, else of the day it was published (so that a newer
    export replaces an older one), else of the day the file was made.
    """
    rows: dict[int, dict[str, Any]] = {}
    bad: list[Bad] = []
    matched = 0
    for line in lines:
        post_id, published = "", None
        if by_post(table):
            native_id = post_key(line, table.family, table.mapping, origin.stem)
            if native_id is None:
                bad.append(Bad(line.line, CellError("has no id or address")))
                continue
            found = known(native_id, str(line.values.get("url", "")))
            matched += found is not None
            post_id, published = found or (f"{origin.platform}:{native_id}", None)
        day = line.values.get("day") or day_of(line.values, clock.zone) or published
        if day is None and not post_id:
            bad.append(Bad(line.line, CellError("has no day")))
            continue
        rows[line.line] = {
            "post_id": post_id,
            "day": day or clock.made_at.date(),
            **_figures(line, table),
        }
    kept, doubles = duplicates_out(
        [Line(line, row) for line, row in rows.items()],
        lambda line: (line.values["post_id"], line.values["day"], line.values["source"]),
    )
    return [line.values for line in kept], bad, doubles, matched


def _figures(line: Line, table: Table) -> dict[str, Any]:
    figures = {name: line.values.get(name) for name in FIGURES if name != "paid"}
    campaign = "" if by_post(table) else line.values.get("campaign", "")
    source = f"{table.family.name}:{campaign}" if campaign else table.family.name
    return {"source": source, **figures, "is_paid": line.values.get("paid")}
