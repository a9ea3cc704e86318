"""X's posts as JSON, in each of the three shapes that it hands out.

The site's own GraphQL nests a post under `legacy`; the embedded timeline and the embedded post
(`tweet-result`) write it flat. All readers here take any of them.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from crawlers.fields import find, get, hashtags_of, instant, language_of, maybe, once, tag_of
from crawlers.formats import api
from crawlers.formats.x_users import NAME, author_of, number
from crawlers.platform import ParseError
from data.records import Metrics, Post, Record

Node = dict[str, Any]

SITE: Final = "https://x.com"
NATIVE: Final = re.compile(r"[0-9]{1,20}")
STATUS: Final = re.compile(r"https?://(?:\w+\.)?(?:twitter|x)\.com/[^/]+/status/", re.IGNORECASE)
PRIVATE: Final = re.compile(r"q[a-t][a-z]")
"""What X writes as language of a post without words: qme (media), qht (hashtags), …"""
FORMER: Final = {"in": "id", "iw": "he"}
"""Codes that X has kept since ISO 639 dropped them."""
CARDS: Final = (("poll", "poll"), ("audiospace", "audio"), ("broadcast", "live"), ("live", "live"))
"""Part of a card's name → format."""
FIRST_SNOWFLAKE: Final = 29_700_859_247
EPOCH: Final = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
"""Where the milliseconds in an id's upper bits start."""


def unwrapped(result: Any) -> Node:
    """A post out of its wrapping of visibility results.

    Raises:
        ParseError: there is none: a tombstone, or something else.
    """
    node = get(result, of=dict)
    node = get(node, "tweet", of=dict) if "tweet" in node else node
    kind = maybe(node, "__typename", of=str) or "Tweet"
    if kind != "Tweet" or not (maybe(node, "legacy", of=dict) or "id_str" in node):
        raise ParseError("__typename", f"no post but {kind[:40]}")
    return node


def identity(tweet: Node) -> str:
    """The post's id: that of its first version, so that an edit leaves it the same.

    Raises:
        ParseError: none.
    """
    own = _own_id(tweet)
    versions = _versions(tweet)
    return versions[0] if own in versions else own


def _own_id(tweet: Node) -> str:
    own = maybe(tweet, "rest_id") or maybe(_legacy(tweet), "id_str")
    if not isinstance(own, str) or not NATIVE.fullmatch(own) or int(own) >= 1 << 63:
        raise ParseError("rest_id", "not a post's id")
    return own


def _versions(tweet: Node) -> list[str]:
    ids = next(find(tweet.get("edit_control"), "edit_tweet_ids"), ())
    known = isinstance(ids, list) and all(
        isinstance(one, str) and NATIVE.fullmatch(one) for one in ids
    )
    return list(ids) if known else []


def _legacy(tweet: Node) -> Node:
    return maybe(tweet, "legacy", of=dict) or tweet


def snowflake(native_id: str) -> datetime | None:
    """When an id was given, exactly; None for those from before November 2010."""
    number = int(native_id)
    if not FIRST_SNOWFLAKE < number < 1 << 63:
        return None
    return EPOCH + timedelta(milliseconds=number >> 22)


def item_records(tweet: Node) -> Iterator[Record]:
    """One post: its Post and, unless it only repeats another's, its Metrics.

    `shares` are reposts and quotes together. A repost has the text and media of what it repeats.

    Raises:
        ParseError: no such post.
    """
    legacy, native_id, author = _legacy(tweet), identity(tweet), author_of(tweet)
    repeated = _repeated(tweet)
    shown = repeated or tweet
    text, marks = _text(shown), list(_marks(shown))
    links = _links(marks)
    kind, pieces = _form(shown, links)
    mentioned = _marked(marks, "user_mentions", "screen_name")
    marked = map(tag_of, _marked(marks, "hashtags", "text"))
    published, edited = _times(tweet)
    yield Post(
        native_id=native_id,
        url=f"{SITE}/{author}/status/{native_id}",
        published_at=published,
        format=kind,
        title=maybe(_article(shown), "title", of=str) or None,
        text=text or None,
        language=_language(maybe(legacy, "lang", of=str)),
        media_count=pieces or None,
        duration_s=_seconds(shown),
        hashtags=once((*hashtags_of(text), *marked)),
        mentions=once(who for who in mentioned if NAME.fullmatch(who)),
        links=links,
        is_repost=repeated is not None,
        is_reply=any(
            legacy.get(f"in_reply_to_{name}") for name in ("status_id_str", "screen_name")
        ),
        edited_at=edited,
    )
    if repeated is None:
        yield from _metrics(tweet, native_id)


def _repeated(tweet: Node) -> Node | None:
    """The post that this one only repeats; itself where that one is not shown."""
    legacy = _legacy(tweet)
    inner = maybe(legacy, "retweeted_status_result", "result") or maybe(legacy, "retweeted_status")
    if inner is None and "retweeted_status_result" not in legacy:
        return None
    try:
        return unwrapped(inner)
    except ParseError:
        return tweet


def _metrics(tweet: Node, native_id: str) -> Iterator[Metrics]:
    legacy = _legacy(tweet)
    passed = [number(legacy.get(name)) for name in ("retweet_count", "quote_count")]
    known = [one for one in passed if one is not None]
    answers = number(legacy.get("reply_count"))
    found = Metrics(
        native_id,
        likes=number(legacy.get("favorite_count")),
        comments=number(legacy.get("conversation_count")) if answers is None else answers,
        shares=sum(known) if known else None,
        views=number(maybe(tweet, "views", "count")),
        saves=number(legacy.get("bookmark_count")),
    )
    if found != Metrics(native_id):
        yield found


def _times(tweet: Node) -> tuple[datetime, datetime | None]:
    """(published, edited): a version has the time of its edit; the first one's is in its id."""
    told = get(_legacy(tweet), "created_at", of=str)
    published = instant(told) or _worded(told)
    own, versions = _own_id(tweet), _versions(tweet)
    if own not in versions or len(versions) == 1:
        return published, None
    if own != versions[0]:
        return snowflake(versions[0]) or published, published
    return published, snowflake(versions[-1])


def _worded(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except (ValueError, OverflowError):
        raise ParseError("created_at", f"not a time: {text[:40]}") from None


def _language(code: str | None) -> str | None:
    known = language_of(code)
    return None if known is None or PRIVATE.fullmatch(known) else FORMER.get(known, known)


def _note(tweet: Node) -> Any:
    """The whole text of a long post, where `full_text` is cut off."""
    return maybe(tweet, "note_tweet", "note_tweet_results", "result")


def _marks(tweet: Node) -> Iterator[Node]:
    """What X marks in the text: the long text's marks first."""
    for node in (maybe(_note(tweet), "entity_set"), _legacy(tweet).get("entities")):
        if isinstance(node, dict):
            yield node


def _listed(node: Any, name: str) -> list[Any]:
    return maybe(node, name, of=list) or []


def _marked(marks: list[Node], kind: str, name: str) -> list[str]:
    values = (maybe(mark, name, of=str) or "" for one in marks for mark in _listed(one, kind))
    return [value for value in values if value.strip()]


def _text(tweet: Node) -> str:
    """The text with its shortened addresses written out, those of its own media left out."""
    legacy = _legacy(tweet)
    long = maybe(_note(tweet), "text", of=str)
    text = long or maybe(legacy, "full_text", of=str) or maybe(legacy, "text", of=str) or ""
    for marks in _marks(tweet):
        for link in _listed(marks, "urls"):
            short, whole = maybe(link, "url", of=str), maybe(link, "expanded_url", of=str)
            text = text.replace(short, whole) if short and whole else text
        for medium in _listed(marks, "media"):
            text = text.replace(maybe(medium, "url", of=str) or "\0", "")
    return html.unescape(text).strip()


def _links(marks: list[Node]) -> tuple[str, ...]:
    """Addresses in the text; that of a quoted post is none."""
    found = (maybe(link, "expanded_url", of=str) for one in marks for link in _listed(one, "urls"))
    return tuple(link for link in api.addresses(found) if not STATUS.match(link))


def _media(tweet: Node) -> list[Any]:
    legacy = _legacy(tweet)
    inline = maybe(legacy, "extended_entities", "media", of=list)
    return inline or _listed(tweet, "mediaDetails") or _listed(legacy.get("entities"), "media")


def _article(tweet: Node) -> Any:
    found = maybe(tweet, "article", of=dict)
    return maybe(found, "article_results", "result") or found


def _form(tweet: Node, links: tuple[str, ...]) -> tuple[str, int]:
    """(format, pieces of media)."""
    media = _media(tweet)
    kinds = [maybe(medium, "type", of=str) or "photo" for medium in media]
    if _article(tweet):
        return "article", len(media)
    if len(media) > 1:
        return "carousel", len(media)
    if media:
        return ("photo" if kinds == ["photo"] else "video"), 1
    card = maybe(tweet, "card", "legacy", "name") or maybe(tweet, "card", "name")
    named = str(card or "").rpartition(":")[2]
    special = next((kind for part, kind in CARDS if part in named), None)
    return special or ("link" if links else "text"), 0


def _seconds(tweet: Node) -> float | None:
    """Length of its video; X counts milliseconds."""
    lengths = (maybe(medium, "video_info", "duration_millis") for medium in _media(tweet))
    known = next((n for n in lengths if isinstance(n, int) and not isinstance(n, bool)), 0)
    return known / 1000 if 0 < known < 10**9 else None
