"""Medians over posts with their intervals, of every entity, platform (and `all`) and period.

A post counts in up to eight such groups. Values are sorted once for all of them: within a group
that is cut out of sorted values nothing has to be sorted again.
"""

import math
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.vocabulary import ALL, PERIODS
from features.periods import GROUP, shortest

Z: Final = 1.96
OUT: Final = (
    dict.fromkeys(GROUP, pl.String) | dict.fromkeys(("value", "low", "high"), pl.Float64)
) | {"n": pl.Int64}

Array = NDArray[np.float64]


def with_interval(ordered: Array) -> tuple[float, float, float]:
    """Median of sorted values, and the two order statistics that bound its 95 % interval.

    Distribution-free: their ranks come from the normal approximation to the binomial, rounded
    outwards.
    """
    n = ordered.size
    width = Z * math.sqrt(n) / 2
    low, high = max(math.floor(n / 2 - width), 0), min(math.ceil(n / 2 + width), n - 1)
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return float(middle), float(ordered[low]), float(ordered[high])


def groups(code: NDArray[Any], *columns: NDArray[Any]) -> Iterator[tuple[int, list[NDArray[Any]]]]:
    """The columns cut by code, the order within each code kept."""
    place = np.argsort(code, kind="stable")
    cut = code[place]
    starts = np.flatnonzero(np.diff(cut)) + 1
    parts = [np.split(column[place], starts) for column in columns]
    for number, one in enumerate(cut[np.append(0, starts)] if cut.size else ()):
        yield int(one), [part[number] for part in parts]


def codes(names: pl.Series) -> tuple[list[str], NDArray[Any]]:
    """The distinct names of a column of categories, and the place of each row's among them."""
    known = names.unique().cast(pl.String).sort()
    return known.to_list(), names.cast(pl.Enum(known)).to_physical().to_numpy()


def small(code: NDArray[Any]) -> NDArray[Any]:
    """The codes in 16 bits where they fit: those are sorted by counting, not by comparing."""
    return code.astype(np.uint16) if code.size and code.max() < 2**16 else code


def medians(posts: pl.LazyFrame, columns: Iterable[str], at: datetime) -> dict[str, pl.DataFrame]:
    """Of each column: GROUP, value, low, high, n, where any of a group's posts has it.

    In: entity_id and platform (categories), published_at, and the columns.
    """
    rows = posts.select("entity_id", "platform", *columns, shortest=shortest(at)).collect()
    entities, entity = codes(rows["entity_id"])
    platforms, platform = codes(rows["platform"])
    youth = rows["shortest"].to_numpy()
    both = small(entity.astype(np.int64) * len(platforms) + platform)
    entity = small(entity)
    tables = {}
    for column in columns:
        values = rows[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
        order = np.argsort(values)
        order = order[(youth[order] < len(PERIODS)) & ~np.isnan(values[order])]
        here = [
            (entities[code // len(platforms)], platforms[code % len(platforms)], *row)
            for code, parts in groups(both[order], values[order], youth[order])
            for row in by_period(*parts)
        ]
        everywhere = [
            (entities[code], ALL, *row)
            for code, parts in groups(entity[order], values[order], youth[order])
            for row in by_period(*parts)
        ]
        tables[column] = pl.DataFrame(here + everywhere, schema=OUT, orient="row")
    return tables


def by_period(ordered: Array, youth: NDArray[np.int8]) -> Iterator[tuple[Any, ...]]:
    """Period, value, low, high, n of a group's sorted values, each with its `shortest` period."""
    for place, period in enumerate(PERIODS):
        held = ordered[youth <= place]
        if held.size:
            yield (period, *with_interval(held), held.size)
