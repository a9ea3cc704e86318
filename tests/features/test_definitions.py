"""Engagement rates under every definition: by hand, and against planted truth."""

from datetime import timedelta
from statistics import fmean, stdev

import numpy as np
import polars as pl
import pytest
from scipy import stats

from data.tables import TABLES
from features import definitions
from features.definitions import DEFINITIONS, PER_DAY
from tests.features.world import AT, frame

POSTS = 6
LIKES, COMMENTS, SHARES = range(10, 16), range(6), range(2, 8)


def post(number, **more):
    counts = {"likes": LIKES[number], "comments": COMMENTS[number], "shares": SHARES[number]}
    return {
        "post_id": f"bluesky:{number}",
        "channel_id": "bluesky:a",
        "entity_id": "brand",
        "published_at": AT - timedelta(days=number + 1),
        "engagement": sum(counts.values()),
        "engagement_7d": 2.0 * sum(counts.values()),
        "followers": 1000.0,
        **counts,
        **more,
    }


def featured(rows):
    schema = TABLES["post_features"].create_empty().schema
    full = [{"platform": "bluesky"} | row for row in rows]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in full], schema=schema)


def rates(rows, profiles=(), insights=()):
    seen = profiles or [{"channel_id": "bluesky:a", "observed_at": AT, "followers": 2000}]
    found = definitions.rates(
        featured(rows).lazy(),
        frame("profiles", seen).lazy(),
        frame("insights", insights).lazy(),
        AT,
    )
    return TABLES["rates"].validate(found, cast=True)


def one(found, definition, platform="bluesky", period="28d"):
    chosen = {"definition": definition, "platform": platform, "period": period}
    rows = found.filter(*(pl.col(name) == value for name, value in chosen.items()))
    return rows.row(0, named=True) if rows.height else None


def interactions():
    return [sum(counts) for counts in zip(LIKES, COMMENTS, SHARES, strict=True)]


BY_HAND = {
    "mean_7d": [2 * count / 1000 for count in interactions()],
    "followers_of_day": [count / 1000 for count in interactions()],
    "followers_today": [count / 2000 for count in interactions()],
    "without_shares": [(a + b) / 1000 for a, b in zip(LIKES, COMMENTS, strict=True)],
    "with_saves": [(count + 4) / 1000 for count in interactions()],
    "per_view": [count / 500 for count in interactions()],
    "per_reach": [count / (100 + n) for n, count in enumerate(interactions())],
    "per_impression": [count / (300 + n) for n, count in enumerate(interactions())],
}


@pytest.mark.parametrize("definition", BY_HAND)
def test_each_mean_is_what_one_computes_by_hand(definition):
    insights = [
        {"entity_id": "brand", "post_id": f"bluesky:{n}", "day": AT.date(), "source": source,
         "reach": 100 + n, "impressions": 300 + n}
        for n in range(POSTS)
        for source in ("meta", "meta again")
    ]  # fmt: skip
    found = one(
        rates([post(n, saves=4, views=500) for n in range(POSTS)], (), insights), definition
    )
    values = BY_HAND[definition]
    half = stats.t.ppf(0.975, POSTS - 1) * stdev(values) / POSTS**0.5
    assert found["value"] == pytest.approx(fmean(values))
    assert (found["low"], found["high"]) == pytest.approx(
        (max(fmean(values) - half, 0), fmean(values) + half)
    )
    assert found["n"] == POSTS


def test_every_definition_but_per_day_is_checked_by_hand():
    assert {entry.definition for entry in DEFINITIONS} == {*BY_HAND, PER_DAY}


def test_per_day_divides_by_days_and_by_the_followers_of_all_channels():
    rows = [post(n) for n in range(POSTS)]
    other = {"channel_id": "bluesky:b", "followers": 3000.0}
    rows += [post(n, post_id=f"bluesky:b{n}", **other) for n in range(POSTS)]
    seen = [
        {"channel_id": f"bluesky:{name}", "observed_at": AT, "followers": followers}
        for name, followers in (("a", 2000), ("b", 3000))
    ]
    found = one(rates(rows, seen), PER_DAY)
    assert found["value"] == pytest.approx(2 * sum(interactions()) / (28 * 5000))
    assert found["n"] == 2 * POSTS


def test_the_longer_period_has_more_posts_and_all_platforms_those_of_each():
    rows = [post(n) for n in range(5)] + [post(5, published_at=AT - timedelta(days=60))]
    elsewhere = {"platform": "mastodon", "channel_id": "mastodon:a"}
    rows += [post(n, post_id=f"mastodon:{n}", **elsewhere) for n in range(5)]
    found = rates(rows)
    counts = [
        one(found, "mean_7d", platform, period)["n"]
        for platform in ("bluesky", "mastodon", "all")
        for period in ("28d", "90d")
    ]
    assert counts == [5, 6, 5, 5, 10, 11]


def test_what_a_platform_hides_has_no_figure():
    found = rates([post(n, followers=None, shares=None) for n in range(POSTS)])
    names = set(found["definition"])
    assert names == {"followers_today", PER_DAY}
    assert one(rates([post(n) for n in range(POSTS)]), "with_saves") is None


def test_under_five_posts_there_is_n_and_no_figure():
    found = one(rates([post(n) for n in range(4)]), "mean_7d")
    assert found["n"] == 4
    assert [found[name] for name in ("value", "low", "high")] == [None] * 3


def test_nothing_in_nothing_out():
    assert rates([]).is_empty()


def test_the_table_of_definitions_keeps_its_contract():
    table = TABLES["definitions"].validate(definitions.table(), cast=True)
    assert table.height == len(DEFINITIONS)


def planted(runs, followers):
    """One entity a run: posts arrive at a Poisson rate of 40 in 28 days, counts are gamma."""
    rng = np.random.default_rng(5)
    entity = np.repeat(np.arange(runs), rng.poisson(40, runs))
    counts = rng.gamma(2.0, 30.0, entity.size).round().astype(int)
    ages = rng.uniform(0, 28, entity.size)
    return [
        post(0, post_id=f"bluesky:{i}", channel_id=f"bluesky:{who}", entity_id=str(who),
             engagement=int(count), followers=followers, published_at=AT - timedelta(days=age))
        for i, (who, count, age) in enumerate(zip(entity, counts, ages.tolist(), strict=True))
    ]  # fmt: skip


def test_intervals_cover_the_truth():
    runs, followers = 400, 10_000.0
    seen = [
        {"channel_id": f"bluesky:{n}", "observed_at": AT, "followers": 10_000} for n in range(runs)
    ]
    found = rates(planted(runs, followers), seen).filter(platform="bluesky", period="28d")
    for definition, truth in (("followers_of_day", 60), (PER_DAY, 60 * 40 / 28)):
        rows = found.filter(definition=definition).select("low", "high", "value") * followers
        covered = ((rows["low"] <= truth) & (truth <= rows["high"])).mean()
        assert 0.92 <= covered <= 0.975
        assert rows["value"].mean() == pytest.approx(truth, rel=0.02)
