"""Taking rows and archived bytes out of the lake. Each step can be done again after a kill."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import polars as pl

from data.names import INSTEAD, pattern_of, plain
from data.store import Store, hashed
from data.tables import INTERNAL

CHUNK: Final = 200
"""Pages whose bytes are in memory at a time."""
NAMED: Final = {
    "posts": ("title", "text"),
    "comments": ("text",),
    "restatements": ("before", "after"),
    "type_edits": ("label", "was", "by"),
    "notes": ("text", "by"),
    "post_tags": ("by",),
    "alert_mutes": ("by",),
    "watchlist_edits": ("by",),
}
"""Columns of texts in which others may name a person."""


def remember(store: Store, kind: str, keys: Collection[str], asked: str, at: datetime) -> None:
    """Never store these again: keyed hashes of authors, accounts or channels, and of who asked."""
    rows = [{"kind": kind, "key": key, "asked": asked, "erased_at": at} for key in sorted(keys)]
    schema = INTERNAL["erasures"].create_empty().schema
    store.insert("erasures", pl.DataFrame(rows, schema=schema))


def replace_bodies(store: Store, bodies: Mapping[str, bytes], why: str) -> None:
    """Give pages other bytes, or none where they are empty; so do all pages of the same content.

    Args:
        store: the lake.
        bodies: by page_id, what is left.
        why: a word of data.vocabulary.ERASED.
    """
    pages = store.scan("pages")
    asked = pages.filter(pl.col("page_id").is_in(list(bodies))).select("page_id", "content_hash")
    by_content = {
        content: bodies[page_id] for page_id, content in asked.sort("page_id").collect().rows()
    }
    contents = list(by_content)
    for first in range(0, len(contents), CHUNK):
        part = pl.col("content_hash").is_in(contents[first : first + CHUNK])
        rows = []
        for row in pages.filter(part).collect().iter_rows(named=True):
            left = by_content[row["content_hash"]]
            held = row["body"] is not None and left
            row |= {"erased": why, "body": left if held else None}
            if left:
                row |= {"content_hash": hashed(left), "bytes": len(left)}
            rows.append(row)
        store.merge("pages", pl.DataFrame(rows, schema=pages.collect_schema()))


def drop_bodies(store: Store, page_ids: Collection[str], why: str) -> None:
    """Drop the bytes of these pages; other pages of the same content keep them."""
    _hand_on(store, page_ids)
    ids = list(page_ids)
    pages = store.scan("pages")
    for first in range(0, len(ids), CHUNK):
        rows = pages.filter(pl.col("page_id").is_in(ids[first : first + CHUNK])).drop("body")
        none = pl.lit(None, dtype=pl.Binary).alias("body")
        store.merge("pages", rows.with_columns(none, erased=pl.lit(why)).collect())


def drop_pages(store: Store, page_ids: Collection[str]) -> int:
    """Take pages out of the archive; other pages of the same content keep its bytes."""
    _hand_on(store, page_ids)
    return store.remove("pages", pl.DataFrame({"page_id": list(page_ids)}))


def _hand_on(store: Store, page_ids: Collection[str]) -> None:
    """Give the bytes that these pages hold to one of the pages that need them and stay.

    Pages whose bytes were erased need none: they would come back.
    """
    pages, leaving = store.scan("pages"), pl.col("page_id").is_in(list(page_ids))
    has = pl.col("body").is_not_null()
    held = pages.filter(leaving, has).select("content_hash").unique()
    staying = pages.filter(~leaving).join(held, on="content_hash", how="semi")
    told = staying.select("page_id", "content_hash", "erased", "fetched_at", has=has).collect()
    alone = pl.col("has").any().over("content_hash").not_()
    heirs = told.filter(alone, pl.col("erased").is_null()).sort("fetched_at", "page_id")
    heirs = heirs.unique("content_hash", keep="first", maintain_order=True)
    for part in heirs.iter_slices(CHUNK):
        contents, ids = part["content_hash"].implode(), part["page_id"].implode()
        bodies = pages.filter(leaving, has, pl.col("content_hash").is_in(contents))
        bodies = bodies.select("content_hash", "body").unique("content_hash", keep="any")
        rows = pages.filter(pl.col("page_id").is_in(ids)).drop("body")
        store.merge("pages", rows.join(bodies, on="content_hash").collect())


def unhook(store: Store, gone: pl.Series, replies: Mapping[str, str | None]) -> None:
    """Let the answers to comments that go answer what `replies` says, else nothing."""
    hung = store.scan("comments").filter(
        pl.col("in_reply_to").is_in(gone.implode()), ~pl.col("comment_id").is_in(gone.implode())
    )
    rows = hung.collect()
    above = pl.Series([replies.get(one) for one in rows["comment_id"]], dtype=pl.String)
    if not rows.is_empty():
        store.merge("comments", rows.with_columns(in_reply_to=above))


def unname(store: Store, names: Collection[str]) -> int:
    """Take names out of what others say: `…` stands for them in texts; the rows changed."""
    pattern = pattern_of(names)
    if pattern is None:
        return 0
    changed = 0
    needles = sorted(set(map(plain, names)))
    for table, columns in NAMED.items():
        text = pl.concat_str(columns, separator=" ", ignore_nulls=True).str.to_lowercase()
        rows = store.scan(table).filter(text.str.contains_any(needles)).collect()
        shorn = [
            _shorn(row, columns, pattern)
            for row in rows.iter_rows(named=True)
            if any(row[column] and pattern.search(row[column]) for column in columns)
        ]
        if shorn:
            store.merge(table, pl.DataFrame(shorn, schema=rows.schema))
        changed += len(shorn)
    return changed


def _shorn(
    row: dict[str, Any], columns: Collection[str], pattern: re.Pattern[str]
) -> dict[str, Any]:
    """The row without the names: gone from lists, replaced in texts."""
    for column in columns:
        if row[column] is not None:
            row[column] = pattern.sub(INSTEAD, row[column])
    for column, value in row.items():
        if isinstance(value, list):
            row[column] = [one for one in value if not pattern.search(one)]
    return row
