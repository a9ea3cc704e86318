"""From readings to rows of the core tables, by way of the ledger.

A crawl keeps its books in the store, a replay in memory; the entries are made by the same code.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Protocol

import msgspec
import polars as pl

from crawlers.absences import Absence, Known
from crawlers.columns import batch
from crawlers.reading import Reading
from data.contracts import ContractError
from data.ledger import combine, strike
from data.store import Store
from data.tables import CORE

APPENDED: Final = ("profiles", "metrics")
"""Snapshots: their rows never change."""


class Books(Protocol):
    """Where the rows of the core tables are kept."""

    def posts(self, post_ids: pl.Series) -> pl.DataFrame:
        """The posts with these ids."""

    def there(self, post_ids: pl.Series) -> pl.Series | None:
        """Those of the post_ids on which rows may hang; None: on any."""

    def kinds(self, page_ids: pl.Series) -> pl.DataFrame:
        """`page_id` and `kind` of captures."""

    def known(self, channel_ids: Collection[str]) -> pl.DataFrame:
        """The posts of these channels, with the columns of KNOWN."""

    def write(self, table: str, rows: pl.DataFrame) -> None:
        """Insert rows, or overwrite those whose key is there.

        Raises:
            ContractError: some rows break the table's contract; none was written.
        """


KNOWN: Final = (
    "post_id", "channel_id", "url", "published_at", "published_within_s", "last_seen_at",
    "is_repost", "deleted_at",
)  # fmt: skip


class StoreBooks:
    """The books of a crawl: the lake itself, where posts may be `erased` for good."""

    def __init__(self, store: Store, *, erased: bool = False) -> None:
        self._store = store
        self._erased = erased

    def posts(self, post_ids: pl.Series) -> pl.DataFrame:
        """The posts with these ids."""
        wanted = post_ids.unique().implode()
        return self._store.scan("posts").filter(pl.col("post_id").is_in(wanted)).collect()

    def there(self, post_ids: pl.Series) -> pl.Series | None:
        """Those of the post_ids that are stored; None where none was ever erased."""
        return self.posts(post_ids)["post_id"] if self._erased else None

    def kinds(self, page_ids: pl.Series) -> pl.DataFrame:
        """`page_id` and `kind` of captures."""
        pages = self._store.scan("pages").filter(pl.col("page_id").is_in(page_ids.implode()))
        return kinds_of(pages.select("page_id", "fetch").collect())

    def known(self, channel_ids: Collection[str]) -> pl.DataFrame:
        """The posts of these channels, with the columns of KNOWN."""
        posts = self._store.scan("posts").filter(pl.col("channel_id").is_in(list(channel_ids)))
        return posts.select(KNOWN).collect()

    def write(self, table: str, rows: pl.DataFrame) -> None:
        """Insert rows, or overwrite those whose key is there."""
        if table in APPENDED:
            self._store.insert(table, rows)
        else:
            self._store.merge(table, rows)


def enter(books: Books, readings: Sequence[Reading], topics: Collection[str]) -> dict[str, int]:
    """Write what the readings say; the number of rows left out, by channel.

    A row that breaks its table's contract (a count below zero, a time without a date) is left
    out: what a page says must never stop the others.
    """
    rows = batch(readings)
    channel_of = {reading.page_id: reading.channel_id for reading in readings}
    dropped: dict[str, int] = {}
    posts = _posts(books, rows.sightings, topics)
    tables = {
        "profiles": rows.profiles,
        "posts": posts,
        "metrics": _hanging(books, rows.metrics, posts),
        "comments": _hanging(books, rows.comments, posts),
    }
    for table, frame in tables.items():
        if frame.is_empty():
            continue
        for page_id in put(books, table, frame):
            channel = channel_of.get(page_id, "")
            dropped[channel] = dropped.get(channel, 0) + 1
    delete(books, rows.gone)
    return dropped


def _hanging(books: Books, rows: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Counts and comments without those of erased posts, which may have pages of their own."""
    there = None if rows.is_empty() else books.there(rows["post_id"])
    if there is None:
        return rows
    return rows.filter(pl.col("post_id").is_in(pl.concat([there, posts["post_id"]]).implode()))


def delete(books: Books, gone: pl.DataFrame) -> None:
    """Mark posts as deleted (`post_id`, `at`), unless they were seen since."""
    if gone.is_empty():
        return
    struck = strike(books.posts(gone["post_id"]), gone)
    if not struck.is_empty():
        books.write("posts", struck)


def gone_frame(platform: str, found: Sequence[Absence]) -> pl.DataFrame:
    """Absences as `delete` takes them."""
    return pl.DataFrame(
        {
            "post_id": [f"{platform}:{absence.native_id}" for absence in found],
            "at": [absence.at for absence in found],
        },
        schema={"post_id": pl.String, "at": pl.Datetime("us", "UTC")},
    )


def put(books: Books, table: str, frame: pl.DataFrame) -> list[str]:
    """Write the rows that keep the table's contract; the page_ids of the others."""
    try:
        books.write(table, frame)
    except ContractError:  # rare: looking first would cost every row twice
        good, failure = CORE[table].filter(frame, cast=True)
        books.write(table, good)
        bad: list[str] = failure.invalid()["page_id"].to_list()
        return bad
    return []


def known_posts(books: Books, channel_ids: Collection[str]) -> dict[str, dict[str, Known]]:
    """By channel and native id, what the books hold of each channel's posts."""
    found: dict[str, dict[str, Known]] = {channel_id: {} for channel_id in channel_ids}
    for row in books.known(channel_ids).iter_rows(named=True):
        native_id = row["post_id"].partition(":")[2]
        found[row["channel_id"]][native_id] = Known(
            url=row["url"],
            published_at=row["published_at"],
            published_within_s=row["published_within_s"],
            last_seen_at=row["last_seen_at"],
            is_repost=row["is_repost"],
            deleted=row["deleted_at"] is not None,
        )
    return found


def topic_channels(store: Store) -> set[str]:
    """Channels that show other people's posts."""
    topics = store.scan("entities").filter(pl.col("role") == "topic")
    channels = store.scan("channels").join(topics, on="entity_id", how="semi")
    return set(channels.select("channel_id").collect()["channel_id"])


def kinds_of(pages: pl.DataFrame) -> pl.DataFrame:
    """`page_id` and `kind` from `page_id` and `fetch` (the request as JSON)."""
    kinds = [kind_of(fetch) for fetch in pages["fetch"]]
    return pages.select("page_id").with_columns(kind=pl.Series(kinds, dtype=pl.String))


class _Kind(msgspec.Struct):
    kind: str = "list"


def kind_of(fetch: str) -> str:
    """The kind of page that an archived request asked for."""
    return msgspec.json.decode(fetch, type=_Kind).kind


def _posts(books: Books, seen: pl.DataFrame, topics: Collection[str]) -> pl.DataFrame:
    known = books.posts(seen["post_id"])
    changed = known.join(seen.select("post_id", new="text"), on="post_id").filter(
        pl.col("text").ne_missing(pl.col("new"))
    )
    kinds: Any = None if changed.is_empty() else books.kinds(changed["page_id"].unique())
    return combine(known, seen, kinds, topics)


def counted(readings: Sequence[Reading], known: Mapping[str, Known]) -> tuple[int, int]:
    """Posts read, and those among them that were not known."""
    seen = {post.native_id for reading in readings for post in reading.posts}
    return len(seen), len(seen - known.keys())
