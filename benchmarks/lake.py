"""A large synthetic lake, seeded and fast: columns are drawn whole, never row by row."""

from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from data.store import Store
from data.tables import TABLES

CHANNELS: Final = 200
PLATFORMS: Final = ("bluesky", "mastodon", "youtube", "wordpress")
FORMATS: Final = ("text", "photo", "video", "link", "carousel")
AGES_H: Final = (6.0, 48.0, 168.0)
COMMENTED: Final = 10
"""One post in so many has a comment."""
VOCABULARY: Final = 3_000
THEMES: Final = 12
WORDS: Final = 12
SLICE: Final = 500_000
"""Posts that are made at once."""
HOUR_US: Final = 3_600_000_000
CONSONANTS: Final = "bcdfglmnprstv"
VOWELS: Final = "aeiou"


def conformed(table: str, columns: dict[str, Any], rows: int) -> pl.DataFrame:
    """The columns given, and the rest of the contract's with nothing in it."""
    filled: dict[str, Any] = {
        "page_id": "p", "published_within_s": 0.0, "is_repost": False, "is_reply": False,
        "url": "https://bench.example/", "from_channel": False, "author_key": "k",
    }  # fmt: skip
    schema = TABLES[table].create_empty().schema
    frame = pl.DataFrame({"_": range(rows)}).with_columns(
        columns.get(name, pl.lit(filled.get(name))).cast(kind).alias(name)
        if not isinstance(kind, pl.List) or name in columns
        else pl.lit([], dtype=kind).alias(name)
        for name, kind in schema.items()
    )
    return frame.select(list(schema))


def words() -> pl.Series:
    """Invented words of three syllables."""
    rng = np.random.default_rng(7)
    letters = [
        "".join(CONSONANTS[rng.integers(13)] + VOWELS[rng.integers(5)] for _ in range(3))
        for _ in range(VOCABULARY)
    ]
    return pl.Series(letters)


def texts(rng: np.random.Generator, rows: int) -> pl.Series:
    """Short texts: two thirds of the words from the vocabulary of a theme."""
    book = words()
    theme = rng.integers(0, THEMES, rows)
    part = VOCABULARY // (2 * THEMES)
    columns = {}
    for place in range(WORDS):
        if place % 3:
            drawn = theme * part + (part * rng.random(rows) ** 2).astype(np.int64)
        else:
            drawn = VOCABULARY // 2 + rng.integers(0, VOCABULARY // 2, rows)
        columns[f"w{place}"] = book.gather(pl.Series(drawn))
    return pl.DataFrame(columns).select(text=pl.concat_str(pl.all(), separator=" "))["text"]


def posts_of(
    rng: np.random.Generator, rows: int, end: datetime, days: float, first: int
) -> pl.DataFrame:
    """Posts at random times of the last `days`, numbered from `first`."""
    channel = pl.Series(rng.integers(0, CHANNELS, rows))
    numbers = pl.Series(np.arange(first, first + rows))
    platform = pl.Series(PLATFORMS).gather(channel % len(PLATFORMS))
    ago = pl.Series((rng.random(rows) * days * 24 * HOUR_US).astype(np.int64))
    time = (pl.lit(end) - ago.cast(pl.Duration("us"))).cast(pl.Datetime("us", "UTC"))
    tags = pl.Series(rng.integers(0, 300, rows))
    language = pl.Series(["fr", "en"]).gather(channel % 2)
    columns = {
        "post_id": pl.format("{}:at://post/{}", platform, numbers),
        "channel_id": pl.format("{}:account{}", platform, channel),
        "published_at": time,
        "first_seen_at": time,
        "last_seen_at": time,
        "format": pl.lit(pl.Series(FORMATS).gather(pl.Series(rng.integers(0, len(FORMATS), rows)))),
        "text": pl.lit(texts(rng, rows)),
        "language": pl.lit(language),
        "hashtags": pl.concat_list(pl.format("tag{}", tags)),
    }
    return conformed("posts", columns, rows)


def metrics_of(rng: np.random.Generator, posts: pl.DataFrame, end: datetime) -> pl.DataFrame:
    """Three snapshots a post, those that lie before the end."""
    final = pl.Series(np.exp(rng.normal(5, 1, posts.height)))
    parts = []
    for age in AGES_H:
        share = 1 - np.exp(-age / 30)
        likes = (final * share * 0.8).cast(pl.Int64)
        columns = {
            "post_id": pl.lit(posts["post_id"]),
            "observed_at": pl.lit(posts["published_at"] + timedelta(hours=age)),
            "likes": pl.lit(likes),
            "comments": pl.lit(likes // 8),
            "shares": pl.lit(likes // 16),
        }
        parts.append(conformed("metrics", columns, posts.height))
    return pl.concat(parts).filter(pl.col("observed_at") <= end)


def comments_of(posts: pl.DataFrame, end: datetime) -> pl.DataFrame:
    """A question under one post in ten, half of them answered an hour later."""
    asked = posts.gather_every(COMMENTED)
    answered = asked.gather_every(2)
    question = {
        "comment_id": pl.lit(asked["post_id"] + "#q"),
        "post_id": pl.lit(asked["post_id"]),
        "published_at": pl.lit(asked["published_at"] + timedelta(hours=1)),
        "text": pl.lit("merci, super photo"),
    }
    answer = {
        "comment_id": pl.lit(answered["post_id"] + "#a"),
        "post_id": pl.lit(answered["post_id"]),
        "published_at": pl.lit(answered["published_at"] + timedelta(hours=2)),
        "in_reply_to": pl.lit(answered["post_id"] + "#q"),
        "from_channel": pl.lit(value=True),
        "text": pl.lit("avec plaisir"),
    }
    both = [
        conformed("comments", question, asked.height),
        conformed("comments", answer, answered.height),
    ]
    return pl.concat(both).filter(pl.col("published_at") <= end)


def channels_of() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fifty entities with four channels each."""
    number = pl.Series(np.arange(CHANNELS))
    platform = pl.Series(PLATFORMS).gather(number % len(PLATFORMS))
    channels = {
        "channel_id": pl.format("{}:account{}", platform, number),
        "entity_id": pl.format("entity{}", number // len(PLATFORMS)),
        "platform": pl.lit(platform),
        "account": pl.format("account{}", number),
    }
    entities = CHANNELS // len(PLATFORMS)
    names = pl.format("entity{}", pl.Series(np.arange(entities)))
    who = {"entity_id": names, "name": names, "role": pl.lit("competitor")}
    return conformed("entities", who, entities), conformed("channels", channels, CHANNELS)


def profiles_of(channels: pl.DataFrame, end: datetime, weeks: int) -> pl.DataFrame:
    """Followers once a week."""
    grid = channels.select("channel_id").join(pl.DataFrame({"back": range(weeks)}), how="cross")
    columns = {
        "channel_id": pl.lit(grid["channel_id"]),
        "observed_at": pl.lit(end)
        - pl.lit(grid["back"] * 7 * 24 * HOUR_US).cast(pl.Duration("us")),
        "followers": pl.lit(20_000 - 50 * grid["back"]),
    }
    return conformed("profiles", columns, grid.height)


def make(root: str, posts: int, end: datetime, days: int) -> None:
    """Write a lake that ends at a time, a slice of its days after the other."""
    store = Store(root)
    rng = np.random.default_rng(1)
    entities, channels = channels_of()
    store.replace("entities", entities)
    store.replace("channels", channels)
    store.replace("profiles", profiles_of(channels, end, days // 7))
    slices = -(-posts // SLICE)
    for place in range(slices):
        first, last = posts * place // slices, posts * (place + 1) // slices
        until = end - timedelta(days=days * (slices - 1 - place) / slices)
        rows = posts_of(rng, last - first, until, days / slices, first)
        store.insert("posts", rows)
        store.insert("metrics", metrics_of(rng, rows, end))
        store.insert("comments", comments_of(rows, end))


def add_day(root: str, posts: int, end: datetime) -> None:
    """Add the posts of the day before the end, with their first snapshots and comments."""
    store = Store(root)
    rng = np.random.default_rng(2)
    rows = posts_of(rng, posts, end, 1.0, 10**9)
    store.insert("posts", rows)
    store.insert("metrics", metrics_of(rng, rows, end))
    store.insert("comments", comments_of(rows, end))
    _, channels = channels_of()
    store.insert("profiles", profiles_of(channels, end, 1))
