from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data.tables import OUT, TABLES
from features import content_fit, vectors
from features.build import build
from features.plan import Previous, is_continued, row_counts
from flows.build import CARRIED

from . import world

BUILT = set(OUT) - {"alerts"}


@pytest.fixture(autouse=True)
def _few_texts(monkeypatch):
    """A small fit: what is tested here is the order of things, not the clustering."""
    monkeypatch.setattr(content_fit, "FIT_POSTS", 120)


@pytest.fixture(scope="module")
def market():
    return world.market(seed=5, channels=4, weeks=16, per_week=4, platforms=("bluesky", "mastodon"))


def cut(core, at):
    """The lake as it was at a time."""
    seen = {
        "posts": "first_seen_at", "metrics": "observed_at", "profiles": "observed_at",
        "comments": "published_at",
    }  # fmt: skip
    return {
        name: frame.filter(pl.col(seen[name]) <= at) if name in seen else frame
        for name, frame in core.items()
    }


def carried(built, at):
    tables = {name: built.tables[name].lazy() for name in CARRIED}
    return Previous(at, world.ZONE, built.state, tables)


def test_every_table_keeps_its_contract(market):
    built = build(market, world.AT, world.ZONE)
    assert set(built.tables) == BUILT
    for name, frame in built.tables.items():
        TABLES[name].validate(frame)
        assert frame.height > 0, name


def test_same_lake_same_numbers_whatever_the_order_of_rows(market):
    one = build(market, world.AT, world.ZONE)
    shuffled = {
        name: frame.collect().sample(fraction=1, shuffle=True, seed=3).lazy()
        for name, frame in market.items()
    }
    two = build(shuffled, world.AT, world.ZONE)
    for name, frame in one.tables.items():
        keys = TABLES[name].primary_key()
        assert_frame_equal(frame.sort(keys), two.tables[name].sort(keys), rel_tol=1e-6)


def test_an_empty_lake_gives_empty_tables():
    built = build(world.core(), world.AT, world.ZONE)
    for name, frame in built.tables.items():
        TABLES[name].validate(frame)
        assert frame.is_empty() or name in {"definitions", "kpis", "models"}, name


def test_posts_without_any_count_have_features_but_no_rates(market):
    silent = {**market, "metrics": world.core()["metrics"]}
    built = build(silent, world.AT, world.ZONE)
    rows = built.tables["post_features"]
    assert rows.height > 0
    for name in ("engagement", "engagement_7d", "engagement_rate", "lift", "view_rate", "age_h"):
        assert rows[name].null_count() == rows.height
    kpis = built.tables["benchmark"].filter(pl.col("value").is_not_null())["kpi"].unique()
    assert {"posts_per_week", "share_of_posts"} <= set(kpis)
    assert "engagement_rate" not in set(kpis)


def test_one_channel_is_never_ahead_of_itself():
    built = build(world.market(channels=1, weeks=6), world.AT, world.ZONE)
    rows = built.tables["benchmark"]
    assert set(rows["verdict"]) <= {"level", "not enough posts"}
    assert rows["peer_median"].null_count() == rows.height


@pytest.mark.parametrize("days", [1, 3])
def test_a_daily_build_gives_what_a_full_one_gives(market, days):
    before = world.AT - timedelta(days=days)
    first = build(cut(market, before), before, world.ZONE)
    previous = carried(first, before)
    assert is_continued(market, world.AT, world.ZONE, previous)
    daily = build(market, world.AT, world.ZONE, previous)
    full = build(market, world.AT, world.ZONE, previous, full=True)
    assert set(daily.months) == {"post_features", "post_types", "mentions"}
    assert full.months == {}
    for name in BUILT:
        keys = TABLES[name].primary_key()
        month = pl.lit(value=True)
        if name in daily.months:
            month = pl.col("published_at").dt.strftime("%Y-%m").is_in(daily.months[name])
        whole = full.tables[name].sort(keys)
        assert_frame_equal(daily.tables[name].sort(keys), whole.filter(month))
        stale = first.tables[name].sort(keys).filter(~month)
        assert_frame_equal(stale, whole.filter(~month))


def test_a_deleted_post_leaves_the_next_daily_build(market):
    before = world.AT - timedelta(days=1)
    first = build(cut(market, before), before, world.ZONE)
    victim = first.tables["post_features"].sort("published_at")["post_id"][-3]
    gone = pl.when(pl.col("post_id") == victim).then(world.AT - timedelta(hours=2))
    changed = {**market, "posts": market["posts"].with_columns(deleted_at=gone)}
    daily = build(changed, world.AT, world.ZONE, carried(first, before))
    assert set(daily.months) == {"post_features", "post_types", "mentions"}
    assert victim not in daily.tables["post_features"]["post_id"]
    assert victim not in daily.tables["post_types"]["post_id"]


def test_rewritten_history_is_built_anew(market):
    before = world.AT - timedelta(days=1)
    previous = Previous(before, world.ZONE, {"rows": row_counts(market, before)}, {})
    assert is_continued(market, world.AT, world.ZONE, previous)
    shorter = {**market, "metrics": market["metrics"].filter(pl.col("likes") > 10)}
    assert not is_continued(shorter, world.AT, world.ZONE, previous)
    assert not is_continued(market, world.AT, "Asia/Tokyo", previous)
    assert not is_continued(market, before - timedelta(days=1), world.ZONE, previous)


def test_types_keep_their_ids_when_fitted_again(market):
    before = world.AT - timedelta(days=10)
    first = build(cut(market, before), before, world.ZONE)
    later = build(market, world.AT, world.ZONE, carried(first, before))
    assert set(later.tables["content_types"]["version"]) == {2}
    old, new = first.tables["post_types"], later.tables["post_types"]
    both = old.join(new, on="post_id", suffix="_new").drop_nulls(["type_id", "type_id_new"])
    same = (both["type_id"] == both["type_id_new"]).mean()
    assert same > 0.9


def test_without_the_encoder_words_alone_decide(market, monkeypatch):
    monkeypatch.setattr(vectors, "encoder", lambda: None)
    built = build(market, world.AT, world.ZONE)
    TABLES["post_types"].validate(built.tables["post_types"])
    assert built.tables["content_types"].height >= 2
