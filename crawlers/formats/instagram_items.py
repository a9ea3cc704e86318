"""One Instagram post, as Instagram's own JSON has it: GraphQL of any year, mobile API, embeds."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from crawlers.fields import count, get, hashtags_of, links_of, maybe, mentions_of
from crawlers.formats import api
from crawlers.platform import Page, ParseError, each
from data.records import Comment, Metrics, Post, Profile, Record

Node = dict[str, Any]

SITE: Final = "https://www.instagram.com"
CODE: Final = re.compile(r"[A-Za-z0-9_-]{5,60}")
NATIVE: Final = re.compile(r"[0-9]{5,25}(?:_[0-9]{1,25})?")
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
EPOCH_MS: Final = 1314220021721
"""Instagram's ids count milliseconds from here in all but their lowest 23 bits."""
PUBLIC: Final = 11
"""Characters of a public post's code that tell its id; a private one's has more after them."""
DAY: Final = 86400.0
NOW_MAX: Final = 4 * 10**9
PHOTO, VIDEO, CAROUSEL = 1, 2, 8
"""Values of media_type."""
KINDS: Final = {
    PHOTO: "photo", VIDEO: "video", CAROUSEL: "carousel",
    "GraphImage": "photo", "GraphVideo": "video", "GraphSidecar": "carousel",
    "XDTGraphImage": "photo", "XDTGraphVideo": "video", "XDTGraphSidecar": "carousel",
}  # fmt: skip
LISTS: Final = (
    "edge_media_to_parent_comment", "edge_media_to_comment", "edge_media_preview_comment",
)  # fmt: skip
COUNTS: Final = {
    "likes": ("like_count", "edge_media_preview_like", "edge_liked_by"),
    "comments": ("comment_count", *LISTS),
    "shares": ("reshare_count",),
    "views": ("play_count", "video_play_count", "view_count", "video_view_count"),
}  # fmt: skip
"""Field of Metrics → Instagram's names, the one that its own pages show first."""
MARKS: Final = frozenset(
    ("code", "shortcode", "taken_at", "taken_at_timestamp", "like_count", "comment_count",
     "media_type", "edge_media_to_caption", "edge_media_preview_like", "image_versions2")
)  # fmt: skip
"""Keys that posts have; two of them make one."""
DEEPEST: Final = 60


def items_in(node: Any, depth: int = DEEPEST) -> Iterator[Node]:
    """Every post inside a document, in order; none inside another (a carousel's pieces)."""
    if depth == 0:
        return
    if isinstance(node, dict):
        if len(MARKS & node.keys()) > 1:
            yield node
            return
        node = list(node.values())
    for value in node if isinstance(node, list) else ():
        yield from items_in(value, depth - 1)


def item_records(item: Any) -> Iterator[Record]:
    """The Post and, where counts are shown, the Metrics of one post.

    Raises:
        ParseError: no such post.
    """
    code = code_of(item)
    text = caption_of(item)
    kind, media = _media(item)
    published_at, within_s = _published(item, code)
    yield Post(
        native_id=code,
        url=f"{SITE}/{'reel' if kind == 'short' else 'p'}/{code}/",
        published_at=published_at,
        published_within_s=within_s,
        format=kind,
        title=(maybe(item, "title", of=str) or "").strip() or None,
        text=text or None,
        media_count=media,
        duration_s=_seconds(item),
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=api.addresses(links_of(text)),
        sponsored=_sponsored(item),
    )
    found = metrics_of(item, code)
    if found != Metrics(code):
        yield found


def code_of(item: Any) -> str:
    """The post's code, the part of its address that names it: told, or the id written anew.

    Raises:
        ParseError: neither code nor id.
    """
    code = maybe(item, "code", of=str) or maybe(item, "shortcode", of=str)
    if not code:
        native = str(maybe(item, "pk") or maybe(item, "id") or "")
        code = _written(int(native.partition("_")[0])) if NATIVE.fullmatch(native) else ""
    if not CODE.fullmatch(code) or not code.isascii():
        raise ParseError("code", "missing or not a post's")
    return code


def published_by(code: str) -> tuple[datetime | None, float]:
    """(moment, how far off it may be) that a post's code tells: that of its upload.

    Of 64 posts of known time, 63 were public within sixteen minutes of it and the last within
    three hours; planned ones may be later.
    """
    number = 0
    for character in code[:PUBLIC]:
        number = 64 * number + ALPHABET.index(character)
    seconds = ((number >> 23) + EPOCH_MS) / 1000
    plain = len(code) >= PUBLIC - 1 and seconds < NOW_MAX
    return (api.moment(int(seconds), "code"), DAY) if plain else (None, 0.0)


def caption_of(item: Any) -> str:
    """Its text."""
    told = maybe(item, "caption", "text", of=str) or maybe(item, "caption", of=str)
    edge = maybe(item, "edge_media_to_caption", "edges", 0, "node", "text", of=str)
    return (told or edge or "").strip()


def metrics_of(item: Any, code: str) -> Metrics:
    """Its counts; where an account hides its likes, Instagram sends some other number."""
    hidden = maybe(item, "like_and_view_counts_disabled") is True
    shown = {
        field: None if hidden and field in {"likes", "views"} else _first(item, names)
        for field, names in COUNTS.items()
    }
    return Metrics(code, **shown)


def profile_of(user: Any) -> Profile:
    """An account's head, as GraphQL, the mobile API or an embed has it."""
    return Profile(
        name=maybe(user, "full_name", of=str) or maybe(user, "username", of=str) or None,
        followers=_first(user, ("edge_followed_by", "follower_count", "followers_count")),
        following=_first(user, ("edge_follow", "following_count")),
        posts_total=_first(user, ("edge_owner_to_timeline_media", "media_count", "posts_count")),
        description=maybe(user, "biography", of=str) or None,
    )


def comments_of(item: Any, page: Page) -> Iterator[Any]:
    """The comments and answers that came with a post, each once; bad ones as Dropped."""
    edges = [edge for name in LISTS for edge in maybe(item, name, "edges", of=list) or ()]
    found = [maybe(edge, "node") for edge in edges]
    found += [
        c for name in ("comments", "preview_comments") for c in maybe(item, name, of=list) or ()
    ]
    pairs = [(comment, None) for comment in found]
    for comment in found:
        answers = maybe(comment, "edge_threaded_comments", "edges", of=list) or ()
        pairs += [(maybe(answer, "node"), maybe(comment, "id")) for answer in answers]
    once = {str(maybe(c, "id") or maybe(c, "pk") or n): (c, to) for n, (c, to) in enumerate(pairs)}
    yield from each(once.values(), "comments", lambda pair: _comment(item, *pair, page))


def _comment(item: Any, comment: Any, parent: Any, page: Page) -> Iterator[Comment]:
    native_id = str(maybe(comment, "pk") or maybe(comment, "id") or "")
    if not NATIVE.fullmatch(native_id):
        raise ParseError("id", "not a comment's")
    owner = maybe(comment, "owner", of=dict) or get(comment, "user", of=dict)
    author = maybe(owner, "username", of=str) or str(get(owner, "id"))
    author_of_post = maybe(item, "owner", "username", of=str) or maybe(item, "user", "username")
    yield Comment(
        native_id=native_id,
        post_native_id=code_of(item),
        published_at=api.moment(_epoch(get(comment, "created_at"), "created_at"), "created_at"),
        author_key=page.author_key(author.lower()),
        from_channel=author == author_of_post,
        text=maybe(comment, "text", of=str) or None,
        in_reply_to=str(parent) if parent else None,
        likes=_first(comment, ("comment_like_count", "edge_liked_by")),
    )


def _written(number: int) -> str:
    code = ""
    while number:
        number, digit = divmod(number, 64)
        code = ALPHABET[digit] + code
    return code


def _first(item: Any, names: tuple[str, ...]) -> int | None:
    """The first true count: a number, or the length of a list."""
    for name in names:
        value = maybe(item, name)
        number = maybe(value, "count") if isinstance(value, dict) else value
        if isinstance(number, int) and count(number) is not None:
            return count(number)
    return None


def _epoch(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < NOW_MAX:
        raise ParseError(path, "not a time")
    return value


def _published(item: Any, code: str) -> tuple[datetime | None, float]:
    told = maybe(item, "taken_at")
    told = maybe(item, "taken_at_timestamp") if told is None else told
    if told is None:
        return published_by(code)
    return api.moment(_epoch(told, "taken_at"), "taken_at"), 0.0


def _media(item: Any) -> tuple[str, int]:
    """(format, pieces of media)."""
    edges = maybe(item, "edge_sidecar_to_children", "edges", of=list)
    pieces = maybe(item, "carousel_media", of=list) or edges or []
    told = maybe(item, "media_type", of=int) or maybe(item, "__typename", of=str)
    kind = KINDS.get(told or "", "")
    moving = kind == "video" or maybe(item, "is_video") is True or maybe(item, "video_versions")
    if len(pieces) > 1 or kind == "carousel":
        return "carousel", len(pieces) or maybe(item, "carousel_media_count", of=int) or 1
    short = maybe(item, "product_type") == "clips" or maybe(item, "clips_metadata", of=dict)
    return ("short" if short else "video" if moving else "photo"), 1


def _seconds(item: Any) -> float | None:
    length = maybe(item, "video_duration")
    known = isinstance(length, int | float) and not isinstance(length, bool)
    return float(length) if known and 0 < length < 10**6 else None


def _sponsored(item: Any) -> bool | None:
    """Whether Instagram labels it as a paid partnership."""
    named = maybe(item, "edge_media_to_sponsor_user", "edges") or maybe(item, "sponsor_tags")
    return True if named else maybe(item, "is_paid_partnership", of=bool)
