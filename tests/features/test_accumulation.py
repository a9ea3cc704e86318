import importlib.util
import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features import accumulation

from . import world

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "maturity.py"
EARLIER = world.AT - timedelta(days=70)
PACE = {"video": 60.0, "photo": 12.0}
"""Hours that a format's posts take to gather two thirds of all they get, planted."""


def growth_left(rng, name, age_h, horizon_h, posts):
    """Log growth to come: that of the format's pace, times a gamma of mean 1 (skewed)."""
    share = [1 - np.exp(-((age / PACE[name]) ** 0.9)) for age in (age_h, horizon_h)]
    return np.log(share[1] / share[0]) * rng.gamma(6.0, 1 / 6.0, posts)


def snapshots(rng, posts, ages, published, formats=("video", "photo"), horizon_h=168.0):
    """Snapshots of posts of each format at one young age and at the horizon; and the truth."""
    rows, truth = [], {}
    for pid in range(posts * len(formats)):
        name = formats[pid % len(formats)]
        age = float(rng.choice(ages))
        count = int(np.exp(rng.normal(6, 1))) + 1
        final = round(count * np.exp(growth_left(rng, name, age, horizon_h, 1)[0]))
        truth[pid] = final
        for at, value in ((age, count), (horizon_h, final)):
            rows.append({
                "pid": pid, "platform": "bluesky", "format": name, "age_h": at,
                "observed_at": published + timedelta(hours=at), "engagement": value,
            })  # fmt: skip
    return pl.LazyFrame(rows), pl.LazyFrame({"pid": truth.keys(), "final": truth.values()})


def judged(learned_posts, horizon_h=168.0, ages=(6.0, 12.0), seed=0):
    """Projections of 600 fresh posts of each format, with `error` (log) and `inside`."""
    rng = np.random.default_rng(seed)
    sums = pl.DataFrame(schema=accumulation.SUMS)
    if learned_posts:
        old, _ = snapshots(rng, learned_posts, ages, EARLIER, horizon_h=horizon_h)
        sums = accumulation.pair_sums(old, horizon_h=horizon_h).collect()
    young, truth = snapshots(rng, 600, ages, world.AT - timedelta(days=20), horizon_h=horizon_h)
    young = young.filter(pl.col("age_h") < horizon_h)
    return (
        accumulation.project(young, sums, horizon_h)
        .join(truth, on="pid")
        .with_columns(
            error=(pl.col("projected") / pl.col("final")).log(),
            inside=pl.col("final").is_between(
                pl.col("projected_low") - 0.5, pl.col("projected_high") + 0.5
            ),
        )
        .collect()
    )


@pytest.mark.parametrize("horizon_h", [168.0, 48.0])
def test_each_format_is_projected_without_bias_and_its_interval_covers(horizon_h):
    got = pl.concat(judged(1200, horizon_h, seed=seed) for seed in range(4))
    for name in PACE:
        rows = got.filter(pl.col("format") == name)
        assert abs(rows["error"].median()) < 0.05
        assert 0.75 <= rows["inside"].mean() <= 0.85
        for age in rows["age_h"].unique():
            assert 0.7 <= rows.filter(pl.col("age_h") == age)["inside"].mean() <= 0.9


def test_what_one_format_teaches_is_not_thrown_at_another():
    got = judged(600)
    slow = got.filter(pl.col("format") == "video", pl.col("age_h") == 6)
    fast = got.filter(pl.col("format") == "photo", pl.col("age_h") == 6)
    factor = [(rows["projected"] / rows["engagement"]).median() for rows in (slow, fast)]
    assert factor[0] > 2 * factor[1]


def test_the_more_pairs_the_nearer():
    errors = [judged(posts)["error"].abs().median() for posts in (0, 20, 600)]
    assert errors[0] > errors[1] >= errors[2] * 0.95


def test_without_pairs_the_prior_speaks_and_says_how_unsure_it_is():
    rng = np.random.default_rng(1)
    young, _ = snapshots(rng, 5, (6.0,), world.AT)
    no_pairs = pl.DataFrame(schema=accumulation.SUMS)
    got = accumulation.project(young.filter(pl.col("age_h") == 6), no_pairs).collect()
    share = 1 - np.exp(-((6 / 20) ** 0.75))
    whole = 1 - np.exp(-((168 / 20) ** 0.75))
    assert np.allclose(got["projected"], got["engagement"] * whole / share)
    assert (got["projected_low"] < got["projected"]).all()
    assert (got["projected_high"] > got["projected"]).all()
    assert (got["projection_var"] > 0.1).all()


def test_a_post_that_stands_still_is_not_said_to_shrink():
    """Half of the posts get nothing more: the interval starts at what is seen, and covers."""
    rng = np.random.default_rng(2)

    def still_or_doubled(posts, published):
        final = np.where(rng.random(posts) < 0.5, 50, 100)
        return pl.concat([
            pl.LazyFrame({
                "pid": range(posts), "platform": "bluesky", "format": "photo", "age_h": age,
                "observed_at": published + timedelta(hours=age), "engagement": count,
            }) for age, count in ((24.0, np.full(posts, 50)), (168.0, final))
        ])  # fmt: skip

    sums = accumulation.pair_sums(still_or_doubled(400, EARLIER)).collect()
    young = still_or_doubled(400, world.AT - timedelta(days=20))
    got = accumulation.project(young.filter(pl.col("age_h") == 24), sums).collect()
    assert got["projected_low"].to_list() == [50.0] * 400
    assert (got["projected"] >= 50).all()
    assert (got["projected_high"] > 75).all()


def test_a_post_without_any_engagement_has_no_ratio():
    rng = np.random.default_rng(3)
    snaps, _ = snapshots(rng, 20, (6.0,), EARLIER)
    young = pl.col("age_h") < 100
    nothing = snaps.with_columns(engagement=pl.when(~young).then("engagement").otherwise(0))
    assert accumulation.pair_sums(nothing).collect().is_empty()
    sums = accumulation.pair_sums(snaps).collect()
    got = accumulation.project(nothing.filter(young), sums).collect()
    assert got["projected"].to_list() == [0.0] * 40


@pytest.fixture(scope="module")
def maturity():
    spec = importlib.util.spec_from_file_location("benchmark_maturity", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(maturity, path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["maturity.py", "--data", str(path)])
    maturity.main()
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_benchmark_on_planted_growth(maturity, tmp_path, monkeypatch, capsys):
    """Small items grow threefold, large ones a tenth: one share for all cannot be right."""
    rng = np.random.default_rng(0)
    final = np.where(rng.random(1200) < 0.5, rng.integers(12, 20, 1200), 500)
    start = np.where(final < 100, 1 / 3, 0.9)[:, None] ** rng.gamma(6, 1 / 6, (1200, 1))
    shares = start + (1 - start) * np.linspace(0, 1, 144)
    shown = np.round(final[:, None] * shares).astype(int)
    shown[:100, :20] = -1
    table = pl.DataFrame(shown, schema=[f"TS{n}" for n in range(1, 145)])
    table.insert_column(0, pl.Series("IDLink", range(1200))).write_csv(tmp_path / "a.csv")
    got = run(maturity, tmp_path / "a.csv", monkeypatch, capsys)
    assert got["ages"]["6h"]["items"] == 1100
    assert got["error_ratio"] < 0.7
    assert 0.75 <= got["coverage_80"] <= 0.87


def test_real_items_beat_the_naive_share(datasets, maturity, monkeypatch, capsys):
    path = datasets / "news_popularity" / "Facebook_Palestine.csv"
    got = run(maturity, path, monkeypatch, capsys)
    assert got["error_ratio"] < 0.85
    assert 0.75 <= got["coverage_80"] <= 0.85
    assert 0.75 <= got["by_time"]["coverage_80"] <= 0.85
