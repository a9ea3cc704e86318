"""Followers of the day: the denominator that a post had when it was published."""

from datetime import datetime
from typing import Final, Literal

import polars as pl

NEAR_H: Final = 24.0
"""Within a day of an observation, a post outside the observed span is not flagged."""


def observations(profiles: pl.LazyFrame, at: datetime) -> pl.LazyFrame:
    """channel_id, observed_at, followers: what was seen up to the reference time, by time."""
    return (
        profiles.filter(pl.col("observed_at") <= at, pl.col("followers").is_not_null())
        .select("channel_id", "observed_at", followers=pl.col("followers").cast(pl.Float64))
        .sort("observed_at", "channel_id")
    )


def at_times(times: pl.LazyFrame, seen: pl.LazyFrame, time: str) -> pl.LazyFrame:
    """Adds `followers` and `followers_is_extrapolated` to rows with channel_id and a time.

    Linear between the two observations around the time; beyond the first or the last one the
    nearest is held and, more than a day away, flagged. Both null for a channel never observed.
    """
    before = seen.select("channel_id", before_at="observed_at", before="followers")
    after = seen.select("channel_id", after_at="observed_at", after="followers")
    found = times.sort(time)
    sides: tuple[tuple[pl.LazyFrame, str, Literal["backward", "forward"]], ...] = (
        (before, "before_at", "backward"),
        (after, "after_at", "forward"),
    )
    for side, seen_at, strategy in sides:
        found = found.join_asof(
            side,
            left_on=time,
            right_on=seen_at,
            by="channel_id",
            strategy=strategy,
            check_sortedness=False,
            coalesce=False,
        )
    span = (pl.col("after_at") - pl.col("before_at")).dt.total_microseconds()
    done = (pl.col(time) - pl.col("before_at")).dt.total_microseconds()
    part = pl.when(span > 0).then(done / span).otherwise(0.0)
    between = pl.col("before") + part * (pl.col("after") - pl.col("before"))
    beyond = pl.coalesce(pl.col(time) - pl.col("before_at"), pl.col("after_at") - pl.col(time))
    outside = pl.col("before").is_null() | pl.col("after").is_null()
    far = beyond.dt.total_seconds() > NEAR_H * 3600
    value = pl.coalesce(between, "before", "after")
    return found.with_columns(
        followers=value,
        followers_is_extrapolated=pl.when(value.is_not_null()).then(outside & far),
    ).drop("before", "before_at", "after", "after_at")
