"""Sums by the shortest period, added up, are sums over all posts of each period."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from data.vocabulary import PERIODS
from features import periods

from . import world

ages = st.one_of(st.floats(0, 800), st.sampled_from([float(days) for days in PERIODS.values()]))
rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]), st.sampled_from(["bluesky", "mastodon"]),
        st.sampled_from(["photo", "video"]), ages, st.none() | st.floats(0, 1e6),
    ),
    min_size=1, max_size=40,
)  # fmt: skip


def posts_of(drawn):
    frame = pl.DataFrame(
        [
            {"entity_id": who, "platform": where, "channel_id": f"{where}:{who}", "format": form,
             "published_at": world.AT - timedelta(days=age), "engagement_7d": figure}
            for who, where, form, age, figure in drawn
        ],
        schema_overrides={"engagement_7d": pl.Float64},
    )  # fmt: skip
    return frame.with_columns(day=pl.col("published_at").dt.date()).lazy()


def plainly(posts, keys):
    """Every post once for each period and platform that it counts under."""
    every = periods.by_period(periods.with_all(periods.named(posts)), world.AT)
    return every.with_columns(pl.col("platform", "period").cast(pl.String)).group_by(
        *keys, "period"
    )


def texts(frame, keys):
    return frame.with_columns(pl.col(name).cast(pl.String) for name in (*keys, "period")).sort(
        *keys, "period"
    )


@given(rows)
def test_format_cells(drawn):
    posts = posts_of(drawn)
    figure = pl.col("engagement_7d")
    level = (figure + 0.5).log()
    wanted = plainly(posts, periods.CELL).agg(
        posts=pl.len().cast(pl.Int64), counted=figure.count().cast(pl.Int64),
        engagement=figure.sum(), squares=figure.pow(2).sum(),
        level=level.sum(), level_squares=level.pow(2).sum(),
    )  # fmt: skip
    found = periods.format_cells(posts, world.AT)
    both = [texts(frame, periods.CELL).collect() for frame in (found, wanted)]
    assert_frame_equal(*both, check_column_order=False, rel_tol=1e-9, abs_tol=1e-9)


@given(rows)
def test_day_counts(drawn):
    posts = posts_of(drawn)
    keys = ["entity_id", "platform", "day"]
    wanted = plainly(posts, keys).agg(posts=pl.len().cast(pl.Int64))
    found = periods.day_counts(posts, world.AT)
    both = [texts(frame, keys).collect() for frame in (found, wanted)]
    assert_frame_equal(*both, check_column_order=False)


@pytest.mark.parametrize(("days", "held"), [(0, 0), (7, 1), (28, 2), (90, 3), (365, 4)])
def test_a_post_as_old_as_a_period_is_outside_it(days, held):
    at = pl.DataFrame({"published_at": [world.AT - timedelta(days=days)]})
    assert at.select(periods.shortest(world.AT)).item() == held
