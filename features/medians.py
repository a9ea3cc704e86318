"""Medians over posts with their intervals, of every entity, platform (and `all`) and period.

A post counts in up to eight such groups. Rows are put in the order of their groups once; then
every group is a slice, and slices are sorted fast.
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


def codes(names: pl.Series) -> tuple[list[str], NDArray[np.int64]]:
    """The distinct names of a column of categories, and the place of each row's among them."""
    known = names.unique().cast(pl.String).sort()
    places = names.cast(pl.Enum(known)).to_physical().to_numpy()
    return known.to_list(), places.astype(np.int64)


def runs(code: NDArray[Any]) -> Iterator[tuple[int, slice]]:
    """Each code of a sorted array, and where it stands."""
    starts = np.flatnonzero(np.diff(code, prepend=-1))
    stops = np.append(starts, code.size)[1:]
    for start, stop in zip(starts, stops, strict=True):
        yield int(code[start]), slice(start, stop)


def medians(posts: pl.LazyFrame, columns: Iterable[str], at: datetime) -> dict[str, pl.DataFrame]:
    """Of each column: GROUP, value, low, high, n, where any of a group's posts has it.

    In: entity_id and platform (categories), published_at, and the columns.
    """
    rows = posts.select("entity_id", "platform", *columns, shortest=shortest(at)).collect()
    entities, entity = codes(rows["entity_id"])
    platforms, platform = codes(rows["platform"])
    code = entity * len(platforms) + platform
    # Codes of 16 bits are sorted by counting, not by comparing.
    few = code.astype(np.uint16) if len(entities) * len(platforms) < 2**16 else code
    order = np.argsort(few, kind="stable")
    code, youth = code[order], rows["shortest"].to_numpy()[order]
    groups = [
        (entities[number // len(platforms)], platforms[number % len(platforms)], where)
        for number, where in runs(code)
    ]
    groups += [(entities[number], ALL, where) for number, where in runs(code // len(platforms))]
    tables = {}
    for column in columns:
        values = rows[column].cast(pl.Float64).fill_null(np.nan).to_numpy()[order]
        found = [
            (entity_id, name, *row)
            for entity_id, name, where in groups
            for row in by_period(values[where], youth[where])
        ]
        tables[column] = pl.DataFrame(found, schema=OUT, orient="row")
    return tables


def by_period(values: Array, youth: NDArray[np.int8]) -> Iterator[tuple[Any, ...]]:
    """Period, value, low, high, n of a group's values (NaN: unknown), each with its `shortest`."""
    known = ~np.isnan(values)
    for place, period in enumerate(PERIODS):
        held = np.sort(values[known & (youth <= place)])
        if held.size:
            yield (period, *with_interval(held), held.size)
