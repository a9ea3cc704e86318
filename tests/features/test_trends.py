import importlib.util
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from features import trends
from features.frames import monday, week_number

from . import world

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "trends.py"
LAST = week_number(world.AT, world.ZONE)
TAGS = [f"tag{i}" for i in range(25)]


def posts(seed, rise=1.0, weeks=14, channels=12, silent=()):
    """Posts with one tag each; `tag0` is used `rise` times as often in the last full week."""
    rng = np.random.default_rng(seed)
    rows = []
    for week in range(LAST - weeks, LAST + 1):
        for channel in range(channels):
            if channel in silent and week >= LAST - 1:
                continue
            weight = np.ones(len(TAGS))
            if week == LAST - 1:
                weight[0] *= rise
            tags = rng.choice(TAGS, rng.poisson(8), p=weight / weight.sum())
            rows += [(f"c{channel}", week, tag) for tag in tags]
    frame = pl.DataFrame(rows, schema=["channel_id", "week", "tag"], orient="row")
    return frame.select(
        pl.col("week").cast(pl.Int16),
        "channel_id",
        post_id=pl.int_range(pl.len()).cast(pl.String),
        platform=pl.lit("bluesky"),
        format=pl.lit("photo"),
        hashtags=pl.concat_list("tag"),
        lift=pl.lit(1.5),
    ).lazy()


NO_TYPES = pl.LazyFrame(schema={"post_id": pl.String, "type_id": pl.String})


def found(rows, status):
    table = trends.trends(rows, NO_TYPES, trends.tested_weeks(rows, world.AT, world.ZONE))
    return table.filter(pl.col("status") == status, pl.col("platform") == "all")


def test_a_planted_rise_is_found_with_its_ratio():
    rows = found(posts(1, rise=5), "rising").filter(pl.col("week") == _monday(LAST - 1))
    assert rows["key"].to_list() == ["tag0"]
    row = rows.row(0, named=True)
    assert row["low"] <= 5 <= row["high"]
    assert row["accounts"] >= 3
    assert row["lift"] == 1.5
    assert len(row["examples"]) == 5


def test_false_rises_stay_under_the_promised_rate():
    """Where nothing rises, a week with any discovery at all is a false one."""
    false = [found(posts(seed), "rising")["week"].n_unique() for seed in range(8)]
    assert sum(false) <= 0.1 * 8 * 10


def test_an_account_falling_silent_moves_nothing():
    rows = found(posts(3, silent=(0, 1, 2)), "falling")
    assert rows.filter(pl.col("week") == _monday(LAST - 1)).is_empty()


def test_one_loud_account_is_no_trend():
    rows = posts(4, channels=2, rise=8)
    assert found(rows, "rising").is_empty()


def test_without_history_nothing_is_tested():
    rows = posts(5, weeks=3)
    assert trends.tested_weeks(rows, world.AT, world.ZONE) == []
    assert trends.trends(rows, NO_TYPES, []).is_empty()


@given(
    st.floats(0, 200), st.floats(0, 1000), st.floats(0.01, 2),
)  # fmt: skip
def test_two_counts_give_probabilities_and_ordered_limits(posts, base, exposure):
    p, low, high = trends.two_counts(*(np.array([v]) for v in (posts, base, exposure)))
    assert 0 <= p[0] <= 1
    assert 0 <= low[0] <= high[0]


def test_two_counts_cover():
    rng = np.random.default_rng(0)
    now, base = rng.poisson(12, 4000).astype(float), rng.poisson(96, 4000).astype(float)
    p, low, high = trends.two_counts(now, base, np.full(4000, 1 / 8))
    assert 0.94 <= ((low <= 1) & (high >= 1)).mean() <= 0.99
    assert (p < 0.05).mean() <= 0.06


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_values_are_no_smaller_than_p_and_keep_their_order(values):
    p = np.array(values)
    q = trends.benjamini_hochberg(p)
    assert (q >= p - 1e-12).all()
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= -1e-12).all()
    assert (q <= 1).all()


def _monday(week):
    return pl.select(monday(pl.lit(week))).item()


def test_mondays_are_mondays():
    assert _monday(LAST).weekday() == 0
    assert world.AT.date() - _monday(LAST) < timedelta(days=7)


def test_the_planted_market_keeps_its_promise():
    """The benchmark's market has a dip, a spike and accounts whose pace and campaigns wander."""
    spec = importlib.util.spec_from_file_location("trends_benchmark", BENCHMARK)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    got = bench.figures(5)
    assert got["fdr"] <= trends.LEVEL
    # 60 weeks where nothing rises: 10 % and two standard errors.
    assert got["null_weeks"] <= 0.18
    assert got["power"] >= 0.25
    assert got["delay_weeks_median"] <= 2
