import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import boost, formats, lift, periods

from . import world

LEVELS = {"a": 3.0, "b": 6.0, "c": 4.5}
WORTH = {"photo": 0.0, "video": 0.7, "text": -0.5}


def posts(seed, per_week=4, weeks=12, noise=0.5):
    """Posts with known usual levels; `usual` is the truth on the log scale."""
    rng = np.random.default_rng(seed)
    rows = []
    for channel, level in LEVELS.items():
        for week in range(weeks):
            for _ in range(per_week):
                form = str(rng.choice(list(WORTH), p=[0.5, 0.3, 0.2]))
                usual = level + WORTH[form]
                value = float(rng.poisson(np.exp(usual + rng.normal(0, noise))))
                rows.append((channel, "bluesky", form, week, value, usual))
    names = ["channel_id", "platform", "format", "week", "engagement_7d", "usual"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_row_index("post_id")
    return frame.with_columns(
        pl.col("week").cast(pl.Int16),
        engagement_7d_is_measured=pl.lit(value=True),
        age_h=pl.lit(168.0),
        projection_var=pl.lit(0.0),
    ).lazy()


def lifted(rows):
    return lift.lifts(rows, lift.baselines(rows, None)).collect()


def test_intervals_hold_the_true_lift_and_the_baseline_is_unbiased():
    covered, bias = [], []
    for seed in range(12):
        got = lifted(posts(seed)).drop_nulls("lift").filter(pl.col("week") > 3)
        truth = (got["engagement_7d"] + 0.5).log() - got["usual"]
        low, high = got["lift_low"].log(), got["lift_high"].log()
        covered.append(((truth >= low) & (truth <= high)).mean())
        bias.append((got["lift"].log() - truth).mean())
    assert 0.91 <= np.mean(covered) <= 0.99
    assert abs(np.mean(bias)) < 0.05


@settings(max_examples=30)
@given(st.integers(0, 5), st.floats(2, 20))
def test_scale_of_an_account_does_not_matter(seed, factor):
    rows = posts(seed, weeks=5)
    bigger = rows.with_columns(engagement_7d=(pl.col("engagement_7d") + 0.5) * factor - 0.5)
    one, two = lifted(rows).sort("post_id"), lifted(bigger).sort("post_id")
    assert one["lift"].is_null().equals(two["lift"].is_null())
    assert np.allclose(one["lift"].drop_nulls(), two["lift"].drop_nulls())


def test_a_post_is_not_its_own_yardstick():
    rows = posts(1, per_week=1, weeks=9, noise=0.0).collect()
    last = pl.col("post_id") == rows.filter(pl.col("channel_id") == "b")["post_id"].max()
    hit = pl.when(last).then(pl.col("engagement_7d") * 50).otherwise(pl.col("engagement_7d"))
    got = lifted(rows.with_columns(engagement_7d=hit).lazy()).filter(last)
    assert got["lift"][0] > 20


def test_under_five_posts_there_is_no_lift():
    rows = posts(0, per_week=1, weeks=4)
    assert lifted(rows)["lift"].null_count() == 12
    assert lifted(posts(0, per_week=1, weeks=5)).filter(pl.col("week") == 4)["lift"].count() == 3


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=9), st.data())
def test_median_of_the_rest_is_that_of_the_rest(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    frame = pl.DataFrame({"level": [float(v) for v in values]})
    middles = frame.select(lift.middles("cell"))
    value = pl.lit(float(values[place]))
    got = middles.select(lift.median_of_rest("cell", value, pl.lit(value=True))).item()
    rest = values[:place] + values[place + 1 :]
    assert got == (pytest.approx(float(np.median(rest))) if rest else None)
    assert middles.select(lift.median("cell")).item() == pytest.approx(float(np.median(values)))


def test_likes_out_of_proportion_are_suspect():
    rng = np.random.default_rng(0)
    likes = rng.poisson(100, 40)
    frame = pl.DataFrame(
        {"channel_id": ["c"] * 40, "week": [5] * 40, "likes": likes, "lift": [1.0] * 39 + [9.0],
         "comments": rng.poisson(10, 40), "shares": rng.poisson(5, 40)},
        schema_overrides={"week": pl.Int16},
    )  # fmt: skip
    spiked = frame.with_columns(
        likes=pl.when(pl.int_range(pl.len()) == 39).then(2500).otherwise(pl.col("likes"))
    ).lazy()
    got = boost.suspects(spiked, boost.usual_ratio(spiked, None)).collect()
    assert got.filter("is_boost_suspect")["lift"].to_list() == [9.0]
    none = boost.suspects(frame.lazy(), boost.usual_ratio(frame.lazy(), None)).collect()
    assert not none["is_boost_suspect"].any()


def test_format_lifts_hold_the_planted_effects():
    """photo, video and text at 1, 2 and 0.5 in equal parts: true log contrasts are known."""
    logs = {name: np.log(effect) for name, effect in world.EFFECTS.items()}
    covered = []
    for seed in range(6):
        core = world.market(seed=seed, channels=3, weeks=16, per_week=6)
        rows = posts_of(core)
        got = formats.format_stats(periods.format_cells(rows, world.AT)).filter(
            pl.col("period") == "365d", pl.col("platform") == "all"
        )
        for row in got.iter_rows(named=True):
            others = got.filter(
                pl.col("entity_id") == row["entity_id"], pl.col("format") != row["format"]
            )
            shares = dict(others.select("format", "posts").iter_rows())
            rest = sum(logs[f] * n for f, n in shares.items()) / sum(shares.values())
            truth = np.exp(logs[row["format"]] - rest)
            covered.append(row["lift_low"] <= truth <= row["lift_high"])
    assert len(covered) == 54
    assert np.mean(covered) >= 0.85


def posts_of(core):
    """Posts with their last likes as engagement_7d; old ones only."""
    total = pl.sum_horizontal("likes", "comments", "shares").max().cast(pl.Float64)
    level = core["metrics"].group_by("post_id").agg(engagement_7d=total, n=pl.len())
    channels = core["channels"].select("channel_id", "entity_id", "platform")
    return (
        core["posts"]
        .join(level.filter(pl.col("n") == 4), on="post_id")
        .join(channels, on="channel_id")
    )
