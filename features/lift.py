"""Lift: a post against what the same account's comparable posts usually get.

On the log scale, for posts of week w the comparables are the account's posts of weeks w-8 … w,
the post itself left out. The expected level of an account's posts in a format is a precision
weighted (empirical Bayes) mean of two medians: that of those posts, and that of all the
account's posts moved by what the format is worth on the platform. Source: Efron & Morris (1975)
for the shrinkage; var(median) = pi/2 · s²/n for its weights.

The interval is of the ratio to the account's true usual level: it holds the uncertainty of the
baseline, of a projection to seven days, and the Poisson noise of the count itself.
"""

import math
from collections.abc import Iterable
from typing import Final

import polars as pl

from features.frames import in_weeks

TAIL_WEEKS: Final = 8
"""Weeks before a post's own in which its comparables lie."""
MIN_OTHERS: Final = 4
"""With fewer comparables (the post would be the fifth) there is no lift."""
SETTLED_H: Final = 24.0
"""A projection from less than a day is too unsure to serve as a comparable."""
DEFAULT_VAR: Final = 0.64
"""Variance of log engagement within an account and format before any is seen."""
PRIOR_DF: Final = 10.0
Z: Final = 1.96
CELL: Final = ["channel_id", "format", "week"]
ACCOUNT: Final = ["channel_id", "week"]
HALF_PI: Final = math.pi / 2


def log_level() -> pl.Expr:
    """Log of engagement at seven days, zero kept finite."""
    return (pl.col("engagement_7d") + 0.5).log()


def comparables(posts: pl.LazyFrame, weeks: Iterable[int] | None) -> pl.LazyFrame:
    """Each settled post once for every week in whose window it lies; `week` is that week."""
    settled = pl.col("engagement_7d_is_measured") | (pl.col("age_h") >= SETTLED_H)
    window = pl.LazyFrame({"back": range(TAIL_WEEKS + 1)}, schema={"back": pl.Int16})
    rows = (
        posts.filter(pl.col("engagement_7d").is_not_null(), settled)
        .select("channel_id", "platform", "format", "week", level=log_level())
        .join(window, how="cross")
        .with_columns(week=pl.col("week") + pl.col("back"))
        .drop("back")
    )
    return in_weeks(rows, weeks)


def middles(prefix: str) -> list[pl.Expr]:
    """Count and the three order statistics around the middle: enough for any median of the rest."""
    ordered = pl.col("level").sort()
    half = pl.len() // 2
    return [
        pl.len().cast(pl.Int64).alias(f"{prefix}_n"),
        ordered.get(half.cast(pl.Int64) - 1, null_on_oob=True).alias(f"{prefix}_below"),
        ordered.get(half, null_on_oob=True).alias(f"{prefix}_at"),
        ordered.get(half + 1, null_on_oob=True).alias(f"{prefix}_above"),
    ]


def median(prefix: str) -> pl.Expr:
    """Median of a whole group from its middles."""
    below, at = pl.col(f"{prefix}_below"), pl.col(f"{prefix}_at")
    return pl.when(pl.col(f"{prefix}_n") % 2 == 1).then(at).otherwise((below + at) / 2)


def median_of_rest(prefix: str, level: pl.Expr, member: pl.Expr) -> pl.Expr:
    """Median of a group without one value `level` of it; of the whole where not `member`."""
    n = pl.col(f"{prefix}_n")
    below, at, above = (pl.col(f"{prefix}_{side}") for side in ("below", "at", "above"))
    odd = (
        pl.when(level < at)
        .then((at + above) / 2)
        .when(level > at)
        .then((below + at) / 2)
        .otherwise((below + above) / 2)
    )
    even = pl.when(level < at).then(at).otherwise(below)
    rest = pl.when(n < 2).then(None).when(n % 2 == 1).then(odd).otherwise(even)  # noqa: PLR2004 - a lone value has no rest
    return pl.when(member).then(rest).otherwise(median(prefix))


def spreads(cells: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Variance of log engagement within cells: per account (shrunk) and per platform.

    Also what each format is worth on a platform (`worth`) and how far accounts differ in it.
    """
    inside = cells.filter(pl.col("cell_n") > 1)
    df = (pl.col("cell_n") - 1).cast(pl.Float64)
    platform = inside.group_by("platform", "week").agg(
        platform_var=(df * pl.col("cell_var")).sum() / df.sum()
    )
    account = (
        inside.group_by("platform", *ACCOUNT)
        .agg(df=df.sum(), squares=(df * pl.col("cell_var")).sum())
        .join(platform, on=["platform", "week"], how="left")
        .select(
            *ACCOUNT,
            account_var=(pl.col("squares") + PRIOR_DF * pl.col("platform_var"))
            / (pl.col("df") + PRIOR_DF),
        )
    )
    return account, platform


def format_worth(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Per platform, format and week: median over accounts of cell less account, and its spread."""
    gap = median("cell") - median("account")
    sampling = HALF_PI * pl.col("platform_var") / pl.col("cell_n")
    return (
        cells.with_columns(gap=gap, sampling=sampling)
        .group_by("platform", "format", "week")
        .agg(
            worth=pl.col("gap").median(),
            between=(pl.col("gap").var() - pl.col("sampling").mean()).clip(0.02, 1.0),
        )
    )


def baselines(posts: pl.LazyFrame, weeks: Iterable[int] | None) -> pl.LazyFrame:
    """One row per channel, format and week with all that `lifts` needs.

    `posts`: those of the weeks asked for and of the `TAIL_WEEKS` before, with channel_id,
    platform, format, week, engagement_7d, engagement_7d_is_measured, age_h.
    """
    rows = comparables(posts, weeks)
    cells = rows.group_by("platform", *CELL).agg(
        *middles("cell"), cell_var=pl.col("level").var().fill_null(0.0)
    )
    accounts = rows.group_by(ACCOUNT).agg(*middles("account"))
    account_var, platform_var = spreads(cells)
    full = (
        cells.join(accounts, on=ACCOUNT)
        .join(account_var, on=ACCOUNT, how="left")
        .join(platform_var, on=["platform", "week"], how="left")
        .with_columns(pl.col("platform_var").fill_null(DEFAULT_VAR).clip(0.01))
        .with_columns(pl.col("account_var").fill_null(pl.col("platform_var")).clip(0.01))
    )
    return full.join(format_worth(full), on=["platform", "format", "week"])


def lifts(posts: pl.LazyFrame, base: pl.LazyFrame) -> pl.LazyFrame:
    """Adds lift, lift_low, lift_high to posts that also carry `projection_var`.

    Null where engagement is unknown or the account has fewer than four comparables.
    """
    level = log_level()
    settled = pl.col("engagement_7d_is_measured") | (pl.col("age_h") >= SETTLED_H)
    others = pl.col("cell_n") - settled.cast(pl.Int64)
    account_others = pl.col("account_n") - settled.cast(pl.Int64)
    own = median_of_rest("cell", level, settled)
    prior = median_of_rest("account", level, settled) + pl.col("worth")
    prior_var = pl.col("between").fill_null(0.1) + HALF_PI * pl.col("account_var") / account_others
    own_weight = pl.when(own.is_not_null()).then(others / (HALF_PI * pl.col("account_var")))
    weight = own_weight.fill_null(0.0)
    expected = (weight * own.fill_null(0.0) + prior / prior_var) / (weight + 1 / prior_var)
    noise = pl.col("projection_var") + 1 / (pl.col("engagement_7d") + 1)
    sd = (1 / (weight + 1 / prior_var) + noise).sqrt()
    enough = account_others >= MIN_OTHERS
    return (
        posts.join(base.drop("platform"), on=CELL, how="left")
        .with_columns(
            _log=pl.when(enough & pl.col("engagement_7d").is_not_null()).then(level - expected),
            _sd=sd,
        )
        .with_columns(
            lift=pl.col("_log").exp(),
            lift_low=(pl.col("_log") - Z * pl.col("_sd")).exp(),
            lift_high=(pl.col("_log") + Z * pl.col("_sd")).exp(),
        )
        .drop("_log", "_sd", *BASE_COLUMNS)
    )


BASE_COLUMNS: Final = (
    *(
        f"{prefix}_{part}"
        for prefix in ("cell", "account")
        for part in ("n", "below", "at", "above")
    ),
    *("cell_var", "account_var", "platform_var", "worth", "between"),
)
