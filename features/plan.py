"""What a build has to do again: everything, or only the weeks that the new data reach.

A post's numbers depend on its own snapshots, on the profile observations around it and on the
comparables of the eight weeks before. So a post that changed in week w reaches weeks w … w+8, and
nothing else. Rows of those weeks are computed anew with the same functions as in a full build;
rows of the other weeks stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from features.frames import Core, week_number, week_of
from features.lift import TAIL_WEEKS

SEEN: Final = {
    "posts": "first_seen_at",
    "metrics": "observed_at",
    "profiles": "observed_at",
}
"""Per table, the time that says when a row came in."""


@dataclass(frozen=True)
class Previous:
    """The build before: its reference time and zone, its state, and its post tables."""

    at: datetime
    timezone: str
    state: Mapping[str, Any]
    tables: Mapping[str, pl.LazyFrame]


def row_counts(core: Core, at: datetime) -> dict[str, int]:
    """Rows of each table that had come in by then. A change means that history was rewritten."""
    return {
        name: int(core[name].filter(pl.col(time) <= at).select(pl.len()).collect().item())
        for name, time in SEEN.items()
    }


def is_continued(core: Core, at: datetime, timezone: str, previous: Previous | None) -> bool:
    """Whether the lake is that of the previous build and newer rows only.

    False after an import, an erasure or a replay that added or removed old rows, after a change
    of time zone, or when asked for an earlier time: everything is then built anew.
    """
    if previous is None or previous.timezone != timezone or previous.at > at:
        return False
    return bool(previous.state.get("rows") == row_counts(core, previous.at))


def new_comment_posts(core: Core, since: datetime) -> pl.LazyFrame:
    """post_id of the posts under which comments came in by newly fetched pages."""
    pages = core["pages"].filter(pl.col("fetched_at") > since).select("page_id")
    return core["comments"].join(pages, on="page_id", how="semi").select("post_id")


def newly_measured_channels(core: Core, since: datetime) -> pl.LazyFrame:
    """channel_id, held_at: channels with new followers, and the observation before them."""
    shown = core["profiles"].filter(pl.col("followers").is_not_null())
    old = pl.col("observed_at").filter(pl.col("observed_at") <= since).max()
    return (
        shown.group_by("channel_id")
        .agg(held_at=old, newest=pl.col("observed_at").max())
        .filter(pl.col("newest") > since)
    )


def touched(core: Core, since: datetime) -> pl.LazyFrame:
    """published_at of every post that came in, changed, or whose numbers did."""
    posts = core["posts"]
    times = ("first_seen_at", "edited_at", "deleted_at", "published_at")
    changed = posts.filter(pl.any_horizontal(pl.col(name) > since for name in times))
    ids = pl.concat(
        [
            core["metrics"].filter(pl.col("observed_at") > since).select("post_id"),
            new_comment_posts(core, since),
        ]
    )
    measured = posts.join(ids.unique(), on="post_id", how="semi")
    followed = posts.join(newly_measured_channels(core, since), on="channel_id").filter(
        pl.col("held_at").is_null() | (pl.col("published_at") > pl.col("held_at"))
    )
    return pl.concat(frame.select("published_at") for frame in (changed, measured, followed))


def weeks_to_build(core: Core, since: datetime, at: datetime, timezone: str) -> list[int]:
    """Numbers of the weeks whose rows may differ from the build before."""
    local = pl.col("published_at").dt.convert_time_zone(timezone).dt.date()
    first = touched(core, since).drop_nulls().select(week=week_of(local)).unique().collect()
    last = week_number(at, timezone)
    reached = {w + ahead for w in first["week"].to_list() for ahead in range(TAIL_WEEKS + 1)}
    return sorted(week for week in reached if week <= last)


@dataclass(frozen=True)
class Job:
    """One build: its inputs, and the weeks to compute (None: all).

    `since` is the reference time of the build that this one continues; None if it continues none.
    `previous` has the rows of the weeks that are not computed.
    """

    core: Core
    at: datetime
    timezone: str
    weeks: list[int] | None
    previous: Previous | None
    since: datetime | None = None
