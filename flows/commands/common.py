"""What several commands do."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.words import console
from flows.words.options import lake_of
from flows.words.problems import Unusable

if TYPE_CHECKING:
    import polars as pl

    from data.store import Store


def existing(lake: str | None) -> "Store":
    """The lake, which must have been written to.

    Raises:
        Unusable: there is none.
    """
    from data.store import Store

    root = lake_of(lake)
    if "://" not in root and not Path(root).is_dir():
        raise Unusable("{lake}: there is no lake; `vigie run` or `vigie demo` makes one", lake=root)
    return Store(root)


def report(coverage: "pl.DataFrame") -> None:
    """A line a channel with what it gave; then `name_short`."""
    columns = ("channel_id", "posts", "new_posts", "complete", "reason")
    console.table(columns, coverage.select(columns).rows())
    name_short(coverage)


def name_short(coverage: "pl.DataFrame") -> None:
    """Name the channels that fell short on standard error, and leave with exit code 1."""
    short = [row for row in coverage.iter_rows(named=True) if not row["complete"]]
    for row in short:
        reason = row["reason"] or "-"
        console.problem("{channel}: {reason}", channel=row["channel_id"], reason=reason)
    if short:
        raise typer.Exit(1)
