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
STRATUM: Final = ["platform", "channel_id", "format", "again"]
KEYS: Final = [*STRATUM, "day"]


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
    """Per post, three of its snapshots in the window: each its time and flags in one number.

    Out: post_id, first; now: the latest of the newest crawl; before: the latest of those before.
    A post counts once however often it was looked at; the largest number is the latest snapshot.
    """
    oldest = newest - timedelta(days=WINDOW_DAYS)
    flags = pl.sum_horizontal(pl.col(name).is_not_null() * 2**bit for name, bit in BITS.items())
    told = pl.col("observed_at").dt.epoch("ms") * FLAGS + flags
    is_new = pl.col("observed_at") >= newest - timedelta(days=APART_D)
    return (
        core["metrics"]
        .filter(pl.col("observed_at").is_between(oldest, at))
        .select(
            pl.col("post_id").hash(), first=told, now=pl.when(is_new).then(told),
            before=pl.when(~is_new).then(told),
        )
        .group_by("post_id")
        .agg(pl.col("first").min(), pl.col("now", "before").max())
    )  # fmt: skip


def _looked(both: pl.LazyFrame, which: str, newest: datetime, when: pl.Expr) -> pl.LazyFrame:
    """The posts that have one of the three snapshots, with the day and the counts that it shows."""
    told = pl.col(which)
    time = pl.from_epoch(told // FLAGS, "ms").dt.replace_time_zone("UTC")
    return both.filter(when).select(
        "channel_id", "format", again=pl.lit(which != "first"), day=day_of(time, newest),
        **{name: told // 2**bit % 2 == 1 for name, bit in BITS.items()},
    )  # fmt: skip


def _profiles(core: Core, newest: datetime, at: datetime) -> pl.LazyFrame:
    """Profiles of the window, and which of their fields are filled."""
    return (
        core["profiles"]
        .filter(pl.col("observed_at").is_between(newest - timedelta(days=WINDOW_DAYS), at))
        .select(
            pl.col("channel_id").cast(pl.Categorical), again=pl.lit(value=False),
            format=pl.lit("").cast(pl.Categorical), day=day_of(pl.col("observed_at"), newest),
            **PROFILED,
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
        the number filled. `format` is empty where there is none; `again` are posts that an earlier
        crawl had found, and that may be read from pages of another kind.
    """
    posts = recent_posts(core, newest, at)
    both = posts.join(snapshots(core, newest, at), on="post_id", how="left").drop("post_id")
    time = pl.from_epoch(pl.col("first") // FLAGS, "ms").dt.replace_time_zone("UTC")
    found = (day_of(time, newest) == pl.col("day")).fill_null(value=False)
    names = pl.col("channel_id", "format").cast(pl.Categorical)  # a third of the cost of strings
    both = both.with_columns(names, found.alias(COUNTED), again=pl.lit(value=False))
    both = both.collect().lazy()
    later = pl.col("first") < pl.col("now").fill_null(0)
    looked = pl.concat([
        _looked(both, "first", newest, pl.col("first").is_not_null()),
        _looked(both, "now", newest, later & pl.col("before").is_not_null()),
        _looked(both, "before", newest, pl.col("before") > pl.col("first")),
    ])  # fmt: skip
    parts = (
        (both, (*AUTHORED, *DATED, COUNTED)),
        (looked, COUNTS),
        (_profiles(core, newest, at), (*PROFILED,)),
    )
    platforms = core["channels"].select(pl.col("channel_id", "platform").cast(pl.Categorical))
    return pl.collect_all(
        rows.group_by("channel_id", "format", "again", "day")
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
