"""The terms on which pages are read (crawlers/privacy.py), as a lake keeps them."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import polars as pl

from crawlers.books import topic_channels
from crawlers.privacy import Terms
from data.pseudonyms import pseudonym
from data.store import Store

OLDEST: Final = "oldest"
"""State of the lake: posts and comments published before are never stored again."""


def terms_of(store: Store) -> Terms:
    """The terms of a lake: who was erased or opted out, and what its retention took out."""
    kept = store.scan("erasures").select("kind", "key").collect()
    keys = {str(kind): frozenset(rows["key"]) for (kind,), rows in kept.group_by("kind")}
    oldest = {name: datetime.fromisoformat(at) for name, at in (store.state(OLDEST) or {}).items()}
    none: frozenset[str] = frozenset()
    return Terms(
        secret=store.secret(),
        authors=keys.get("author", none),
        accounts=keys.get("account", none),
        topics=frozenset(topic_channels(store)) if "account" in keys else none,
        posts_since=oldest.get("posts"),
        comments_since=oldest.get("comments"),
    )


def erased_channels(store: Store, channel_ids: Collection[str]) -> set[str]:
    """Those of the channels that were erased or opted out."""
    kept = store.scan("erasures").filter(pl.col("kind") == "channel").collect()
    if kept.is_empty():
        return set()
    keys, secret = set(kept["key"]), store.secret()
    return {one for one in channel_ids if pseudonym(one, secret) in keys}
