"""The benchmark against the same figures made with plain loops and the standard library."""

from datetime import timedelta

import polars as pl
import pytest

from features.build import build
from features.kpis import KPIS

from . import by_hand, world

NAMES = {"e0": "Maison Alpine", "e1": "Crête & Co", "e2": "Refuge Nord", "e3": "Vallon"}


@pytest.fixture(scope="module")
def core():
    """A market whose posts have all been seen near seven days: nothing has to be projected."""
    found = world.market(seed=11, channels=4, weeks=16, per_week=6, platforms=("bluesky",))
    old = found["posts"].filter(pl.col("published_at") < world.AT - timedelta(days=8))
    seen = found["metrics"].with_columns(views=10 * pl.col("likes"))
    who = found["entities"].with_columns(name=pl.col("entity_id").replace_strict(NAMES))
    turn = pl.col("post_id").str.slice(-1).cast(pl.Int64)
    name = (turn % len(NAMES)).replace_strict(dict(enumerate(NAMES.values())))
    said = old.with_columns(text=pl.concat_str("text", pl.lit(" "), name, ignore_nulls=True))
    return {**found, "entities": who, "posts": said, "metrics": seen}


@pytest.fixture(scope="module")
def benchmark(core):
    return build(core, world.AT, world.ZONE).tables["benchmark"]


@pytest.fixture(scope="module")
def lake(core):
    rows = {name: frame.collect().to_dicts() for name, frame in core.items()}
    return by_hand.Lake(rows, world.AT, world.ZONE)


@pytest.mark.parametrize("platform", ["bluesky", "all"])
@pytest.mark.parametrize("period", ["28d", "90d", "365d"])
def test_every_figure_of_a_channel(core, benchmark, lake, platform, period):
    found = {
        row["kpi"]: row
        for row in benchmark.filter(
            pl.col("entity_id") == "e1", pl.col("platform") == platform,
            pl.col("period") == period, pl.col("value").is_not_null(),
        ).iter_rows(named=True)
    }  # fmt: skip
    hand = {who: by_hand.by_hand(lake, who, platform, period, NAMES) for who in NAMES}
    assert set(hand["e1"]) == set(found)
    assert len(hand["e1"]) == len(KPIS) - (period == "365d")  # growth: 16 weeks are too short
    for kpi, (value, low, high, n) in hand["e1"].items():
        row = found[kpi]
        for name, wanted in (("value", value), ("low", low), ("high", high)):
            assert row[name] == pytest.approx(wanted, rel=1e-6), (kpi, name)
        assert row["n"] == n
        rank, quartiles = by_hand.standing(
            kpi, value, [hand[who][kpi][0] for who in NAMES if who != "e1"]
        )
        assert row["rank"] == rank, kpi
        peers = [row[name] for name in ("peer_p25", "peer_median", "peer_p75")]
        assert peers == pytest.approx(quartiles, rel=1e-6), kpi


def test_the_last_week_has_too_few_posts_for_any_figure(benchmark):
    week = benchmark.filter(pl.col("period") == "7d", pl.col("kpi") == "engagement_per_post")
    assert week.filter(pl.col("value").is_not_null()).is_empty()
