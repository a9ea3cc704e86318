"""The KPIs of the benchmark, each with its n, its 95 % interval and its spread.

Every function here takes rows already cut by period and returns the group keys with kpi, value,
low, high, n, and what the ranking needs to draw from: `scale` ("log" or "identity"), `sd` on it.
"""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from features.periods import GROUP

Z: Final = 1.96
DAYS: Final = 7.0
OUT: Final = [*GROUP, "kpi", "value", "low", "high", "n", "scale", "sd"]
DISPERSION: Final = (0.25, 10.0)
LEAST: Final = 1e-9

Array = NDArray[np.float64]
Interval = tuple[pl.Expr, pl.Expr]


def finish(rows: pl.LazyFrame, kpi: str, scale: str) -> pl.LazyFrame:
    """Adds name, scale and sd (a quarter of the interval on the scale) and orders the columns."""
    low, high = pl.col("low"), pl.col("high")
    if scale == "log":
        low, high = low.clip(LEAST).log(), high.clip(LEAST).log()
    return rows.with_columns(
        pl.col("value", "low", "high").cast(pl.Float64),
        pl.col("n").cast(pl.Int64),
        pl.col(GROUP).cast(pl.String),
        kpi=pl.lit(kpi),
        scale=pl.lit(scale),
        sd=((high - low) / (2 * Z)).cast(pl.Float64),
    ).select(OUT)


def wilson(hits: pl.Expr, n: pl.Expr) -> Interval:
    """Wilson's interval of a proportion."""
    share, z2 = hits / n, Z * Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)).sqrt()
    return (centre - half).clip(0.0), (centre + half).clip(upper_bound=1.0)


def clustered(share: pl.Expr, n: pl.Expr, clusters: pl.Expr, scatter: pl.Expr) -> Interval:
    """Wilson's interval of a share whose n come in clusters, each of one mind more than another.

    `scatter`: sum over the clusters of (hits - share · size)². n is divided by the design effect
    (not below 1) and by (t / z)², t with one degree of freedom less than clusters (Korn & Graubard
    1998); where all are hits, or none, there are as many n as clusters.
    """
    variance = clusters / (clusters - 1) * scatter.clip(0.0) / n**2
    effect = (variance / (share * (1 - share) / n)).fill_nan(1.0).clip(1.0)
    times = clusters.map_batches(
        lambda m: pl.Series(special.stdtrit(np.maximum(m.to_numpy() - 1, 1), 0.975) / Z),
        return_dtype=pl.Float64,
        is_elementwise=True,
    )
    effective = pl.when((share > 0) & (share < 1)).then(n / effect).otherwise(clusters)
    return wilson(share * effective / times**2, effective / times**2)


def daily_dispersion(counts: pl.LazyFrame, watched: pl.LazyFrame) -> pl.LazyFrame:
    """GROUP, n, active, days, dispersion: variance over mean of posts a day, silent days too.

    In: `counts` with GROUP, day, posts (`periods.day_counts`); `watched` with GROUP, days.
    """
    per_day = counts.with_columns(c=pl.col("posts").cast(pl.Float64)).join(watched, on=GROUP)
    mean = pl.col("c").sum() / pl.col("days").first()
    variance = pl.col("c").pow(2).sum() / pl.col("days").first() - mean**2
    return per_day.group_by(GROUP).agg(
        n=pl.col("c").sum(),
        # A window of seven times 24 hours can touch eight calendar days.
        active=pl.min_horizontal(pl.len().cast(pl.Float64), pl.col("days").first()),
        days=pl.col("days").first(),
        dispersion=(variance / mean).clip(*DISPERSION),
    )


def garwood(counts: Array) -> tuple[Array, Array]:
    """Garwood's exact interval of a Poisson mean, for real-valued counts too."""
    low = np.where(counts > 0, special.gammaincinv(np.maximum(counts, LEAST), 0.025), 0.0)
    return low, np.asarray(special.gammaincinv(counts + 1, 0.975), dtype=np.float64)


def activity(paces: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Posts and active days per week. In: `daily_dispersion`."""
    rows = paces.collect()
    effective = (rows["n"] / rows["dispersion"]).to_numpy().astype(np.float64)
    low, high = garwood(effective)
    weekly = DAYS * pl.col("dispersion") / pl.col("days")
    pace = rows.with_columns(low=low, high=high).select(
        *GROUP,
        "n",
        value=DAYS * pl.col("n") / pl.col("days"),
        low=pl.col("low") * weekly,
        high=pl.col("high") * weekly,
    )
    share_low, share_high = wilson(pl.col("active"), pl.col("days"))
    active = rows.select(
        *GROUP,
        "n",
        value=DAYS * pl.col("active") / pl.col("days"),
        low=DAYS * share_low,
        high=DAYS * share_high,
    )
    return [
        finish(pace.lazy(), "posts_per_week", "log"),
        finish(active.lazy(), "active_days_per_week", "identity"),
    ]


def share_of_posts(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Own posts over those of the peer group. In: `periods.format_cells` with peers."""
    n = pl.col("n").cast(pl.Float64)
    total = n.sum().over("peers", "platform", "period")
    low, high = wilson(n, total)
    rows = (
        cells.group_by("peers", *GROUP)
        .agg(n=pl.col("posts").sum())
        .with_columns(value=n / total, low=low, high=high)
    )
    return finish(rows, "share_of_posts", "identity")


def share_of_engagement(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Sum of engagement over the peer group's. In: `periods.format_cells` with peers.

    Interval by the delta method on the logit: a sum of n posts' engagement is a compound Poisson
    count, whose variance is the sum of squares.
    """
    over = ["peers", "platform", "period"]
    total, squares = pl.col("total"), pl.col("squares")
    rest = total.sum().over(over) - total
    rest_squares = squares.sum().over(over) - squares
    share = total / (total + rest)
    sd = (squares / total**2 + pl.when(rest > 0).then(rest_squares / rest**2).otherwise(0)).sqrt()
    logit = total.log() - rest.log()
    rows = (
        cells.group_by("peers", *GROUP)
        .agg(n=pl.col("counted").sum(), total=pl.col("engagement").sum(), squares=squares.sum())
        .filter(total > 0)
        .with_columns(
            value=share,
            low=pl.when(rest > 0).then(1 / (1 + (-(logit - Z * sd)).exp())).otherwise(1.0),
            high=pl.when(rest > 0).then(1 / (1 + (-(logit + Z * sd)).exp())).otherwise(1.0),
        )
    )
    return finish(rows, "share_of_engagement", "identity")


def format_diversity(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Exponential of the Shannon entropy of formats; interval by the delta method.

    A sample shows (formats - 1) / 2n too little entropy (Miller 1955): the interval's middle is
    moved by that, its variance has the term of second order (Roulston 1999). In:
    `periods.format_cells`.
    """
    n = pl.col("c").sum()
    share = pl.col("c") / n
    entropy = -(share * share.log()).sum()
    hidden = (pl.len() - 1) / (2 * n)
    variance = ((share * share.log() ** 2).sum() - entropy**2).clip(0) / n + hidden / n
    rows = (
        cells.group_by(*GROUP, "format")
        .agg(c=pl.col("posts").sum().cast(pl.Float64))
        .group_by(GROUP)
        .agg(
            n=n,
            entropy=entropy,
            middle=entropy + hidden,
            half=Z * variance.sqrt(),
        )
        .with_columns(value=pl.col("entropy").exp())
        .with_columns(
            low=pl.min_horizontal((pl.col("middle") - pl.col("half")).exp().clip(1.0), "value"),
            high=(pl.col("middle") + pl.col("half")).exp(),
        )
    )
    return finish(rows, "format_diversity", "log")


def replies(found: pl.LazyFrame) -> list[pl.LazyFrame]:
    """reply_rate and reply_median_min. In: `community.replies(asked, GROUP)`."""
    low, high = wilson(pl.col("events"), pl.col("n"))
    rate = found.select(*GROUP, "n", value="reply_rate", low=low, high=high)
    # The upper limit of a median can lie beyond the longest wait: it is then unknown, not absent.
    times = found.select(*GROUP, "n", value="median", low="median_low", high="median_high")
    return [finish(rate, "reply_rate", "identity"), finish(times, "reply_median_min", "log")]
