"""What the lake says of its sources' drift: read little, judge (features/), name the evidence."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

import polars as pl

from data.store import Store
from features import drift, filled, lists

IMPORT: Final = "import-"
"""How the run_id of an imported file begins: such files have columns of their own."""
CORE: Final = ("posts", "metrics", "profiles", "channels")


class Fall(NamedTuple):
    """A field that a source fills less often than before.

    Attributes:
        source: channel_id, or the platform's name where all of it fell.
        platform: its platform.
        entity_id: the channel's; None for a platform.
        field: which field; `posts`: posts a list page.
        now: share filled (or posts a page).
        n: posts (or pages) that it is of.
        usual: the same in the weeks before.
        n_usual: posts (or pages) that this is of.
        since: the last day on which all was well.
        post_ids: posts without the field.
        page_ids: pages that should show it.
    """

    source: str
    platform: str
    entity_id: str | None
    field: str
    now: float
    n: int
    usual: float
    n_usual: int
    since: date
    post_ids: list[str]
    page_ids: list[str]


def falls(store: Store, at: datetime) -> Iterator[Fall]:
    """Every field, and every list, that fell with the newest crawl up to a time."""
    week = timedelta(days=max(drift.HORIZONS) + filled.APART_D)
    coverage = store.scan("coverage").filter(pl.col("started_at") <= at)
    imported = pl.col("run_id").str.starts_with(IMPORT)
    crawls = coverage.filter(~imported)
    newest = crawls.select(pl.col("started_at").max()).collect().item()
    if newest is None:
        return
    files = coverage.filter(imported, pl.col("started_at") >= newest - week).select("channel_id")
    latest = pl.col("started_at") > newest - timedelta(days=filled.APART_D)
    visited = crawls.filter(latest).join(files, on="channel_id", how="anti").select("channel_id")
    channels = store.scan("channels").join(visited, on="channel_id", how="semi").collect()
    core = {name: store.scan(name) for name in CORE} | {"channels": channels.lazy()}
    owner = dict(channels.select("channel_id", "entity_id").iter_rows())
    rows = drift.falls(filled.counted(core, newest, at))
    for row in rows.iter_rows(named=True):
        yield _told(row, owner, newest, filled.lacking(core, newest, at, row))
    for row, page_ids in _fewer(store, crawls, channels, newest):
        evidence = pl.DataFrame({"post_id": None, "page_id": page_ids})
        yield _told(row, owner, newest, evidence)


def _told(
    row: dict[str, Any], owner: dict[str, str], newest: datetime, evidence: pl.DataFrame
) -> Fall:
    channel_id = row["channel_id"]
    return Fall(
        source=channel_id or row["platform"],
        platform=row["platform"],
        entity_id=None if channel_id is None else owner[channel_id],
        since=newest.date() - timedelta(days=row["since"]),
        post_ids=evidence["post_id"].drop_nulls().unique(maintain_order=True).to_list(),
        page_ids=evidence["page_id"].unique(maintain_order=True).to_list(),
        **{name: row[name] for name in ("field", "now", "n", "usual", "n_usual")},
    )


def _fewer(
    store: Store, crawls: pl.LazyFrame, channels: pl.DataFrame, newest: datetime
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Channels whose lists fell, with the pages of their newest crawl."""
    begun = newest - timedelta(days=filled.WINDOW_DAYS)
    window = crawls.filter(pl.col("started_at") >= begun)
    coverage = window.join(channels.lazy(), on="channel_id", how="semi").collect()
    suspects = lists.suspects(coverage, newest)
    if not suspects:
        return
    columns = ("channel_id", "run_id", "fetch", "status", "bytes", "page_id")
    wanted = (pl.col("fetched_at") >= begun) & pl.col("channel_id").is_in(suspects)
    pages = store.scan("pages").filter(wanted).select(columns).collect()
    last = coverage.sort("started_at").group_by("channel_id").agg(pl.col("run_id").last())
    for row in lists.fewer(coverage, pages, newest).iter_rows(named=True):
        theirs = pages.join(last, on=["channel_id", "run_id"], how="semi")
        mine = theirs.filter(pl.col("channel_id") == row["channel_id"]).sort("page_id")
        yield row, mine["page_id"].head(filled.MOST).to_list()
