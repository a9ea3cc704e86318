"""Whether 95 % intervals hold the truth 95 times in a hundred, on planted markets.

    .venv/bin/python benchmarks/calibration.py --seeds 50

Each seed is a market whose truth is known: accounts of unequal size and pace, posts that scatter
differently by format, formats entangled with hours, weekdays and content types, heavy tails,
accounts whose formats bring unequal gains. Every interval that the out tables show is compared
with what was planted. The last line is one JSON object: the share of intervals that hold the
truth, by kind, with `least` and `most` over kinds and how many intervals were asked (`n`).
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import calibration_market as planted
import numpy as np
import polars as pl
from calibration_market import AT, ZONE, Market

from features import benchmark, community, effects, followers, formats, gaps, lift, measures
from features.frames import week_of
from features.periods import day_counts, format_cells, named

sys.path.append(str(Path(__file__).parents[1]))
from tests.features import planted_effects

Judged = Iterator[tuple[str, bool]]

PERIOD: Final = f"{planted.DAYS}d"
EFFECT_MARKETS: Final = {
    "effects": {},
    "effects_few_accounts": {"accounts": 5, "per_account": 40},
    "effects_heavy_tails": {"tails": 3.0},
    "effects_uneven": {"uneven": 0.25},
}
FIRST_WEEKS: Final = 3
"""Weeks before an account's posts are compared with enough of its own."""


def judged_effects(seed: int) -> Judged:
    """Format, weekday, hour and content type estimated together."""
    for name, more in EFFECT_MARKETS.items():
        frames = planted_effects.posts(seed, **more)
        rows = effects.coded(effects.published(*(f.lazy() for f in frames), AT))
        both = planted_effects.held_against(effects.market_effects(*rows)).drop_nulls("lift_low")
        for row in both.iter_rows(named=True):
            yield name, row["lift_low"] <= row["planted"] <= row["lift_high"]


def judged_lifts(market: Market) -> Judged:
    """A post against what its account's posts in that format usually get."""
    day = pl.col("published_at").dt.convert_time_zone(ZONE).dt.date()
    rows = market.posts.lazy().with_columns(week=week_of(day))
    found = lift.lifts(rows, lift.baselines(rows, None)).drop_nulls("lift").collect()
    late = found.filter(pl.col("week") > found["week"].min() + FIRST_WEEKS)
    low, high = pl.col("lift_low").log(), pl.col("lift_high").log()
    for inside in late.select(pl.col("luck").is_between(low, high)).to_series():
        yield "post_lift", inside


def judged_formats(market: Market) -> Judged:
    """A format against the account's others: the same contrast of the usual levels is the truth."""
    sure = market.posts.with_columns(engagement_7d=pl.col("usual").exp() - 0.5)
    columns = ["entity_id", "platform", "period", "format"]
    got, truth = (
        formats.format_stats(format_cells(rows.lazy(), AT)).filter(
            pl.col("period") == PERIOD, pl.col("platform") == "all"
        )
        for rows in (market.posts, sure)
    )
    both = got.drop_nulls("lift").join(truth.select(*columns, truth="lift"), on=columns)
    for row in both.iter_rows(named=True):
        yield "format_lift", row["lift_low"] <= row["truth"] <= row["lift_high"]


def expected(market: Market) -> dict[tuple[str, str], float]:
    """(entity_id, kpi) → what was planted."""
    found = {(one.entity_id, kpi): v for one in market.habits for kpi, v in one.truth().items()}
    pace = sum(one.pace for one in market.habits)
    brings = {one.entity_id: one.pace * (one.mix * one.means()).sum() for one in market.habits}
    for one in market.habits:
        found[one.entity_id, "share_of_posts"] = found[one.entity_id, "share_of_voice"] = (
            one.pace / pace
        )
        found[one.entity_id, "share_of_engagement"] = brings[one.entity_id] / sum(brings.values())
    return found


def summed(market: Market) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Format cells and paces, as the build makes them."""
    posts = market.posts.lazy()
    day = pl.col("published_at").dt.convert_time_zone(ZONE).dt.date()
    counts = day_counts(posts.with_columns(day=day), AT)
    paces = measures.daily_dispersion(counts, benchmark.watched_days(posts, AT))
    return format_cells(posts, AT), paces.collect().lazy()


def judged_kpis(market: Market) -> Judged:
    """Every KPI of the benchmark."""
    cells, paces = summed(market)
    who = market.posts.lazy().select("post_id", "channel_id", "entity_id", "platform")
    asked = community.questions(market.comments.lazy(), who, AT, ZONE).drop("text")
    seen = followers.observations(market.profiles.lazy(), AT)
    channels = named(who.drop("post_id").unique()).with_columns(peers=pl.lit("market"))
    peers = cells.with_columns(peers=pl.lit("market"))
    sums = (peers, paces, planted.spoken(market))
    found = benchmark.values(market.posts.lazy(), sums, asked, seen, channels, AT)
    truth = expected(market)
    shown = found.filter(pl.col("value").is_not_null(), platform="bluesky", period=PERIOD)
    for row in shown.iter_rows(named=True):
        wanted = truth.get((row["entity_id"], row["kpi"]))
        if wanted is not None:
            high = np.inf if row["high"] is None else row["high"]
            yield f"kpi_{row['kpi']}", row["low"] <= wanted <= high


def judged_gaps(market: Market) -> Judged:
    """One entity against another, no entity twice: the gap and its three parts."""
    cells, paces = summed(market)
    for brand, rival in zip(market.habits[::2], market.habits[1::2], strict=True):
        who = {"entity_id": [brand.entity_id, rival.entity_id], "role": ["brand", "competitor"]}
        rows = gaps.gaps(cells, paces, pl.DataFrame(who)).filter(platform="all", period=PERIOD)
        sides = [(np.array([7 * one.pace]), one.mix, one.means()) for one in (brand, rival)]
        found = gaps.parts(*sides)
        for row in rows.iter_rows(named=True):
            for name, part in zip(("gap", *gaps.PARTS), [sum(found), *found], strict=True):
                yield name, row[f"{name}_low"] <= part <= row[f"{name}_high"]


def judged(seed: int) -> Judged:
    """Everything of one seed."""
    yield from judged_effects(seed)
    market = planted.market(seed)
    for check in (judged_lifts, judged_formats, judged_kpis, judged_gaps):
        yield from check(market)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=50)
    given = parser.parse_args()
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for seed in range(given.seeds):
        for name, inside in judged(seed):
            found[name].append(inside)
    shares = {name: float(np.mean(values)) for name, values in found.items()}
    for name, share in shares.items():
        print(f"{name:32} {share:7.1%} of {len(found[name])}")
    figures = {"least": min(shares.values()), "most": max(shares.values()), **shares}
    counts = {name: len(values) for name, values in found.items()}
    rounded = {name: round(value, 4) for name, value in figures.items()}
    print(json.dumps({"seeds": given.seeds, **rounded, "n": counts}))


if __name__ == "__main__":
    main()
