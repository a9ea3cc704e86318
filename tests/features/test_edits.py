"""What people changed about content types holds in builds, over refits, and can be undone."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data import edits
from data.tables import TABLES
from features import content_fit
from features.build import build

from . import world
from .test_build import carried, cut

DAY = timedelta(days=1)


def edited(*rows):
    """Rows of `type_edits` from (type_id, label, merged_into)."""
    return world.frame("type_edits", [
        {"type_id": type_id, "label": label, "merged_into": into, "was": "w", "by": "b",
         "at": world.AT}
        for type_id, label, into in rows
    ])  # fmt: skip


def given(market, *rows):
    return {**market, "type_edits": edited(*rows).lazy()}


@pytest.fixture(autouse=True, scope="module")
def _few_texts():
    """A small fit: what is tested here is what follows it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_fit, "FIT_POSTS", 60)
        yield


@pytest.fixture(scope="module")
def market():
    return world.market(channels=3, weeks=9, per_week=3)


@pytest.fixture(scope="module")
def first(market):
    return build(cut(market, world.AT - DAY), world.AT - DAY, world.ZONE)


def sizes(built):
    return dict(built.tables["content_types"].select("type_id", "size").iter_rows())


def test_a_rename_is_the_label_of_the_next_build(market, first):
    one = min(sizes(first))
    previous = carried(first, world.AT - DAY)
    built = build(given(market, (one, "Nuits dehors", None)), world.AT, world.ZONE, previous)
    named = dict(built.tables["content_types"].select("type_id", "label").iter_rows())
    assert named[one] == "Nuits dehors"
    assert list(named.values()).count("Nuits dehors") == 1
    assert "post_types" in built.months, "a name changes no post"


def test_a_refit_keeps_rename_and_merge(market, first):
    one, two, three = sorted(sizes(first))[:3]
    previous = carried(first, world.AT - DAY)
    outdated = {**first.state["content_types"], "fitted_at": "2026-01-01T00:00:00+00:00"}
    previous = replace(previous, state={**first.state, "content_types": outdated})
    built = build(given(market, (one, "Mine", None), (two, None, three)), world.AT, world.ZONE,
                  previous)  # fmt: skip
    rows = built.tables["content_types"]
    assert set(rows["version"]) == {2}
    assert rows.filter(pl.col("type_id") == one)["label"].to_list() == ["Mine"]
    assert two not in sizes(built)
    assert three in sizes(built)


def test_a_merge_counts_two_types_as_one_everywhere(market, first):
    one, two = sorted(sizes(first))[:2]
    apart = build(market, world.AT, world.ZONE, carried(first, world.AT - DAY))
    built = build(given(market, (one, None, two)), world.AT, world.ZONE,
                  carried(first, world.AT - DAY))  # fmt: skip
    whole = edited((one, None, two))
    assert edits.merges(whole, sizes(first)) == {one: two} == built.state["merges"]
    assert "post_types" not in built.months, "posts of every month count anew"
    both = sizes(apart)
    assert sizes(built) == {
        **{key: n for key, n in both.items() if key != one}, two: both[one] + both[two],
    }  # fmt: skip
    types = built.tables["post_types"]
    assert one not in types["type_id"]
    assert types.filter(pl.col("found_type_id") == one)["type_id"].unique().to_list() == [two]
    for table, column in (("trends", "key"), ("effects", "level")):
        assert one in apart.tables[table][column]
        assert one not in built.tables[table][column]
        assert two in built.tables[table][column]


@pytest.mark.parametrize("then", [(), (("t001", None, "t002"),)])
def test_the_next_daily_build_gives_what_a_full_one_gives(market, first, then):
    """After an undo, and while the merge stands."""
    merged = build(given(cut(market, world.AT - DAY), ("t001", None, "t002")), world.AT - DAY,
                   world.ZONE)  # fmt: skip
    assert sorted(sizes(first))[:2] == ["t001", "t002"]
    previous = carried(merged, world.AT - DAY)
    daily = build(given(market, *then), world.AT, world.ZONE, previous)
    full = build(given(market, *then), world.AT, world.ZONE, previous, full=True)
    assert ("post_types" in daily.months) == bool(then)
    for name in ("post_types", "trends", "content_types", "effects"):
        keys = TABLES[name].primary_key()
        whole = full.tables[name].sort(keys)
        if name in daily.months:
            month = pl.col("published_at").dt.strftime("%Y-%m")
            whole = whole.filter(month.is_in(daily.months[name]))
        assert_frame_equal(daily.tables[name].sort(keys), whole)
    assert ("t001" in sizes(daily)) == (not then)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("a", None, "b"), ("b", None, "c")], {"a": "c", "b": "c"}),
        ([("a", None, "b"), ("b", None, "gone")], {"a": "b"}),
        ([("a", None, "gone"), ("gone", None, "c")], {"a": "c", "gone": "c"}),
        ([("a", None, "b"), ("b", None, "a")], {}),
        ([("a", None, "a")], {}),
        ([("a", "Name", None)], {}),
    ],
)
def test_chains_end_at_the_last_type_that_is_there(rows, found):
    assert edits.merges(edited(*rows), {"a", "b", "c"}) == found


def test_without_types_an_edit_is_kept_and_harms_nothing(market):
    few = {**market, "posts": market["posts"].head(10)}
    built = build(given(few, ("t001", None, "t002"), ("t003", "x", None)), world.AT, world.ZONE)
    assert built.tables["content_types"].is_empty()
    assert built.state["merges"] == {}
