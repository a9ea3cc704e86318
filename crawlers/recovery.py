"""After a kill: pages that a run archived and never got to read are read by the next one."""

from collections.abc import Collection
from typing import Final

import polars as pl

from crawlers.archive import listed, visits
from crawlers.books import StoreBooks, counted, enter, known_posts
from crawlers.health import shortfall
from crawlers.reading import Reading
from crawlers.recorder import coverage_row
from crawlers.registry import platforms
from crawlers.settle import settle
from crawlers.terms import terms_of
from data.store import Store

INTERRUPTED: Final = "interrupted: the run was ended before this channel was done"


def recover(store: Store, channel_ids: Collection[str], topics: Collection[str]) -> set[str]:
    """Read the archived pages of runs that left no coverage row; the channels concerned."""
    covered = store.scan("coverage").select("run_id", "channel_id").collect()
    left = listed(store, channel_ids).join(covered, on=["run_id", "channel_id"], how="anti")
    runs = left.group_by("run_id", maintain_order=True).agg(pl.col("fetched_at").min())
    for run_id, started_at in runs.iter_rows():
        pages = left.filter(pl.col("run_id") == run_id)
        rows = _recover_run(store, run_id, started_at, pages, topics)
        store.merge("coverage", pl.DataFrame(rows, infer_schema_length=None))
    return set(left["channel_id"])


def _recover_run(
    store: Store, run_id: str, started_at: object, pages: pl.DataFrame, topics: Collection[str]
) -> list[dict[str, object]]:
    terms = terms_of(store)
    books = StoreBooks(store, erased=terms.leaves_posts_out)
    known = known_posts(books, pages["channel_id"].unique().to_list())
    read = visits(store, pages, terms)
    dropped = enter(books, [reading for visit in read.values() for reading in visit], topics)
    for name, platform in platforms().items():
        mine = {key: visit for key, visit in read.items() if key.partition(":")[0] == name}
        settle(books, platform, mine, known)
    return [
        _row(run_id, channel_id, started_at, visit, known[channel_id], dropped)
        for channel_id, visit in read.items()
    ]


def _row(
    run_id: str,
    channel_id: str,
    started_at: object,
    visit: list[Reading],
    known: object,
    dropped: dict[str, int],
) -> dict[str, object]:
    posts, new_posts = counted(visit, known)  # type: ignore[arg-type]
    reasons = [reading.reason for reading in visit if reading.reason is not None]
    return coverage_row(
        run_id,
        channel_id,
        started_at,  # type: ignore[arg-type]
        pages=len(visit),
        posts=posts,
        new_posts=new_posts,
        dropped=sum(reading.dropped for reading in visit) + dropped.get(channel_id, 0),
        errors=len(reasons),
        reason=shortfall([INTERRUPTED, *reasons]),
    )
