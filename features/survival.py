"""Kaplan-Meier medians of many groups at once.

Source: Kaplan & Meier (1958); interval of the median by inverting the log-log confidence band of
the survival curve (Brookmeyer & Crowley 1982, Borgan & Liestøl 1990).
"""

from typing import Final

import polars as pl

Z: Final = 1.96
HALF: Final = 0.5 + 1e-9
"""One half, products of floats being what they are."""


def _band(survival: pl.Expr, variance: pl.Expr, z: float) -> pl.Expr:
    """Log-log confidence limit of a survival curve; `z` > 0 gives the upper one."""
    log = survival.log()
    inner = pl.when((survival > 0) & (survival < 1)).then((z * variance.sqrt() / log).exp())
    return pl.when(inner.is_not_null()).then(survival**inner).otherwise(survival)


def medians(rows: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
    """Median time to an event per group, those still waiting counted.

    In: the key columns, `duration` (≥ 0, event or end of watch) and `happened`.
    Out: keys, n, events, median, median_low, median_high; null where the curve stays above one
    half (fewer than half had the event by the longest watch).
    """
    at_time = (
        rows.group_by(*keys, "duration")
        .agg(events=pl.col("happened").sum().cast(pl.Float64), leaving=pl.len().cast(pl.Float64))
        .sort(*keys, "duration")
    )
    n = pl.col("leaving").sum().over(keys)
    at_risk = n - pl.col("leaving").cum_sum().over(keys) + pl.col("leaving")
    left = at_risk - pl.col("events")
    greenwood = pl.when(left > 0).then(pl.col("events") / (at_risk * left)).otherwise(0.0)
    curve = (
        at_time.with_columns(n=n, step=1 - pl.col("events") / at_risk, term=greenwood)
        .with_columns(
            survival=pl.col("step").cum_prod().over(keys), sum=pl.col("term").cum_sum().over(keys)
        )
        .with_columns(variance=pl.col("sum"))
        .with_columns(
            lower=_band(pl.col("survival"), pl.col("variance"), -Z),
            upper=_band(pl.col("survival"), pl.col("variance"), Z),
        )
    )
    first = {
        "median": pl.col("survival") <= HALF,
        "median_low": pl.col("lower") <= HALF,
        "median_high": pl.col("upper") <= HALF,
    }
    return curve.group_by(keys).agg(
        pl.col("n").first().cast(pl.Int64),
        pl.col("events").sum().cast(pl.Int64),
        *[pl.col("duration").filter(crossed).min().alias(name) for name, crossed in first.items()],
    )
