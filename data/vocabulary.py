"""Closed word lists that several tables share, in the field's standard terms."""

from typing import Final

FORMATS: Final = (
    "text", "photo", "carousel", "video", "short", "story", "live", "link", "poll", "event",
    "article", "newsletter", "audio", "review",
)  # fmt: skip
ROLES: Final = ("brand", "competitor", "influencer", "topic")
PERIODS: Final = {"7d": 7, "28d": 28, "90d": 90, "365d": 365}
"""Period name → length in days, each ending at the run's reference time."""
RATE_PERIODS: Final = ("28d", "90d")
NAMED_BY: Final = ("handle", "tag", "name")
"""Those in which the engagement rate is told under every definition."""
EFFECT_PERIODS: Final = ("28d", "90d")
EFFECT_DIMENSIONS: Final = ("format", "weekday", "daypart", "content_type")
EFFECT_STATUSES: Final = (
    "opening", "missed", "crowded", "usual", "not enough posts", "not comparable",
)  # fmt: skip
TREND_KINDS: Final = ("format", "hashtag", "content_type")
TREND_STATUSES: Final = ("rising", "falling", "steady")
ALERT_KINDS: Final = (
    "bad_buzz", "breakout_post", "rising_trend", "competitor_silent", "source_broken",
)  # fmt: skip
SEVERITIES: Final = ("info", "warning", "critical")
AUDIT_CHECKS: Final = (
    "size_tier", "regularity", "growth_jump", "sponsored_share", "boost_share", "comment_quality",
)  # fmt: skip
AUDIT_STATUSES: Final = ("ok", "watch", "not enough posts")
VERDICTS: Final = ("ahead", "level", "behind", "not enough posts")
REGISTERS: Final = ("tu", "vous", "neutral")
COUNTS: Final = ("likes", "comments", "shares", "views", "saves")
ALL: Final = "all"
"""The `platform` value of a row that sums over every platform."""
ACCESS: Final = ("api", "feed", "page", "browser", "token")
CONFIDENCE: Final = ("solid", "thin")
ERASED: Final = ("author", "channel", "retention", "damaged")
"""Why bytes of the archive are gone: a person asked, a channel was taken out, their time was up, or
a disk lost them (`vigie doctor`)."""
WALLS: Final = (
    "login_wall", "consent_wall", "block_page", "empty_shell", "age_gate", "needs_token",
)  # fmt: skip
"""Reasons in `coverage` for which a platform shows no robot its pages, today or tomorrow."""
FORBIDDEN: Final = "robots.txt forbids"
"""How the reason begins where robots.txt refuses."""
LAWFUL: Final = "; lawful alternative"
"""Where such a reason goes on to what can be done instead."""


def reason_key(reason: str | None) -> str:
    """What a reason in `coverage` begins with: its key, or FORBIDDEN; empty for none."""
    text = reason or ""
    return FORBIDDEN if text.startswith(FORBIDDEN) else text.partition(":")[0].strip()
