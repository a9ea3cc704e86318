"""Facebook's posts and comments as the JSON of its own scripts has them (Comet, since 2020)."""

import base64
import re
from collections.abc import Iterator
from typing import Any, Final

from crawlers.fields import count, find, get, hashtags_of, links_of, maybe, mentions_of
from crawlers.formats import api
from crawlers.formats.relay import Node
from crawlers.platform import Page, ParseError
from data.records import Comment, Metrics, Post, Record

WORDS: Final = ('"comet_sections"', '"legacy_fbid"', '"profile_social_context"')
"""One of them is in every document that holds posts, comments or a page's followers."""
NUMBER: Final = re.compile(r"[0-9]{3,25}", re.ASCII)
COMMENT: Final = ("legacy_fbid", "author", "body")
SITE: Final = "https://www.facebook.com"
STYLES: Final = (
    ("reel", "short"), ("shorts", "short"), ("album", "carousel"), ("multi", "carousel"),
    ("video", "video"), ("photo", "photo"), ("event", "event"), ("poll", "poll"),
    ("share", "link"), ("link", "link"), ("fallback", "link"),
)  # fmt: skip
"""Part of an attachment's style → format; the first that fits."""
MOVING: Final = {"video", "short"}


def stories(node: Any, depth: int = 80) -> Iterator[Node]:
    """Every post in a document, in order; not those that posts pass on."""
    if isinstance(node, dict):
        if "comet_sections" in node and ("post_id" in node or node.get("__typename") == "Story"):
            yield node
            return
        node = list(node.values())
    for value in node if depth and isinstance(node, list) else ():
        yield from stories(value, depth - 1)


def native_id_of(story: Node) -> str:
    """The post's number: given as such, or at the end of its id ("S:_I<page>:<post>", base64).

    Raises:
        ParseError: none.
    """
    native_id = maybe(story, "post_id", of=str) or _decoded(maybe(story, "id", of=str) or "")
    if not NUMBER.fullmatch(native_id):
        raise ParseError("post_id", "not a post's")
    return native_id


def _decoded(identity: str) -> str:
    try:
        return base64.b64decode(identity, validate=True).decode().rpartition(":")[2]
    except ValueError:
        return ""


def author_of(story: Node) -> str | None:
    """The number of the page that the post is by."""
    actors = next(find(story, "actors"), None)
    return maybe(actors, 0, "id", of=str)


def story_records(story: Node) -> Iterator[Record]:
    """One post: its Post, and its Metrics unless it only passes on another's.

    Raises:
        ParseError: no id, or no time.
    """
    native_id = native_id_of(story)
    own, passed_on = _own(story), any(isinstance(s, dict) for s in find(story, "attached_story"))
    made = next((t for t in find(own, "creation_time") if _is_number(t) and t > 0), None)
    made = made or next((t for t in find(own, "publish_time") if _is_number(t) and t > 0), None)
    if made is None or made >= 4 * 10**9:
        raise ParseError("comet_sections.creation_time", "missing")
    message: Node = next((m for m in find(own, "message") if maybe(m, "text", of=str)), {})
    text = maybe(message, "text", of=str) or ""
    kind, media, length = _attached(own)
    repost = passed_on and not text
    yield Post(
        native_id=native_id,
        url=_address(own, native_id),
        published_at=api.moment(made, "creation_time"),
        format=kind,
        text=text or None,
        media_count=media,
        duration_s=length,
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=api.addresses((*links_of(text), *find(message, "external_url"))),
        is_repost=repost,
    )
    found = Metrics(native_id, **_counts(own))
    if not repost and found != Metrics(native_id):
        yield found


def _own(node: Any, depth: int = 60) -> Any:
    """The story without the one that it passes on."""
    if depth and isinstance(node, dict):
        return {k: _own(v, depth - 1) for k, v in node.items() if k != "attached_story"}
    if depth and isinstance(node, list):
        return [_own(value, depth - 1) for value in node]
    return node


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _address(own: Any, native_id: str) -> str:
    for key in ("wwwURL", "permalink_url", "url"):
        for url in find(own, key):
            if isinstance(url, str) and api.is_address(url) and native_id in url:
                return url.partition("?")[0] if "php?" not in url else url
    shown = (u for u in find(own, "wwwURL") if isinstance(u, str) and api.is_address(u))
    return next(shown, f"{SITE}/{native_id}")


def _attached(own: Any) -> tuple[str, int | None, float | None]:
    """(format, pieces of media, seconds) of what the post holds beside its text."""
    lists = (a for a in find(own, "attachments") if isinstance(a, list) and a)
    shown = next((a for a in lists if maybe(a[0], "styles") or maybe(a[0], "style_list")), None)
    if shown is None:
        return "text", None, None
    styles = " ".join(s for s in maybe(shown[0], "style_list", of=list) or () if isinstance(s, str))
    style = f"{styles} {maybe(shown[0], 'styles', '__typename', of=str) or ''}".lower()
    kind = next((kind for part, kind in STYLES if part in style), "text")
    parts = next(find(shown[0], "all_subattachments"), None)
    pieces = maybe(parts, "count", of=int) or len(maybe(parts, "nodes", of=list) or ()) or 1
    if kind == "photo" and pieces > 1:
        kind = "carousel"
    length = _seconds(shown[0]) if kind in MOVING else None
    if kind == "video" and True in find(shown[0], "is_video_broadcast"):
        kind = "live"
    return kind, pieces if kind in {*MOVING, "photo", "carousel", "live"} else None, length


def _seconds(attachment: Any) -> float | None:
    for key, scale in (("playable_duration_in_ms", 1000), ("length_in_second", 1)):
        for value in find(attachment, key):
            if isinstance(value, int | float) and not isinstance(value, bool):
                return value / scale if 0 < value < 10**9 else None
    return None


def _counts(own: Any) -> dict[str, int | None]:
    """The post's counts by field of Metrics: exact ones, else as shown ("18K")."""
    said = maybe(own, "comet_sections", "feedback") or own
    comments = (
        _first(find(said, "comment_count"), "total_count"),
        _first(find(said, "comments"), "total_count"),
        _first(find(said, "total_comment_count")),
        _first(find(said, "i18n_comment_count")),
    )
    reactions = _first(find(said, "reaction_count"), "count")
    shares = _first(find(said, "share_count"), "count")
    return {
        "likes": _first(find(said, "i18n_reaction_count")) if reactions is None else reactions,
        "comments": next((number for number in comments if number is not None), None),
        "shares": _first(find(said, "i18n_share_count")) if shares is None else shares,
        "views": _views(said),
    }


def _views(said: Any) -> int | None:
    for key in ("video_view_count", "play_count", "video_post_view_count"):
        if (number := _first(find(said, key))) is not None:
            return number
    return None


def _first(values: Iterator[Any], *steps: str) -> int | None:
    """The first of the values that is a count at the end of the steps."""
    for value in values:
        shown = maybe(value, *steps) if steps else value
        number = count(shown) if isinstance(shown, str | int) else None
        if number is not None:
            return number
    return None


def comment_records(comment: Node, root: str, owner: str | None, page: Page) -> Iterator[Record]:
    """One comment on the post `root`, whose author's number is `owner`.

    Raises:
        ParseError: no id, author or text.
    """
    native_id = get(comment, "legacy_fbid", of=str)
    author = get(comment, "author", "id", of=str)
    if not re.fullmatch(r"[0-9_]{5,50}", native_id):
        raise ParseError("legacy_fbid", "not a comment's")
    made = maybe(comment, "created_time", of=int)
    likes = _first(find(maybe(comment, "feedback"), "reactors"), "count")
    parent = maybe(comment, "comment_direct_parent", "legacy_fbid", of=str)
    yield Comment(
        native_id=native_id,
        post_native_id=root,
        published_at=api.moment(made, "created_time") if made and 0 < made < 4 * 10**9 else None,
        author_key=page.author_key(author),
        from_channel=author == owner,
        text=maybe(comment, "body", "text", of=str) or None,
        in_reply_to=parent or None,
        likes=likes,
    )
