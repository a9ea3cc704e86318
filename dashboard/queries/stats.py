"""The intervals that pages need beyond those the tables hold."""

import math
from typing import NamedTuple

import polars as pl

Z95 = 1.959963984540054


class Estimate(NamedTuple):
    """A figure with its 95% interval and what it rests on."""

    value: float
    low: float
    high: float
    n: int = 0


def wilson(count: str, total: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Share, and lower and upper end of its 95% interval, of `count` among `total`.

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
    """
    n = pl.col(total)
    p = pl.col(count) / n
    centre = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = (p * (1 - p) / n + Z95**2 / (4 * n**2)).sqrt() * Z95 / (1 + Z95**2 / n)
    return (
        p.alias("share"),
        (centre - half).clip(0, 1).alias("share_low"),
        (centre + half).clip(0, 1).alias("share_high"),
    )


def student(df: pl.Expr) -> pl.Expr:
    """The 97.5% quantile of Student's t, within 1% from 4 degrees of freedom on.

    Source: Abramowitz & Stegun 1964, 26.7.5 (an expansion around the normal quantile).
    """
    z = Z95
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return pl.sum_horizontal(pl.lit(z), *(term / df**i for i, term in enumerate(terms, start=1)))


def difference(later: Estimate, earlier: Estimate) -> Estimate:
    """`later` minus `earlier` with its 95% interval, both being independent.

    Source: Zou & Donner 2008, "Construction of confidence limits about effect measures" (MOVER):
    each end takes the two sides of the intervals that it depends on, however lopsided they are.
    """
    gap = later.value - earlier.value
    below = math.hypot(later.value - later.low, earlier.high - earlier.value)
    above = math.hypot(later.high - later.value, earlier.value - earlier.low)
    return Estimate(gap, gap - below, gap + above, min(later.n, earlier.n))


def middle(values: pl.Series) -> Estimate:
    """The median with the interval between two order statistics (Conover 1999)."""
    known = values.drop_nulls().sort()
    n = known.len()
    skip = max(1, math.floor((n - Z95 * math.sqrt(n)) / 2))
    return Estimate(float(known.median() or 0.0), known[skip - 1], known[n - skip], n)  # type: ignore[arg-type]  # Polars types median() as any literal


def pace(per_day: pl.Series, days: float) -> Estimate:
    """Posts a week of so many days from the counts of the days with some.

    Interval: the score interval of a Poisson count, widened where daily counts scatter more than
    chance (quasi-Poisson; McCullagh & Nelder 1989).
    """
    n = int(per_day.sum())
    mean = n / days
    scatter = float((per_day.cast(pl.Float64) ** 2).sum()) / days - mean**2
    phi = max(1.0, scatter / mean)
    count, week = n / phi, 7 / days * phi
    centre, half = count + Z95**2 / 2, Z95 * math.sqrt(count + Z95**2 / 4)
    return Estimate(count * week, (centre - half) * week, (centre + half) * week, n)


def part(own: pl.Series, others: pl.Series) -> Estimate:
    """Share of a sum over posts in the sum over these and others, as a ratio.

    Interval: delta method on the logit; the sum of n posts' engagement is a compound Poisson
    count, whose variance is the sum of squares.
    """
    total, rest = float(own.sum()), float(others.sum())
    sd = math.sqrt(float((own**2).sum()) / total**2 + float((others**2).sum()) / rest**2)
    logit = math.log(total / rest)
    low, high = (1 / (1 + math.exp(-(logit + side * Z95 * sd))) for side in (-1, 1))
    return Estimate(total / (total + rest), low, high, own.len())
