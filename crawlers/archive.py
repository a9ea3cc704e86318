"""Archived pages, read back in the order in which they came."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import polars as pl
from msgspec import MsgspecError

from crawlers.platform import Platform
from crawlers.privacy import Terms
from crawlers.reading import Reading, read
from crawlers.registry import platforms
from crawlers.visit import page_of
from data.records import Capture
from data.store import Store

CHUNK: Final = 500
_LISTED: Final = ("page_id", "channel_id", "run_id", "fetched_at")


def listed(store: Store, channel_ids: Collection[str] | None = None) -> pl.DataFrame:
    """`page_id`, `channel_id`, `run_id` and `fetched_at` of archived pages, in order of time."""
    pages = store.scan("pages")
    if channel_ids is not None:
        pages = pages.filter(pl.col("channel_id").is_in(list(channel_ids)))
    return pages.select(_LISTED).sort("fetched_at", "page_id").collect()


def captures(store: Store, pages: pl.DataFrame) -> Iterator[tuple[str, Capture]]:
    """The captures of these pages (columns of `listed`), in their order.

    A page whose content was erased is left out.
    """
    for first in range(0, pages.height, CHUNK):
        part = pages.slice(first, CHUNK)
        rows = _rows(store, part)
        bodies = _bodies(store, rows)
        by_id = {row["page_id"]: row for row in rows.iter_rows(named=True)}
        for page_id in part["page_id"]:
            row = by_id[page_id]
            body = row["body"] if row["body"] is not None else bodies.get(row["content_hash"])
            if body is not None:
                row = {**row, "body": body}
                yield (
                    page_id,
                    Capture(**{name: row[name] for name in Capture.__struct_fields__}),
                )


def readings(store: Store, pages: pl.DataFrame, terms: Terms) -> Iterator[Reading]:
    """What these pages say, as today's parsers read them."""
    known = platforms()
    for page_id, capture in captures(store, pages):
        name, _, account = capture.channel_id.partition(":")
        if name in known and (reading := _reading(known[name], capture, account, terms)):
            reading.page_id = page_id
            yield reading


def visits(store: Store, pages: pl.DataFrame, terms: Terms) -> dict[str, list[Reading]]:
    """`readings` by channel, in order."""
    found: dict[str, list[Reading]] = {
        channel_id: [] for channel_id in pages["channel_id"].unique(maintain_order=True)
    }
    for reading in readings(store, pages, terms):
        found[reading.channel_id].append(reading)
    return found


def _reading(platform: Platform, capture: Capture, account: str, terms: Terms) -> Reading | None:
    try:
        page = page_of(capture, account, terms.secret)
    except MsgspecError:
        # An imported file: archived like a page, but no platform asked for it.
        return None
    return read(platform, page, capture.channel_id, terms)


def _rows(store: Store, part: pl.DataFrame) -> pl.DataFrame:
    wanted = pl.col("page_id").is_in(part["page_id"].implode())
    span = pl.col("fetched_at").is_between(part["fetched_at"].min(), part["fetched_at"].max())
    return store.scan("pages").filter(span, wanted).collect()


def _bodies(store: Store, rows: pl.DataFrame) -> Mapping[str, bytes]:
    """Contents that an earlier page holds, by hash."""
    missing = rows.filter(pl.col("body").is_null())["content_hash"].unique()
    if missing.is_empty():
        return {}
    held = store.scan("pages").filter(
        pl.col("content_hash").is_in(missing.implode()), pl.col("body").is_not_null()
    )
    return dict(held.select("content_hash", "body").collect().iter_rows())
