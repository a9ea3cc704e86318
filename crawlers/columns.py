"""From readings to columns: one frame a table, made column by column, never row by row.

Values go from Python into Polars by the ways that were measured to be the quickest: lists of
words through Arrow's offsets (a hundredth of what Polars needs), times as whole numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, Final

import polars as pl
import pyarrow as pa
from msgspec import Struct

from crawlers.reading import Reading
from data.ledger import SIGHTING
from data.records import Comment, Metrics, Post, Profile
from data.tables import CORE

BEYOND_INT64: Final = 1 << 63
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class Batch(Struct):
    """Rows of many pages, ready for the ledger and the store."""

    sightings: pl.DataFrame
    metrics: pl.DataFrame
    profiles: pl.DataFrame
    comments: pl.DataFrame
    gone: pl.DataFrame


def batch(readings: Sequence[Reading]) -> Batch:
    """The rows of the readings, each with its page_id; a key that comes twice keeps the last.

    Columns: `sightings` as data.ledger.SIGHTING, `metrics`, `profiles` and `comments` as their
    contracts, `gone` as data.ledger.strike takes it.
    """
    return Batch(
        sightings=_sightings(_Drawer(readings, Post, "posts")),
        metrics=_metrics(_Drawer(readings, Metrics, "metrics")),
        profiles=_profiles(_Drawer(readings, Profile, "profiles")),
        comments=_comments(_Drawer(readings, Comment, "comments")),
        gone=_gone(readings),
    )


class _Drawer:
    """The records of one kind of all readings, as columns; and what their pages say, beside."""

    def __init__(self, readings: Sequence[Reading], record: type[Struct], name: str) -> None:
        drawers = [getattr(reading, name) for reading in readings]
        self._readings = readings
        self._page = pl.Series(
            list(chain.from_iterable(repeat(n, len(d)) for n, d in enumerate(drawers))),
            dtype=pl.UInt32,
        )
        self._records = list(chain.from_iterable(drawers))
        self._type = record

    def __getitem__(self, name: str) -> Sequence[Any]:
        """One field of every record."""
        return list(map(attrgetter(name), self._records))

    def of_page(self, value: Callable[[Reading], Any], dtype: Any) -> pl.Series:
        """A value of the page, once for each of its records."""
        return _series([value(reading) for reading in self._readings], dtype).gather(self._page)

    def ids(self, native_ids: Sequence[str | None]) -> pl.Series:
        """`<platform>:<native id>`; null stays null."""
        prefix = self.of_page(lambda reading: reading.platform + ":", pl.String())
        return prefix + _series(native_ids, pl.String())

    def frame(self, table: dict[str, Any], given: dict[str, pl.Series]) -> pl.DataFrame:
        """The table's columns: the given ones, the page's, and the records' own."""
        of_page = {
            "page_id": attrgetter("page_id"),
            "channel_id": attrgetter("channel_id"),
            "observed_at": attrgetter("fetched_at"),
            "kind": attrgetter("fetch.kind"),
        }
        columns = {}
        for name, dtype in table.items():
            if name in given:
                columns[name] = given[name]
            elif name in of_page and name not in self._type.__struct_fields__:
                columns[name] = self.of_page(of_page[name], dtype)
            else:
                columns[name] = _series(self[name], dtype)
        return pl.DataFrame(columns)


def _sightings(drawer: _Drawer) -> pl.DataFrame:
    frame = drawer.frame(SIGHTING, {"post_id": drawer.ids(drawer["native_id"])})
    return _once(frame, ["post_id", "observed_at"])


def _metrics(drawer: _Drawer) -> pl.DataFrame:
    frame = drawer.frame(_table("metrics"), {"post_id": drawer.ids(drawer["native_id"])})
    return _once(frame, ["post_id", "observed_at"])


def _profiles(drawer: _Drawer) -> pl.DataFrame:
    return _once(drawer.frame(_table("profiles"), {}), ["channel_id", "observed_at"])


def _comments(drawer: _Drawer) -> pl.DataFrame:
    ids = {
        "comment_id": drawer.ids(drawer["native_id"]),
        "post_id": drawer.ids(drawer["post_native_id"]),
        "in_reply_to": drawer.ids(drawer["in_reply_to"]),
    }
    return _once(drawer.frame(_table("comments"), ids), ["comment_id"])


def _gone(readings: Sequence[Reading]) -> pl.DataFrame:
    found = [
        (f"{reading.platform}:{gone.native_id}", reading.fetched_at)
        for reading in readings
        for gone in reading.gone
    ]
    schema = {"post_id": pl.String(), "at": SIGHTING["observed_at"]}
    return pl.DataFrame(found, schema=schema, orient="row")


def _table(name: str) -> dict[str, Any]:
    return dict(CORE[name].create_empty().schema)


def _once(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """One row a key; to see that no id comes twice costs less than to look for doubles."""
    if frame[key[0]].n_unique() == frame.height:
        return frame
    return frame.unique(key, keep="last", maintain_order=True)


def _series(values: Sequence[Any], dtype: Any) -> pl.Series:
    """A column. What a hostile page may hold and a column can't is made harmless."""
    try:
        return _quick(values, dtype)
    except (UnicodeEncodeError, OverflowError, TypeError):
        return _quick([_harmless(value) for value in values], dtype)


def _quick(values: Sequence[Any], dtype: Any) -> pl.Series:
    if values.count(None) == len(values):
        return pl.repeat(None, len(values), dtype=dtype, eager=True)
    if isinstance(dtype, pl.Datetime):
        # pa.array() would do as well, but loads pandas, which takes as long as 400 000 times here.
        since = [None if value is None else (value - EPOCH) // MICROSECOND for value in values]
        return pl.Series(since, dtype=pl.Int64).cast(dtype)
    if isinstance(dtype, pl.List):
        return _words(values)
    return pl.Series(values, dtype=dtype, strict=not isinstance(dtype, pl.Float64))


def _words(values: Sequence[Iterable[str]]) -> pl.Series:
    flat = pl.Series(list(chain.from_iterable(values)), dtype=pl.String)
    ends = pl.Series([0, *map(len, values)], dtype=pl.Int64).cum_sum()  # type: ignore[arg-type]
    return pl.Series(pa.LargeListArray.from_arrays(ends.to_arrow(), flat.to_arrow()))


def _harmless(value: Any) -> Any:
    """Lone surrogates become `?`; a number beyond 64 bits becomes -1, which no contract takes."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, tuple):
        return tuple(_harmless(word) for word in value)
    if isinstance(value, int) and not -BEYOND_INT64 <= value < BEYOND_INT64:
        return -1
    return value
