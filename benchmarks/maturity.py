"""How well a young post's final engagement is told: the accumulation curves held against reality.

    .venv/bin/python benchmarks/maturity.py --data CSV

CSV in the form of news_popularity (Moniz & Torgo 2018): an id, then counts TS1..TS144, one every
20 minutes after publication, -1 = not yet seen. From what an item shows at 6, 12 and 24 hours its
count at 48 hours is projected by `features.accumulation`, the very functions of the features, with
pairs of one half of the items, for the other half (and the other way round). Judged are items
that show at least one at that age: what they end with is never asked. `naive` divides by
the typical share that the first half had at that age (median over the same kind of items).
`error_ratio`: median absolute log error of the projection over that of the naive one, mean over
the ages; `coverage_80`: how often the 80 % interval holds the truth. `by_time`: learned on the
first half by id, judged on the second. The last line is one JSON object.
"""

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features import accumulation

AGES_H: Final = (6, 12, 24)
HORIZON_H: Final = 48
A_STEP_H: Final = 3
"""Counts an hour."""
LEARNED: Final = datetime(2015, 1, 5, tzinfo=UTC)
JUDGED: Final = LEARNED + timedelta(weeks=9)
LARGE: Final = 10
ROUNDING: Final = 1e-9
"""An interval that starts at the count itself starts there whatever floats make of it."""

Flags = NDArray[np.bool_]


def read(path: Path) -> pl.DataFrame:
    """Item and its count at each age of interest, those unseen at 48 hours left out."""
    last = f"TS{HORIZON_H * A_STEP_H}"
    ages = {f"{age}": pl.col(f"TS{age * A_STEP_H}") for age in (*AGES_H, HORIZON_H)}
    table = pl.read_csv(path).filter(pl.col(last) >= 0)
    return table.sort(table.columns[0]).select(**ages).with_row_index("pid")


def snapshots(items: pl.DataFrame, published: datetime, ages: tuple[int, ...]) -> pl.LazyFrame:
    """The counts as snapshots of posts published at a time, as `engagement.snapshots` gives."""
    rows = items.unpivot([f"{age}" for age in ages], index="pid", variable_name="age")
    age_h = pl.col("age").cast(pl.Float64)
    return (
        rows.lazy()
        .filter(pl.col("value") >= 0)
        .select(
            "pid",
            platform=pl.lit("any"),
            format=pl.lit("article"),
            age_h=age_h,
            observed_at=pl.lit(published) + pl.duration(hours=age_h),
            engagement=pl.col("value"),
        )
    )


def projected(items: pl.DataFrame, learns: Flags) -> pl.DataFrame:
    """Projections of the items that are not learned from, with the naive one beside.

    Out: age_h, engagement, final, naive, projected, projected_low, projected_high.
    """
    known, young = items.filter(learns), items.filter(~learns)
    sums = accumulation.pair_sums(
        snapshots(known, LEARNED, (*AGES_H, HORIZON_H)), horizon_h=HORIZON_H
    ).collect()
    asked = snapshots(young, JUDGED, AGES_H).filter(pl.col("engagement") > 0)
    guesses = accumulation.project(asked, sums, HORIZON_H).collect()
    final = pl.col(f"{HORIZON_H}")
    typical = {
        float(age): known.filter(pl.col(f"{age}") > 0).select((pl.col(f"{age}") / final).median())
        for age in AGES_H
    }
    share = pl.col("age_h").replace_strict({age: one.item() for age, one in typical.items()})
    return guesses.join(young.select("pid", final=final), on="pid").with_columns(
        naive=pl.col("engagement") / share
    )


def figures(rows: pl.DataFrame) -> dict[str, float]:
    """Median absolute log errors, their ratio, and coverage of the interval."""

    def error(guess: str) -> pl.Expr:
        return ((pl.col(guess) + 0.5) / (pl.col("final") + 0.5)).log().abs().median()

    low, high = pl.col("projected_low") * (1 - ROUNDING), pl.col("projected_high") * (1 + ROUNDING)
    inside = pl.col("final").is_between(low, high)
    found = rows.select(
        items=pl.len(), error=error("projected"), naive=error("naive"), coverage_80=inside.mean()
    ).row(0, named=True)
    return {**found, "error_ratio": found["error"] / found["naive"]}


def summary(rows: pl.DataFrame) -> dict[str, Any]:
    """Figures of each age and their means."""
    ages = {f"{age}h": figures(rows.filter(pl.col("age_h") == age)) for age in AGES_H}
    means = {
        name: mean(one[name] for one in ages.values()) for name in ("error_ratio", "coverage_80")
    }
    return {**means, "ages": ages}


def rounded(values: Any) -> Any:
    """The figures to three places."""
    if isinstance(values, dict):
        return {key: rounded(value) for key, value in values.items()}
    return round(values, 3)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    items = read(given.data)
    half = np.arange(items.height) < items.height // 2
    drawn = np.random.default_rng(given.seed).permutation(half)
    both = pl.concat([projected(items, drawn), projected(items, ~drawn)])
    result = summary(both)
    for age, one in result["ages"].items():
        print(age, *(f"{name} {value:.3g}" for name, value in one.items()))
    result["large"] = summary(both.filter(pl.col("engagement") >= LARGE))
    result["by_time"] = summary(projected(items, half))
    print(json.dumps(rounded(result)))


if __name__ == "__main__":
    main()
