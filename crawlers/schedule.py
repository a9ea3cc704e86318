"""When a known post's counts are asked for again: often while it is young, then never."""

from datetime import datetime, timedelta
from typing import Final

AGES: Final = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168, 720))
"""1 h, 6 h, 1 d, 3 d, 7 d and 30 d after publication."""


def due(published_at: datetime | None, last_seen_at: datetime, now: datetime) -> bool:
    """Whether one of AGES lies between the last observation (excluded) and now (included)."""
    if published_at is None:
        return False
    return any(last_seen_at < published_at + age <= now for age in AGES)
