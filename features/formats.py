"""What each format is used for and brings, within account."""

from datetime import datetime, timedelta
from typing import Final

import numpy as np
import polars as pl
from scipy import stats

from data.vocabulary import ALL, PERIODS
from features.lift import log_level

MIN_POSTS: Final = 5


def named(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Entity and platform as categories: to group by them costs a fraction of texts."""
    return rows.with_columns(pl.col("entity_id", "platform").cast(pl.Categorical))


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


def contrasts(posts: pl.LazyFrame, group: list[str]) -> pl.LazyFrame:
    """Per group, channel and format: log of the format's mean level over the other formats'.

    Levels are logs of engagement at seven days, so `gap` is a log ratio of geometric means.
    `units` = 1/n + 1/others, in which its variance is the residual variance.
    """
    cell = (
        posts.filter(pl.col("engagement_7d").is_not_null())
        .with_columns(level=log_level())
        .group_by(*group, "channel_id", "format")
        .agg(
            n=pl.len().cast(pl.Float64),
            total=pl.col("level").sum(),
            squares=pl.col("level").var().fill_null(0.0) * (pl.len() - 1),
        )
    )
    account = [*group, "channel_id"]
    others = pl.col("n").sum().over(account) - pl.col("n")
    rest = (pl.col("total").sum().over(account) - pl.col("total")) / others
    return cell.with_columns(
        gap=pl.when(others > 0).then(pl.col("total") / pl.col("n") - rest),
        units=1 / pl.col("n") + 1 / others,
        residual=pl.col("squares").sum().over(account),
        df=(pl.col("n") - 1).sum().over(account),
    )


def lifts(posts: pl.LazyFrame, group: list[str]) -> pl.DataFrame:
    """Lift of each format per group with its 95 % interval (t on the log scale).

    Each account's own contrast, weighed by its precision under the pooled residual variance, so
    that no account's size decides. Null under five posts in the format or without others.
    """
    keys = [*group, "format"]
    parts = contrasts(posts, group).filter(pl.col("gap").is_not_null())
    weight = 1 / pl.col("units")
    pooled = parts.group_by(keys).agg(
        log=(weight * pl.col("gap")).sum() / weight.sum(),
        information=weight.sum(),
        variance=pl.col("residual").sum() / pl.col("df").sum(),
        df=pl.col("df").sum(),
        n=pl.col("n").sum(),
    )
    enough = (pl.col("n") >= MIN_POSTS) & (pl.col("df") >= 1)
    rows = pooled.filter(enough).collect()
    half = stats.t.ppf(0.975, rows["df"].to_numpy()) * np.sqrt(
        (rows["variance"] / rows["information"]).to_numpy()
    )
    return rows.with_columns(half=pl.Series(half, dtype=pl.Float64)).select(
        *keys,
        lift=pl.col("log").exp(),
        lift_low=(pl.col("log") - pl.col("half")).exp(),
        lift_high=(pl.col("log") + pl.col("half")).exp(),
    )


def format_stats(posts: pl.LazyFrame, at: datetime) -> pl.DataFrame:
    """The table of the same name.

    In: post_features with entity_id, channel_id, platform, format, published_at, engagement_7d.
    """
    group = ["entity_id", "platform", "period"]
    columns = ["entity_id", "channel_id", "platform", "format", "published_at", "engagement_7d"]
    rows = by_period(with_all(named(posts.select(columns))), at)
    used = rows.group_by(*group, "format").agg(posts=pl.len().cast(pl.Int64))
    share = pl.col("posts") / pl.col("posts").sum().over(group)
    return (
        used.with_columns(share=share)
        .join(lifts(rows, group).lazy(), on=[*group, "format"], how="left")
        .with_columns(pl.col(group).cast(pl.String))
        .sort(*group, "format")
        .collect()
    )
