"""Whether a source still says what it used to say: floors, and reasons in plain words. Pure."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from crawlers.platform import Platform
from crawlers.reading import Reading
from data.records import Metrics

ENOUGH: Final = 5
"""Posts on a visit's pages before a missing field says anything."""
LONGEST: Final = 400


def broken(platform: Platform, visit: Sequence[Reading]) -> str | None:
    """Why the source counts as broken: a field that too few posts carry; else None.

    Looked at are the visit's own posts (no reposts), each with the counts shown beside it.
    """
    if not platform.floor:
        return None
    posts = {
        post.native_id: post for reading in visit for post in reading.posts if not post.is_repost
    }
    if len(posts) < ENOUGH:
        return None
    counts = {
        metrics.native_id: metrics
        for reading in visit
        for metrics in reading.metrics
        if metrics.native_id in posts
    }
    of_metrics = set(Metrics.__struct_fields__)
    for name, floor in platform.floor.items():
        rows = counts if name in of_metrics else posts
        values = list(map(attrgetter(name), rows.values()))
        carried = len(values) - values.count(None) - values.count(())
        if carried < floor * len(posts):
            missing = 100 * (1 - carried / len(posts))
            return f"source looks broken: {name} missing on {missing:.0f} % of posts"
    return None


def shortfall(reasons: Sequence[str]) -> str | None:
    """One line that says what fell short: the first reason, and how many others there were."""
    if not reasons:
        return None
    first = reasons[0] if len(reasons[0]) <= LONGEST else reasons[0][: LONGEST - 1] + "…"
    more = len(reasons) - 1
    return first if not more else f"{first} (and {more} more page{'s' if more > 1 else ''})"
