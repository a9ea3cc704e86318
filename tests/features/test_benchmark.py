from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.tables import TABLES
from features import benchmark, followers, growth, kpis, measures, standing

from . import world

GROUP = {"entity_id": "e", "platform": "bluesky", "period": "90d"}


def grouped(**columns):
    return pl.LazyFrame(columns).with_columns(**{k: pl.lit(v) for k, v in GROUP.items()})


@given(st.integers(1, 500), st.data())
def test_wilson_stays_between_nothing_and_all(n, data):
    hits = data.draw(st.integers(0, n))
    limits = measures.wilson(pl.lit(float(hits)), pl.lit(float(n)))
    low, high = pl.select(low=limits[0], high=limits[1]).row(0)
    assert 0 <= low <= hits / n + 1e-9
    assert hits / n - 1e-9 <= high <= 1


def test_pace_covers_a_poisson_channel():
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(120):
        days = np.sort(rng.integers(0, 90, rng.poisson(60)))
        counts = grouped(day=days, posts=[1] * days.size).group_by(*GROUP, "day").sum()
        paces = measures.daily_dispersion(counts, grouped(days=[90.0]))
        row = measures.activity(paces)[0].collect()
        covered.append(row["low"][0] <= 60 * 7 / 90 <= row["high"][0])
    assert 0.9 <= np.mean(covered) <= 0.995


def test_shares_add_up_to_one():
    rows = pl.LazyFrame(
        {"entity_id": ["a"] * 6 + ["b"] * 4, "engagement": [float(i) for i in range(10)]}
    ).with_columns(
        peers=pl.lit("market"), platform=pl.lit("all"), period=pl.lit("28d"),
        posts=1, counted=1, squares=pl.col("engagement") ** 2,
    )  # fmt: skip
    posts = measures.share_of_posts(rows).sort("entity_id").collect()
    engaged = measures.share_of_engagement(rows).sort("entity_id").collect()
    assert posts["value"].to_list() == pytest.approx([0.6, 0.4])
    assert engaged["value"].to_list() == pytest.approx([15 / 45, 30 / 45])
    for rows in (posts, engaged):
        assert (rows["low"] < rows["value"]).all()
        assert (rows["value"] < rows["high"]).all()


def test_diversity_counts_equally_used_formats():
    rows = grouped(format=["photo", "video", "text", "link"] * 5, posts=[1] * 20)
    assert measures.format_diversity(rows).collect()["value"].to_list() == [pytest.approx(4)]
    one = grouped(format=["photo"] * 5, posts=[1] * 5)
    assert measures.format_diversity(one).collect()["value"].to_list() == [pytest.approx(1)]


@pytest.mark.parametrize(("n", "least"), [(20, 0.86), (40, 0.90), (200, 0.925)])
def test_the_interval_of_diversity_holds_the_truth_in_small_samples_too(n, least):
    rng = np.random.default_rng(3)
    shares = rng.dirichlet(np.ones(5), 800)
    counts = np.array([rng.multinomial(n, own) for own in shares])
    market, place = np.nonzero(counts)
    used = pl.LazyFrame({"entity_id": market, "format": place, "posts": counts[market, place]})
    rows = used.with_columns(platform=pl.lit("all"), period=pl.lit("28d"))
    found = measures.format_diversity(rows).sort(pl.col("entity_id").cast(pl.Int64)).collect()
    truth = pl.Series(np.exp(-(shares * np.log(shares)).sum(axis=1)))
    assert (found["low"] <= found["value"]).all()
    held = truth.is_between(found["low"], found["high"]).mean()
    assert least < held < 0.975


def test_growth_starts_with_the_period():
    rows = [
        {"channel_id": "c", "observed_at": world.AT - timedelta(days=d), "followers": n}
        for d, n in ((38, 900), (18, 1100), (0, 1210))
    ]
    seen = followers.observations(world.frame("profiles", rows).lazy(), world.AT)
    channels = pl.LazyFrame({"channel_id": ["c"], "entity_id": ["e"], "platform": ["bluesky"]})
    found = growth.follower_growth(seen, channels, world.AT).collect()
    got = {row["period"]: row for row in found.iter_rows(named=True)}
    assert got["28d"]["value"] == pytest.approx(21)
    assert got["28d"]["low"] < 21 < got["28d"]["high"]
    assert "365d" not in got


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=9))
def test_median_of_the_others(values):
    sample = np.array(values)[None, :]
    got = standing.median_of_others(sample, np.sort(sample))[0]
    for i in range(len(values)):
        assert got[i] == pytest.approx(np.median(values[:i] + values[i + 1 :]))


@given(st.lists(st.sampled_from([0.0, 1.0, 1.5, 2.0, 9.0]), min_size=1, max_size=9))
def test_ties_share_the_better_rank(values):
    sample = np.array(values)[None, :]
    order = np.argsort(sample, axis=1)
    got = standing.ranks_of(sample, np.sort(sample), order)[0]
    assert got.tolist() == [1 + sum(other < value for other in values) for value in values]


def test_values_that_differ_by_the_order_of_adding_up_are_ties():
    value = np.array([7.0, 7.0 + 1e-15, 7.0 - 1e-15, 3.0])
    draws = standing.draws(value, np.zeros(4), "identity", seed=1)
    got = standing.standing(value, draws, "higher")
    assert got["rank"].tolist() == got["rank_low"].tolist() == [1, 1, 1, 4]
    assert got["rank_high"].tolist() == [1, 1, 1, 4]
    assert set(got["verdict"][:3]) == {"level"}


def family(values, sd=0.1, kpi="engagement_rate", scale="log"):
    n = len(values)
    return pl.DataFrame(
        {"entity_id": [f"e{i}" for i in range(n)], "peers": ["market"] * n,
         "platform": ["all"] * n, "period": ["28d"] * n, "kpi": [kpi] * n, "value": values,
         "low": values, "high": values, "n": [9] * n, "scale": [scale] * n, "sd": [sd] * n},
        schema_overrides={"value": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )  # fmt: skip


def test_clear_differences_are_ranked_and_named():
    got = benchmark.benchmark(family([1.0, 5.0, 5.1, 25.0], sd=0.05))
    assert got["rank"].to_list() == [4, 3, 2, 1]
    assert got["rank_low"].to_list() == [4, 2, 2, 1]
    assert got["rank_high"].to_list() == [4, 3, 3, 1]
    assert got["verdict"].to_list() == ["behind", "level", "level", "ahead"]
    assert got["peer_median"].to_list() == pytest.approx([5.1, 5.1, 5.0, 5.0])


def test_what_is_unsure_is_level_and_its_rank_wide():
    got = benchmark.benchmark(family([1.0, 1.1, 1.2, 0.9], sd=0.5))
    assert set(got["verdict"]) == {"level"}
    assert got["rank_low"].max() == 1
    assert got["rank_high"].min() == 4


def test_where_lower_is_better_the_lowest_leads():
    got = benchmark.benchmark(family([10.0, 100.0, 100.0, 1000.0], kpi="reply_median_min"))
    assert got["rank"].to_list() == [1, 2, 2, 4]
    assert got["verdict"].to_list() == ["ahead", "level", "level", "behind"]


def test_without_a_value_there_is_no_rank():
    got = benchmark.benchmark(family([1.0, None, 9.0]))
    row = got.row(1, named=True)
    assert row["verdict"] == "not enough posts"
    assert row["rank"] is None
    assert got["rank"].to_list() == [2, None, 1]


def test_every_kpi_is_registered_in_both_languages():
    table = kpis.table()
    TABLES["kpis"].validate(table)
    assert set(table["kpi"]) == set(kpis.BETTER)
    for name in ("name_en", "name_fr", "formula", "source"):
        assert (table[name].str.len_chars() > 2).all()


def test_influencers_compare_among_themselves_and_topics_not_at_all():
    roles = pl.DataFrame({"role": ["brand", "competitor", "influencer", "topic"]})
    got = roles.select(benchmark.peers())["role"].to_list()
    assert got == ["market", "market", "influencer", None]
