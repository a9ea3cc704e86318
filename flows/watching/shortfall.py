"""What a run fell short of that the run before did not: the only summary that anybody is sent.

Kept is which run it was; what it says is read from `coverage`, so that an erasure leaves nothing.
"""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import polars as pl

from data.store import Store

STATE: Final = "shortfall"
"""State of the lake: the newest run that fell short, `run_id` and `at`."""
IMPORT: Final = "import-"
DIED: Final = ("the crawl's process ended", "the crawl ended before")
"""How a reason begins where it is our process that failed: told each time."""


class Short(NamedTuple):
    """A run that fell short.

    Attributes:
        run_id: the run.
        began: when it began.
        channels: (channel_id, reason) of those that were fine the run before, or whose crawl died.
        crawled: channels of the run.
        posts: posts that it read.
        new_posts: of these, posts never seen before.
    """

    run_id: str
    began: datetime
    channels: list[tuple[str, str]]
    crawled: int
    posts: int
    new_posts: int


def judged(store: Store, run_id: str) -> Short | None:
    """What a run fell short of; None where it did as well as the run before."""
    coverage = store.scan("coverage").filter(~pl.col("run_id").str.starts_with(IMPORT))
    mine = coverage.filter(pl.col("run_id") == run_id).sort("channel_id").collect()
    if mine["complete"].all():
        return None
    died = pl.any_horizontal(pl.col("reason").str.starts_with(start) for start in DIED)
    before = (
        coverage.filter(pl.col("started_at") < mine["started_at"].min())
        .sort("started_at", "run_id")
        .group_by("channel_id")
        .agg(was_fine=pl.col("complete").last())
    )
    fell = (
        mine.filter(~pl.col("complete"))
        .join(before.collect(), on="channel_id", how="left", maintain_order="left")
        .filter(pl.col("was_fine").fill_null(value=False) | died.fill_null(value=False))
    )
    if fell.is_empty():
        return None
    channels = fell.select("channel_id", pl.col("reason").fill_null("-")).rows()
    posts, new_posts, began = mine.select(
        pl.col("posts", "new_posts").sum(), pl.col("started_at").min()
    ).row(0)
    return Short(run_id, began, channels, mine.height, posts, new_posts)


def note(store: Store, run_id: str, at: datetime) -> None:
    """Keep that a run fell short, until it is told."""
    if judged(store, run_id) is not None:
        store.set_state(STATE, {"run_id": run_id, "at": at.isoformat()})


def noted(store: Store) -> str | None:
    """The newest run that fell short; None: there was none."""
    kept: dict[str, Any] = store.state(STATE) or {}
    return kept.get("run_id")


def waiting(store: Store, at: datetime, days: int) -> Short | None:
    """What the newest run that fell short is to be told of, for so many days."""
    kept: dict[str, Any] = store.state(STATE) or {}
    if not kept or datetime.fromisoformat(kept["at"]) < at - timedelta(days=days):
        return None
    return judged(store, kept["run_id"])
