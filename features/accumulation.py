"""How a platform's posts gather engagement with age, learned from repeated snapshots.

Prior: a stretched exponential F(a) = 1 - exp(-(a / 20 h)^0.75), the saturating shape that
studies of post life-times report (two thirds of the total within a day); it stands alone until a
platform has shown pairs of its own. Data: of each post with a snapshot near seven days, the log
ratio between that snapshot and every other one, less what the prior expects, averaged by age
bin and shrunk towards zero as if `PRIOR_PAIRS` pairs had shown none.

A curve is causal: a snapshot of week w is projected with the pairs complete before week w. A
number once published therefore never moves because of later pairs, and a daily build gives what
a full build gives.
"""

import math
from datetime import datetime
from typing import Final

import polars as pl

from features.frames import conform, week_of

TAU_H: Final = 20.0
SHAPE: Final = 0.75
PRIOR_PAIRS: Final = 8.0
PRIOR_SD: Final = 0.35
"""Spread of the log ratio, per unit of the log still to come, before any pair is seen."""
MIN_ENGAGEMENT: Final = 10
"""Below this a ratio of two counts says more of chance than of age."""
EDGES_H: Final = (1.0, 3.0, 6.0, 12.0, 24.0, 36.0, 48.0, 72.0, 96.0, 120.0, 144.0, 216.0, 480.0)
FIRST_H: Final = 0.25
SUMS: Final[pl.Schema] = pl.Schema(
    {
        "platform": pl.String(),
        "bin": pl.Int8(),
        "week": pl.Int16(),
        "pairs": pl.Float64(),
        "total": pl.Float64(),
        "squares": pl.Float64(),
    }
)


def to_come() -> pl.Expr:
    """Log of what the prior expects seven days' engagement to be over that at `age_h`."""
    age = pl.col("age_h").clip(lower_bound=FIRST_H)
    share = 1 - (-((age / TAU_H) ** SHAPE)).exp()
    return math.log(1 - math.exp(-((168.0 / TAU_H) ** SHAPE))) - share.log()


def age_bin() -> pl.Expr:
    """Number of the age bin of `age_h`."""
    return pl.sum_horizontal(pl.col("age_h") >= edge for edge in EDGES_H).cast(pl.Int8)


def utc_week() -> pl.Expr:
    """Number of the UTC week of `observed_at`."""
    return week_of(pl.col("observed_at").dt.date())


def pair_sums(snaps: pl.LazyFrame, since: datetime | None = None) -> pl.LazyFrame:
    """Sums of log ratios by platform, age bin and week in which the pair was complete.

    In: `engagement.snapshots(...)`. `since`: count only pairs completed after this moment.
    Out: platform, bin, week, pairs, total, squares.
    """
    seen = snaps.filter(pl.col("engagement").is_not_null())
    anchor = (
        seen.filter(
            pl.col("age_h").is_between(144.0, 216.0), pl.col("engagement") >= MIN_ENGAGEMENT
        )
        .group_by("pid")
        .agg(
            anchor_at=pl.col("observed_at").min(),
            anchor=pl.col("engagement").sort_by("observed_at").first(),
        )
    )
    ratio = ((pl.col("anchor") + 0.5) / (pl.col("engagement") + 0.5)).log() - to_come()
    pairs = (
        seen.join(anchor, on="pid")
        .filter(pl.col("observed_at") != pl.col("anchor_at"))
        .with_columns(
            observed_at=pl.max_horizontal("observed_at", "anchor_at"), bin=age_bin(), ratio=ratio
        )
    )
    if since is not None:
        pairs = pairs.filter(pl.col("observed_at") > since)
    return (
        pairs.with_columns(week=utc_week())
        .group_by("platform", "bin", "week")
        .agg(
            pairs=pl.len().cast(pl.Float64),
            total=pl.col("ratio").sum(),
            squares=pl.col("ratio").pow(2).sum(),
        )
        .sort("platform", "bin", "week")
    )


def add_sums(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Two sets of pair sums as one."""
    keys = ["platform", "bin", "week"]
    both = pl.concat([conform(old, SUMS), conform(new, SUMS)])
    return both.group_by(keys).sum().sort(keys)


def curve(sums: pl.DataFrame) -> pl.LazyFrame:
    """Shrunk correction to the prior, usable from the week after each week of pairs.

    Out: platform, bin, week (first week of use), shift (log), spread_var (log variance between
    posts), shift_var (of the shift itself). Sorted by week.
    """
    keys = ["platform", "bin"]
    running = [pl.col(name).cum_sum().over(keys) for name in ("pairs", "total", "squares")]
    weight = pl.col("pairs") + PRIOR_PAIRS
    shift = pl.col("total") / weight
    scatter = pl.col("squares") - pl.col("total") ** 2 / pl.col("pairs")
    return (
        sums.lazy()
        .sort(*keys, "week")
        .with_columns(*running)
        .with_columns(
            shift=shift,
            spread_var=(scatter.clip(0) + PRIOR_PAIRS * PRIOR_SD**2 * 0.25) / weight,
            week=(pl.col("week") + 1).cast(pl.Int16),
        )
        .with_columns(shift_var=pl.col("spread_var") / weight)
        .select(*keys, "week", "shift", "spread_var", "shift_var")
        .sort("week", *keys)
    )


def project(snaps: pl.LazyFrame, curve: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `projected` (engagement at seven days) and `projection_var` (log variance).

    Without pairs the spread is taken as `PRIOR_SD` times the log still to come.
    """
    prior_var = (PRIOR_SD * (0.2 + to_come().abs())) ** 2
    return (
        snaps.with_columns(bin=age_bin(), week=utc_week())
        .sort("week", "pid")
        .join_asof(curve, on="week", by=["platform", "bin"], check_sortedness=False)
        .with_columns(
            projected=pl.col("engagement") * (to_come() + pl.col("shift").fill_null(0.0)).exp(),
            projection_var=pl.coalesce(pl.col("spread_var") + pl.col("shift_var"), prior_var),
        )
        .drop("bin", "week", "shift", "spread_var", "shift_var")
    )
