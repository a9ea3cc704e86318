"""How posts gather engagement with age, learned from repeated snapshots.

Unit of account: the cube root of the growth to come, log(count at seven days / count now). The
cube root makes skewed positive quantities nearly normal (Wilson & Hilferty 1931), so its mean
gives the median growth and its spread an honest interval. Nothing to come stays nothing.

Prior: a stretched exponential F(a) = 1 - exp(-(a / 20 h)^0.75), the saturating shape that
studies of post life-times report (two thirds of the total within a day); it stands alone until
there are pairs. Data: of each post with a snapshot near seven days, what lay between it and every
other one, less what the prior expects, summed by platform, format, age and size (a post with
one like at six hours has another future than one with a thousand). Partial pooling: platform and
age are shrunk towards the prior, size within them towards these, format within these towards
size, each as if `POOLED` pairs had shown what stands above (Efron & Morris 1975).

A curve is causal: a snapshot of week w is projected with the pairs complete before week w. A
number once published therefore never moves because of later pairs, and a daily build gives what
a full build gives. The same curve serves any horizon, if its pairs were made for it.
"""

from datetime import datetime
from typing import Final

import polars as pl

from features.frames import conform, week_of

TAU_H: Final = 20.0
SHAPE: Final = 0.75
HORIZON_H: Final = 168.0
NEAR: Final = (6 / 7, 9 / 7)
"""A snapshot stands for the horizon from six sevenths to nine sevenths of it."""
POOLED: Final = 4.0
PRIOR_SD: Final = 0.25
"""Spread between posts, in cube roots of log growth, before any pair is seen."""
EDGES_H: Final = (1.0, 3.0, 6.0, 12.0, 24.0, 36.0, 48.0, 72.0, 96.0, 120.0, 144.0, 216.0, 480.0)
SIZES: Final = (3, 10, 100, 1000)
"""Engagement from which a post counts as one size larger."""
FIRST_H: Final = 0.25
INNER_80: Final = 1.2816
"""Standard normal quantile of 90 %."""
LOWER_80: Final = 0.8416
"""Standard normal quantile of 80 %."""
LEVELS: Final = (
    ["platform", "bin"],
    ["platform", "bin", "size"],
    ["platform", "bin", "size", "format"],
)
"""From the coarsest to the finest."""
CELL: Final = LEVELS[-1]
MOMENTS: Final = ("pairs", "total", "squares")
SUMS: Final[pl.Schema] = pl.Schema(
    {
        "platform": pl.String(),
        "format": pl.String(),
        "bin": pl.Int8(),
        "size": pl.Int8(),
        "week": pl.Int16(),
        "pairs": pl.Float64(),
        "total": pl.Float64(),
        "squares": pl.Float64(),
    }
)


def root(value: pl.Expr) -> pl.Expr:
    """Signed cube root."""
    return value.sign() * value.abs().cbrt()


def to_come(horizon_h: float = HORIZON_H) -> pl.Expr:
    """Log of what the prior expects the horizon's engagement to be over that at `age_h`."""

    def share(age: pl.Expr) -> pl.Expr:
        return 1 - (-((age / TAU_H) ** SHAPE)).exp()

    return (share(pl.lit(horizon_h)) / share(pl.col("age_h").clip(lower_bound=FIRST_H))).log()


def steps(value: pl.Expr, edges: tuple[float, ...]) -> pl.Expr:
    """How many of the edges a value has reached."""
    return pl.sum_horizontal(value >= edge for edge in edges).cast(pl.Int8)


def cells() -> dict[str, pl.Expr]:
    """Age bin, size, format and UTC week of snapshots."""
    return {
        "bin": steps(pl.col("age_h"), EDGES_H),
        "size": steps(pl.col("engagement").fill_null(0), SIZES),
        "format": pl.col("format").fill_null(""),
        "week": week_of(pl.col("observed_at").dt.date()),
    }


def pair_sums(
    snaps: pl.LazyFrame, since: datetime | None = None, horizon_h: float = HORIZON_H
) -> pl.LazyFrame:
    """Sums of roots of growth, less the prior's, by cell and week in which a pair was complete.

    In: `engagement.snapshots(...)`. `since`: count only pairs completed after this moment.
    Out: as `SUMS`. A snapshot that shows nothing yet has no ratio and makes no pair.
    """
    seen = snaps.filter(pl.col("engagement").is_not_null())
    near = pl.col("age_h").is_between(NEAR[0] * horizon_h, NEAR[1] * horizon_h)
    anchor = (
        seen.filter(near)
        .group_by("pid")
        .agg(
            anchor_at=pl.col("observed_at").min(),
            anchor=pl.col("engagement").sort_by("observed_at").first(),
        )
    )
    growth = (pl.col("anchor").clip(0.5) / pl.col("engagement")).log()
    pairs = (
        seen.filter(pl.col("engagement") > 0)
        .join(anchor, on="pid")
        .filter(pl.col("observed_at") != pl.col("anchor_at"))
        .with_columns(
            observed_at=pl.max_horizontal("observed_at", "anchor_at"),
            shift=root(growth) - root(to_come(horizon_h)),
        )
    )
    if since is not None:
        pairs = pairs.filter(pl.col("observed_at") > since)
    return (
        pairs.with_columns(**cells())
        .group_by(*CELL, "week")
        .agg(
            pairs=pl.len().cast(pl.Float64),
            total=pl.col("shift").sum(),
            squares=pl.col("shift").pow(2).sum(),
        )
        .sort(*CELL, "week")
    )


def add_sums(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Two sets of pair sums as one."""
    keys = [*CELL, "week"]
    both = pl.concat([conform(old, SUMS), conform(new, SUMS)])
    return conform(both.group_by(keys).sum().sort(keys), SUMS)


def curve(sums: pl.DataFrame, asked: pl.LazyFrame) -> pl.LazyFrame:
    """What is known of cells in the weeks asked for, from the pairs of the weeks before.

    In: as `SUMS`; `asked`: platform, bin, size, format and week, each once.
    Out: `asked` with shift (to the prior's cube root), spread_var (between posts) and
    shift_var (of the shift itself), in cube roots of log growth.
    """
    shift: pl.Expr = pl.lit(0.0)
    spread: pl.Expr = pl.lit(PRIOR_SD**2)
    weight: pl.Expr = pl.lit(POOLED)
    found = asked.sort("week", *CELL)
    for level, keys in enumerate(LEVELS):
        names = {name: f"{name}_{level}" for name in MOMENTS}
        found = found.join_asof(
            running(sums, keys).rename(names), on="week", by=keys, check_sortedness=False
        )
        pairs, total, squares = (pl.col(name).fill_null(0.0) for name in names.values())
        scatter = pl.when(pairs > 0).then(squares - total**2 / pairs).otherwise(0.0).clip(0)
        weight = pairs + POOLED
        shift = (total + POOLED * shift) / weight
        spread = (scatter + POOLED * spread) / weight
    return found.select(*CELL, "week", shift=shift, spread_var=spread, shift_var=spread / weight)


def running(sums: pl.DataFrame, keys: list[str]) -> pl.LazyFrame:
    """Sums of all weeks up to each, by the keys, usable from the week after; sorted by week."""
    return (
        sums.lazy()
        .group_by(*keys, "week")
        .agg(pl.col(MOMENTS).sum())
        .sort(*keys, "week")
        .with_columns(
            *[pl.col(name).cum_sum().over(keys) for name in MOMENTS],
            week=(pl.col("week") + 1).cast(pl.Int16),
        )
        .sort("week", *keys)
    )


def project(snaps: pl.LazyFrame, sums: pl.DataFrame, horizon_h: float = HORIZON_H) -> pl.LazyFrame:
    """Adds the engagement at the horizon and how sure it is.

    In: snapshots as in `pair_sums`; sums as `SUMS`, made for the same horizon.
    Adds `projected` (median, before the horizon never below what is seen), `projected_low` and
    `projected_high` (80 %; where the lower tenth would have to shrink before the horizon, the
    interval starts at what is seen and leaves its whole fifth above) and `projection_var`
    (log variance).
    """
    places = {f"_{name}": cell for name, cell in cells().items()}
    snaps = snaps.with_columns(_platform=pl.col("platform"), **places)
    keys = {f"_{name}": name for name in (*CELL, "week")}
    asked = snaps.select(list(keys)).unique().rename(keys)
    known = curve(sums, asked).rename({name: key for key, name in keys.items()})
    growing = pl.col("age_h") < horizon_h
    middle = root(to_come(horizon_h)) + pl.col("shift")
    middle = pl.when(growing).then(middle.clip(0)).otherwise(middle)
    spread = pl.col("spread_var") + pl.col("shift_var")
    low, high = bounds(middle, spread.sqrt(), growing)
    return (
        snaps.join(known, on=list(keys), how="left")
        .with_columns(
            projected=pl.col("engagement") * middle.pow(3).exp(),
            projected_low=pl.col("engagement") * low.pow(3).exp(),
            projected_high=pl.col("engagement") * high.pow(3).exp(),
            projection_var=9 * middle**4 * spread + 36 * middle**2 * spread**2 + 15 * spread**3,
        )
        .drop(*keys, "shift", "spread_var", "shift_var")
    )


def bounds(middle: pl.Expr, sd: pl.Expr, growing: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The 80 % interval of a normal root that is never below zero while a post is growing."""
    low, high = middle - INNER_80 * sd, middle + INNER_80 * sd
    still = growing & (low <= 0)
    above = middle + LOWER_80 * sd
    return pl.when(still).then(0.0).otherwise(low), pl.when(still).then(above).otherwise(high)
