"""Other people's comments go after the retention period, by themselves, at every crawl and build.

A comment's time is that of its publication; a page goes by the time at which it was fetched. Pages
that show comments lose their bytes; their rows stay, and so do the figures that were computed.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl

from crawlers.archive import listed
from crawlers.forgetting import with_comments
from data import erasure, lock
from data.store import Store
from flows.erasing import clock
from flows.erasing.forget import complete, oldest_kept
from flows.erasing.rotation import complete as complete_rotation

RETENTION: Final = "retention"
"""State of the lake: `days` as the watchlist says, and until when pages were gone through."""
PATIENCE_S: Final = 1.0
TOUCHED: Final = ("pages", "comments", "restatements")


def set_days(store: Store, days: int) -> None:
    """Keep the period that the watchlist asks for, so that a build alone applies it too."""
    kept = store.state(RETENTION) or {}
    if kept.get("days") != days:
        store.set_state(RETENTION, {**kept, "days": days})


def retain(store: Store, at: datetime) -> dict[str, int]:
    """Take out what is older than the retention period at a time; rows by table.

    Also completes an erasure that a kill left. Where others are writing, the next run does it;
    where the clock is not to be believed (clock.py), one that is.
    """
    kept = store.state(RETENTION) or {}
    try:
        with lock.alone(store.root, PATIENCE_S):
            complete(store)
            complete_rotation(store)
            if "days" not in kept or not clock.believed(store, at):
                return {}
            return _retain(store, kept, at.astimezone(UTC) - timedelta(days=kept["days"]))
    except lock.BusyError:
        return {}


def _retain(store: Store, kept: dict[str, str], until: datetime) -> dict[str, int]:
    pages, comments = _old_pages(store, kept.get("until"), until), _old_comments(store, until)
    if pages.is_empty() and comments.is_empty():
        return {}
    shown = with_comments(store, pages)
    oldest_kept(store, comments=until)
    erasure.drop_bodies(store, shown, "retention")
    noted = store.scan("restatements").filter(pl.col("table") == "comments")
    noted = noted.join(comments.lazy().select(key="comment_id"), on="key", how="semi")
    store.remove("restatements", noted.select("run_id", "table", "key", "column").collect())
    store.remove("comments", comments)
    store.purge(TOUCHED)
    store.set_state(RETENTION, {**kept, "until": until.isoformat()})
    counts = {"comments": comments.height, "pages": len(shown)}
    return {table: count for table, count in counts.items() if count}


def _old_pages(store: Store, since: str | None, until: datetime) -> pl.DataFrame:
    """Pages that grew too old since the last time, and still have their bytes."""
    pages = store.scan("pages").filter(pl.col("fetched_at") < until, pl.col("erased").is_null())
    if since is not None:
        pages = pages.filter(pl.col("fetched_at") >= datetime.fromisoformat(since))
    ids = pages.select("page_id").collect()
    return listed(store).join(ids, on="page_id", how="semi", maintain_order="left")


def _old_comments(store: Store, until: datetime) -> pl.DataFrame:
    """comment_id of those that grew too old, or are shown by pages that did."""
    pages = store.scan("pages").filter(pl.col("fetched_at") < until).select("page_id")
    comments = store.scan("comments")
    old = comments.filter(pl.col("published_at") < until)
    shown = comments.join(pages, on="page_id", how="semi")
    return pl.concat([old, shown]).select("comment_id").unique().collect()
