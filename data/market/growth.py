"""How counts and followers grow with time. Deterministic: time in, numbers out."""

import math
from bisect import bisect_right
from datetime import datetime
from statistics import NormalDist
from typing import Final

from data.market.cast import Channel
from data.market.records import Counts, Post

HALF_H: Final = {"bluesky": 12.0, "mastodon": 15.0, "youtube": 24.0, "wordpress": 20.0}
"""Median age of an interaction by platform, hours."""
SPREAD: Final = 1.2
"""Standard deviation of the log age of an interaction."""
NORMAL: Final = NormalDist()


def share_by(age_h: float, half_h: float) -> float:
    """Share of the final count reached at an age: a log-normal curve, half at `half_h`."""
    return NORMAL.cdf(math.log(age_h / half_h) / SPREAD) if age_h > 0 else 0.0


def age_of(share: float, half_h: float) -> float:
    """Age in hours at which that share is reached; the inverse of `share_by`."""
    return half_h * math.exp(SPREAD * NORMAL.inv_cdf(min(max(share, 1e-6), 1 - 1e-6)))


def counts_at(post: Post, now: datetime) -> Counts:
    """Public counts at a time: never falling, and as many comments as there are to read."""
    share = share_by((now - post.published_at).total_seconds() / 3600, post.half_h)

    def grown(final: int | None) -> int | None:
        return None if final is None else min(final, int(final * share + post.round_up))

    comments = bisect_right(post.comments, now, key=lambda comment: comment.at)
    if post.channel_id.startswith("wordpress:"):  # which counts the answers too
        comments += sum(1 for _ in post.answers(now))
    return Counts(
        likes=grown(post.final.likes),
        comments=None if post.final.comments is None else comments,
        shares=grown(post.final.shares),
        views=grown(post.final.views),
    )


def followers_at(channel: Channel, now: datetime, end: datetime) -> int | None:
    """Followers at a time: steady growth to the planted number, with a slow ripple."""
    if channel.followers is None:
        return None
    weeks = (end - now).total_seconds() / 604_800
    ripple = 0.003 * math.sin(weeks * 1.7 + len(channel.account))
    return round(channel.followers * math.exp(-channel.growth * weeks) * (1 + ripple))
