"""What a probe of each channel came to: what can be had there, and what stands in the way."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from crawlers.alternatives import instead
from crawlers.plan import PlanChannel
from crawlers.registry import platforms
from data.vocabulary import COUNTS, FORBIDDEN, reason_key

if TYPE_CHECKING:
    import polars as pl

    from data.store import Store

OFFICIAL: Final = '"official":true'
"""In the archived request where a platform's official API was asked with the user's token."""


def told(
    store: "Store", channels: Sequence[PlanChannel], coverage: "pl.DataFrame", *, obeys: bool
) -> list[dict[str, Any]]:
    """A row a channel, in their order: what the probe's lake shows of it.

    Args:
        store: the probe's own lake.
        channels: the channels that were probed.
        coverage: the probe's rows, in the same order.
        obeys: whether robots.txt was obeyed.

    Returns:
        channel_id, platform (title), access (how it was read this time), confidence, robots
        (the verdict, None where it was not learned), posts (read by the probe), oldest (date of
        the earliest publication read), posts_total (as the platform counts), counts (names),
        hidden (names), reason, instead, complete.
    """
    pairs = zip(channels, coverage.iter_rows(named=True), strict=True)
    return [_row(store, channel, got, obeys=obeys) for channel, got in pairs]


def _row(
    store: "Store", channel: PlanChannel, got: dict[str, Any], *, obeys: bool
) -> dict[str, Any]:
    platform = platforms()[channel.platform]
    with_token = used_token(store, channel.channel_id)
    return {
        "channel_id": channel.channel_id,
        "platform": platform.title,
        "access": "token" if with_token else platform.access,
        "confidence": platform.confidence,
        "robots": verdict(got, with_token=with_token, obeys=obeys),
        "posts": got["posts"],
        **depth(store, channel.channel_id),
        "counts": shown(store, channel.channel_id),
        "hidden": sorted(platform.hides),
        "reason": got["reason"],
        "instead": None if got["complete"] else instead(got["reason"], platform.name),
        "complete": got["complete"],
    }


def verdict(got: dict[str, Any], *, with_token: bool, obeys: bool) -> str | None:
    """What robots.txt said to the visit that a row of `coverage` is of; None: not learned."""
    if not obeys:
        return "not asked"
    if reason_key(got["reason"]) == FORBIDDEN:
        return "forbids"
    if (got["reason"] or "").startswith("robots.txt of"):
        return "fails"
    if with_token:
        return "not needed"
    return "allows" if got["pages"] else None


def used_token(store: "Store", channel_id: str) -> bool:
    """Whether the channel was read through the platform's official API."""
    import polars as pl

    asked = pl.col("fetch").str.contains(OFFICIAL, literal=True)
    pages = store.scan("pages").filter(pl.col("channel_id") == channel_id, asked)
    return not pages.select("page_id").head(1).collect().is_empty()


def depth(store: "Store", channel_id: str) -> dict[str, Any]:
    """How far back it goes: `oldest` publication seen (a date), `posts_total` as counted there."""
    import polars as pl

    ours = pl.col("channel_id") == channel_id
    posts = store.scan("posts").filter(ours).select(pl.col("published_at").min().dt.date())
    totals = store.scan("profiles").filter(ours, pl.col("posts_total").is_not_null())
    newest = totals.sort("observed_at").select(pl.col("posts_total").last())
    return {"oldest": posts.collect().item(), "posts_total": newest.collect().item()}


def shown(store: "Store", channel_id: str) -> list[str]:
    """Which counts the probe saw: of its account, and of its posts."""
    import polars as pl

    ours = pl.col("channel_id") == channel_id
    posts = store.scan("posts").filter(ours).select("post_id")
    metrics = store.scan("metrics").join(posts, on="post_id", how="semi")
    profiles = store.scan("profiles").filter(ours)
    seen: list[str] = []
    for frame, names in ((profiles, ("followers",)), (metrics, COUNTS)):
        found = frame.select(pl.col(names).is_not_null().any()).collect().row(0)
        seen += [name for name, is_there in zip(names, found, strict=True) if is_there]
    return seen
