"""Replay: read the archive again with today's parsers, offline, and say what changed.

The core tables of the channels concerned are rebuilt from their pages by the code that the crawl
uses, run after run, in order of time; every difference from what is stored is written to
`restatements`, then the tables are brought up to date. Unchanged parsers change nothing.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Final

import polars as pl
from msgspec import Struct, field

from crawlers.archive import listed, visits
from crawlers.books import KNOWN, enter, kinds_of, known_posts, topic_channels
from crawlers.registry import platforms
from crawlers.settle import settle
from crawlers.terms import terms_of
from data.contracts import checked, month_of
from data.store import Store
from data.tables import CORE
from data.tables.core import PARTITION

_TIMES: Final = ("first_seen_at", "last_seen_at", "edited_at", "deleted_at")
TABLES: Final = ("profiles", "posts", "metrics", "comments")
PARSER: Final = "the page reads differently now"
NO_LONGER: Final = "no page shows this row any more"
NEW: Final = "a page shows this row now"


class Replayed(Struct, frozen=True):
    """What a replay came to; `restated` counts differences by table."""

    run_id: str
    channels: int
    pages: int
    unreadable: int
    restated: dict[str, int] = field(default_factory=dict)


class MemoryBooks:
    """The books of a replay: empty at first, kept in memory.

    `stored` are the post_ids of the lake, where posts were erased for good.
    """

    def __init__(self, kinds: pl.DataFrame, stored: pl.Series | None) -> None:
        self._stored = stored
        self.tables: dict[str, pl.DataFrame] = {name: CORE[name].create_empty() for name in TABLES}
        self._kinds = kinds

    def posts(self, post_ids: pl.Series) -> pl.DataFrame:
        """The posts with these ids."""
        wanted = post_ids.unique().implode()
        return self.tables["posts"].filter(pl.col("post_id").is_in(wanted))

    def there(self, post_ids: pl.Series) -> pl.Series | None:
        """Those of the post_ids that are stored, or were read meanwhile."""
        if self._stored is None:
            return None
        return pl.concat([self._stored, self.posts(post_ids)["post_id"]])

    def kinds(self, page_ids: pl.Series) -> pl.DataFrame:
        """`page_id` and `kind` of captures."""
        return self._kinds.filter(pl.col("page_id").is_in(page_ids.implode()))

    def known(self, channel_ids: Collection[str]) -> pl.DataFrame:
        """The posts of these channels, with the columns of KNOWN."""
        channels = pl.col("channel_id").is_in(list(channel_ids))
        return self.tables["posts"].filter(channels).select(KNOWN)

    def write(self, table: str, rows: pl.DataFrame) -> None:
        """Insert rows, or overwrite those whose key is there; ContractError as a store's."""
        key = CORE[table].primary_key()
        good = checked(table, rows)
        kept = self.tables[table].join(good.select(key), on=key, how="anti")
        self.tables[table] = pl.concat([kept, good.select(kept.columns)])


def replay(store: Store, platform: str | None = None, run_id: str | None = None) -> Replayed:
    """Rebuild the core tables of one platform's channels, or of all, from their pages.

    Returns:
        The counts; what changed, cell by cell, is in the table `restatements`.
    """
    run_id = run_id or f"replay-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    names = [platform] if platform else list(platforms())
    name = pl.col("channel_id").str.split(":").list.first()
    pages = listed(store).filter(name.is_in(names)).with_columns(platform=name)
    books, page_ids, unreadable = _rebuild(store, pages)
    whole = _with_content(store)
    restated = {}
    for table in TABLES:
        rebuilt = _remembered(store, table, books.tables[table], whole)
        restated[table] = _restate(store, table, rebuilt, page_ids, run_id)
    return Replayed(
        run_id=run_id,
        channels=pages["channel_id"].n_unique(),
        pages=pages.height,
        unreadable=unreadable,
        restated={table: count for table, count in restated.items() if count},
    )


def _rebuild(store: Store, pages: pl.DataFrame) -> tuple[MemoryBooks, list[str], int]:
    """The books after all pages, the page_ids that were read, and how many were not."""
    fetches = store.scan("pages").select("page_id", "fetch").collect()
    topics, terms = topic_channels(store), terms_of(store)
    stored = store.scan("posts").select("post_id").collect()["post_id"]
    kinds = kinds_of(fetches.join(pages, on="page_id", how="semi"))
    books = MemoryBooks(kinds, stored if terms.leaves_posts_out else None)
    page_ids: list[str] = []
    unreadable = 0
    for (_, name), run in pages.group_by("run_id", "platform", maintain_order=True):
        known = known_posts(books, run["channel_id"].unique().to_list())
        read = visits(store, run, terms)
        readings = [reading for visit in read.values() for reading in visit]
        page_ids += [reading.page_id for reading in readings if reading.reason is None]
        unreadable += sum(reading.reason is not None for reading in readings)
        enter(books, readings, topics)
        settle(books, platforms()[str(name)], read, known)
    return books, page_ids, unreadable


def _with_content(store: Store) -> pl.DataFrame:
    """`page_id` of the pages whose bytes the archive still holds."""
    pages = store.scan("pages").select("page_id", "content_hash", kept=pl.col("body").is_not_null())
    held = pages.filter("kept").select("content_hash")
    return pages.join(held, on="content_hash", how="semi").select("page_id").collect()


def _remembered(
    store: Store, table: str, rebuilt: pl.DataFrame, whole: pl.DataFrame
) -> pl.DataFrame:
    """What was rebuilt, without what only pages of erased content can tell.

    Rows that come from such a page stand as they are stored; of other posts, so do the times at
    which such pages may have shown them.
    """
    if table not in {"posts", "comments"}:
        return rebuilt
    stored = store.scan(table).collect()
    kept = stored.join(whole, on="page_id", how="anti")
    if kept.is_empty():
        return rebuilt
    key = CORE[table].primary_key()
    rebuilt = rebuilt.join(kept, on=key, how="anti")
    if table == "comments":
        return rebuilt
    before = stored.select(*key, *(pl.col(name).alias(f"{name}_s") for name in _TIMES))
    last = pl.max_horizontal("last_seen_at", "last_seen_at_s")
    deleted = pl.coalesce("deleted_at", "deleted_at_s")
    both = rebuilt.join(before, on=key, how="left", maintain_order="left").with_columns(
        first_seen_at=pl.min_horizontal("first_seen_at", "first_seen_at_s"),
        last_seen_at=last,
        edited_at=pl.coalesce("edited_at_s", "edited_at"),
        deleted_at=pl.when(deleted > last).then(deleted),
    )
    return both.select(rebuilt.columns)


def _restate(
    store: Store, table: str, rebuilt: pl.DataFrame, page_ids: list[str], run_id: str
) -> int:
    """Bring one table up to date; the number of values and rows that changed."""
    key = CORE[table].primary_key()
    name = pl.concat_str([pl.col(column).cast(pl.String) for column in key], separator=" ")
    rebuilt = rebuilt.with_columns(key=name)
    stored = store.scan(table).collect().with_columns(key=name)
    read = pl.DataFrame({"page_id": page_ids}, schema={"page_id": pl.String})
    lost = stored.join(read, on="page_id", how="semi").join(rebuilt, on="key", how="anti")
    added = rebuilt.join(stored, on="key", how="anti")
    changes = [
        *_values(
            stored, rebuilt, [column for column in CORE[table].columns() if column not in key]
        ),
        _rows(lost, before="there", after=None, reason=NO_LONGER),
        _rows(added, before=None, after="there", reason=NEW),
    ]
    found = pl.concat(changes).with_columns(run_id=pl.lit(run_id), table=pl.lit(table))
    if found.is_empty():
        return 0
    store.insert("restatements", found.select(CORE["restatements"].column_names()))
    store.merge(table, rebuilt.join(found, on="key", how="semi").drop("key"))
    _remove(store, table, lost)
    return found.height


def _values(
    stored: pl.DataFrame, rebuilt: pl.DataFrame, columns: Collection[str]
) -> Iterator[pl.DataFrame]:
    """The values that differ, one frame a column."""
    both = stored.join(rebuilt, on="key", suffix="_new")
    for column in columns:
        differs = both.filter(pl.col(column).ne_missing(pl.col(f"{column}_new")))
        dtype = stored.schema[column]
        yield differs.select(
            "key",
            column=pl.lit(column),
            before=_written(column, dtype),
            after=_written(f"{column}_new", dtype),
            reason=pl.lit(PARSER),
        )


def _written(column: str, dtype: pl.DataType) -> pl.Expr:
    return pl.col(column).list.join(" ") if dtype == pl.List else pl.col(column).cast(pl.String)


def _rows(
    frame: pl.DataFrame, *, before: str | None, after: str | None, reason: str
) -> pl.DataFrame:
    """Whole rows that came or went, as restatements."""
    return frame.select(
        "key",
        column=pl.lit("*"),
        before=pl.lit(before, dtype=pl.String),
        after=pl.lit(after, dtype=pl.String),
        reason=pl.lit(reason),
    )


def _remove(store: Store, table: str, lost: pl.DataFrame) -> None:
    """Take rows out that no page shows: their months are written anew without them."""
    if lost.is_empty():
        return
    keys = CORE[table].primary_key()
    kept = store.scan(table).join(lost.lazy().select(keys), on=keys, how="anti")
    if table not in PARTITION:
        store.replace(table, kept.collect())
        return
    month = month_of(table)
    months = lost.select(month)[PARTITION[table]].unique().to_list()
    store.replace(table, kept.filter(month.is_in(months)).collect(), months)
