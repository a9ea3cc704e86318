"""`vigie check`: is the watchlist sound, and what can be had from each channel?"""

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from flows import console
from flows.commands.common import name_short
from flows.options import Lake, Lang, Now, WatchlistFile, lake_of

if TYPE_CHECKING:
    from crawlers.plan import PlanChannel
    from data.store import Store

EXAMPLE = "Example: vigie check watchlist.yaml"
COLUMNS: Final = (
    "channel_id", "platform", "access", "confidence", "posts", "in_lake", "shown", "hidden",
    "reason",
)  # fmt: skip
COUNTS: Final = ("likes", "comments", "shares", "views", "saves")


def check(
    watchlist: WatchlistFile, lake: Lake = None, now: Now = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Validate the watchlist and look at each channel once; nothing is kept."""
    from crawlers.registry import platforms
    from data.store import Store
    from flows import crawl, watched

    told, channels = watched.read(watchlist)
    run = crawl.new_run(now)
    with TemporaryDirectory(prefix="vigie-check-") as folder, console.steps() as step:
        step("check")
        store = Store(folder)
        coverage = crawl.crawl(store, run, told, channels, together=True, probe=True)
        seen = [shown(store, channel) for channel in channels]
    kept = held(Store(lake_of(lake)))
    rows = []
    for channel, names, got in zip(channels, seen, coverage.iter_rows(named=True), strict=True):
        platform = platforms()[channel.platform]
        rows.append((
            channel.channel_id, platform.title, platform.access, platform.confidence,
            got["posts"], kept.get(channel.channel_id, 0), " ".join(names),
            " ".join(sorted(platform.hides)), got["reason"],
        ))  # fmt: skip
    console.table(COLUMNS, rows)
    name_short(coverage)


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


def held(store: "Store") -> dict[str, int]:
    """How many posts of each channel the lake has."""
    return dict(store.scan("posts").group_by("channel_id").len().collect().iter_rows())
