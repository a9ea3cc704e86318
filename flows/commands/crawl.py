"""`vigie crawl`: fetch, archive and read the pages of a watchlist."""

from flows.commands.common import report
from flows.words import console
from flows.words.options import Lake, Lang, Now, Only, WatchlistFile, lake_of

EXAMPLE = "Example: vigie crawl watchlist.yaml --only bluesky"


def crawl(
    watchlist: WatchlistFile, lake: Lake = None, only: Only = None, now: Now = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Crawl the watchlist's channels once: one line a channel with what it gave."""
    from data.store import Store
    from flows import crawl as work
    from flows import watched
    from flows.erasing import optout, retention
    from flows.probing import platform_facts

    told, channels = watched.read(watchlist)
    watched.picked(channels, only)
    run = work.new_run(now)
    store = Store(lake_of(lake))
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
    report(coverage)
