"""A list that gives few posts while its page is as large as ever."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.tables import TABLES
from features import lists

START = datetime(2026, 10, 1, 6, 30, tzinfo=UTC)
NEWEST = START + timedelta(days=20)


def crawls(posts, *, size=90_000, channel="a:1", complete=True, pages=2, kind=None):
    """A crawl a day that ends with NEWEST; `posts` of the first list page of each."""
    rows, shown = [], []
    for back, count in enumerate(reversed(posts)):
        run_id, begun = f"r{back}", NEWEST - timedelta(days=back)
        rows.append({"run_id": run_id, "channel_id": channel, "started_at": begun,
                     "pages": pages, "posts": count, "complete": complete})  # fmt: skip
        bytes_ = size if back == 0 else 90_000
        shown += [
            {"channel_id": channel, "run_id": run_id, "fetch": kind or fetch, "status": 200,
             "bytes": bytes_, "page_id": f"{run_id}{fetch}"}
            for fetch in ("{}", '{"kind":"profile"}')
        ]  # fmt: skip
    schema = TABLES["coverage"].create_empty().schema
    coverage = pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)
    return coverage, pl.DataFrame(shown)


def fell(*made):
    """What is found, as a run finds it."""
    coverage, pages = (pl.concat(part) for part in zip(*made, strict=True))
    wanted = lists.suspects(coverage, NEWEST)
    return lists.fewer(coverage, pages.filter(pl.col("channel_id").is_in(wanted)), NEWEST)


STEADY = [20, 19, 20, 21, 20, 18, 20, 20]


def test_a_list_that_gives_nothing_is_found_at_once():
    (row,) = fell(crawls([*STEADY, 0])).to_dicts()
    assert (row["platform"], row["channel_id"], row["field"]) == ("a", "a:1", "posts")
    assert (row["now"], row["n"], row["usual"], row["n_usual"]) == (0.0, 1, 19.75, 8)
    assert row["since"] == 1


@pytest.mark.parametrize(
    "made",
    [
        crawls(STEADY),
        crawls([*STEADY, 17]),
        crawls([*STEADY, 0], size=2_000),
        crawls([*STEADY, 0], complete=False),
        crawls([*STEADY, 0], kind='{"kind":"profile"}'),
        crawls([20, 21, 0]),
        crawls([0] * 9),
        crawls([2, 0, 1, 3, 0, 2, 1, 2, 0]),
    ],
    ids=["steady", "a little fewer", "a small page", "a failed crawl", "no list",
         "hardly a history", "never any", "few posts anyway"],
)  # fmt: skip
def test_usual_lists_are_left_alone(made):
    assert fell(made).is_empty()


def test_lists_that_scatter_raise_nothing():
    rng = np.random.default_rng(1)
    raised = 0
    for _ in range(30):
        many = [crawls(rng.negative_binomial(3, 3 / 15, 15).tolist(), channel=f"a:{number}")
                for number in range(6)]  # fmt: skip
        raised += fell(*many).height
    assert raised == 0
