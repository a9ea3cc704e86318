"""The gap to a competitor and what it is made of, against exact algebra and planted truth."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import gaps

FORMATS = 3
positive = st.floats(0.01, 1e4)


def factors(drawn):
    volume, weights, means = drawn
    shares = np.array(weights) / sum(weights)
    return np.array([volume]), shares, np.array(means)


side = st.tuples(
    positive,
    st.lists(positive, min_size=FORMATS, max_size=FORMATS),
    st.lists(positive, min_size=FORMATS, max_size=FORMATS),
).map(factors)


def engagement(one):
    return float((one[0] * one[1] * one[2]).sum())


@given(side, side)
def test_the_parts_add_up_to_the_gap(ours, theirs):
    found = gaps.parts(ours, theirs)
    whole = engagement(theirs) - engagement(ours)
    assert sum(found) == pytest.approx(whole, rel=1e-9, abs=1e-9 * engagement(theirs))


@given(side, side)
def test_from_the_other_side_every_part_turns_its_sign(ours, theirs):
    there, back = gaps.parts(ours, theirs), gaps.parts(theirs, ours)
    assert np.allclose(there, np.negative(back), rtol=1e-9, atol=1e-6)


@given(side, st.floats(0.1, 10))
def test_a_difference_in_one_factor_is_that_factor_s_part(ours, times):
    volume, mix, rate = gaps.parts(ours, (ours[0] * times, *ours[1:]))
    assert volume == pytest.approx(engagement(ours) * (times - 1), abs=1e-6)
    assert (mix, rate) == (0, 0)
    volume, mix, rate = gaps.parts(ours, (*ours[:2], ours[2] * times))
    assert rate == pytest.approx(engagement(ours) * (times - 1), abs=1e-6)
    assert (volume, mix) == (0, 0)


def group(entity, **columns):
    names = {"entity_id": entity, "platform": "all", "period": "90d"}
    return pl.DataFrame(columns).with_columns(**{k: pl.lit(v) for k, v in names.items()})


def cells(entity, sample):
    """Cells of posts given as {format: engagements}."""
    return group(
        entity,
        format=list(sample),
        posts=[len(values) for values in sample.values()],
        counted=[len(values) for values in sample.values()],
        engagement=[float(np.sum(values)) for values in sample.values()],
        squares=[float(np.sum(np.square(values))) for values in sample.values()],
    )


def paces(entity):
    return group(entity, days=[90.0], dispersion=[1.0])


def table(ours, theirs):
    both = {"brand": ours, "rival": theirs}
    roles = pl.DataFrame({"entity_id": list(both), "role": ["brand", "competitor"]})
    return gaps.gaps(
        pl.concat([cells(name, sample) for name, sample in both.items()]).lazy(),
        pl.concat([paces(name) for name in both]).lazy(),
        roles,
    )


def test_a_format_that_only_one_side_uses_is_mix():
    row = table({"photo": [10.0] * 30}, {"photo": [10.0] * 15, "video": [40.0] * 15})
    assert row["from_volume"][0] == pytest.approx(0)
    assert row["from_rate"][0] == pytest.approx(0)
    assert row["from_mix"][0] == pytest.approx(30 / 90 * 7 * 15)
    assert row["gap"][0] == sum(row[name][0] for name in gaps.PARTS)


def test_under_five_posts_nothing_is_said():
    assert table({"photo": [1.0] * 4}, {"photo": [1.0] * 50}).is_empty()
    assert table({"photo": [0.0] * 50}, {"photo": [1.0] * 50}).is_empty()


TRUTH = {"photo": (30.0, 3.0), "video": (12.0, 4.0), "text": (20.0, 2.0)}
RIVAL = {"photo": (25.0, 3.4), "video": (30.0, 4.3), "text": (8.0, 1.9)}


def sampled(rng, planted):
    """Posts of 90 days: counts are Poisson, engagement log-normal with a spread of 0.8."""
    return {name: rng.lognormal(mu, 0.8, rng.poisson(n)) for name, (n, mu) in planted.items()}


def expected(planted):
    n, mean = (np.array(column) for column in zip(*planted.values(), strict=True))
    return np.array([n.sum() * 7 / 90]), n / n.sum(), np.exp(mean + 0.8**2 / 2)


def test_intervals_cover_what_was_planted():
    truth = gaps.parts(expected(TRUTH), expected(RIVAL))
    wanted = dict(zip(("gap", *gaps.PARTS), [sum(truth), *truth], strict=True))
    covered = {name: [] for name in wanted}
    bias = {name: [] for name in wanted}
    for seed in range(250):
        rng = np.random.default_rng(seed)
        row = table(sampled(rng, TRUTH), sampled(rng, RIVAL)).row(0, named=True)
        for name, value in wanted.items():
            covered[name].append(row[f"{name}_low"] <= value <= row[f"{name}_high"])
            bias[name].append(row[name] - value)
    for name, value in wanted.items():
        assert 0.91 <= np.mean(covered[name]) <= 0.985, name
        assert abs(np.mean(bias[name])) < 0.05 * max(abs(value), wanted["gap"]), name
