"""Shares of positive and negative comments: by hand, and against a planted share."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from features import reputation
from features.reputation import LEAST_POSTS, LEAST_READ, QUALITY

AT = datetime(2026, 11, 20, tzinfo=UTC)
PLANTED = {"positive": 0.35, "negative": 0.12}
MARKETS = 600


def frame(rows):
    """Posts of post_features from (entity, platform, age in days, read, positive, negative)."""
    names = ("entity_id", "platform", "age", "comments_read", "comments_positive",
             "comments_negative")  # fmt: skip
    posts = pl.DataFrame(rows, schema=names, orient="row")
    at = pl.lit(AT) - pl.duration(hours=(24 * pl.col("age")).cast(pl.Int64))
    return posts.lazy().with_columns(published_at=at)


def one(found, **where):
    return found.filter(**{"platform": "all", "period": "28d", **where}).row(0, named=True)


def test_shares_are_comments_over_comments_of_the_period():
    posts = [("a", "x", 3, 10, 4, 2)] * 4 + [("a", "y", 9, 20, 5, 1), ("a", "y", 40, 60, 60, 0)]
    found = reputation.tones_of(frame(posts), AT)
    month, quarter = one(found), one(found, period="90d")
    assert (month["n"], month["posts"]) == (60, 5)
    assert month["positive"] == pytest.approx(21 / 60)
    assert month["negative"] == pytest.approx(9 / 60)
    assert (quarter["n"], quarter["positive"]) == (120, pytest.approx(81 / 120))
    assert found.filter(platform="x", period="28d")["n"].to_list() == [40]


def test_an_interval_by_hand():
    """Five posts, ten comments each: the design effect is that of the posts' own shares."""
    counts = [1, 2, 4, 6, 7]
    row = one(reputation.tones_of(frame([("a", "x", 3, 10, k, 0) for k in counts]), AT))
    p, t, z = 20 / 50, 2.7764451051977934, 1.96
    variance = 5 / 4 * sum((k - 10 * p) ** 2 for k in counts) / 50**2
    m = 50 / (variance / (p * (1 - p) / 50)) * (z / t) ** 2
    centre = (p + z**2 / (2 * m)) / (1 + z**2 / m)
    half = z / (1 + z**2 / m) * (p * (1 - p) / m + z**2 / (4 * m**2)) ** 0.5
    assert row["positive_low"] == pytest.approx(centre - half)
    assert row["positive_high"] == pytest.approx(centre + half)
    # None of fifty, but of five posts: far from certain.
    assert row["negative"] == row["negative_low"] == 0
    assert row["negative_high"] > 0.4


@pytest.mark.parametrize(
    ("posts", "each"), [(LEAST_POSTS - 1, LEAST_READ), (LEAST_POSTS, LEAST_READ // LEAST_POSTS - 1)]
)
def test_few_posts_or_comments_give_no_share(posts, each):
    row = one(reputation.tones_of(frame([("a", "x", 1, each, 1, 1)] * posts), AT))
    assert {row[name] for name in row if name.startswith(("positive", "negative"))} == {None}
    assert (row["n"], row["posts"]) == (posts * each, posts)


def test_posts_without_a_readable_comment_count_for_nothing():
    posts = [("a", "x", 1, None, None, None), ("a", "x", 1, 0, 0, 0)]
    assert reputation.tones_of(frame(posts), AT).is_empty()


def test_shares_are_unbiased_and_intervals_cover_what_was_planted():
    """Comments under one post agree: each post has its own share around the planted one."""
    rng = np.random.default_rng(11)
    sure = np.array([*PLANTED.values(), 1 - sum(PLANTED.values())]) * 4
    posts = []
    for market in range(MARKETS):
        for tone in rng.dirichlet(sure, 40):
            read = 1 + rng.poisson(6)
            good, bad, _ = rng.multinomial(read, tone)
            posts.append((f"e{market}", "x", 2, read, int(good), int(bad)))
    found = reputation.tones_of(frame(posts), AT).filter(platform="all", period="28d")
    for side, truth in PLANTED.items():
        assert found[side].mean() == pytest.approx(truth, abs=0.006)
        covered = found[f"{side}_low"].le(truth) & found[f"{side}_high"].ge(truth)
        assert 0.93 <= covered.mean() <= 0.975
        # Comments taken as independent would claim too much.
        half = 1.96 * (found[side] * (1 - found[side]) / found["n"]).sqrt()
        assert ((found[side] - truth).abs() <= half).mean() < 0.85


def test_the_quality_of_the_model_is_in_a_table():
    told = {row["language"]: row for row in reputation.models().iter_rows(named=True)}
    assert {key: row["value"] for key, row in told.items()} == QUALITY
    assert all(row["baseline"] < row["low"] < row["value"] < row["high"] for row in told.values())


def test_recent_posts_only():
    old = frame([("a", "x", 200, 40, 1, 1)] * 6)
    assert reputation.tones_of(old, AT).is_empty()
