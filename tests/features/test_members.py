"""Members and communities: by hand, and against planted truth."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from data.tables import TABLES
from features import members
from features.members import LEAST_MEMBERS, TOP, top_share
from tests.features.world import AT, ZONE, frame

POST = {"post_id": "bluesky:1", "entity_id": "brand", "platform": "bluesky"}


def comment(number, author, days=1.0, **more):
    """A comment under the brand's post, `days` before the reference time."""
    return {
        "comment_id": f"c{number}",
        "post_id": "bluesky:1",
        "author_key": author,
        "published_at": AT - timedelta(days=days),
        **more,
    }


def tables(rows, posts=(POST,)):
    found = members.tables(
        frame("comments", rows).lazy(), pl.LazyFrame(list(posts), schema=list(POST)), AT, ZONE
    )
    return {name: TABLES[name].validate(rows, cast=True) for name, rows in found.items()}


def one(found, platform="bluesky", period="28d"):
    chosen = found.filter(pl.col("platform") == platform, pl.col("period") == period)
    return chosen.row(0, named=True) if chosen.height else None


def test_a_member_s_figures_are_what_one_counts_by_hand():
    rows = [
        comment(1, "lea", 1), comment(2, "lea", 8, post_id="mastodon:2"), comment(3, "lea", 60),
        comment(4, "tom", 2), comment(5, "brand", 0.5, from_channel=True, in_reply_to="c1"),
        comment(6, "brand", 0.4, from_channel=True, in_reply_to="c1"),
        comment(7, "lea", 200), comment(8, "lea", -1), comment(9, "lea", 1, post_id="elsewhere"),
    ]  # fmt: skip
    posts = (POST, {**POST, "post_id": "mastodon:2", "platform": "mastodon"})
    found = tables(rows, posts)["members"]
    assert one(found) is None  # each spoke once there within 28 days
    assert one(found, "all") == {
        "entity_id": "brand", "platform": "all", "period": "28d", "author_key": "lea",
        "comments": 2, "posts_commented": 2, "weeks_active": 2,
        "first_at": AT - timedelta(days=8), "last_at": AT - timedelta(days=1),
        "share": pytest.approx(2 / 3), "answered": 2, "rank": 1,
    }  # fmt: skip
    assert one(found, "all", "90d")["comments"] == 3
    assert one(found, "bluesky", "90d")["share"] == pytest.approx(2 / 3)


def test_only_the_top_are_listed_and_equals_share_their_rank():
    rows = [comment(f"{a}/{n}", f"a{a:02d}", 1 + n) for a in range(TOP + 10) for n in range(2)]
    rows += [comment(f"x{n}", "busy", 1) for n in range(3)]
    found = tables(rows)["members"].filter(platform="all", period="28d")
    assert found.height == TOP
    assert found.sort("rank")["author_key"][0] == "busy"
    assert set(found["rank"]) == {1, 2}
    assert found["share"].sum() < 1  # those not listed count in the whole


def test_answers_to_members_count_and_what_cannot_be_known_does_not():
    rows = [
        comment(0, "a", 2), comment(1, "b", 1, in_reply_to="c0"),
        comment(2, "a", 1, in_reply_to="c0"), comment(3, "brand", 1, from_channel=True),
        comment(4, "c", 1, in_reply_to="c3"), comment(5, "d", 1, in_reply_to="c1"),
        comment(6, "e", 1, in_reply_to="never collected"),
    ]  # fmt: skip
    flat = {**POST, "post_id": "feed:1", "platform": "feed"}
    rows += [comment(f"f{n}", f"f{n}", 1, post_id="feed:1") for n in range(6)]
    found = tables(rows, (POST, flat))["communities"]
    row = one(found)
    assert (row["member_to_member"], row["member_to_member_n"]) == (pytest.approx(2 / 5), 5)
    assert row["member_to_member_low"] < 2 / 5 < row["member_to_member_high"]
    assert one(found, "feed")["member_to_member"] is None  # nothing there tells who answers whom
    assert one(found, "all")["member_to_member_n"] == 5


def test_planted_returns_and_concentration_are_found_within_their_intervals():
    rng = np.random.default_rng(4)
    held = {"returning_rate": 0, "share_of_top_10pct": 0}
    many = np.exp(rng.normal(0, 1, 40_000))
    truth_top = _top(1 + rng.poisson(many))
    for _ in range(16):
        rows = []
        for author in range(120):
            back = rng.random() < 0.4
            count = 1 + rng.poisson(np.exp(rng.normal(0, 1)))
            days = rng.uniform(14.1, 27.9, count)
            days[0] = 20
            rows += [comment(f"{author}/{n}", f"a{author}", day) for n, day in enumerate(days)]
            rows += [comment(f"{author}/back", f"a{author}", 3)] if back else []
        found = one(tables(rows)["communities"])
        assert found["members"] == found["returning_rate_n"] == 120
        held["returning_rate"] += found["returning_rate_low"] <= 0.4 <= found["returning_rate_high"]
        early = [row for row in rows if not row["comment_id"].endswith("back")]
        top = one(tables(early)["communities"])
        held["share_of_top_10pct"] += (
            top["share_of_top_10pct_low"] <= truth_top <= top["share_of_top_10pct_high"]
        )
    # 95 % and, as measured, 85 %: what falls short of these has a chance under one in a hundred.
    assert held["returning_rate"] >= 12, held
    assert held["share_of_top_10pct"] >= 9, held


def _top(counts):
    ordered = np.sort(counts)[::-1]
    return ordered[: len(ordered) // 10].sum() / ordered.sum()


def test_the_top_tenth_of_a_histogram_is_that_of_the_authors():
    counts, times = np.array([9, 4, 1]), np.array([1, 3, 16])
    assert top_share(counts, times) == pytest.approx((9 + 4) / (9 + 12 + 16))


def test_small_groups_have_counts_but_no_shares():
    found = one(tables([comment(n, f"a{n}") for n in range(4)])["communities"])
    assert (found["members"], found["comments"], found["returning_rate_n"]) == (4, 4, 0)
    for name in ("share_of_top_10pct", "returning_rate", "member_to_member"):
        assert found[name] is None
    full = one(tables([comment(n, f"a{n}") for n in range(LEAST_MEMBERS)])["communities"])
    assert full["share_of_top_10pct"] == pytest.approx(0.1)


def test_nobody_speaks_and_the_tables_are_empty():
    assert all(rows.is_empty() for rows in tables([]).values())
