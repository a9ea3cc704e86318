"""schema.org as pages embed it (JSON-LD): what it says of the page's article."""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from crawlers.fields import count, maybe

Node = dict[str, Any]

SCRIPT: Final = re.compile(
    r"<script[^>]{0,300}?application/ld\+json[^>]{0,300}>(.*?)</script", re.IGNORECASE | re.DOTALL
)
WRAPPING: Final = re.compile(r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|"
                             r"(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>|;)\s*$")  # fmt: skip
ARTICLE: Final = re.compile(r"(?:\w*Article|BlogPosting|SocialMediaPosting|Report|Review|Recipe)$")
PAGE: Final = re.compile(r"(?:WebPage|ItemPage|PodcastEpisode|VideoObject|Event|Episode)$")
COUNTERS: Final = {
    "CommentAction": "comments", "WriteAction": "comments",
    "LikeAction": "likes",
    "ShareAction": "shares",
    "WatchAction": "views", "ViewAction": "views", "ReadAction": "views",
}  # fmt: skip
"""Type of a counted interaction → the field of Metrics."""
DEEPEST: Final = 8
LENGTH: Final = re.compile(
    r"P?(?:([0-9]{1,3})D)?T?(?:([0-9]{1,4})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,7}(?:\.[0-9]{1,9})?)S)?"
)


def nodes(markup: str) -> Iterator[Node]:
    """Every typed object of the page's JSON-LD, outer ones first; what is no JSON is left out."""
    for match in SCRIPT.finditer(markup):
        try:
            yield from _typed(msgspec.json.decode(WRAPPING.sub("", match[1]).strip()), DEEPEST)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            continue


def article(found: list[Node]) -> Node | None:
    """The object that describes the page's article; None where no type says that it is one."""
    return next((node for node in found if _is(node, ARTICLE)), None)


def page(found: list[Node]) -> Node | None:
    """The object that describes the page itself, when it is no article."""
    return next((node for node in found if _is(node, PAGE) and "datePublished" in node), None)


def text(node: Node, *names: str) -> str | None:
    """The first of these values that is a text (or an object's name)."""
    for name in names:
        value = node.get(name)
        value = value[0] if isinstance(value, list) and value else value
        value = maybe(value, "name") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def keywords(node: Node) -> Iterator[str]:
    """Its keywords, written as a list or with commas."""
    value = node.get("keywords")
    for entry in value if isinstance(value, list) else [value]:
        yield from (word.strip() for word in entry.split(",")) if isinstance(entry, str) else ()


def counts(node: Node) -> dict[str, int]:
    """Public counts by field of Metrics, from commentCount and interactionStatistic."""
    found: dict[str, int] = {}
    statistics = node.get("interactionStatistic")
    for counter in statistics if isinstance(statistics, list) else [statistics]:
        kind = maybe(counter, "interactionType")
        kind = maybe(kind, "@type") if isinstance(kind, dict) else kind
        name = COUNTERS.get(str(kind).rpartition("/")[2])
        number = count(maybe(counter, "userInteractionCount"))
        if name and number is not None:
            found.setdefault(name, number)
    comments = count(node.get("commentCount"))
    return found if comments is None else {**found, "comments": comments}


def length(node: Node) -> float | None:
    """Its duration in seconds, from ISO 8601 such as PT1M18S or T18S; None for none or zero."""
    match = LENGTH.fullmatch(text(node, "duration") or "")
    days, hours, minutes, rest = (
        (float(part or 0) for part in match.groups()) if match else [0.0] * 4
    )
    return (((days * 24 + hours) * 60 + minutes) * 60 + rest) or None


def _typed(node: Any, depth: int) -> Iterator[Node]:
    if isinstance(node, list):
        for entry in node:
            yield from _typed(entry, depth - 1) if depth else ()
    elif isinstance(node, dict):
        if "@type" in node:
            yield node
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _typed(node.get(name), depth - 1) if depth else ()


def _is(node: Node, wanted: re.Pattern[str]) -> bool:
    kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    return any(isinstance(kind, str) and wanted.search(kind) for kind in kinds)
