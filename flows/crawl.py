"""The crawl: from channels to plans, one process a platform, and what came of it.

Every part is a plain function; `daily.py` makes Prefect tasks of them.
"""

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from secrets import token_hex
from typing import TYPE_CHECKING, Final

import msgspec

from crawlers.plan import Plan, PlanChannel, Summary
from data import logs
from data.settings import settings
from data.watchlist import Watchlist
from flows import progress
from flows.processes.children import Child
from flows.watching import logs as log
from flows.words.problems import FellShort, Unusable

if TYPE_CHECKING:
    import polars as pl

    from data.store import Store

PROBE_PAGES: Final = 4
"""Pages of a channel that a probe looks at: profile, list, and what shows the posts' counts."""
TOLD: Final = 300
"""Characters kept of the last line that a dead process said."""
AT_ONCE: Final = 6
"""Platforms crawled side by side; each waits for the network nearly all of its time."""


class CrawlDied(FellShort):
    """The process ended without its summary: a fault of the process, worth another try."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__("the crawl's process ended with code {code}: {said}", code=code, said=said)


class Run(msgspec.Struct, frozen=True):
    """One crawl of some channels at one reference time; a simulated one stands still."""

    run_id: str
    started_at: datetime
    simulated: bool = False


def new_run(now: str | None = None) -> Run:
    """A run that starts now, or at a simulated time (ISO 8601 with a zone).

    Run ids sort by time.
    """
    started_at = datetime.now(UTC)
    if now is not None:
        try:
            started_at = datetime.fromisoformat(now)
        except ValueError:
            raise Unusable("--now {now}: write a time like 2026-01-31T06:00:00Z", now=now) from None
        if started_at.tzinfo is None:
            raise Unusable("--now {now}: add its zone, such as Z", now=now)
        started_at = started_at.astimezone(UTC)
    run_id = f"{started_at:%Y%m%dT%H%M%S.%f}-{token_hex(2)}"
    return Run(run_id=run_id, started_at=started_at, simulated=now is not None)


def plan(
    run: Run, lake: str, watchlist: Watchlist, channels: Sequence[PlanChannel], *,
    probe: bool = False,
) -> Plan:  # fmt: skip
    """What a crawl process is told; a probe takes the newest posts of each channel only."""
    how = watchlist.crawl
    return Plan(
        run_id=run.run_id,
        lake=lake,
        started_at=run.started_at,
        channels=tuple(channels),
        frozen_clock=run.simulated,
        history_days=1 if probe else how.history_days,
        max_pages=PROBE_PAGES if probe else None,
        refresh_days=how.refresh_days,
        obey_robots=how.obey_robots,
        allow_private_networks=how.allow_private_networks,
        contact=how.contact or settings().contact,
        delay_s=how.delay_s,
        chromium=settings().browser_path(),
    )


def by_platform(channels: Iterable[PlanChannel]) -> list[tuple[PlanChannel, ...]]:
    """The channels of each platform."""
    ordered = sorted(channels, key=attrgetter("platform"))
    return [tuple(group) for _, group in groupby(ordered, key=attrgetter("platform"))]


def few_groups(channels: Iterable[PlanChannel]) -> list[tuple[PlanChannel, ...]]:
    """All platforms as one group, but for those that need a browser.

    For little to crawl: a process costs two CPU seconds before its first page.
    """
    groups = by_platform(channels)
    slow = [group for group in groups if any(channel.browser for channel in group)]
    rest = tuple(channel for group in groups if group not in slow for channel in group)
    return [*([rest] if rest else []), *slow]


def name_of(group: Iterable[PlanChannel]) -> str:
    """What a group is called: its platforms."""
    return "-".join(sorted({channel.platform for channel in group}))


def carry_out(told: Plan) -> Summary:
    """Crawl in a process of its own, which ends with this one.

    Raises:
        CrawlDied: the process ended without its summary line.
    """
    pipe = subprocess.PIPE
    # -P: a file of the folder that the user stands in must not pass for a library.
    command = [sys.executable, "-P", "-m", "crawlers", "crawl", "--plan", "-"]
    log.bind(told.run_id)
    with Child(command, stdin=pipe, stdout=pipe, stderr=pipe) as child:
        out, last = child.converse(msgspec.json.encode(told), progress.heard)
    return summary_of(out, last, child.leash.returncode)


def summary_of(out: bytes, err: bytes, code: int) -> Summary:
    """The summary, which is the last line that a crawl process prints."""
    lines = out.strip().splitlines()
    try:
        return msgspec.json.decode(lines[-1] if lines else b"", type=Summary)
    except msgspec.MsgspecError:
        last = logs.decoded(err)
        said = last.message if last else err.decode(errors="replace").strip().rpartition("\n")[2]
        raise CrawlDied(code, said[:TOLD] or "-") from None


def crawl(
    store: "Store", run: Run, watchlist: Watchlist, channels: Sequence[PlanChannel], *,
    together: bool = False, probe: bool = False, step: Callable[[str], None] = lambda _: None,
) -> "pl.DataFrame":  # fmt: skip
    """Crawl the channels, a process a platform (or one for all: `together`), without Prefect.

    Returns:
        The run's rows of `coverage`: one a channel, those that a dead process left out included.
    """
    groups = [tuple(channels)] if together else by_platform(channels)

    def one(group: Sequence[PlanChannel]) -> None:
        try:
            carry_out(plan(run, store.root, watchlist, group, probe=probe))
        except CrawlDied as death:
            account_for(store, run, group, death.in_english())
        step(group[0].platform)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, groups))
    return covered(store, run, channels)


def account_for(store: "Store", run: Run, channels: Iterable[PlanChannel], reason: str) -> None:
    """Give every channel that the run has no `coverage` row for one that says why."""
    import polars as pl

    missing = {
        "started_at": run.started_at, "pages": 0, "posts": 0, "new_posts": 0, "dropped": 0,
        "errors": 1, "reason": reason, "complete": False,
    }  # fmt: skip
    known = set(_rows(store, run)["channel_id"])
    rows = [
        {"run_id": run.run_id, "channel_id": channel.channel_id, **missing}
        for channel in channels
        if channel.channel_id not in known
    ]
    if rows:
        store.insert("coverage", pl.DataFrame(rows))


def covered(store: "Store", run: Run, channels: Sequence[PlanChannel]) -> "pl.DataFrame":
    """The run's rows of `coverage`, one for each of the channels, in their order."""
    import polars as pl

    account_for(store, run, channels, "the crawl ended before this channel was visited")
    order = pl.DataFrame({"channel_id": [channel.channel_id for channel in channels]})
    return order.join(_rows(store, run), on="channel_id", how="left", maintain_order="left")


def _rows(store: "Store", run: Run) -> "pl.DataFrame":
    import polars as pl

    return store.scan("coverage").filter(pl.col("run_id") == run.run_id).collect()


def latest_run(store: "Store") -> datetime | None:
    """The reference time that figures are built for: that of the newest page or crawl.

    A crawl's pages come after its start; figures for its start would leave them all out.
    """
    import polars as pl

    times = (
        store.scan("coverage").select(at=pl.col("started_at").max()),
        store.scan("pages").select(at=pl.col("fetched_at").max()),
    )
    at: datetime | None = pl.concat(times).select(pl.col("at").max()).collect().item()
    return at
