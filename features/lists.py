"""A list that suddenly gives few posts or none, while its page is as large as ever. Pure.

A channel's posts per list page in the newest crawl are compared with those of the crawls before:
two counts, whose exposures are the numbers of list pages (`trends.two_counts`), divided by the
scatter of the channel's own crawls (quasi-Poisson). An account that took its posts down has a
small page; one whose page is as large shows posts that are no longer read.
"""

from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from features.drift import FALLS, LEVEL, MOST_LEFT
from features.filled import day_of
from features.trends import benjamini_hochberg, two_counts

FIELD: Final = "posts"
MIN_RUNS: Final = 5
"""Crawls with a list before the newest, below which nothing is known to be usual."""
BAD: Final = 400
"""Status from which an answer is no list."""
LARGE: Final = 0.5
"""Of its usual size, from which on a page is as large as ever."""


def suspects(coverage: pl.DataFrame, newest: datetime) -> list[str]:
    """Channels whose newest complete crawl gave clearly fewer posts a page than those before.

    In: coverage of the window. Only the pages of these need to be looked at.
    """
    runs = coverage.filter("complete", pl.col("pages") > 0)
    runs = runs.with_columns(new=day_of(pl.col("started_at"), newest) == 0)
    posts, pages = pl.col("posts"), pl.col("pages")
    rates = runs.group_by("channel_id").agg(
        now=posts.filter("new").sum() / pages.filter("new").sum(),
        usual=posts.filter(~pl.col("new")).sum() / pages.filter(~pl.col("new")).sum(),
    )
    return sorted(rates.filter(pl.col("now") <= MOST_LEFT * pl.col("usual"))["channel_id"])


def fewer(coverage: pl.DataFrame, pages: pl.DataFrame, newest: datetime) -> pl.DataFrame:
    """Channels whose lists show surely fewer posts than before.

    Args:
        coverage: of the window, of every channel that the newest crawl visited.
        pages: of `suspects`: channel_id, run_id, fetch, status, bytes.
        newest: when the newest crawl began.

    Returns:
        FALLS with the field `posts`: `now` and `usual` are posts a list page, `n` and `n_usual`
        the numbers of such pages.
    """
    # An archived request names its kind where it is no list.
    listed = pl.col("fetch").str.contains('"kind":', literal=True).not_()
    lists = (
        pages.filter(listed, pl.col("status") < BAD)
        .group_by("channel_id", "run_id")
        .agg(lists=pl.len().cast(pl.Int64), size=pl.col("bytes").mean())
    )
    runs = coverage.filter("complete").join(lists, on=["channel_id", "run_id"])
    runs = runs.with_columns(day=day_of(pl.col("started_at"), newest))
    found = [
        told
        for (channel_id,), mine in runs.group_by("channel_id", maintain_order=True)
        if (told := _compared(str(channel_id), mine)) is not None
    ]
    rows = pl.DataFrame(found, schema={**FALLS, "q_value": pl.Float64()})
    others = np.ones(max(coverage["channel_id"].n_unique() - rows.height, 0))
    q = benjamini_hochberg(np.concatenate([rows["q_value"].to_numpy(), others]))
    return rows.with_columns(q_value=pl.Series(q[: rows.height])).filter(pl.col("q_value") <= LEVEL)


def _compared(channel_id: str, runs: pl.DataFrame) -> dict[str, object] | None:
    """One channel's newest crawl against those before, p-value as q_value; None: no fall."""
    now, past = runs.filter(pl.col("day") == 0), runs.filter(pl.col("day") > 0)
    pages, posts, size = now.select(pl.col("lists", "posts").sum(), pl.col("size").mean()).row(0)
    before, earlier = past.select(pl.col("lists", "posts").sum()).row(0)
    if now.is_empty() or past.height < MIN_RUNS or not earlier:
        return None
    usual, large = earlier / before, past.select(pl.col("size").median()).item()
    if posts > MOST_LEFT * usual * pages or size < LARGE * large:
        return None
    off = (past["posts"] - usual * past["lists"]) ** 2 / (usual * past["lists"])
    phi = max(1.0, float(off.sum()) / (past.height - 1))
    counts = np.array([[posts / phi], [earlier / phi], [pages / before]])
    p, _, _ = two_counts(counts[0], counts[1], counts[2])
    last = past.filter(pl.col("posts") > MOST_LEFT * usual * pl.col("lists"))["day"].min()
    return {
        "platform": channel_id.partition(":")[0], "channel_id": channel_id, "field": FIELD,
        "days": 1, "now": posts / pages, "n": pages, "usual": usual, "n_usual": before,
        "q_value": float(p[0]), "since": last,
    }  # fmt: skip
