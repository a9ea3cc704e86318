"""What each format is used for and brings, within account."""

from typing import Final

import numpy as np
import polars as pl
from scipy import special

from features.periods import GROUP

MIN_POSTS: Final = 5
PRIOR_DF: Final = 2.0
"""Weight of all formats' scatter in that of one."""


def contrasts(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Per group, channel and format: log of the format's mean level over the other formats'.

    In: `periods.format_cells`. Levels are logs of engagement at seven days, so `gap` is a log
    ratio of geometric means. `n` and `others`: posts behind each side; `squares`: of the format's
    posts around their own mean.
    """
    n, total = pl.col("counted").cast(pl.Float64), pl.col("level")
    account = [*GROUP, "channel_id"]
    others = n.sum().over(account) - n
    rest = (total.sum().over(account) - total) / others
    return cells.filter(pl.col("counted") > 0).with_columns(
        n=n,
        others=others,
        gap=pl.when(others > 0).then(total / n - rest),
        squares=(pl.col("level_squares") - total**2 / n).clip(0),
    )


def scatter(parts: pl.LazyFrame) -> pl.LazyFrame:
    """Per group and format: variances of a post's level in it and in the others, each with its df.

    Within account and format. That of few posts is pulled towards that of the other formats.
    """
    squares, df = pl.col("squares"), pl.col("df")
    return (
        parts.group_by(*GROUP, "format")
        .agg(squares.sum(), df=(pl.col("n") - 1).sum())
        .with_columns(rest=squares.sum().over(GROUP) - squares, rest_df=df.sum().over(GROUP) - df)
        .with_columns(pooled=(squares + pl.col("rest")) / (df + pl.col("rest_df")))
        .select(
            *GROUP,
            "format",
            own_var=(squares + PRIOR_DF * pl.col("pooled")) / (df + PRIOR_DF),
            rest_var=(pl.col("rest") + PRIOR_DF * pl.col("pooled"))
            / (pl.col("rest_df") + PRIOR_DF),
            own_df=df + PRIOR_DF,
            rest_df=pl.col("rest_df") + PRIOR_DF,
            df=df + pl.col("rest_df"),
        )
    )


def lifts(cells: pl.LazyFrame) -> pl.DataFrame:
    """Lift of each format per group with its 95 % interval (t on the log scale).

    Each account's own contrast, weighed by its posts, so that no account's size decides. Formats
    scatter differently: the variance is that of Welch (1947), with his degrees of freedom. Null
    under five posts in the format or without others.
    """
    keys = [*GROUP, "format"]
    parts = contrasts(cells)
    weight = 1 / (1 / pl.col("n") + 1 / pl.col("others"))
    share = (weight / weight.sum()) ** 2
    pooled = (
        parts.filter(pl.col("gap").is_not_null())
        .group_by(keys)
        .agg(
            log=(weight * pl.col("gap")).sum() / weight.sum(),
            own=(share / pl.col("n")).sum(),
            rest=(share / pl.col("others")).sum(),
            n=pl.col("n").sum(),
        )
        .join(scatter(parts), on=keys)
        .with_columns(
            own=pl.col("own") * pl.col("own_var"), rest=pl.col("rest") * pl.col("rest_var")
        )
    )
    enough = (pl.col("n") >= MIN_POSTS) & (pl.col("df") >= 1)
    own, rest = pl.col("own"), pl.col("rest")
    welch = (own + rest) ** 2 / (own**2 / pl.col("own_df") + rest**2 / pl.col("rest_df"))
    rows = pooled.filter(enough).with_columns(variance=own + rest, welch=welch).collect()
    half = special.stdtrit(rows["welch"].to_numpy(), 0.975) * np.sqrt(rows["variance"].to_numpy())
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
