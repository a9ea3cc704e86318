"""Cadence, conversation and survival of channels."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import cadence, community, followers, survival
from features.frames import own_posts

from . import world

MONDAY = world.AT - timedelta(days=4, hours=10)
"""Monday 22 June 2026, 00:00 UTC."""


def weeks_of(times, comments=(), profiles=()):
    people = world.who(1)
    posts = [
        {"post_id": f"p{i}", "channel_id": "bluesky:c0", "published_at": time}
        for i, time in enumerate(times)
    ]
    core = world.core(**people, posts=world.frame("posts", posts))
    own = own_posts(core, world.AT, world.ZONE).with_columns(
        engagement=pl.lit(10, pl.Int64), engagement_rate=pl.lit(0.1)
    )
    asked = community.questions(
        world.frame("comments", list(comments)).lazy(), own, world.AT, world.ZONE
    )
    seen = followers.observations(world.frame("profiles", list(profiles)).lazy(), world.AT)
    replied = community.replies(asked, ["channel_id", "week"])
    return cadence.channel_weeks(own, seen, asked, replied, world.AT, world.ZONE).collect()


def test_weeks_without_posts_are_rows_and_silence_goes_on():
    got = weeks_of([MONDAY - timedelta(days=21 - 1), MONDAY + timedelta(days=1)])
    assert got["week"].to_list() == [date(2026, 6, d) for d in (1, 8, 15, 22)]
    assert got["posts"].to_list() == [1, 0, 0, 1]
    assert got["active_days"].to_list() == [1, 0, 0, 1]
    assert got["longest_gap_d"][3] == pytest.approx(21)
    assert got["longest_gap_d"][1] == pytest.approx(13 - 2 / 24)
    assert got["engagement"].to_list() == [10, None, None, 10]


def test_a_week_starts_on_monday_in_the_market_s_time():
    got = weeks_of([MONDAY - timedelta(hours=1)])
    assert got["week"].to_list() == [date(2026, 6, 22)]


def test_clockwork_is_regular_and_chance_is_near_zero():
    daily = weeks_of([MONDAY - timedelta(days=d) for d in range(60)])
    assert daily["burstiness"][-1] == pytest.approx(-1, abs=1e-6)
    rng = np.random.default_rng(0)
    hours = rng.uniform(0, 24 * 300, 400)
    chance = weeks_of([MONDAY - timedelta(hours=float(h)) for h in hours])
    assert abs(chance["burstiness"][-1]) < 0.1
    assert weeks_of([MONDAY])["burstiness"].to_list() == [None]


def test_followers_stand_at_the_end_of_the_week():
    profiles = [
        {"channel_id": "bluesky:c0", "observed_at": MONDAY - timedelta(days=d), "followers": n}
        for d, n in ((10, 100), (3, 110), (-1, 121))
    ]
    got = weeks_of([MONDAY - timedelta(days=20)], profiles=profiles)
    assert got["followers"].to_list() == [None, 100, 110, 121]
    assert got["follower_growth_pct"].to_list()[2:] == pytest.approx([10, 10])


def talk(*minutes):
    """One comment under p0 for each; answered after so many minutes, or never (None)."""
    rows = []
    for i, wait in enumerate(minutes):
        at = MONDAY + timedelta(hours=i)
        rows.append({"comment_id": f"q{i}", "post_id": "p0", "published_at": at})
        if wait is not None:
            rows.append(
                {"comment_id": f"a{i}", "post_id": "p0", "in_reply_to": f"q{i}",
                 "published_at": at + timedelta(minutes=wait), "from_channel": True}
            )  # fmt: skip
    return rows


def test_the_unanswered_count_in_the_reply_time():
    got = weeks_of([MONDAY], talk(10, 20, 30, 40, 50)).tail(1)
    assert got["reply_rate"].to_list() == [1]
    assert got["reply_median_min"].to_list() == [30]
    waiting = weeks_of([MONDAY], talk(10, 20, 30, None, None)).tail(1)
    assert waiting["reply_rate"].to_list() == [0.6]
    assert waiting["reply_median_min"].to_list() == [30]
    mostly = weeks_of([MONDAY], talk(10, None, None, None, None)).tail(1)
    assert mostly["reply_median_min"].to_list() == [None]
    assert weeks_of([MONDAY])["reply_rate"].to_list() == [None]


def kaplan_meier(durations, happened):
    rows = pl.LazyFrame({"g": "x", "duration": durations, "happened": happened})
    return survival.medians(rows, ["g"]).collect().row(0, named=True)


def test_the_median_is_unbiased_and_covered_under_censoring():
    rng = np.random.default_rng(0)
    medians, covered = [], []
    for _ in range(120):
        event, watch = rng.exponential(60, 80), rng.uniform(20, 200, 80)
        got = kaplan_meier(np.minimum(event, watch), event <= watch)
        medians.append(got["median"])
        low, high = got["median_low"], got["median_high"]
        truth = 60 * np.log(2)
        covered.append(low <= truth and (high is None or truth <= high))
    assert np.median(medians) == pytest.approx(60 * np.log(2), rel=0.08)
    assert 0.9 <= np.mean(covered) <= 0.99


@given(st.lists(st.integers(0, 50), min_size=1, max_size=25))
def test_without_censoring_the_median_is_the_plain_one(durations):
    got = kaplan_meier([float(d) for d in durations], [True] * len(durations))
    assert got["median"] == sorted(durations)[(len(durations) - 1) // 2]
    assert got["n"] == got["events"] == len(durations)


def test_reposts_replies_and_deleted_posts_are_not_own():
    people = world.who(1)
    flags = [{}, {"is_repost": True}, {"is_reply": True}, {"deleted_at": world.AT}]
    flags += [{"deleted_at": world.AT + timedelta(days=1)}, {"published_at": None}]
    flags += [{"published_at": world.AT + timedelta(days=1)}]
    rows = [
        {"post_id": f"p{i}", "channel_id": "bluesky:c0", "published_at": MONDAY, **more}
        for i, more in enumerate(flags)
    ]
    core = world.core(**people, posts=world.frame("posts", rows))
    got = own_posts(core, world.AT, world.ZONE).collect()["post_id"]
    assert sorted(got) == ["p0", "p4"]
