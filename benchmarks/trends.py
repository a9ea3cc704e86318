"""False discoveries of the trends where nothing rises, and how soon planted rises are told.

    .venv/bin/python benchmarks/trends.py --seeds 20

Every market has a weekly cycle, a holiday dip and a sales spike (everybody publishes less, then
more), accounts of unequal size whose pace wanders from week to week, and hashtags that each
account prefers or not. In null markets nothing else happens: any rise called is false, and a
week with one is a false family. In the others some tags rise for good, by a factor of three to
six, in half of the accounts, from one week on. `fdr`: false rises over rises called, mean over
the weeks tested of the markets with rises; `null_weeks`: share of weeks with any rise called
where there is none; `power`: planted rises found by the end; `delay_weeks_median`: complete weeks
from the first of the rise to the first that tells it (0: that very week). The last line is JSON.
"""

import argparse
import json
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from features import trends
from features.frames import monday, week_number

AT: Final = datetime(2026, 6, 28, 20, tzinfo=UTC)
"""A Sunday evening: the last week is complete."""
ZONE: Final = "Europe/Paris"
WEEKS: Final = 22
ACCOUNTS: Final = 15
TAGS: Final = 40
RISERS: Final = 3
RISES: Final = (3.0, 6.0)
DIP_WEEK: Final = 12
DIP: Final = 0.45
SPIKE_WEEK: Final = 15
SPIKE: Final = 1.8
START_WEEK: Final = 17
WANDERS: Final = 0.35
"""Standard deviation of the log of an account's pace, week to week."""
CLUMPS: Final = 0.3
"""The same of an account's use of a tag: campaigns come in waves."""
FORMATS: Final = ("photo", "video", "text", "link")


class Planted(NamedTuple):
    """A market's posts, and the factor of each tag that rises."""

    posts: pl.LazyFrame
    risers: dict[str, float]


def market(seed: int, risers: int) -> Planted:
    """Posts of every account and week with one tag each."""
    rng = np.random.default_rng(seed)
    last = week_number(AT, ZONE)
    factors = {f"tag{i:02d}": float(rng.uniform(*RISES)) for i in range(risers)}
    taste = rng.dirichlet(np.full(TAGS, 2.0))
    rows: list[tuple[str, int, str, str]] = []
    for account in range(ACCOUNTS):
        pace = float(np.exp(rng.normal(np.log(9), 0.7)))
        own = rng.dirichlet(60 * taste + 0.1)
        forms = rng.dirichlet([6, 4, 4, 3])
        for turn in range(WEEKS):
            season = {DIP_WEEK: DIP, SPIKE_WEEK: SPIKE}.get(turn, 1.0)
            count = rng.poisson(pace * season * np.exp(WANDERS * rng.standard_normal()))
            weights = own * np.exp(CLUMPS * rng.standard_normal(TAGS))
            if turn >= START_WEEK and account % 2 == 0:
                for place, factor in enumerate(factors.values()):
                    weights[place] *= factor
            tags = rng.choice(TAGS, count, p=weights / weights.sum())
            kinds = rng.choice(FORMATS, count, p=forms)
            week = last - WEEKS + 1 + turn
            rows += [
                (f"c{account}", week, f"tag{tag:02d}", str(kind))
                for tag, kind in zip(tags, kinds, strict=True)
            ]
    return Planted(framed(rows), factors)


def framed(rows: list[tuple[str, int, str, str]]) -> pl.LazyFrame:
    """The columns that `trends` reads."""
    names = ["channel_id", "week", "tag", "format"]
    return (
        pl.DataFrame(rows, schema=names, orient="row")
        .select(
            pl.col("week").cast(pl.Int16), "channel_id", "format",
            post_id=pl.int_range(pl.len()).cast(pl.String), platform=pl.lit("bluesky"),
            hashtags=pl.concat_list("tag"), lift=pl.lit(1.0),
        )
        .lazy()
    )  # fmt: skip


def called(planted: Planted) -> tuple[pl.DataFrame, int]:
    """Rises called under `all` (turn, kind, key), and the weeks tested."""
    none = pl.LazyFrame(schema={"post_id": pl.String, "type_id": pl.String})
    weeks = trends.tested_weeks(planted.posts, AT, ZONE)
    rows = trends.trends(planted.posts, none, weeks)
    first = week_number(AT, ZONE) - WEEKS + 1
    turn = (pl.col("week") - pl.select(monday(pl.lit(first))).item()).dt.total_days() // 7
    rising = rows.filter(pl.col("status") == "rising", platform="all")
    return rising.select("kind", "key", turn=turn), len(weeks)


def judged_null(seed: int) -> list[bool]:
    """Per week tested: whether anything was called where nothing rose."""
    found, weeks = called(market(seed, 0))
    return [True] * found["turn"].n_unique() + [False] * (weeks - found["turn"].n_unique())


def judged_rises(seed: int) -> tuple[list[float], list[int | None]]:
    """Per week with a call: the share that was false; per planted rise: its delay in weeks."""
    planted = market(seed, RISERS)
    found, weeks = called(planted)
    real = pl.col("key").is_in(list(planted.risers)) & (pl.col("turn") >= START_WEEK)
    shares = found.group_by("turn").agg((~real).mean())["key"].to_list()
    delays = []
    for tag in planted.risers:
        told = found.filter(real, key=tag)["turn"].min()
        delays.append(None if told is None else int(told) - START_WEEK)  # type: ignore[call-overload]
    return shares + [0.0] * (weeks - len(shares)), delays


def figures(seeds: int) -> dict[str, Any]:
    """All of it."""
    null = [week for seed in range(seeds) for week in judged_null(seed)]
    shares: list[float] = []
    delays: list[int | None] = []
    for seed in range(seeds):
        one, late = judged_rises(1_000 + seed)
        shares += one
        delays += late
    told = [delay for delay in delays if delay is not None]
    return {
        "seeds": seeds,
        "fdr": round(float(np.mean(shares)), 4),
        "null_weeks": round(float(np.mean(null)), 4),
        "power": round(len(told) / len(delays), 4),
        "power_first_week": round(sum(delay == 0 for delay in told) / len(delays), 4),
        "delay_weeks_median": float(np.median(told)) if told else None,
        "risers": len(delays),
        "weeks": len(null),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    print(json.dumps(figures(parser.parse_args().seeds)))


if __name__ == "__main__":
    main()
