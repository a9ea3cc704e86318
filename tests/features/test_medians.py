from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.vocabulary import ALL, PERIODS
from features import medians

from . import world


@pytest.mark.parametrize("n", [6, 20, 101])
def test_the_interval_covers(n):
    rng = np.random.default_rng(n)
    truth = np.exp(3)
    samples = np.sort(rng.lognormal(3, 1, (1500, n)))
    _, low, high = np.array([medians.with_interval(one) for one in samples]).T
    assert 0.94 <= ((low <= truth) & (high >= truth)).mean() <= 0.99


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_a_median_lies_in_its_interval(values):
    value, low, high = medians.with_interval(np.sort(values))
    assert low <= value <= high
    assert value == pytest.approx(float(np.median(values)))


rows = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.sampled_from(["bluesky", "mastodon"]), st.floats(0, 500),
        st.none() | st.floats(0, 1e6),
    ),
    max_size=40,
)  # fmt: skip


@given(rows)
def test_each_group_has_the_median_of_its_posts(drawn):
    schema = {"entity_id": pl.Categorical, "platform": pl.Categorical, "age": pl.Float64,
              "x": pl.Float64}  # fmt: skip
    posts = pl.DataFrame(drawn, schema=schema, orient="row").with_columns(
        published_at=world.AT - pl.duration(seconds=(pl.col("age") * 86_400).round())
    )
    found = medians.medians(posts.lazy(), ["x"], world.AT)["x"]
    wanted = {}
    for who, where, age, value in drawn:
        for period, days in PERIODS.items():
            if value is not None and round(age * 86_400) < timedelta(days=days).total_seconds():
                for platform in (where, ALL):
                    wanted.setdefault((who, platform, period), []).append(value)
    got = {row[:3]: row[3:] for row in found.iter_rows()}
    assert set(got) == set(wanted)
    for key, values in wanted.items():
        assert got[key][0] == pytest.approx(float(np.median(values)))
        assert got[key][3] == len(values)
