"""Growth of followers over a period."""

from datetime import datetime, timedelta
from typing import Final

import polars as pl

from data.vocabulary import PERIODS
from features.followers import at_times
from features.measures import Z, finish
from features.periods import GROUP

MIN_INCREMENTS: Final = 2
LEAST_SPAN: Final = 0.5
"""Observations must span half of the period, or nothing can be said of it."""
DAY_S: Final = 86_400.0


def ends(seen: pl.LazyFrame, start: datetime) -> pl.LazyFrame:
    """Observations of the period and, where it was watched before, its start, interpolated."""
    starts = seen.group_by("channel_id").agg(
        since=pl.col("observed_at").min(), until=pl.col("observed_at").max()
    )
    inside = starts.filter(pl.col("since") <= start, pl.col("until") > start)
    at_start = at_times(
        inside.select("channel_id", observed_at=pl.lit(start, pl.Datetime("us", "UTC"))),
        seen,
        "observed_at",
    )
    after = seen.filter(pl.col("observed_at") > start)
    columns = ["channel_id", "observed_at", "followers"]
    return pl.concat([at_start.select(columns), after.select(columns)]).sort(
        "channel_id", "observed_at"
    )


def channel_growth(seen: pl.LazyFrame, start: datetime, at: datetime) -> pl.LazyFrame:
    """Per channel: first and last followers, n, and the variance of the change between them.

    Variance: arrivals and departures are independent (at least one per net follower), times the
    dispersion that the increments between observations show around an even growth.
    """
    same = pl.col("channel_id") == pl.col("channel_id").shift(1)
    step = pl.when(same).then(pl.col("followers") - pl.col("followers").shift(1))
    days = pl.when(same).then(
        (pl.col("observed_at") - pl.col("observed_at").shift(1)).dt.total_seconds() / DAY_S
    )
    change, span = pl.col("step").sum(), pl.col("days").sum()
    scatter = ((pl.col("step") - change / span * pl.col("days")) ** 2 / pl.col("days")).sum()
    increments = pl.col("step").count()
    from_scatter = pl.when(increments >= MIN_INCREMENTS).then(scatter / (increments - 1) * span)
    needed = (at - start).total_seconds() / DAY_S * LEAST_SPAN
    return (
        ends(seen, start)
        .with_columns(step=step, days=days)
        .filter(pl.col("days").is_null() | (pl.col("days") > 0))
        .group_by("channel_id")
        .agg(
            n=pl.len(),
            first=pl.col("followers").first(),
            last=pl.col("followers").last(),
            span=span,
            variance=pl.max_horizontal(change.abs(), pl.lit(1.0), from_scatter),
        )
        .filter(pl.col("n") > 1, pl.col("span") >= needed, pl.col("first") > 0)
    )


def follower_growth(profiles: pl.LazyFrame, channels: pl.LazyFrame, at: datetime) -> pl.LazyFrame:
    """follower_growth_pct per entity, platform (and `all`) and period.

    In: `profiles` of `followers.observations`; `channels` with channel_id, entity_id, platform,
    each channel once per platform name under which it counts.
    """
    rows = []
    for period, days in PERIODS.items():
        grown = channel_growth(profiles, at - timedelta(days=days), at)
        first = pl.col("first").sum()
        half = Z * 100 * pl.col("variance").sum().sqrt() / first
        value = 100 * (pl.col("last").sum() / first - 1)
        rows.append(
            channels.join(grown, on="channel_id")
            .with_columns(period=pl.lit(period))
            .group_by(GROUP)
            .agg(pl.col("n").sum(), value=value, low=value - half, high=value + half)
        )
    return finish(pl.concat(rows), "follower_growth_pct", "identity")
