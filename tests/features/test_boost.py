"""Boost suspects: what each rule does, and precision and recall on planted boosts."""

import numpy as np
import polars as pl
import pytest

from benchmarks import boosts
from features import boost


def posts(n=40, judged=None, week=5):
    """An account's posts with 100 likes, 10 comments and 5 shares or so; `judged` changes one."""
    rng = np.random.default_rng(0)
    rows = [
        {"channel_id": "c", "week": week, "likes": int(likes), "comments": int(comments),
         "shares": int(shares), "lift": 1.0, "place": place}
        for place, (likes, comments, shares) in enumerate(
            zip(rng.poisson(100, n), rng.poisson(10, n), rng.poisson(5, n), strict=True)
        )
    ]  # fmt: skip
    rows[-1] |= judged or {}
    return pl.DataFrame(rows, schema_overrides={"week": pl.Int16, "shares": pl.Int64})


def suspected(frame):
    found = boost.suspects(frame.lazy(), boost.usual_ratio(frame.lazy(), None)).collect()
    assert found.columns == [*frame.columns, "is_boost_suspect"]
    return found.filter("is_boost_suspect")["place"].to_list()


@pytest.mark.parametrize(
    ("judged", "found"),
    [
        ({}, []),
        ({"likes": 2500, "lift": 9.0}, [39]),
        ({"likes": 2500, "lift": 1.0}, []),  # no more than usual: nobody paid for that
        ({"likes": 2500, "lift": 1.5}, [39]),  # extreme: a modest lift is enough
        ({"likes": 500, "comments": 15, "shares": 3, "lift": 1.5}, []),
        ({"likes": 500, "comments": 15, "shares": 3, "lift": 2.5}, [39]),
        ({"likes": 2500, "comments": 250, "shares": 125, "lift": 25.0}, []),  # everything follows
        ({"likes": 2500, "lift": None}, []),
        ({"likes": None, "lift": 9.0}, []),
        ({"likes": 2500, "comments": None, "lift": 9.0}, []),
    ],
)
def test_a_post_is_suspect_where_its_likes_alone_stand_out(judged, found):
    assert suspected(posts(judged=judged)) == found


def test_shares_that_are_hidden_are_not_none():
    """Mostly shared posts: one whose shares are hidden has no more likes to the rest for that."""
    most = posts().with_columns(shares=pl.col("comments") * 30 + pl.col("shares"))
    hidden = pl.col("place") == 39
    frame = most.with_columns(
        shares=pl.when(~hidden).then("shares"), lift=pl.when(hidden).then(9.0).otherwise(1.0)
    )
    assert suspected(frame) == []
    # Among eight like it, it can be judged, and stands out only by likes of its own.
    some = pl.col("place") >= 28
    frame = most.with_columns(
        shares=pl.when(~some).then("shares"),
        lift=pl.when(hidden).then(9.0).otherwise(1.0),
        likes=pl.when(hidden).then(2500).otherwise("likes"),
    )
    assert suspected(frame) == [39]


def test_the_judged_post_is_no_part_of_what_is_usual():
    frame = posts(9, {"likes": 2500, "lift": 9.0})
    usual = boost.usual_ratio(frame.lazy(), [5]).collect()
    rest = frame.filter(pl.col("place") < 8).select(boost.like_ratio())["likes"].median()
    middle = pl.select(pl.lit(np.log(2501 / 12))).to_series()[0]
    found = usual.select(boost.median_of_rest("usual", pl.lit(middle), pl.lit(value=True)))
    assert found.item() == pytest.approx(rest)


def test_under_eight_posts_nobody_is_suspect():
    judged = {"likes": 2500, "lift": 9.0}
    assert suspected(posts(8, judged)) == [7]
    assert suspected(posts(7, judged)) == []


def test_most_suspects_are_boosted_and_most_boosted_are_suspects():
    found = boosts.measure(6)
    assert found["n"] >= 40
    assert found["precision"] >= 0.8, found
    assert found["recall"] >= 0.6, found
