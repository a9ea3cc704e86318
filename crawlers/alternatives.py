"""What to do lawfully where a platform lets no robot in: nothing here is a way around a wall.

Texts are English; they name settings, commands and exports, and the French ones are in the
catalogue of the commands.
"""

from typing import Final

from data.vocabulary import FORBIDDEN, WALLS, reason_key

ELSEWHERE: Final = (
    "its feed or the newsletter it sends you (`vigie import --as newsletter`); "
    "for your own channel, your export (`vigie import`)"
)
"""Of every platform without a text of its own."""
CHECK: Final = "check the address in the watchlist"
LATER: Final = "try again later"
NAMED: Final[dict[str, str]] = {
    "facebook": (
        "for your own page, the export of Meta Business Suite (`vigie import`); for others, "
        "their feed or newsletter"
    ),
    "instagram": (
        "set VIGIE_INSTAGRAM_TOKEN and VIGIE_INSTAGRAM_USER_ID (official API); or `vigie import` "
        "what your own browser collected with Zeeschuimer, or your export of Meta Business Suite"
    ),
    "linkedin": (
        "`vigie import` what your own browser collected with Zeeschuimer, or your own page’s "
        "export; for others, their feed or newsletter"
    ),
    "newsletter": "`vigie import --as newsletter` the letters that your mailbox receives",
    "reddit": "set VIGIE_REDDIT_CLIENT_ID and VIGIE_REDDIT_CLIENT_SECRET (official API)",
    "reviews": (
        "the page of the brand’s own site that shows its reviews; for your own business, the "
        "platform’s export (`vigie import`)"
    ),
    "threads": "`vigie import` what your own browser collected with Zeeschuimer",
    "tiktok": (
        "`vigie import` what your own browser collected with Zeeschuimer, or your own export of "
        "TikTok Studio"
    ),
    "x": (
        "`vigie import` what your own browser collected with Zeeschuimer, or your own export of "
        "X Analytics"
    ),
    "youtube": (
        "set VIGIE_YOUTUBE_API_KEY (official API); for your own channel, the export of YouTube "
        "Studio (`vigie import`)"
    ),
}
PASSING: Final = ("rate_limited", "server_error", "timeout", "no answer")


def alternative(platform: str) -> str:
    """The lawful way to what a platform's pages do not give a robot."""
    return NAMED.get(platform, ELSEWHERE)


def instead(reason: str | None, platform: str) -> str | None:
    """What to do about a channel that fell short.

    Args:
        reason: as `coverage` has it: `key: words`, or a sentence of robots.txt.
        platform: name of its platform.

    Returns:
        None where nothing fell short, or where it is no fault of the address or the platform.
    """
    key = reason_key(reason)
    if key in WALLS or key == FORBIDDEN:
        return alternative(platform)
    if key == "gone":
        return CHECK
    return LATER if key.startswith(PASSING) else None
