import tempfile
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data.tables import TABLES
from features import content_fit, stretches
from flows import build
from tests.features import world


@pytest.fixture(autouse=True)
def _few_texts(monkeypatch):
    monkeypatch.setattr(content_fit, "FIT_POSTS", 60)


@pytest.fixture(scope="module")
def market():
    return world.market(seed=9, channels=3, weeks=12, per_week=3)


def fill(store, market, at):
    seen = {"posts": "first_seen_at", "metrics": "observed_at", "profiles": "observed_at",
            "comments": "published_at"}  # fmt: skip
    for name, frame in market.items():
        rows = frame.filter(pl.col(seen[name]) <= at) if name in seen else frame
        store.merge(name, rows.collect())


def read(store, name):
    return store.scan(name).collect().sort(TABLES[name].primary_key())


def test_an_empty_lake_is_built_without_complaint(store):
    counts = build.build_lake(store, world.AT, world.ZONE)
    assert counts["post_features"] == 0
    assert counts["kpis"] > 0
    assert read(store, "kpis").height == counts["kpis"]


def test_day_after_day_gives_what_one_full_build_gives(store, market):
    for days in (2, 1, 0):
        at = world.AT - timedelta(days=days)
        fill(store, market, at)
        build.build_lake(store, at, world.ZONE)
    daily = {name: read(store, name) for name in build.CARRIED}
    counts = build.build_lake(store, world.AT, world.ZONE, full=True)
    assert counts["post_features"] == daily["post_features"].height > 0
    for name, frame in daily.items():
        assert_frame_equal(frame, read(store, name))


def test_a_large_lake_is_built_a_stretch_at_a_time(store, market, monkeypatch, tmp_path):
    fill(store, market, world.AT)
    once = build.build_lake(store, world.AT, world.ZONE)
    names = ("post_features", "post_types", "mentions", "benchmark", "trends")
    first = {name: read(store, name) for name in names}
    monkeypatch.setattr(stretches, "POSTS", 40)
    spools = tmp_path / "spools"
    spools.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spools))
    assert build.build_lake(store, world.AT, world.ZONE, full=True) == once
    for name, frame in first.items():
        assert_frame_equal(frame, read(store, name), rel_tol=1e-9)
    assert not list(spools.iterdir())


def test_a_second_build_of_the_same_lake_changes_nothing(store, market):
    fill(store, market, world.AT)
    build.build_lake(store, world.AT, world.ZONE)
    names = ("post_features", "trends", "benchmark", "post_types", "channel_weeks")
    first = {name: read(store, name) for name in names}
    build.build_lake(store, world.AT, world.ZONE)
    for name, frame in first.items():
        assert_frame_equal(frame, read(store, name))


def test_a_build_killed_before_its_state_is_done_again(store, market, monkeypatch):
    before = world.AT - timedelta(days=1)
    fill(store, market, before)
    build.build_lake(store, before, world.ZONE)
    fill(store, market, world.AT)
    with monkeypatch.context() as patch:
        patch.setattr(store, "set_state", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build.build_lake(store, world.AT, world.ZONE)
    build.build_lake(store, world.AT, world.ZONE)
    daily = read(store, "post_features")
    build.build_lake(store, world.AT, world.ZONE, full=True)
    assert_frame_equal(daily, read(store, "post_features"))


def test_state_of_another_version_is_not_continued(store, market):
    store.set_state(build.STATE, {"version": -1})
    assert build.previous(store) is None


def test_a_lake_that_was_rewritten_is_built_in_full_once(store, market, monkeypatch):
    asked = []
    real = build.build

    def spied(*args, full, spool):
        asked.append(full)
        return real(*args, full=full, spool=spool)

    monkeypatch.setattr(build, "build", spied)
    for rewritten in (False, True, False):
        if rewritten:
            build.mark_rewritten(store)
        build.build_lake(store, world.AT, world.ZONE)
    assert asked == [False, True, False]
