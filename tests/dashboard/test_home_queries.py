"""What the home pages read: changes, comments that wait, the calendar, the grid, influencers."""

import math
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats as scipy_stats

from dashboard import queries
from dashboard.queries import stats
from dashboard.queries.standing import Change
from dashboard.queries.stats import Estimate
from tests.dashboard import sample

Scope = queries.Scope
BRAND = "maison-alpine"


def test_students_quantile_is_that_of_the_tables():
    df = [4, 5, 10, 30, 200]
    found = pl.DataFrame({"df": df}).select(stats.student(pl.col("df"))).to_series()
    assert found.to_list() == pytest.approx(scipy_stats.t.ppf(0.975, df), rel=0.01)


def test_a_difference_takes_the_ends_that_matter():
    found = stats.difference(Estimate(10, 8, 15, 9), Estimate(6, 5, 9, 7))
    assert (found.value, found.n) == (4, 7)
    assert found.low == pytest.approx(4 - math.hypot(2, 3))
    assert found.high == pytest.approx(4 + math.hypot(5, 1))


def test_a_difference_of_two_medians_covers_the_truth():
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        now, before = rng.lognormal(0.3, 1, 30), rng.lognormal(0, 1, 25)
        by = stats.difference(stats.middle(pl.Series(now)), stats.middle(pl.Series(before)))
        held += by.low <= math.exp(0.3) - 1 <= by.high
    assert 0.93 <= held / 300 <= 1


def test_a_pace_covers_the_truth_and_widens_with_bursts():
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(300):
        days = rng.poisson(0.9, 28)
        found = stats.pace(pl.Series(days[days > 0]), 28)
        assert found.value == pytest.approx(days.sum() / 4)
        held += found.low <= 0.9 * 7 <= found.high
    assert 0.92 <= held / 300 <= 0.995
    even, bursts = stats.pace(pl.Series([1] * 24), 28), stats.pace(pl.Series([12, 12]), 28)
    assert bursts.high - bursts.low > 2 * (even.high - even.low)


def test_a_share_covers_the_truth():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        own, rest = (rng.lognormal(3, 0.8, rng.poisson(n)) for n in (30, 90))
        found = stats.part(pl.Series(own), pl.Series(rest))
        held += found.low <= 0.25 <= found.high
    assert 0.91 <= held / 300 <= 0.99


def test_changes_compare_two_windows_of_the_same_length(full):
    posts = full.scan("post_features").filter(pl.col("entity_id") == BRAND).collect()
    age = (sample.END - posts["published_at"]).dt.total_seconds() / 86400
    pace = queries.changes("all", "28d", BRAND)["posts_per_week"]
    assert pace.now.n == (age < 28).sum()
    assert pace.before.n == ((age >= 28) & (age < 56)).sum()
    assert pace.by.value == pytest.approx((pace.now.n - pace.before.n) / 4)
    rate = queries.changes("all", "28d", BRAND)["engagement_rate"]
    late = posts.filter(age < 28)["engagement_rate"].drop_nulls()
    assert rate.now.value == pytest.approx(late.median())
    share = queries.changes("all", "28d", BRAND)["share_of_engagement"]
    assert 0 < share.now.low < share.now.value < share.now.high < 1


def test_a_history_that_is_too_short_tells_no_change(full):
    assert queries.changes("all", "365d", BRAND)["posts_per_week"].verdict == "short"


def test_channels_first_seen_in_between_do_not_count(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "new")
    for table in ("entities", "channels", "coverage"):
        store.replace(table, full.scan(table).collect())
    fresh = (pl.col("channel_id") == f"youtube:{BRAND}") & (
        pl.col("published_at") <= sample.END - timedelta(days=40)
    )
    store.replace("post_features", full.scan("post_features").filter(~fresh).collect())
    found = queries.changes("all", "28d", BRAND)["posts_per_week"]
    assert (found.channels, found.watched) == (2, 3)
    assert found.by is not None


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.1, 0.3, "up"), (-0.1, 0.3, "level"), (-0.3, -0.1, "down")]
)
def test_a_change_is_called_one_only_beyond_chance(low, high, verdict):
    some = Estimate(1, 0, 2, 9)
    assert Change(some, some, Estimate(0.2, low, high, 9), 2, 2).verdict == verdict
    assert Change(some, None, None, 2, 2).verdict == "few"


def test_comments_wait_until_the_channel_answers_them(full):
    rows = queries.waiting(Scope(entities=(BRAND,)))
    assert rows["unanswered"].to_list() == [2, 1]
    assert rows["comments"].to_list() == [3, 1]
    assert rows["questions"].to_list() == [1, 0]
    assert rows["said"].to_list() == ["Do you ship to Belgium?", "Nice ridge."]
    assert rows["since"][0] == sample.END - timedelta(hours=5)
    assert queries.waiting(Scope(entities=("granit",))).is_empty()


def test_the_calendar_counts_every_day_of_five_weeks(full):
    rows = queries.calendar(Scope(period="7d"))
    assert rows.group_by("entity_id").len()["len"].unique().to_list() == [35]
    assert "bivouac" not in rows["entity_id"].to_list()
    assert rows["day"].max() == sample.END.date()
    start = sample.END - timedelta(days=34, hours=18)
    known = full.scan("post_features").filter(
        pl.col("published_at") > start, pl.col("entity_id") != "bivouac"
    )
    assert abs(int(rows["posts"].sum()) - known.collect().height) <= 3


def test_breakouts_are_sure_and_the_surest_first(full):
    rows = queries.breakouts(Scope(period="90d"))
    assert rows["lift_low"].min() > 1
    assert rows["lift_low"].to_list() == sorted(rows["lift_low"], reverse=True)
    assert "bivouac" not in rows["entity_id"].to_list()


def test_the_grid_finds_the_planted_formats_and_withholds_small_cells(full):
    rows = queries.grid(Scope(period="365d"))
    small = rows.filter(pl.col("posts") < 5)
    assert small["lift"].null_count() == small.height > 0
    told = rows.filter(pl.col("lift").is_not_null())
    assert told.filter(
        (pl.col("lift_low") > pl.col("lift")) | (pl.col("lift_high") < pl.col("lift"))
    ).is_empty()
    by_format = told.group_by("format").agg(pl.col("lift").mean())
    lifts = dict(by_format.iter_rows())
    assert lifts["carousel"] > 1.3
    assert lifts["link"] < 0.9


@pytest.mark.parametrize(
    ("period", "window"), [("7d", "28d"), ("28d", "28d"), ("90d", "90d"), ("365d", "90d")]
)
def test_effects_are_those_of_the_nearest_window(period, window, monkeypatch):
    monkeypatch.setattr("dashboard.queries.planning.EFFECT_PERIODS", ("28d", "90d"))
    assert queries.effect_period(period) == window


def test_influencers_are_counted_with_an_interval(full):
    rows = queries.influencers("all", "90d")
    assert set(rows["entity_id"]) == {"lea-grimpe", "tom-outside"}
    row = rows.filter(pl.col("entity_id") == "lea-grimpe").row(0, named=True)
    posts = queries.find(Scope(period="90d", entities=("lea-grimpe",)))[1]
    assert row["posts"] == posts
    assert row["share_low"] == pytest.approx(0)
    assert 0 < row["share_high"] < 0.2
    assert row["weeks_active"] <= row["weeks"] <= 13
    assert row["followers"] == 2 * 25_200


def test_examples_are_of_the_format_or_type_asked_for(full):
    shown = queries.examples(Scope(period="365d"), "poll")
    known = full.scan("post_features").filter(pl.col("post_id").is_in(shown)).collect()
    assert set(known["format"]) == {"poll"}
    assert len(queries.examples(Scope(period="365d"), type_id="ct-4")) == 3
