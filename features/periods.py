"""Periods that end at the reference time, platforms and `all` of them: one set of sums for all.

A post of the last week lies in every period. So sums are taken once, by the shortest period that
holds a post, and added up over the small result.
"""

from datetime import datetime, timedelta
from typing import Final

import polars as pl

from data.vocabulary import ALL, PERIODS
from features.lift import log_level

GROUP: Final = ["entity_id", "platform", "period"]
CELL: Final = ["entity_id", "platform", "channel_id", "format"]
"""What a cell of `format_cells` is, beside its period."""


def named(rows: pl.LazyFrame, *names: str) -> pl.LazyFrame:
    """Names as categories: to group by them costs a fraction of texts."""
    return rows.with_columns(pl.col(names or ("entity_id", "platform")).cast(pl.Categorical))


def with_all(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of `named` twice: once under their platform and once under `all`."""
    return pl.concat([rows, rows.with_columns(platform=pl.lit(ALL).cast(pl.Categorical))])


def by_period(posts: pl.LazyFrame, at: datetime) -> pl.LazyFrame:
    """The rows once for every period that holds them, with `period`."""
    return pl.concat(
        posts.filter(pl.col("published_at") > at - timedelta(days=days)).with_columns(
            period=pl.lit(name).cast(pl.Categorical)
        )
        for name, days in PERIODS.items()
    )


def shortest(at: datetime) -> pl.Expr:
    """Place in PERIODS of the shortest one that holds `published_at`; their number if none."""
    return pl.sum_horizontal(
        pl.col("published_at") <= at - timedelta(days=days) for days in PERIODS.values()
    ).cast(pl.Int8)


def nested(sums: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
    """Sums by `shortest` made sums by `period`, under each platform and `all`.

    In: keys (platform among them, categories), `shortest`, and columns to add up.
    """
    each = pl.concat(
        sums.filter(pl.col("shortest") <= place)
        .drop("shortest")
        .with_columns(period=pl.lit(name).cast(pl.Categorical))
        for place, name in enumerate(PERIODS)
    )
    return with_all(each).group_by(*keys, "period").sum()


def format_cells(posts: pl.LazyFrame, at: datetime) -> pl.LazyFrame:
    """Sums over the posts of each channel and format, per period, platform and `all`.

    In: CELL, published_at, engagement_7d. Out: CELL (categories), period, posts, counted (with
    engagement), engagement and its squares, level (log of it) and its squares.
    """
    figure, level = pl.col("engagement_7d"), log_level()
    sums = (
        named(posts.select(*CELL, "engagement_7d", shortest=shortest(at)), *CELL)
        .group_by(*CELL, "shortest")
        .agg(
            posts=pl.len().cast(pl.Int64),
            counted=figure.count().cast(pl.Int64),
            engagement=figure.sum(),
            squares=figure.pow(2).sum(),
            level=level.sum(),
            level_squares=level.pow(2).sum(),
        )
    )
    return nested(sums, CELL)


def day_counts(posts: pl.LazyFrame, at: datetime) -> pl.LazyFrame:
    """Posts a day that has some: entity_id, platform, period, day, posts.

    In: entity_id, platform, published_at, day.
    """
    keys = ["entity_id", "platform", "day"]
    rows = named(posts.select(*keys, shortest=shortest(at)))
    return nested(rows.group_by(*keys, "shortest").agg(posts=pl.len().cast(pl.Int64)), keys)
