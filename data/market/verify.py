"""Planted truth beside what a lake recovered of it, with the bound of each comparison."""

from datetime import datetime, timedelta
from typing import Final

import polars as pl

from data.market.check import Check, at_least, exactly
from data.market.findings import findings
from data.market.records import Counts, Post
from data.market.world import Market
from data.store import Store

CADENCE_BOUND: Final = 0.02
FORMAT_BOUND: Final = 0.99
COUNT_BOUND: Final = 0.999
FOLLOWER_BOUND: Final = 0.03
ROUNDED_VIEWS: Final = 0.1
"""YouTube cuts views to two or three digits: 1.9K may be 1,999."""
CLOCK_SLACK: Final = timedelta(seconds=1)


def verify(store: Store, market: Market) -> list[Check]:
    """Every planted fact that the lake should show, compared; reads tables only.

    The lake is expected to hold the crawls of `market.crawl_dates()` and one build at the end.
    """
    posts = store.scan("posts").collect()
    return [
        *cadence(posts, market),
        weekly(store, market),
        found(posts, market),
        formats(posts, market),
        counts(store.scan("metrics").collect(), market),
        followers(store.scan("profiles").collect(), market),
        deletions(posts, market),
        edits(posts, market),
        *findings(store, market),
    ]


def own(posts: pl.DataFrame) -> pl.DataFrame:
    """The channels' own publications that still stand."""
    is_own = ~pl.col("is_repost") & ~pl.col("is_reply")
    return posts.filter(is_own, pl.col("deleted_at").is_null())


def cadence(posts: pl.DataFrame, market: Market) -> list[Check]:
    """Posts a week of each channel, over what its platform ever showed to the crawls.

    Undated posts (shorts older than the feed) count: the window is the whole simulation.
    """
    counted = own(posts).group_by("channel_id").len().rows()
    got: dict[str, int] = dict(counted)
    weeks = market.days / 7
    return [
        _within(f"cadence {channel}", planted, got.get(channel, 0) / weeks)
        for channel, planted in market.truth.channels.select("channel_id", "per_week").rows()
    ]


def _within(name: str, planted: float, recovered: float) -> Check:
    off = abs(recovered - planted) / planted if planted else float(recovered > 0)
    bound = f"± {CADENCE_BOUND:.0%}"
    return Check(
        name, f"{planted:.2f} a week", f"{recovered:.2f} a week", bound, off <= CADENCE_BOUND
    )


def weekly(store: Store, market: Market) -> Check:
    """`channel_weeks` over the last twelve complete weeks, channels with exact dates."""
    last = market.last_week
    first = last - timedelta(weeks=11)
    rows = store.scan("channel_weeks").filter(pl.col("week").is_between(first, last))
    got = dict(rows.group_by("channel_id").agg(pl.col("posts").sum()).collect().rows())
    begin, end = market.midnight(first), market.midnight(last + timedelta(weeks=1))
    exact = [c.channel_id for c in market.channels if c.platform != "youtube"]
    truth = market.truth.posts.filter(
        pl.col("is_shown"), pl.col("deleted_at").is_null(), pl.col("published_at") >= begin,
        pl.col("published_at") < end,
    )  # fmt: skip
    planted = dict(truth.group_by("channel_id").len().rows())
    off = {c: abs(got.get(c, 0) - planted.get(c, 0)) / max(planted.get(c, 0), 1) for c in exact}
    worst = max(off, key=lambda channel: off[channel])
    recovered = f"{got.get(worst, 0)} posts of {worst}, the furthest off"
    bound = f"± {CADENCE_BOUND:.0%} for each channel"
    total = f"{sum(planted.get(c, 0) for c in exact)} posts in 12 weeks"
    return Check("weekly cadence", total, recovered, bound, off[worst] <= CADENCE_BOUND)


def found(posts: pl.DataFrame, market: Market) -> Check:
    """Every post ever shown to a crawl is in the ledger, and no other."""
    planted = set(market.truth.posts.filter("is_shown")["post_id"])
    is_own = ~pl.col("is_repost") & ~pl.col("is_reply")
    return exactly("own posts", planted, set(posts.filter(is_own)["post_id"]))


def formats(posts: pl.DataFrame, market: Market) -> Check:
    """Formats of the posts found."""
    both = posts.join(market.truth.posts, on="post_id", suffix="_planted")
    right = both.filter(pl.col("format") == pl.col("format_planted")).height
    share = right / both.height if both.height else 0.0
    return at_least("formats", f"{both.height} posts", share, FORMAT_BOUND)


def counts(metrics: pl.DataFrame, market: Market) -> Check:
    """Every count ever observed is what the market showed at that time."""
    planted = {p.post_id: p for posts in market.posts.values() for p in posts}
    names = ("post_id", "observed_at", "likes", "comments", "shares", "views")
    rows = [row for row in metrics.select(names).iter_rows() if row[0] in planted]
    right = sum(_same(market, planted[row[0]], row[1], Counts(*row[2:])) for row in rows)
    share = right / len(rows) if rows else 0.0
    return at_least("counts", f"{len(rows)} observations", share, COUNT_BOUND)


def _same(market: Market, post: Post, at: datetime, seen: Counts) -> bool:
    """Whether what was shown of a post's counts is right; rounded views within a tenth."""
    low, high = market.counts(post, at), market.counts(post, at + CLOCK_SLACK)
    exact = all(
        got is None or (least is not None and most is not None and least <= got <= most)
        for got, least, most in zip(seen[:3], low[:3], high[:3], strict=True)
    )
    if seen.views is None or high.views is None:
        return exact and seen.views is None
    return exact and (1 - ROUNDED_VIEWS) * (low.views or 0) <= seen.views <= high.views


def followers(profiles: pl.DataFrame, market: Market) -> Check:
    """Followers at every observation, where the platform shows them."""
    by_id = {channel.channel_id: channel for channel in market.channels}
    off = [
        abs(seen - expected) / expected
        for channel_id, at, seen in profiles.select(
            "channel_id", "observed_at", "followers"
        ).iter_rows()
        if seen is not None
        and channel_id in by_id
        and (expected := market.followers(by_id[channel_id], at))
    ]
    worst = max(off, default=1.0)
    bound = f"± {FOLLOWER_BOUND:.0%} (YouTube rounds)"
    return Check(
        "followers", f"{len(off)} observations", f"{worst:.2%} off at most", bound,
        worst <= FOLLOWER_BOUND,
    )  # fmt: skip


def deletions(posts: pl.DataFrame, market: Market) -> Check:
    """Posts seen by a crawl and deleted before a later one."""
    truth = market.truth.posts.filter("is_shown")
    planted = truth.filter(pl.col("deleted_at") <= market.end)
    is_own = ~pl.col("is_repost") & ~pl.col("is_reply")
    gone = posts.filter(is_own, pl.col("deleted_at").is_not_null())
    return exactly("deletions", set(planted["post_id"]), set(gone["post_id"]))


def edits(posts: pl.DataFrame, market: Market) -> Check:
    """Posts whose text changed."""
    planted = market.truth.posts.filter("is_shown", pl.col("edited_at") <= market.end)
    changed = posts.filter(pl.col("edited_at").is_not_null())
    return exactly("edits", set(planted["post_id"]), set(changed["post_id"]))
