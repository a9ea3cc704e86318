"""Closed word lists that several tables share, in the field's standard terms."""

from typing import Final

FORMATS: Final = (
    "text", "photo", "carousel", "video", "short", "story", "live", "link", "poll", "event",
    "article", "newsletter", "audio", "review",
)  # fmt: skip
ROLES: Final = ("brand", "competitor", "influencer", "topic")
PERIODS: Final = {"7d": 7, "28d": 28, "90d": 90, "365d": 365}
"""Period name → length in days, each ending at the run's reference time."""
TREND_KINDS: Final = ("format", "hashtag", "content_type")
TREND_STATUSES: Final = ("rising", "falling", "steady")
ALERT_KINDS: Final = (
    "bad_buzz", "breakout_post", "rising_trend", "competitor_silent", "source_broken",
)  # fmt: skip
SEVERITIES: Final = ("info", "warning", "critical")
VERDICTS: Final = ("ahead", "level", "behind", "not enough posts")
REGISTERS: Final = ("tu", "vous", "neutral")
COUNTS: Final = ("likes", "comments", "shares", "views", "saves")
ALL: Final = "all"
"""The `platform` value of a row that sums over every platform."""
