"""Rows of core tables with every column filled; a test changes what it is about."""

from datetime import UTC, datetime

import polars as pl

from data.tables import TABLES

T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)


def post(number, **changes):
    return {
        "post_id": f"feed:{number}",
        "channel_id": "feed:crete",
        "url": f"https://crete.example/{number}",
        "published_at": T0,
        "published_within_s": 0.0,
        "title": "Sortie",
        "text": "Bivouac au lac",
        "language": "fr",
        "format": "text",
        "media_count": 0,
        "duration_s": None,
        "hashtags": ["bivouac"],
        "mentions": [],
        "links": [],
        "is_repost": False,
        "is_reply": False,
        "sponsored": None,
        "first_seen_at": T0,
        "last_seen_at": T0,
        "edited_at": None,
        "deleted_at": None,
        "page_id": "p1",
    } | changes


def metric(number, at=T0, **changes):
    return {
        "post_id": f"feed:{number}",
        "observed_at": at,
        "likes": 3,
        "comments": 1,
        "shares": None,
        "views": None,
        "saves": None,
        "page_id": "p1",
    } | changes


def frame(table, *rows):
    return pl.DataFrame(list(rows), schema=TABLES[table].create_empty().schema)
