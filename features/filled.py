"""How often each field that a platform shows was filled, crawl by crawl: what `drift` compares.

Only what came in the last four weeks is read, and of it only whether a field is there. Pure.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from data.vocabulary import COUNTS
from features.frames import Core

WINDOW_DAYS: Final = 28
APART_D: Final = 0.5
"""Crawls that began within so many days of the newest are one with it."""
AUTHORED: Final = {
    "title": pl.col("title").str.len_bytes() > 0,
    "text": pl.col("text").str.len_bytes() > 0,
    "media": pl.col("media_count") > 0,
    "duration_s": pl.col("duration_s").is_not_null(),
    "hashtags": pl.col("hashtags").list.len() > 0,
    "links": pl.col("links").list.len() > 0,
}
"""What an author's posts may be without."""
DATED: Final = {"published_at": pl.col("published_at").is_not_null()}
PROFILED: Final = {name: pl.col(name).is_not_null() for name in ("followers", "posts_total")}
COUNTED: Final = "counts"
"""Field of posts that came with any count at all in the crawl that found them."""
BITS: Final = {name: bit for bit, name in enumerate(COUNTS)}
MOST: Final = 20
"""Rows named as evidence."""
FLAGS: Final = 2 ** len(BITS)
KEYS: Final = ["platform", "channel_id", "format", "day"]


def day_of(time: pl.Expr, newest: datetime) -> pl.Expr:
    """Days back to the crawl in which something was seen; 0: the newest, which began then."""
    back = (pl.lit(newest) - time).dt.total_seconds() / 86_400
    return (back - APART_D).ceil().clip(0).cast(pl.Int16)


def recent_posts(core: Core, newest: datetime, at: datetime) -> pl.LazyFrame:
    """Posts first seen in the window, and which of their fields are filled.

    Posts that are older are left out: reading them would cost more with every day that is kept.
    Reposts too: they are other people's.
    """
    oldest = newest - timedelta(days=WINDOW_DAYS)
    old = (pl.col("published_at") < oldest).fill_null(value=False)
    seen = pl.col("first_seen_at").is_between(oldest, at)
    return (
        core["posts"]
        .filter(~pl.col("is_repost"), ~old, seen)
        .select(
            pl.col("post_id").hash(), "channel_id", pl.col("format").fill_null(""),
            day=day_of(pl.col("first_seen_at"), newest), **AUTHORED, **DATED,
        )
        .with_columns(pl.col(*AUTHORED, *DATED).fill_null(value=False))
    )  # fmt: skip


def snapshots(core: Core, newest: datetime, at: datetime) -> pl.LazyFrame:
    """Per post, the counts that its latest snapshot in the window shows.

    Out: post_id, day, first (`day` of its first snapshot), a flag a count. A post is one however
    often it was looked at.
    """
    oldest = newest - timedelta(days=WINDOW_DAYS)
    # Time and flags in one number: the largest holds the flags of the latest.
    flags = pl.sum_horizontal(pl.col(name).is_not_null() * 2**bit for name, bit in BITS.items())
    told = pl.col("observed_at").dt.epoch("ms") * FLAGS + flags
    latest, first = (
        day_of(pl.from_epoch(pl.col(name) // FLAGS, "ms").dt.replace_time_zone("UTC"), newest)
        for name in ("told", "first")
    )
    return (
        core["metrics"]
        .filter(pl.col("observed_at").is_between(oldest, at))
        .select(pl.col("post_id").hash(), told=told)
        .group_by("post_id")
        .agg(pl.col("told").max(), first=pl.col("told").min())
        .select(
            "post_id", day=latest, first=first,
            **{name: pl.col("told") // 2**bit % 2 == 1 for name, bit in BITS.items()},
        )
    )  # fmt: skip


def counted(core: Core, newest: datetime, at: datetime) -> list[pl.DataFrame]:
    """How much was seen a day, and how much of it had each field filled.

    Args:
        core: posts, metrics, profiles and channels.
        newest: when the newest crawl began.
        at: the reference time.

    Returns:
        Three frames, of posts, of their counts and of profiles: KEYS, n, and a column a field with
        the number filled; `format` is empty where there is none.
    """
    posts = recent_posts(core, newest, at)
    both = posts.join(snapshots(core, newest, at), on="post_id", how="left", suffix="_seen")
    found = (pl.col("first") == pl.col("day")).fill_null(value=False)
    both = both.drop("post_id").with_columns(found.alias(COUNTED)).collect().lazy()
    looked = both.filter(pl.col("day_seen").is_not_null()).with_columns(day="day_seen")
    profiles = (
        core["profiles"]
        .filter(pl.col("observed_at").is_between(newest - timedelta(days=WINDOW_DAYS), at))
        .select(
            "channel_id", format=pl.lit(""), day=day_of(pl.col("observed_at"), newest), **PROFILED
        )
    )
    parts = ((both, (*AUTHORED, *DATED, COUNTED)), (looked, COUNTS), (profiles, (*PROFILED,)))
    platforms = core["channels"].select(pl.col("channel_id", "platform").cast(pl.Categorical))
    return pl.collect_all(
        rows.with_columns(pl.col("channel_id", "format").cast(pl.Categorical))
        .group_by("channel_id", "format", "day")
        .agg(pl.len().cast(pl.Int64).alias("n"), pl.col(*fields).sum().cast(pl.Int64))
        .join(platforms, on="channel_id")
        .select(*KEYS, "n", *fields)
        for rows, fields in parts
    )


def lacking(core: Core, newest: datetime, at: datetime, row: Mapping[str, Any]) -> pl.DataFrame:
    """The newest rows of a source without a field: post_id (null of profiles) and page_id.

    Args:
        core: posts, metrics, profiles and channels.
        newest: when the newest crawl began.
        at: the reference time.
        row: of `drift.FALLS`.
    """
    ours = [pl.col(name) == row[name] for name in ("platform", "channel_id") if row[name]]
    channels = core["channels"].filter(*ours).select("channel_id")
    begun = newest - timedelta(days=row["days"] - 1 + APART_D)
    field = row["field"]
    if field in PROFILED:
        rows = core["profiles"].with_columns(post_id=pl.lit(None, pl.String))
        without, time = ~PROFILED[field], "observed_at"
    elif field in COUNTS:
        who = core["posts"].select("post_id", "channel_id")
        rows = core["metrics"].join(who, on="post_id")
        without, time = pl.col(field).is_null(), "observed_at"
    else:
        rows = core["posts"].filter(~pl.col("is_repost"))
        filled = {**AUTHORED, **DATED, COUNTED: pl.lit(value=False)}[field]
        without, time = ~filled.fill_null(value=False), "first_seen_at"
    newer = rows.filter(pl.col(time).is_between(begun, at), without)
    kept = newer.join(channels, on="channel_id", how="semi").sort(time, "page_id", descending=True)
    return kept.select("post_id", "page_id").unique(maintain_order=True).head(MOST).collect()
