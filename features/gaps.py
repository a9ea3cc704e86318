"""Why a competitor gets more engagement than the brand: volume, format mix, rate.

Engagement a week = posts a week × Σ over formats of (share of posts × mean engagement of a post).
The difference of two such products is split by the Shapley rule over the three factors (Das Gupta
1993, which extends Kitagawa 1955 to three): each factor's part is its own difference times the
average of the others over all orders of changing them. The parts add up to the gap exactly.
"""

from typing import Any, Final
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.periods import GROUP

MIN_POSTS: Final = 5
DRAWS: Final = 500
INTERVAL: Final = (0.025, 0.975)
PARTS: Final = ("from_volume", "from_mix", "from_rate")
PRIOR_DF: Final = 4.0
PRIOR_CV2: Final = 1.7
"""Squared coefficient of variation of a log-normal of one log unit's spread: before data."""
SHRINK_DF: Final = 4.0
"""Weight of an entity's overall variation in that of one format."""

Array = NDArray[np.float64]


def parts(ours: tuple[Array, Array, Array], theirs: tuple[Array, Array, Array]) -> list[Array]:
    """What volume, mix and rate make of theirs minus ours; formats on the last axis.

    Each side: posts a week (…, 1), shares (…, formats), mean engagement a post (…, formats).
    """
    found = []
    for place in range(len(PARTS)):
        own, other = ours[place], theirs[place]
        a, b = (ours[i] for i in range(len(PARTS)) if i != place)
        c, d = (theirs[i] for i in range(len(PARTS)) if i != place)
        found.append(((other - own) * ((a * b + c * d) / 3 + (a * d + c * b) / 6)).sum(axis=-1))
    return found


def by_format(cells: pl.LazyFrame, activity: pl.LazyFrame) -> pl.DataFrame:
    """What each entity publishes in each format: the sums of `parts` and of its intervals.

    In: `periods.format_cells`; `activity` of `measures.daily_dispersion`. Out: GROUP, format,
    posts, mean and cv2 (squared coefficient of variation, pulled towards the entity's) of a post's
    engagement, days, dispersion. Formats without any engagement shown are left out.
    """
    n, mean = pl.col("counted").cast(pl.Float64), pl.col("engagement") / pl.col("counted")
    spread = (pl.col("squares") / mean**2 - n).clip(0)
    whole, df = spread.sum().over(GROUP), n.sum().over(GROUP) - pl.len().over(GROUP)
    pooled = (whole + PRIOR_DF * PRIOR_CV2) / (df + PRIOR_DF)
    return (
        cells.group_by(*GROUP, "format")
        .agg(pl.col("posts", "counted", "engagement", "squares").sum())
        .filter(pl.col("engagement") > 0)
        .with_columns(mean=mean, cv2=(spread + SHRINK_DF * pooled) / (n - 1 + SHRINK_DF))
        .with_columns(pl.col(*GROUP, "format").cast(pl.String))
        .join(activity.with_columns(pl.col(GROUP).cast(pl.String)), on=GROUP)
        .sort(*GROUP, "format")
        .collect()
    )


def side(rows: pl.DataFrame, formats: list[str], seed: int) -> tuple[list[Array], list[Array]]:
    """One entity's three factors as they are, and as they might have been (draws first).

    Counts are drawn from a gamma (a Poisson count's, times its dispersion), means from a
    log-normal with the variance of a mean, with the tails of Student's t since that variance is
    itself estimated. A format that the entity doesn't use has share zero
    and no mean (NaN).
    """
    order = pl.DataFrame({"format": formats}).join(
        rows, on="format", how="left", maintain_order="left"
    )
    columns = ("posts", "counted", "mean", "cv2")
    posts, counted, mean, cv2 = (
        order[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in columns
    )
    used = ~np.isnan(mean)
    posts = np.where(used, posts, 0.0)
    phi, weeks = float(rows["dispersion"][0]), float(rows["days"][0]) / 7
    draw = np.random.default_rng(seed)
    shape = np.broadcast_to(np.maximum(posts / phi, 1e-9), (DRAWS, len(formats)))
    some = np.where(used, draw.gamma(shape) * phi, 0.0)
    sd = np.sqrt(np.log1p(np.where(used, cv2 / np.maximum(counted, 1), 0.0)))
    known = np.where(used, counted - 1, 0) + SHRINK_DF
    means = mean * np.exp(sd * draw.standard_t(known, (DRAWS, len(formats))) + sd**2 / 2)
    return factors(posts, mean, weeks), factors(some, means, weeks)


def factors(posts: Array, mean: Array, weeks: float) -> list[Array]:
    """Posts a week, shares of formats, mean engagement of a post."""
    total = posts.sum(axis=-1, keepdims=True)
    return [total / weeks, posts / total, mean]


def filled(ours: list[Array], theirs: list[Array]) -> tuple[Any, Any]:
    """Both sides with a mean for every format.

    One that a side doesn't use would bring it what it brings the other: using it counts as mix.
    """
    a, b = ours[2], theirs[2]
    return (*ours[:2], np.where(np.isnan(a), b, a)), (*theirs[:2], np.where(np.isnan(b), a, b))


def gap(brand: pl.DataFrame, rival: pl.DataFrame, seed: int) -> dict[str, float]:
    """The gap in engagement a week and its parts, each with its 95 % interval."""
    formats = sorted({*brand["format"], *rival["format"]})
    ours, theirs = side(brand, formats, seed), side(rival, formats, seed + 1)
    found = [float(part) for part in parts(*filled(ours[0], theirs[0]))]
    drawn = parts(*filled(ours[1], theirs[1]))
    row: dict[str, float] = {}
    for name, value, draws in zip(
        ("gap", *PARTS), [sum(found), *found], [sum(drawn), *drawn], strict=True
    ):
        low, high = np.quantile(draws, INTERVAL)
        row |= {name: value, f"{name}_low": min(low, value), f"{name}_high": max(high, value)}
    return row


def gaps(cells: pl.LazyFrame, activity: pl.LazyFrame, roles: pl.DataFrame) -> pl.DataFrame:
    """The table of the same name: the brand against each competitor that it can be compared with.

    In: as `by_format`; `roles` with entity_id, role. Rows only where both have five posts with
    engagement on the platform in the period.
    """
    rows = by_format(cells, activity).join(roles, on="entity_id")
    enough = pl.col("counted").sum().over(GROUP) >= MIN_POSTS
    rows = rows.filter(enough)
    keys = ["platform", "period"]
    ours = rows.filter(pl.col("role") == "brand")
    theirs = rows.filter(pl.col("role") == "competitor").join(ours, on=keys, how="semi")
    brands = ours.partition_by(keys, as_dict=True)
    rivals = theirs.partition_by("entity_id", *keys, as_dict=True, maintain_order=True)
    found = [
        {"competitor_id": rival, "platform": platform, "period": period}
        | gap(brands[platform, period], group, crc32(f"{rival}/{platform}/{period}".encode()))
        for (rival, platform, period), group in rivals.items()
    ]
    return pl.DataFrame(found)
