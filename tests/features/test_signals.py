from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import signals

from . import world

TODAY = date(2026, 6, 26)


def daily(negative, comments=None):
    """Daily counts that end today."""
    days = [TODAY - timedelta(days=len(negative) - 1 - i) for i in range(len(negative))]
    return pl.DataFrame(
        {"entity_id": ["e"] * len(days), "day": days, "negative": negative,
         "comments": comments or [n + 10 for n in negative],
         "post_ids": [["p"]] * len(days)}
    )  # fmt: skip


def test_a_burst_of_negative_comments_is_raised_with_its_posts():
    got = signals.bad_buzz(daily([1, 0, 2] * 10 + [40]), TODAY).row(0, named=True)
    assert (got["kind"], got["entity_id"], got["severity"]) == ("bad_buzz", "e", "critical")
    assert (got["value"], got["usual"], got["post_ids"]) == (40, 1, ["p"])


def test_usual_noise_raises_nothing():
    rng = np.random.default_rng(0)
    counts = rng.poisson(3, 200).tolist()
    raised = [signals.bad_buzz(daily(counts[: end + 1]), TODAY).height for end in range(30, 200)]
    assert sum(raised) == 0


def test_more_talk_of_the_same_tone_is_no_bad_buzz():
    table = daily([2] * 30 + [40], [20] * 30 + [800])
    assert signals.bad_buzz(table, TODAY).is_empty()


def test_without_history_nothing_is_judged():
    assert signals.bad_buzz(daily([0, 0, 40]), TODAY).is_empty()
    assert signals.bad_buzz(daily([0]).clear(), TODAY).is_empty()


@given(st.lists(st.integers(0, 50), min_size=20, max_size=60), st.lists(st.integers(0, 99)))
def test_a_day_is_judged_by_the_days_before_it(before, after):
    table = daily([*before, *after])
    day = TODAY - timedelta(days=len(after))
    one = signals.bad_buzz(table, day)
    assert one.equals(signals.bad_buzz(table.filter(pl.col("day") <= day), day))


@pytest.mark.parametrize("noise", [1.0, 4.0])
def test_bad_buzz_on_overdispersed_days_is_found_and_quiet_otherwise(noise):
    """Weekends are quiet and the level doubles; a bad day is worth fifteen usual ones."""
    found = false = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        rate = np.where(np.arange(150) % 7 >= 5, 1.6, 4.0)
        rate[75:] *= 2
        counts = rng.negative_binomial(noise, noise / (noise + rate))
        counts[-1] += rng.poisson(60)
        table = daily(counts.tolist())
        found += signals.bad_buzz(table, TODAY).height
        days = [TODAY - timedelta(days=age) for age in range(1, 60, 2)]
        false += sum(signals.bad_buzz(table, day).height for day in days)
    assert found >= 9
    assert false <= 3


def posts(gaps_d, last_d, entity="e"):
    """Posts with these gaps, the last one `last_d` days ago."""
    ages = last_d + np.concatenate([[0], np.cumsum(gaps_d[::-1])])
    times = [world.AT - timedelta(days=float(age)) for age in ages[::-1]]
    return pl.DataFrame(
        {"post_id": [f"{entity}{i}" for i in range(len(times))], "entity_id": entity,
         "channel_id": f"bluesky:{entity}", "published_at": times}
    )  # fmt: skip


ENTITIES = pl.DataFrame({"entity_id": ["e", "t"], "role": ["competitor", "topic"]})


def test_a_competitor_gone_quiet_is_noticed_and_a_slow_one_is_not():
    quiet = signals.silent(posts([1.0] * 20, 25), ENTITIES, world.AT)
    assert quiet["entity_id"].to_list() == ["e"]
    assert quiet["channel_ids"].to_list() == [["bluesky:e"]]
    assert signals.silent(posts([14.0] * 20, 25), ENTITIES, world.AT).is_empty()
    assert signals.silent(posts([1.0] * 20, 5), ENTITIES, world.AT).is_empty()
    assert signals.silent(posts([1.0] * 3, 50), ENTITIES, world.AT).is_empty()
    assert signals.silent(posts([1.0] * 20, 50, "t"), ENTITIES, world.AT).is_empty()


def test_only_young_and_sure_posts_break_out():
    rows = pl.DataFrame(
        {"post_id": ["hit", "unsure", "old"], "entity_id": ["e"] * 3, "channel_id": ["c"] * 3,
         "published_at": [world.AT - timedelta(days=d) for d in (2, 2, 9)],
         "lift": [12.0, 5.0, 12.0], "lift_low": [8.0, 2.0, 8.0]}
    )  # fmt: skip
    got = signals.breakouts(rows, world.AT)
    assert got["post_ids"].to_list() == [["hit"]]
    assert got["severity"].to_list() == ["critical"]


def test_rises_of_the_week_over_all_platforms():
    rows = pl.DataFrame(
        {"kind": ["hashtag"] * 3, "key": ["a", "b", "c"], "platform": ["all", "bluesky", "all"],
         "week": [TODAY] * 3, "status": ["rising", "rising", "steady"], "ratio": [3.0] * 3,
         "q_value": [0.01] * 3, "examples": [["p"]] * 3}
    )  # fmt: skip
    got = signals.rising(rows, TODAY)
    assert got.select("key", "trend", "entity_id").rows() == [("a", "hashtag", None)]
