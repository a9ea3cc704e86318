"""Engagement of a post, brought to the age of seven days.

Counts grow for days, so two posts compare only at the same age. Where a snapshot lies near seven
days the count is measured; elsewhere it is projected along the accumulation curve of its platform,
format and size.
"""

from datetime import datetime
from typing import Final

import polars as pl

from features import accumulation
from features.frames import HOUR_S

REFERENCE_H: Final = 168.0
NEAR_H: Final = (144.0, 216.0)
"""Ages, in hours, at which a snapshot counts as taken at seven days: six to nine days."""
SHOWN: Final = ("likes", "comments", "shares")
COUNTS: Final = (*SHOWN, "views", "saves")


def engagement() -> pl.Expr:
    """Sum of likes, comments and shares; null where a platform shows none of the three."""
    return pl.when(pl.any_horizontal(pl.col(SHOWN).is_not_null())).then(
        pl.sum_horizontal(pl.col(name).cast(pl.Int64) for name in SHOWN)
    )


def snapshots(metrics: pl.LazyFrame, posts: pl.LazyFrame, at: datetime) -> pl.LazyFrame:
    """Snapshots of the posts given, up to the reference time, by post and time.

    In: `metrics` as in the core table; `posts` with post_id, platform, format, published_at.
    Out: pid (row number of the post), platform, format, observed_at, age_h, engagement and the
    counts. Snapshots that show no count at all are dropped.
    """
    keys = posts.select("post_id", "platform", "format", "published_at")
    age = (pl.col("observed_at") - pl.col("published_at")).dt.total_seconds() / HOUR_S
    return (
        metrics.filter(pl.col("observed_at") <= at)
        .select("post_id", "observed_at", *COUNTS)
        .join(keys.sort("post_id").with_row_index("pid"), on="post_id")
        .with_columns(age_h=age.clip(0), engagement=engagement())
        .filter(pl.any_horizontal(pl.col(COUNTS).is_not_null()))
        .drop("published_at")
        .sort("pid", "observed_at")
    )


def latest(snaps: pl.LazyFrame) -> pl.LazyFrame:
    """The last snapshot of every post; `snaps` sorted by pid and time."""
    return snaps.filter((pl.col("pid") != pl.col("pid").shift(-1)).fill_null(value=True))


def near_seven_days(snaps: pl.LazyFrame) -> pl.LazyFrame:
    """Gives pid and engagement_measured: of the snapshots near seven days, the nearest."""
    return (
        snaps.filter(pl.col("age_h").is_between(*NEAR_H), pl.col("engagement").is_not_null())
        .select("pid", "age_h", engagement_measured="engagement")
        .with_columns(distance=(pl.col("age_h") - REFERENCE_H).abs())
        .sort("pid", "distance", "age_h")
        .filter((pl.col("pid") != pl.col("pid").shift(1)).fill_null(value=True))
        .select("pid", "engagement_measured")
    )


def at_seven_days(snaps: pl.LazyFrame, sums: pl.DataFrame) -> pl.LazyFrame:
    """Engagement of each post as last seen and at seven days.

    In: `snapshots(...)` and the sums behind the accumulation curve (`accumulation.SUMS`).
    Out: post_id, age_h, likes … saves, engagement, engagement_7d,
    engagement_7d_is_measured (null where there is no engagement), projection_var (variance of the
    log of the projection; 0 where measured).
    """
    projected = accumulation.project(latest(snaps), sums)
    measured = pl.col("engagement_measured").cast(pl.Float64)
    has = pl.col("engagement").is_not_null()
    known = pl.col("engagement_measured").is_not_null()
    return projected.join(near_seven_days(snaps), on="pid", how="left").select(
        "post_id",
        "age_h",
        *COUNTS,
        "engagement",
        engagement_7d=pl.when(has).then(pl.coalesce(measured, "projected")),
        engagement_7d_is_measured=pl.when(has).then(known),
        projection_var=pl.when(known).then(0.0).otherwise(pl.col("projection_var")),
    )
