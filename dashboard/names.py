"""The words of closed lists, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from dashboard.i18n import NONE, _, decimal, lang, percent
from data.vocabulary import ALL, FORBIDDEN

FLOOR: Final = 5
"""Posts under which no figure is given (design rule)."""


def form(name: str) -> str:
    """A format."""
    words = {
        "text": _("Text"), "photo": _("Photo"), "carousel": _("Carousel"), "video": _("Video"),
        "short": _("Short video"), "story": _("Story"), "live": _("Live"), "link": _("Link"),
        "poll": _("Poll"), "event": _("Event"), "article": _("Article"),
        "newsletter": _("Newsletter"), "audio": _("Audio"), "review": _("Review"),
    }  # fmt: skip
    return words.get(name, name)


def role(name: str) -> str:
    """Why an entity is watched."""
    words = {
        "brand": _("Brand"), "competitor": _("Competitor"), "influencer": _("Influencer"),
        "topic": _("Topic"),
    }  # fmt: skip
    return words.get(name, name)


def platform(name: str, title: str | None = None) -> str:
    """A platform; unknown ones by the title they give themselves, else by their own name."""
    words = {
        ALL: _("All platforms"), "bluesky": "Bluesky", "mastodon": "Mastodon",
        "youtube": "YouTube", "feed": _("RSS feed"), "wordpress": "WordPress",
        "website": _("Website"),
    }  # fmt: skip
    return words.get(name, title or name.replace("_", " ").capitalize())


def platform_inside(name: str) -> str:
    """A platform inside a sentence."""
    return _("all platforms") if name == ALL else platform(name)


def access(name: str) -> str:
    """How a platform is read."""
    words = {
        "api": _("public API"), "feed": _("feed"), "page": _("pages"),
        "browser": _("pages in a browser"), "token": _("API with a token"),
    }  # fmt: skip
    return words.get(name, name)


def confidence(name: str) -> str:
    """How far the reading of a platform was tried."""
    words = {"solid": _("well tried"), "thin": _("little tried")}
    return words.get(name, name)


def hidden(name: str) -> str:
    """Something that a platform never shows, or no longer does, inside a sentence."""
    words = {
        "text": _("texts"), "published_at": _("dates"), "media": _("images and videos"),
        "hashtags": _("hashtags"), "links": _("links"), "counts": _("counts of any kind"),
        "duration_s": _("length of videos"), "edited_at": _("edits"), "title": _("titles"),
        "sponsored": _("paid posts"), "followers": _("followers"),
        "following": _("accounts followed"), "language": _("language"),
        "media_count": _("number of images"), "posts_total": _("number of posts"),
    }  # fmt: skip
    return words.get(name, count(name).lower())


def period(name: str) -> str:
    """A window, as a phrase."""
    words = {
        "7d": _("last 7 days"), "28d": _("last 28 days"), "90d": _("last 90 days"),
        "365d": _("last 365 days"),
    }  # fmt: skip
    return words.get(name, name)


def period_short(name: str) -> str:
    """A window, as a button."""
    words = {"7d": _("7 d"), "28d": _("28 d"), "90d": _("90 d"), "365d": _("1 y")}
    return words.get(name, name)


def verdict(name: str) -> str:
    """How an entity stands against the others."""
    words = {
        "ahead": _("ahead of the others"), "level": _("level with the others"),
        "behind": _("behind the others"), "not enough posts": _("not enough posts"),
    }  # fmt: skip
    return words.get(name, name)


def missing(n: int) -> str:
    """Why a figure is not given: too few posts, or something else that its formula names."""
    return _("not enough posts") if n < FLOOR else _("not known")


def standing(row: Mapping[str, Any]) -> str:
    """The verdict of a line of `benchmark`, or why it has none."""
    return missing(row["n"]) if row["value"] is None else verdict(row["verdict"])


def left_out(who: Sequence[tuple[str, int]]) -> str:
    """Who has no figure, each with n, and why; nothing where everybody has one."""
    told = [(n, f"{name} (n\u00a0=\u00a0{decimal(n)})") for name, n in who]
    few = ", ".join(text for n, text in told if n < FLOOR)
    hidden = ", ".join(text for n, text in told if n >= FLOOR)
    parts = (
        _("Not enough posts: {who}").format(who=few) if few else "",
        _("Not known: {who}").format(who=hidden) if hidden else "",
    )
    return " · ".join(filter(None, parts))


def opening(name: str) -> str:
    """What a format or type of content is to the market and its brand."""
    words = {
        "opening": _("opening"), "missed": _("missed by the brand"), "crowded": _("crowded"),
        "usual": _("as usual"), "not comparable": _("not comparable"),
        "not enough posts": _("not enough posts"),
    }  # fmt: skip
    return words.get(name, name)


def gap_part(name: str) -> str:
    """A gap, or what it comes from."""
    words = {
        "gap": _("Gap"), "from_volume": _("Volume"), "from_mix": _("Format mix"),
        "from_rate": _("Engagement per post"),
    }  # fmt: skip
    return words[name]


def trend_kind(name: str) -> str:
    """What kind of thing rises or falls."""
    words = {
        "format": _("Format"), "hashtag": _("Hashtag"), "content_type": _("Content type"),
    }  # fmt: skip
    return words.get(name, name)


def status(name: str) -> str:
    """Where a trend goes."""
    return {"rising": _("rising"), "falling": _("falling"), "steady": _("steady")}.get(name, name)


def alert(name: str) -> str:
    """What happened."""
    words = {
        "bad_buzz": _("Bad buzz"), "breakout_post": _("Breakout post"),
        "rising_trend": _("Rising trend"), "competitor_silent": _("Gone silent"),
        "source_broken": _("Source broken"),
    }  # fmt: skip
    return words.get(name, name)


def count(name: str) -> str:
    """A public count of a post."""
    words = {
        "likes": _("Likes"), "comments": _("Comments"), "shares": _("Shares"),
        "views": _("Views"), "saves": _("Saves"),
    }  # fmt: skip
    return words.get(name, name)


def reason(text: str | None) -> str:
    """Why a channel fell short, in plain words; detail that nobody translated stays as it is."""
    if not text:
        return ""
    if text.startswith(FORBIDDEN):
        return _("robots.txt forbids") + text.removeprefix(FORBIDDEN)
    words = {
        "gone": _("the account or page no longer exists"),
        "login_wall": _("the platform asks to sign in"),
        "consent_wall": _("the platform asks for consent before it shows the page"),
        "block_page": _("the platform refuses automated visits"),
        "empty_shell": _("the page came without its content"),
        "age_gate": _("the platform asks for the visitor’s age"),
        "needs_token": _("the platform’s official API needs a token"),
        "rate_limited": _("the platform asks to slow down"),
        "server_error": _("the platform’s server failed"),
        "refused": _("the platform’s server refused the request"),
    }
    key, _colon, rest = text.partition(":")
    if key.strip() not in words:
        return text
    detail = rest[rest.index("(") :] if "(" in rest else ""
    return f"{words[key.strip()]} {detail}".strip()


RATIO: Final = "ratio"
"""Unit of values from 0 to 1, which people read as a percentage."""


def figure(value: float | None, unit: str) -> str:
    """A KPI's value in its unit."""
    if value is None:
        return NONE
    if unit == RATIO:
        return percent(value)
    return f"{decimal(value)}{unit_after(unit)}"


def unit(name: str) -> str:
    """What a KPI is counted in."""
    words = {
        RATIO: _("percentage"), "posts/week": _("posts a week"), "days/week": _("days a week"),
        "interactions": _("interactions"), "minutes": _("minutes"), "formats": _("formats"),
    }  # fmt: skip
    return words.get(name, name)


def bare(unit: str) -> Callable[[float | None], str]:
    """How the ends of an interval are written: the unit once, beside the value; % with each."""
    if unit == "%":
        return lambda value: NONE if value is None else f"{decimal(value)}{unit_after(unit)}"
    return percent if unit == RATIO else decimal


def unit_after(unit: str) -> str:
    """What is written after a figure of this unit."""
    words = {
        "%": "\u202f%" if lang() == "fr" else "%", "minutes": _(" min"), "posts/week": _(" a week"),
        "days/week": _(" days a week"), "formats": _(" formats"),
    }  # fmt: skip
    return words.get(unit, "")
