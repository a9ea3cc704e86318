"""What every feature starts from: the publications that count, with their local calendar.

Weeks are integers (Mondays since 1969-12-29) inside the package, because integer arithmetic on
them is far cheaper than calendar arithmetic; `monday` turns one back into a date.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import polars as pl

Core = Mapping[str, pl.LazyFrame]
"""The core tables by name, as `data.store` scans them."""

EPOCH_SHIFT: Final = 3
"""1970-01-01 was a Thursday: days to add so that a week starts on Monday."""
HOUR_S: Final = 3600.0


def week_of(day: pl.Expr) -> pl.Expr:
    """Number of the week of a date column."""
    return ((day.cast(pl.Int32) + EPOCH_SHIFT) // 7).cast(pl.Int16)


def monday(week: pl.Expr) -> pl.Expr:
    """The Monday that a numbered week starts with."""
    return (week.cast(pl.Int32) * 7 - EPOCH_SHIFT).cast(pl.Date)


def week_number(at: datetime, timezone: str) -> int:
    """Number of the week in which a moment falls, in the market's time zone."""
    day = pl.Series([at]).dt.convert_time_zone(timezone).dt.date()
    return int(pl.select(week_of(pl.lit(day))).item())


def own_posts(
    core: Core, at: datetime, timezone: str, *, with_deleted: bool = False
) -> pl.LazyFrame:
    """Publications that count as a channel's own, up to the reference time.

    Reposts, replies, posts deleted by then (unless asked for), posts of unknown time and posts of
    the future are left out. Adds `entity_id`, `platform`, `role` and, in the market's time zone,
    `day` (date), `week` (number), `weekday` (1 = Monday) and `hour`.
    """
    channels = (
        core["channels"]
        .join(core["entities"].select("entity_id", "role"), on="entity_id")
        .select("channel_id", "entity_id", "platform", "role")
    )
    local = pl.col("published_at").dt.convert_time_zone(timezone)
    return (
        core["posts"]
        .filter(
            ~pl.col("is_repost"),
            ~pl.col("is_reply"),
            pl.lit(with_deleted) | pl.col("deleted_at").is_null() | (pl.col("deleted_at") > at),
            pl.col("published_at") <= at,
        )
        .join(channels, on="channel_id")
        .with_columns(
            day=local.dt.date(),
            week=week_of(local.dt.date()),
            weekday=local.dt.weekday().cast(pl.Int64),
            hour=local.dt.hour().cast(pl.Int64),
        )
    )


def in_weeks(frame: pl.LazyFrame, weeks: Iterable[int] | None) -> pl.LazyFrame:
    """The rows whose `week` is one of those given; every row if None."""
    if weeks is None:
        return frame
    chosen = pl.LazyFrame({"week": sorted(weeks)}, schema={"week": pl.Int16})
    return frame.join(chosen, on="week", how="semi")


def published_in(posts: pl.LazyFrame, weeks: Iterable[int] | None) -> pl.LazyFrame:
    """Like `in_weeks`, for rows with `published_at`: lets the reader skip whole months."""
    if weeks is None:
        return posts
    days = sorted(weeks) or [0]
    start = pl.lit(days[0], pl.Int16)
    end = pl.lit(days[-1] + 1, pl.Int16)
    # A day more on both sides: time zones differ from UTC by less.
    low, high = pl.select(
        low=(monday(start) - pl.duration(days=1)).cast(pl.Datetime("us", "UTC")),
        high=(monday(end) + pl.duration(days=1)).cast(pl.Datetime("us", "UTC")),
    ).row(0)
    return in_weeks(posts.filter(pl.col("published_at").is_between(low, high)), weeks)


def conform(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The contract's columns in its order and types; a column not computed is null."""
    if not frame.width:  # selecting constants from nothing would make a row
        return pl.DataFrame(schema=schema)
    return frame.select(
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema.items()
    )
