"""Pinterest's pins and people as JSON: camelCase in its pages, snake_case in its endpoints."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from crawlers.fields import count, hashtags_of, instant, maybe, mentions_of, text_of, when
from crawlers.formats import api, jsonld
from crawlers.platform import ParseError
from data.records import Metrics, Post, Profile, Record

Node = dict[str, Any]

NATIVE: Final = re.compile(r"[0-9]{5,25}")
REPINS: Final = re.compile(
    r"""<meta[^>]{0,300}?(?:content=["']([0-9]{1,12})["'][^>]{0,300}?)?["']pinterestapp:repins["']"""
)
DEEPEST: Final = 60


def url_of(native_id: str) -> str:
    """The address of a pin's page."""
    return f"https://www.pinterest.com/pin/{native_id}/"


def pins(documents: list[Any]) -> dict[str, Node]:
    """Every pin of the documents by its id, what they tell of one pin put together."""
    found: dict[str, Node] = {}
    for document in documents:
        for pin in _having(document, ("createdAt", "created_at"), ("pinner",)):
            native_id = _identity(pin)
            if native_id:
                known = {key: value for key, value in pin.items() if value is not None}
                found[native_id] = {**pin, **found.get(native_id, {}), **known}
    return found


def people(document: Any) -> Iterator[Node]:
    """Everybody whose followers the document tells."""
    yield from _having(document, ("followerCount", "follower_count"), ("username",))


def _having(node: Any, *alternatives: tuple[str, ...], depth: int = DEEPEST) -> Iterator[Node]:
    """Every object with one key of each alternative, inside others too, in document order."""
    if depth == 0:
        return
    if isinstance(node, dict):
        if all(any(key in node for key in keys) for keys in alternatives):
            yield node
        node = list(node.values())
    for value in node if isinstance(node, list) else ():
        yield from _having(value, *alternatives, depth=depth - 1)


def _at(node: Any, *names: str) -> Any:
    """The first value that is there among names in either spelling."""
    for name in names:
        spelled = re.sub(r"_([a-z])", lambda letter: letter[1].upper(), name)
        for key in (name, spelled):
            if (value := maybe(node, key)) is not None:
                return value
    return None


def _text(node: Any, *names: str) -> str:
    values = (_at(node, name) for name in names)
    return next((text for v in values if isinstance(v, str) and (text := text_of(v))), "")


def _identity(pin: Node) -> str | None:
    keys = (_at(pin, "entity_id"), pin.get("id"))
    return next((key for key in keys if isinstance(key, str) and NATIVE.fullmatch(key)), None)


def _number(value: Any) -> int | None:
    return count(value) if isinstance(value, int | str) else None


def pinner_of(pin: Node) -> str:
    """The name of the account that pinned it, in lower case; empty where it is not told."""
    return (maybe(pin, "pinner", "username", of=str) or "").lower()


def profile(shown: list[Node]) -> Profile:
    """One account out of the places where a document tells of it."""

    def best(name: str) -> int | None:
        numbers = (_number(_at(who, name)) for who in shown)
        return next((number for number in numbers if number is not None), None)

    names = (_text(who, "full_name", "username") for who in shown)
    about = (_text(who, "about") for who in shown)
    return Profile(
        name=next(filter(None, names), None),
        followers=best("follower_count"),
        following=best("following_count"),
        posts_total=best("pin_count"),
        description=next(filter(None, about), None),
    )


def records(pin: Node, now: datetime) -> Iterator[Record]:
    """A pin, and its counts unless it only repeats another account's.

    Raises:
        ParseError: no such pin.
    """
    native_id = _identity(pin)
    if native_id is None:
        raise ParseError("id", "not a pin's")
    told = _at(pin, "created_at")
    moment = when(told, now) if isinstance(told, str) else None
    if moment is None:
        raise ParseError("createdAt", "not a time")
    text = _text(pin, "description", "closeup_unified_description", "closeup_description")
    title = _text(pin, "title", "grid_title")
    kind, pieces, seconds = _media(pin)
    origin = maybe(_at(pin, "origin_pinner", "native_creator"), "username", of=str) or ""
    repost = bool(origin) and origin.lower() != pinner_of(pin)
    yield Post(
        native_id=native_id,
        url=url_of(native_id),
        published_at=moment.at,
        published_within_s=moment.within_s,
        format=kind,
        title=title or None,
        text=text or None,
        media_count=pieces,
        duration_s=seconds,
        hashtags=hashtags_of(f"{title}\n{text}"),
        mentions=mentions_of(text),
        links=api.addresses([maybe(pin, "link", of=str)]),
        is_repost=repost,
        sponsored=found if isinstance(found := _at(pin, "is_promoted"), bool) else None,
    )
    if not repost:
        yield from _metrics(pin, native_id)


def _metrics(pin: Node, native_id: str) -> Iterator[Metrics]:
    whole = _at(pin, "aggregated_pin_data")
    saves = _number(maybe(whole, "aggregated_stats", "saves"))
    comments = _number(_at(whole, "comment_count"))
    found = Metrics(
        native_id,
        likes=_likes(pin),
        comments=_number(_at(pin, "comment_count")) if comments is None else comments,
        shares=_number(_at(pin, "share_count")),
        saves=_number(_at(pin, "repin_count", "save_count")) if saves is None else saves,
    )
    if found != Metrics(native_id):
        yield found


def _likes(pin: Node) -> int | None:
    """Reactions of all kinds; an empty list of them is none at all."""
    total = _number(_at(pin, "total_reaction_count"))
    told = _at(pin, "reaction_counts_data", "reaction_counts")
    if total is not None or not isinstance(told, dict | list):
        return total
    values = (
        told.values() if isinstance(told, dict) else [_at(one, "reaction_count") for one in told]
    )
    numbers = [_number(value) for value in values]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _media(pin: Node) -> tuple[str, int, float | None]:
    """(format, pieces of media, length in seconds)."""
    slots = _at(_at(pin, "carousel_data"), "carousel_slots")
    if isinstance(slots, list) and len(slots) > 1:
        return "carousel", len(slots), None
    pages = _at(_at(pin, "story_pin_data"), "pages")
    if isinstance(pages, list) and len(pages) > 1:
        return "carousel", len(pages), None
    if _at(pin, "videos") or _moving(pages):
        return "video", 1, _seconds(pin)
    return "photo", 1, None


def _moving(pages: Any) -> bool:
    """Whether a pin told in pages has a video in them."""
    return any(True for _ in _having(pages, ("video_list", "videoList", "videoDataV2")))


def _seconds(pin: Node) -> float | None:
    """Length of its video; Pinterest counts milliseconds."""
    for file in _having(pin, ("duration",)):
        length = file["duration"]
        if isinstance(length, int | float) and not isinstance(length, bool):
            return length / 1000 if 0 < length < 10**9 else None
    return None


def described(markup: str, native_id: str) -> Iterator[Record]:
    """A pin as its page describes it to search engines, where scripts carry nothing of it."""
    found = [node for node in jsonld.nodes(markup) if node["@type"] == "SocialMediaPosting"]
    if not found:
        return
    title, text = jsonld.text(found[0], "headline"), jsonld.text(found[0], "articleBody")
    length = jsonld.length(found[0])
    yield Post(
        native_id=native_id,
        url=url_of(native_id),
        published_at=instant(jsonld.text(found[0], "datePublished") or ""),
        format="video" if "video" in found[0] or length else "photo",
        title=title,
        text=text,
        media_count=1,
        duration_s=length,
        hashtags=hashtags_of(f"{title or ''}\n{text or ''}"),
        mentions=mentions_of(text or ""),
    )
    repins = REPINS.search(markup)
    counts = jsonld.counts(found[0]) | ({"saves": int(repins[1])} if repins and repins[1] else {})
    if counts:
        yield Metrics(native_id, **counts)
