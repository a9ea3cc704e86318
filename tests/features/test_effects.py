"""Effects estimated together, against a planted market that entangles what and when."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data.tables import TABLES
from features import effects, within

from . import planted_effects, world

PERIOD = (pl.col("period") == "90d", pl.col("platform") == "bluesky")


def table(rows):
    posts, types, roles = rows
    return effects.effects(posts.lazy(), types.lazy(), roles.lazy(), world.AT)


def found(rows):
    """Levels of one market beside the truth, log scale."""
    posts, types, roles = (frame.lazy() for frame in rows)
    coded = effects.coded(effects.published(posts, types, roles, world.AT))
    return planted_effects.held_against(effects.market_effects(*coded))


def naive(rows):
    """Log lift of each format by medians within account: nothing else is held equal."""
    posts, _, _ = rows
    log = pl.col("engagement_7d").log()
    apart = posts.with_columns(log=log - log.median().over("channel_id"))
    return apart.group_by(level="format").agg(naive=pl.col("log").median())


def test_what_medians_get_wrong_is_estimated_right():
    """Video and text ride on evenings, week ends and the better type: alone, both look better."""
    joint, alone = [], []
    for seed in range(12):
        rows = planted_effects.posts(seed, uneven=0.1)
        both = found(rows).filter(dimension="format").join(naive(rows), on="level")
        apart = (pl.col(name) - pl.col(name).filter(pl.col("level") == "photo").first()
                 for name in ("lift", "naive", "planted"))  # fmt: skip
        row = both.with_columns(*apart).filter(pl.col("level") == "video").row(0, named=True)
        joint.append(row["lift"] - row["planted"])
        alone.append(row["naive"] - row["planted"])
    assert abs(np.mean(joint)) < 0.05
    assert np.mean(alone) > 0.12


@pytest.mark.parametrize(
    "market",
    [{"accounts": 8}, {"accounts": 5, "per_account": 30, "uneven": 0.25}, {"tails": 3.0}],
    ids=["plain", "few uneven accounts", "heavy tails"],
)
def test_intervals_hold_what_was_planted(market):
    markets = [planted_effects.posts(seed, **market) for seed in range(100, 112)]
    rows = pl.concat([found(market) for market in markets]).drop_nulls("lift_low")
    inside = pl.col("planted").is_between("lift_low", "lift_high")
    # 228 levels, those of a market not independent: four standard errors of a binomial.
    assert 0.895 <= rows.select(inside.mean()).item() <= 0.995
    assert abs(rows.select((pl.col("lift") - pl.col("planted")).mean()).item()) < 0.02


def test_intervals_depend_on_no_order_of_rows():
    """With more entities than clusters, who shares a cluster with whom is by name."""
    posts, types, roles = planted_effects.posts(4, accounts=40, per_account=12)
    shuffled = [frame.sample(fraction=1, shuffle=True, seed=2) for frame in (posts, types, roles)]
    assert_frame_equal(table((posts, types, roles)), table(shuffled), rel_tol=1e-9)


def test_effects_of_a_dimension_average_to_nothing_and_shares_add_up():
    got = table(planted_effects.posts(1))
    TABLES["effects"].validate(got, cast=True)
    log = (pl.col("posts") * pl.col("lift").log()).sum() / pl.col("posts").sum()
    sums = got.group_by("platform", "dimension", "period").agg(
        log, *(pl.col(name).sum().alias(name) for name in ("share", "brand_share"))
    )
    assert sums.height == 2 * 4 * 2
    assert np.allclose(sums["posts"], 0, atol=1e-9)
    assert np.allclose(sums.select("share", "brand_share"), 1)


def test_what_brings_more_and_few_publish_is_an_opening():
    got = {
        (row["dimension"], row["level"]): row["status"]
        for row in table(planted_effects.posts(2, accounts=12, per_account=120))
        .filter(*PERIOD)
        .iter_rows(named=True)
    }
    assert got["format", "video"] in {"opening", "missed"}
    assert got["format", "text"] != "opening"
    assert {got["weekday", str(day)] for day in range(1, 8)} == {"usual"}


@pytest.mark.parametrize(
    ("low", "share", "brand", "wanted"),
    [
        (1.05, 0.1, 0.1, "opening"),
        (1.05, 0.1, None, "opening"),
        (1.05, 0.1, 0.6, "usual"),
        (1.05, 0.7, 0.1, "missed"),
        (1.05, 0.7, 0.5, "usual"),
        (0.99, 0.1, 0.1, "usual"),
        (0.6, 0.7, 0.1, "crowded"),
        (0.6, 0.1, 0.1, "usual"),
    ],
)
def test_statuses(low, share, brand, wanted):
    row = {"dimension": "format", "lift": low * 1.2, "lift_low": low, "lift_high": low * 1.4,
           "share": share, "brand_share": brand, "told": True}  # fmt: skip
    rest = {**row, "lift": None, "lift_low": None, "lift_high": None, "share": 1 - share}
    got = pl.DataFrame([row, rest]).select(effects.status()).to_series()
    assert got.to_list() == [wanted, "not comparable"]


def test_few_posts_or_one_account_are_not_enough():
    posts, types, roles = planted_effects.posts(3)
    four = pl.int_range(pl.len()) < 4
    rare = pl.when(four).then(pl.lit("live")).otherwise(pl.col("format"))
    lone = pl.col("channel_id") == "bluesky:c3"
    alone = pl.when(lone & (pl.col("weekday") < 3)).then(pl.lit("poll")).otherwise("rare")
    changed = posts.with_columns(rare=rare).with_columns(format=alone)
    rows = {row["level"]: row for row in table((changed, types, roles)).filter(
        *PERIOD, dimension="format").iter_rows(named=True)}  # fmt: skip
    for level in ("live", "poll"):
        assert rows[level]["status"] == "not enough posts"
        assert rows[level]["lift"] is None
    assert rows["video"]["lift_low"] < rows["video"]["lift"] < rows["video"]["lift_high"]


def test_formats_that_no_account_shares_are_not_compared():
    posts, types, roles = planted_effects.posts(4, accounts=9)
    far = pl.col("channel_id").is_in(["bluesky:c6", "bluesky:c7"])
    other = pl.when(pl.col("format") == "video").then(pl.lit("short")).otherwise(pl.lit("live"))
    changed = posts.with_columns(format=pl.when(far).then(other).otherwise("format"))
    got = table((changed, types, roles)).filter(*PERIOD, dimension="format")
    apart = got.filter(pl.col("status") == "not comparable")
    assert set(apart["level"]) == {"short", "live"}
    assert apart["lift"].null_count() == 2


def test_topics_young_posts_and_unknown_counts_teach_nothing():
    posts, types, roles = planted_effects.posts(5)
    strange = posts.with_columns(
        pl.lit("topic").alias("entity_id"), pl.format("t{}", "post_id").alias("post_id"),
        channel_id=pl.lit("bluesky:t"), engagement_7d=pl.col("engagement_7d") * 50,
    )  # fmt: skip
    young = posts.head(40).with_columns(
        pl.format("y{}", "post_id").alias("post_id"), engagement_7d=pl.lit(1e6),
        engagement_7d_is_measured=pl.lit(value=False), age_h=pl.lit(3.0),
    )  # fmt: skip
    topic = pl.DataFrame({"entity_id": ["topic"], "role": ["topic"]})
    old, new = table((posts, types, roles)), table(
        (pl.concat([posts, strange, young]), types, pl.concat([roles, topic]))
    )  # fmt: skip
    times = pl.col("dimension").is_in(["weekday", "daypart"])
    lifts = ("lift", "lift_low", "lift_high")
    assert np.allclose(old.filter(times).select(lifts), new.filter(times).select(lifts))
    assert new["posts"].sum() > old["posts"].sum()


def test_growth_is_not_an_effect_of_what_came_late():
    """An account that doubles each month and takes up video last: video brings nothing here."""
    posts, types, roles = planted_effects.posts(6, days=90, per_account=200)
    month = (world.AT - pl.col("published_at")).dt.total_days() // effects.MONTH_D
    late = pl.when((month == 0) & (pl.col("format") == "text")).then(pl.lit("short"))
    grown = pl.col("engagement_7d") * 2.0 ** (3 - month)
    changed = posts.with_columns(format=late.otherwise("format"), engagement_7d=grown)
    rows = table((changed, types, roles)).filter(period="90d", platform="all")
    both = dict(rows.select("level", "lift").iter_rows())
    assert both["short"] == pytest.approx(both["text"], rel=0.15)


def test_nothing_published_gives_no_rows():
    posts, types, roles = planted_effects.posts(7, accounts=2)
    assert table((posts.clear(), types, roles)).is_empty()
    silent = table((posts.with_columns(engagement_7d=pl.lit(None, pl.Float64)), types, roles))
    assert set(silent["status"]) == {"not enough posts"}
    assert silent["lift"].null_count() == silent.height


def test_least_squares_within_groups():
    """Without outliers the estimate is that of ordinary least squares with dummies."""
    rng = np.random.default_rng(0)
    group = np.sort(rng.integers(0, 12, 400))
    columns = np.stack([rng.integers(0, 3, 400), 3 + rng.integers(0, 2, 400)], axis=1)
    values = rng.uniform(-1, 1, 400) + np.array([0, 1, 2, 0, 0.5])[columns].sum(axis=1) + group
    fit = within.fit(within.Sample(values, columns, group, group // 3, 5))
    dummies = np.hstack([np.eye(5)[columns].sum(axis=1), np.eye(12)[group]])
    ols = np.linalg.lstsq(dummies, values, rcond=None)[0][:5]
    wanted = np.array([[-1, 1, 0, 0, 0], [0, 0, 0, -1, 1.0], [1, 0, 0, 1, 0]]).T
    value, low, high = within.contrasts(fit, wanted)
    assert value[:2] == pytest.approx((ols @ wanted)[:2])
    assert np.isnan([value[2], low[2], high[2]]).all()
    assert (low[:2] < value[:2]).all()
    assert (value[:2] < high[:2]).all()


def test_a_lone_cluster_has_no_interval():
    columns = np.array([[0], [1]] * 20)
    fit = within.fit(within.Sample(np.arange(40.0), columns, *np.zeros((2, 40), np.int64), 2))
    value, low, _ = within.contrasts(fit, np.array([[-1.0], [1.0]]))
    assert value[0] == pytest.approx(1)
    assert np.isnan(low[0])
