"""Posts whose likes look bought: out of proportion to every other count of the account."""

from collections.abc import Iterable
from typing import Final

import polars as pl

from features.frames import in_weeks
from features.lift import TAIL_WEEKS

MIN_POSTS: Final = 8
Z: Final = 4.0
MIN_LIFT: Final = 2.0
MIN_MAD: Final = 0.2


def like_ratio() -> pl.Expr:
    """Log of likes over comments and shares; null where the platform hides any of them."""
    others = pl.col("comments") + pl.col("shares").fill_null(0)
    return ((pl.col("likes") + 1) / (others + 1)).log()


def usual_ratio(posts: pl.LazyFrame, weeks: Iterable[int] | None) -> pl.LazyFrame:
    """Per channel and week, over weeks w-8 … w: median and spread of `like_ratio`, and n."""
    window = pl.LazyFrame({"back": range(TAIL_WEEKS + 1)}, schema={"back": pl.Int16})
    rows = (
        posts.select("channel_id", "week", ratio=like_ratio())
        .filter(pl.col("ratio").is_not_null())
        .join(window, how="cross")
        .with_columns(week=pl.col("week") + pl.col("back"))
    )
    rows = in_weeks(rows, weeks)
    spread = (pl.col("ratio").quantile(0.75) - pl.col("ratio").quantile(0.25)) / 1.349
    return rows.group_by("channel_id", "week").agg(
        usual=pl.col("ratio").median(), usual_sd=spread.clip(MIN_MAD), usual_n=pl.len()
    )


def suspects(posts: pl.LazyFrame, usual: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `is_boost_suspect`: ratio four robust sds above the account's and a lift over two.

    The robust sd is the interquartile range / 1.349. False where it cannot be known.
    """
    score = (like_ratio() - pl.col("usual")) / pl.col("usual_sd")
    odd = (score > Z) & (pl.col("lift") > MIN_LIFT) & (pl.col("usual_n") >= MIN_POSTS)
    return (
        posts.join(usual, on=["channel_id", "week"], how="left")
        .with_columns(is_boost_suspect=odd.fill_null(value=False))
        .drop("usual", "usual_sd", "usual_n")
    )
