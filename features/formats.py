"""What each format is used for and brings, within account."""

from typing import Final

import numpy as np
import polars as pl
from scipy import stats

from features.periods import GROUP

MIN_POSTS: Final = 5


def contrasts(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Per group, channel and format: log of the format's mean level over the other formats'.

    In: `periods.format_cells`. Levels are logs of engagement at seven days, so `gap` is a log
    ratio of geometric means. `units` = 1/n + 1/others, in which its variance is the residual
    variance.
    """
    n, total = pl.col("counted").cast(pl.Float64), pl.col("level")
    account = [*GROUP, "channel_id"]
    others = n.sum().over(account) - n
    rest = (total.sum().over(account) - total) / others
    squares = (pl.col("level_squares") - total**2 / n).clip(0)
    return cells.filter(pl.col("counted") > 0).with_columns(
        n=n,
        gap=pl.when(others > 0).then(total / n - rest),
        units=1 / n + 1 / others,
        residual=squares.sum().over(account),
        df=(n - 1).sum().over(account),
    )


def lifts(cells: pl.LazyFrame) -> pl.DataFrame:
    """Lift of each format per group with its 95 % interval (t on the log scale).

    Each account's own contrast, weighed by its precision under the pooled residual variance, so
    that no account's size decides. Null under five posts in the format or without others.
    """
    keys = [*GROUP, "format"]
    parts = contrasts(cells).filter(pl.col("gap").is_not_null())
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


def format_stats(cells: pl.LazyFrame) -> pl.DataFrame:
    """The table of the same name. In: `periods.format_cells`."""
    used = cells.group_by(*GROUP, "format").agg(pl.col("posts").sum())
    share = pl.col("posts") / pl.col("posts").sum().over(GROUP)
    return (
        used.with_columns(share=share)
        .join(lifts(cells).lazy(), on=[*GROUP, "format"], how="left")
        .with_columns(pl.col(*GROUP, "format").cast(pl.String))
        .sort(*GROUP, "format")
        .collect()
    )
