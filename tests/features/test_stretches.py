"""A build that goes by stretches of weeks gives the numbers of one that takes all at once."""

from collections import defaultdict
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data.tables import OUT, TABLES
from features import content_fit, stretches
from features.build import build
from features.plan import Job, Previous
from flows.build import CARRIED

from . import world
from .test_build import cut

DAY = timedelta(days=1)


class Memory:
    """A spool that keeps its frames."""

    def __init__(self):
        self.kept = defaultdict(list)

    def put(self, table, rows):
        self.kept[table].append(rows)

    def scan(self, table):
        return pl.concat([TABLES[table].create_empty(), *self.kept[table]]).lazy()


@pytest.fixture(autouse=True, scope="module")
def _small():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_fit, "FIT_POSTS", 120)
        patch.setattr(stretches, "POSTS", 90)
        yield


@pytest.fixture(scope="module")
def market():
    found = world.market(seed=7, channels=4, weeks=16, per_week=4)
    edit = {"type_id": "t001", "label": "Soir", "merged_into": "t002", "was": "w", "by": "b",
            "at": world.AT}  # fmt: skip
    return {**found, "type_edits": world.frame("type_edits", [edit]).lazy()}


@pytest.fixture(scope="module")
def in_parts(market):
    spool = Memory()
    return build(market, world.AT, world.ZONE, spool=spool), spool


def whole(built, spool, name):
    return spool.scan(name).collect() if name in stretches.SPOOLED else built.tables[name]


def test_every_table_is_that_of_a_build_at_once(market, in_parts):
    built, spool = in_parts
    assert built.is_spooled
    assert len(spool.kept["post_features"]) >= 3
    once = build(market, world.AT, world.ZONE)
    assert set(built.tables) | set(stretches.SPOOLED) == set(OUT) - {"alerts"} == set(once.tables)
    for name, frame in once.tables.items():
        keys = TABLES[name].primary_key()
        found = whole(built, spool, name)
        TABLES[name].validate(found)
        assert_frame_equal(found.sort(keys), frame.sort(keys), rel_tol=1e-9)
    assert "t001" not in spool.scan("post_types").collect()["type_id"]


def test_the_next_day_continues_it(market):
    spool, before = Memory(), world.AT - DAY
    first = build(cut(market, before), before, world.ZONE, spool=spool)
    tables = {name: whole(first, spool, name).lazy() for name in CARRIED}
    previous = Previous(before, world.ZONE, first.state, tables)
    next_day = build(market, world.AT, world.ZONE, previous, spool=Memory())
    assert next_day.months
    assert not next_day.is_spooled
    again = build(market, world.AT, world.ZONE, previous, full=True)
    for name in ("benchmark", "channel_weeks", "format_stats", "trends", "content_types"):
        keys = TABLES[name].primary_key()
        assert_frame_equal(next_day.tables[name].sort(keys), again.tables[name].sort(keys))


def test_a_clustering_in_force_is_kept_and_an_old_one_fitted_again(market, in_parts):
    built = in_parts[0]
    previous = Previous(world.AT, world.ZONE, built.state, {})
    version = built.tables["content_types"]["version"].max()
    soon = build(market, world.AT + DAY, world.ZONE, previous, full=True, spool=Memory())
    assert set(soon.tables["content_types"]["version"]) == {version}
    later = build(market, world.AT + 8 * DAY, world.ZONE, previous, full=True, spool=Memory())
    assert set(later.tables["content_types"]["version"]) == {version + 1}


def test_a_small_lake_is_built_at_once(market, monkeypatch):
    monkeypatch.setattr(stretches, "POSTS", 100_000)
    spool = Memory()
    assert not build(market, world.AT, world.ZONE, spool=spool).is_spooled
    assert not spool.kept


def test_stretches_hold_every_week_once_and_about_as_many_posts(market):
    every = build(market, world.AT, world.ZONE).tables["post_features"]
    job = Job(market, world.AT, world.ZONE, None, None)
    runs = stretches.stretches(job)
    weeks = [week for run in runs for week in run]
    assert weeks == sorted(set(weeks))
    assert len(weeks) >= every["published_at"].dt.truncate("1w").n_unique()
    assert len(runs) == pytest.approx(every.height / 90, abs=2)
