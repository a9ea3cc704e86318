"""What is published, how often and in which form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from dashboard.queries.lake import cached, scan
from dashboard.queries.market import as_of
from dashboard.queries.stats import wilson
from data.vocabulary import ALL, PERIODS


@dataclass(frozen=True)
class Scope:
    """What the reader looks at; no entities means all of them."""

    platform: str = ALL
    period: str = "28d"
    entities: tuple[str, ...] = ()

    def where(self) -> pl.Expr:
        """The rows of these entities."""
        everyone = pl.lit(value=True)
        return pl.col("entity_id").is_in(self.entities) if self.entities else everyone

    def on_platform(self) -> pl.Expr:
        """The rows of this platform, for tables that have no row for all of them."""
        return pl.lit(value=True) if self.platform == ALL else pl.col("platform") == self.platform

    def within(self, column: str = "published_at") -> pl.Expr:
        """The rows of this period, which ends at the lake's reference time."""
        if (end := as_of()) is None:
            return pl.lit(value=True)
        return pl.col(column) > end - timedelta(days=PERIODS[self.period])


def nearest(period: str, offered: Sequence[str]) -> str:
    """Of the windows that a table has, the one nearest in length."""

    def distance(name: str) -> int:
        return abs(PERIODS[name] - PERIODS[period])

    return min(offered, key=distance)


@cached
def format_stats(scope: Scope) -> pl.DataFrame:
    """The contract's columns of `format_stats` for the scope."""
    return (
        scan("format_stats")
        .filter(
            pl.col("platform") == scope.platform, pl.col("period") == scope.period, scope.where()
        )
        .collect()
        .sort("entity_id", "format")
    )


@cached
def format_shares(scope: Scope) -> pl.DataFrame:
    """`format_stats` with n (the entity's posts) and the 95% interval of each share."""
    total = pl.col("posts").sum().over("entity_id").alias("n")
    return format_stats(scope).with_columns(total).with_columns(wilson("posts", "n"))


@cached
def channel_weeks(scope: Scope) -> pl.DataFrame:
    """Week by week of each entity: entity_id, week, posts, active_days.

    `active_days` are those of its most active channel.

    Weeks without a publication count as 0 from the entity's first week to its last.
    """
    weeks = (
        scan("channel_weeks")
        .filter(scope.where(), scope.on_platform(), scope.within("week"))
        .group_by("entity_id", "week")
        .agg(pl.col("posts").sum(), pl.col("active_days").max())
        .collect()
        .sort("entity_id", "week")
    )
    if weeks.is_empty():
        return weeks
    return weeks.upsample("week", every="1w", group_by="entity_id").with_columns(
        pl.col("entity_id").forward_fill(), pl.col("posts", "active_days").fill_null(0)
    )


@cached
def moments(scope: Scope) -> pl.DataFrame:
    """When posts appear: weekday (1 = Monday), hour, posts, lift (median; null under 5 posts)."""
    return (
        scan("post_features")
        .filter(scope.where(), scope.on_platform(), scope.within())
        .group_by("weekday", "hour")
        .agg(
            posts=pl.len(),
            lift=pl.when(pl.col("lift").count() >= 5).then(pl.col("lift").median()),  # noqa: PLR2004 - design rule: no figure under 5 posts
        )
        .collect()
        .sort("weekday", "hour")
    )


@cached
def silences(scope: Scope) -> pl.DataFrame:
    """Longest silence of each channel: channel_id, entity_id, platform, days, week, posts."""
    longest = pl.col("longest_gap_d")
    return (
        scan("channel_weeks")
        .filter(scope.where(), scope.on_platform(), scope.within("week"))
        .sort("week")
        .group_by("channel_id", "entity_id", "platform")
        .agg(
            days=longest.max(),
            week=pl.col("week").sort_by(longest, nulls_last=False).last(),
            posts=pl.col("posts").sum(),
        )
        .filter(pl.col("days").is_not_null())
        .collect()
        .sort("days", descending=True)
    )
