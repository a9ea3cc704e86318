"""`vigie check`: is the watchlist sound, and what can be had from each channel?"""

from collections.abc import Iterator, Sequence
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import typer

from flows import console
from flows.options import Lang, Now, WatchlistFile

if TYPE_CHECKING:
    from crawlers.plan import PlanChannel
    from data.store import Store

EXAMPLE = "Example: vigie check watchlist.yaml"
COLUMNS: Final = (
    "channel_id", "platform", "access", "confidence", "posts", "shown", "hidden", "reason",
)  # fmt: skip
COUNTS: Final = ("likes", "comments", "shares", "views", "saves")


def check(
    watchlist: WatchlistFile, now: Now = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Validate the watchlist and look at each channel once; nothing is kept."""
    from data.store import Store
    from flows import crawl, watched

    told, channels = watched.read(watchlist)
    run = crawl.new_run(now)
    with TemporaryDirectory(prefix="vigie-check-") as folder, console.steps() as step:
        step("check")
        store = Store(folder)
        coverage = crawl.crawl(store, run, told, channels, together=True, probe=True)
        seen = [shown(store, channel) for channel in channels]
    reasons = coverage["reason"].to_list()
    counts = coverage["posts"].to_list()
    console.table(COLUMNS, list(_rows(channels, counts, seen, reasons)))
    short = [(c, reason) for c, reason in zip(channels, reasons, strict=True) if reason]
    for channel, reason in short:
        console.problem("{channel}: {reason}", channel=channel.channel_id, reason=reason)
    if short:
        raise typer.Exit(1)


def shown(store: "Store", channel: "PlanChannel") -> list[str]:
    """Which counts the probe saw: of its posts, and of its account."""
    import polars as pl

    ours = pl.col("channel_id") == channel.channel_id
    posts = store.scan("posts").filter(ours).select("post_id")
    metrics = store.scan("metrics").join(posts, on="post_id", how="semi")
    profiles = store.scan("profiles").filter(ours)
    seen: list[str] = []
    for frame, names in ((profiles, ("followers",)), (metrics, COUNTS)):
        found = frame.select(pl.col(names).is_not_null().any()).collect().row(0)
        seen += [name for name, is_there in zip(names, found, strict=True) if is_there]
    return seen


def _rows(
    channels: Sequence["PlanChannel"], posts: list[int], seen: list[list[str]],
    reasons: list[str | None],
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    from crawlers.registry import platforms

    for channel, count, names, reason in zip(channels, posts, seen, reasons, strict=True):
        platform = platforms()[channel.platform]
        yield (
            channel.channel_id, platform.title, platform.access, platform.confidence, count,
            " ".join(names), " ".join(sorted(platform.hides)), reason,
        )  # fmt: skip
