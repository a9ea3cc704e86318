"""Posts whose likes look bought: out of proportion to every other count of the account.

A post is held against the account's posts of weeks w-8 … w that show the same counts, itself left
out: where a platform hides the shares of some, those are compared among themselves.
How often that is right: `benchmarks/boosts.py`.
"""

from collections.abc import Iterable
from typing import Final

import polars as pl

from features.frames import in_weeks
from features.lift import TAIL_WEEKS, median_of_rest, middles

MIN_POSTS: Final = 8
"""Comparable posts, that which is judged included."""
Z: Final = 4.0
MIN_LIFT: Final = 2.0
EXTREME_Z: Final = 6.0
MODEST_LIFT: Final = 1.25
"""Likes bought for a post that nobody would have liked may bring it hardly above the usual."""
MIN_MAD: Final = 0.2
KEYS: Final = ["channel_id", "week", "shows_shares"]


def like_ratio() -> pl.Expr:
    """Log of likes over comments and those shares that are shown; null without likes or comments.

    Comparable only among posts with the same `shows_shares`.
    """
    others = pl.col("comments") + pl.col("shares").fill_null(0)
    return ((pl.col("likes") + 1) / (others + 1)).log()


def usual_ratio(posts: pl.LazyFrame, weeks: Iterable[int] | None) -> pl.LazyFrame:
    """Per KEYS, over weeks w-8 … w: middles and robust spread of `like_ratio`."""
    window = pl.LazyFrame({"back": range(TAIL_WEEKS + 1)}, schema={"back": pl.Int16})
    shown = pl.col("shares").is_not_null()
    rows = (
        posts.select("channel_id", "week", level=like_ratio(), shows_shares=shown)
        .filter(pl.col("level").is_not_null())
        .join(window, how="cross")
        .with_columns(week=pl.col("week") + pl.col("back"))
    )
    rows = in_weeks(rows, weeks)
    spread = (pl.col("level").quantile(0.75) - pl.col("level").quantile(0.25)) / 1.349
    return rows.group_by(KEYS).agg(*middles("usual"), usual_sd=spread.clip(MIN_MAD))


def suspects(posts: pl.LazyFrame, usual: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `is_boost_suspect`: a ratio far above that of the account's other posts, and a lift.

    Four robust sds (interquartile range / 1.349) and twice the usual engagement, or six and a
    quarter more than usual. False where it cannot be known.
    """
    ratio = like_ratio()
    score = (ratio - median_of_rest("usual", ratio, ratio.is_not_null())) / pl.col("usual_sd")
    lifted = pl.when(score > EXTREME_Z).then(MODEST_LIFT).otherwise(MIN_LIFT)
    odd = (score > Z) & (pl.col("lift") > lifted) & (pl.col("usual_n") >= MIN_POSTS)
    return (
        posts.with_columns(shows_shares=pl.col("shares").is_not_null())
        .join(usual, on=KEYS, how="left")
        .with_columns(is_boost_suspect=odd.fill_null(value=False))
        .drop("shows_shares", pl.selectors.starts_with("usual_"))
    )
