"""From a page to records, and from records to columns. Pure: no clock, no network, no store.

The crawl and the replay both go through here, so that they come to the same rows.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from typing import Any, Final

import msgspec
import polars as pl
import pyarrow as pa
from msgspec import Struct, field

from crawlers.platform import REASONS, Blocked, Dropped, Fetch, Page, ParseError, Platform
from data.ledger import SIGHTING
from data.records import Comment, Gone, Metrics, Post, Profile

BEYOND_INT64: Final = 1 << 63
_TIME: Final = pa.timestamp("us", "UTC")
_TYPES: Final = {
    pl.String(): pa.string(),
    pl.Int64(): pa.int64(),
    pl.Float64(): pa.float64(),
    pl.Boolean(): pa.bool_(),
    pl.Datetime("us", "UTC"): _TIME,
    pl.List(pl.String()): pa.list_(pa.string()),
}


class Reading(Struct):
    """What one page said. `reason` is set when it could not be had or read."""

    channel_id: str
    platform: str
    fetch: Fetch
    fetched_at: Any
    page_id: str = ""
    profiles: list[Profile] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    metrics: list[Metrics] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    dropped: int = 0
    first_dropped: str | None = None
    reason: str | None = None

    def add(self, item: object) -> None:
        """File one thing that a platform yielded."""
        if isinstance(item, Dropped):
            self.dropped += 1
            self.first_dropped = self.first_dropped or f"{item.path}: {item.reason}"
        else:
            getattr(self, _DRAWERS[type(item)]).append(item)


_DRAWERS: Final[dict[type, str]] = {
    Profile: "profiles",
    Post: "posts",
    Metrics: "metrics",
    Comment: "comments",
    Gone: "gone",
    Fetch: "fetches",
}


def read(platform: Platform, page: Page, channel_id: str) -> Reading:
    """Everything that the page says, or a plain reason why it says nothing.

    A page that fails half-way gives no records at all: half a list would look like deletions.
    """
    reading = Reading(channel_id, platform.name, page.fetch, page.fetched_at)
    try:
        for item in platform.read(page):
            reading.add(item)
    except Blocked as wall:
        detail = f" ({wall.detail})" if wall.detail else ""
        return _failed(reading, f"{wall.reason}: {REASONS[wall.reason]}{detail}")
    except ParseError as error:
        return _failed(reading, f"not readable: {error}")
    except Exception as error:  # noqa: BLE001 - a page must never stop the others
        return _failed(reading, f"not readable: {type(error).__name__}: {error}"[:300])
    return reading


def _failed(reading: Reading, reason: str) -> Reading:
    return Reading(
        reading.channel_id, reading.platform, reading.fetch, reading.fetched_at, reason=reason
    )


class Batch(Struct):
    """Rows of many pages as columns, ready for the ledger and the store."""

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
        sightings=_sightings(readings),
        metrics=_metrics(readings),
        profiles=_profiles(readings),
        comments=_comments(readings),
        gone=_frame(
            {
                "post_id": (pl.String(), _ids(readings, "gone", _native)),
                "at": (SIGHTING["observed_at"], _each(readings, "gone", "fetched_at")),
            }
        ),
    )


def _sightings(readings: Sequence[Reading]) -> pl.DataFrame:
    columns = _columns(Post, chain.from_iterable(reading.posts for reading in readings))
    columns["post_id"] = _ids(readings, "posts", _native)
    columns["channel_id"] = _each(readings, "posts", "channel_id")
    columns["page_id"] = _each(readings, "posts", "page_id")
    columns["observed_at"] = _each(readings, "posts", "fetched_at")
    columns["kind"] = list(
        chain.from_iterable(repeat(reading.fetch.kind, len(reading.posts)) for reading in readings)
    )
    frame = _frame({name: (dtype, columns[name]) for name, dtype in SIGHTING.items()})
    return frame.unique(["post_id", "observed_at"], keep="last", maintain_order=True)


def _metrics(readings: Sequence[Reading]) -> pl.DataFrame:
    columns = _columns(Metrics, chain.from_iterable(reading.metrics for reading in readings))
    counts = ("likes", "comments", "shares", "views", "saves")
    frame = _frame(
        {
            "post_id": (pl.String(), _ids(readings, "metrics", _native)),
            "observed_at": (
                SIGHTING["observed_at"],
                _each(readings, "metrics", "fetched_at"),
            ),
            **{name: (pl.Int64(), columns[name]) for name in counts},
            "page_id": (pl.String(), _each(readings, "metrics", "page_id")),
        }
    )
    return frame.unique(["post_id", "observed_at"], keep="last", maintain_order=True)


def _profiles(readings: Sequence[Reading]) -> pl.DataFrame:
    columns = _columns(Profile, chain.from_iterable(reading.profiles for reading in readings))
    counts = ("followers", "following", "posts_total")
    frame = _frame(
        {
            "channel_id": (pl.String(), _each(readings, "profiles", "channel_id")),
            "observed_at": (
                SIGHTING["observed_at"],
                _each(readings, "profiles", "fetched_at"),
            ),
            "name": (pl.String(), columns["name"]),
            **{name: (pl.Int64(), columns[name]) for name in counts},
            "description": (pl.String(), columns["description"]),
            "page_id": (pl.String(), _each(readings, "profiles", "page_id")),
        }
    )
    return frame.unique(["channel_id", "observed_at"], keep="last", maintain_order=True)


def _comments(readings: Sequence[Reading]) -> pl.DataFrame:
    columns = _columns(Comment, chain.from_iterable(reading.comments for reading in readings))
    frame = _frame(
        {
            "comment_id": (pl.String(), _ids(readings, "comments", _native)),
            "post_id": (
                pl.String(),
                _ids(readings, "comments", lambda comment: comment.post_native_id),
            ),
            "published_at": (SIGHTING["observed_at"], columns["published_at"]),
            "author_key": (pl.String(), columns["author_key"]),
            "from_channel": (pl.Boolean(), columns["from_channel"]),
            "in_reply_to": (
                pl.String(),
                _ids(readings, "comments", lambda comment: comment.in_reply_to),
            ),
            "text": (pl.String(), columns["text"]),
            "likes": (pl.Int64(), columns["likes"]),
            "page_id": (pl.String(), _each(readings, "comments", "page_id")),
        }
    )
    return frame.unique("comment_id", keep="last", maintain_order=True)


def _columns(record: type[Struct], records: Iterable[Struct]) -> dict[str, Sequence[Any]]:
    """One tuple of values a field of the record."""
    rows = list(map(msgspec.structs.astuple, records))
    names = record.__struct_fields__
    return dict(
        zip(names, zip(*rows, strict=True) if rows else repeat((), len(names)), strict=True)
    )


def _native(record: Any) -> str:
    return str(record.native_id)


def _ids(
    readings: Iterable[Reading], drawer: str, native: Callable[[Any], str | None]
) -> list[str | None]:
    """`<platform>:<native id>` of each record; None stays."""
    ids: list[str | None] = []
    for reading in readings:
        prefix = reading.platform + ":"
        natives = map(native, getattr(reading, drawer))
        ids += [None if name is None else prefix + name for name in natives]
    return ids


def _each(readings: Iterable[Reading], drawer: str, name: str) -> list[Any]:
    """An attribute of the page, once for each of its records."""
    return list(
        chain.from_iterable(
            repeat(getattr(reading, name), len(getattr(reading, drawer))) for reading in readings
        )
    )


def _frame(columns: dict[str, tuple[Any, Sequence[Any]]]) -> pl.DataFrame:
    arrays = {name: _array(values, _TYPES[dtype]) for name, (dtype, values) in columns.items()}
    frame = pl.from_arrow(pa.table(arrays))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """An Arrow column. What a hostile page may hold and Arrow can't is made harmless."""
    try:
        return pa.array(values, kind)
    except (UnicodeEncodeError, OverflowError, pa.ArrowInvalid):
        return pa.array([_harmless(value) for value in values], kind)


def _harmless(value: Any) -> Any:
    """Lone surrogates become `?`; a number beyond 64 bits becomes -1, which no contract takes."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, tuple):
        return tuple(_harmless(word) for word in value)
    if isinstance(value, int) and not -BEYOND_INT64 <= value < BEYOND_INT64:
        return -1
    return value
