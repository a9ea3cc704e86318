"""`vigie crawl`: fetch, archive and read the pages of a watchlist."""

from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.common import report
from flows.words import console
from flows.words.options import Lake, Lang, Now, Only, WatchlistFile, lake_of

if TYPE_CHECKING:
    import polars as pl

    from crawlers.plan import PlanChannel
    from data.watchlist import Watchlist
    from flows.crawl import Run

EXAMPLE = "Example: vigie crawl watchlist.yaml --only bluesky"


def crawl(
    watchlist: WatchlistFile, lake: Lake = None, only: Only = None, now: Now = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Crawl the watchlist's channels once: one line a channel with what it gave."""
    from flows import crawl as work
    from flows import turns, watched

    told, channels = watched.read(watchlist)
    watched.picked(channels, only)
    run = work.new_run(now)
    root = lake_of(lake)
    with turns.taken(root, "vigie crawl"):
        coverage = _crawl(watchlist, root, run, told, channels, only)
    report(coverage)


def _crawl(
    watchlist: Path, lake: str, run: "Run", told: "Watchlist", channels: "list[PlanChannel]",
    only: str | None,
) -> "pl.DataFrame":  # fmt: skip
    """The crawl with what comes before and after it; its rows of `coverage`."""
    from data.store import Store
    from flows import crawl as work
    from flows import watched
    from flows.erasing import clock, optout, retention
    from flows.probing import platform_facts

    store = Store(lake)
    retention.retain(store, run.started_at)  # what a kill left goes first
    channels = optout.honoured(store, told, channels)
    chosen = watched.picked(channels, only)
    watched.register(store, told, channels)
    watched.remember(store, watchlist)
    platform_facts.write(store)
    groups = work.by_platform(chosen)
    with console.steps(len(groups)) as step:
        coverage = work.crawl(store, run, told, chosen, step=step)
    retention.retain(store, run.started_at)
    clock.maintain(store)
    return coverage
