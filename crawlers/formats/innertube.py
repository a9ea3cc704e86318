"""The JSON that YouTube's pages and its InnerTube endpoints share: where it lies, what it lists."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from crawlers.fields import count, find, get, hashtags_of, maybe, when
from crawlers.formats.syndication import seconds
from crawlers.platform import ParseError
from data.records import Metrics, Post, Profile, Record

Node = dict[str, Any]

ASSIGNED: Final = re.compile(r"""(?:["']\])? ?= ?""")
QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
HALF: Final = re.compile(
    r"\\u[dD][89abAB]\w\w(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]\w\w)\\u[dD][c-fC-F]\w\w"
)
"""An escaped half of a character outside the basic plane, left alone by a cut text."""
ESCAPED: Final = re.compile(r"\\x([0-9a-fA-F]{2})")
COUNTED: Final = re.compile(
    r"([0-9][0-9.,' \u00a0\u202f]*?(?:[ \u00a0]?[km])?)(?:[ \u00a0]de)?[ \u00a0][^\W\d]+",
    re.IGNORECASE,
)
WATCHING: Final = re.compile(
    r"watching|waiting|spectateur|en attente|viendo|esperando", re.IGNORECASE
)
STREAMED: Final = re.compile(r"stream|diffusé|en direct|emitido|gestreamt", re.IGNORECASE)
UPCOMING: Final = re.compile(
    r"^(?:scheduled|premieres|upcoming|premiere$|à venir|première|planifié)", re.IGNORECASE
)
FOLLOWERS: Final = re.compile(r"subscri|abonn|suscript|inscrit|iscritt", re.IGNORECASE)
VIDEOS: Final = re.compile(r"\bvid[eé]o", re.IGNORECASE)
VIDEO_ID: Final = re.compile(r"[\w-]{11}")
CLOCK: Final = re.compile(r"[0-9]{1,3}(?::[0-9]{2}){1,2}")


def embedded(markup: str, name: str) -> Node | None:
    """The object that a page's script assigns to `name` (ytInitialData, …), if it does.

    Raises:
        ParseError: it starts and does not end: the page is cut off or malformed.
    """
    place = markup.find(name)
    while place >= 0:
        assigned = ASSIGNED.match(markup, place + len(name))
        try:
            if assigned and markup.startswith("{", assigned.end()):
                end = json.JSONDecoder().raw_decode(markup, assigned.end())[1]
                return _object(markup[assigned.end() : end])
            if assigned and (quoted := QUOTED.match(markup, assigned.end())):
                plain = ESCAPED.sub(lambda code: chr(int(code[1], 16)), quoted[1])
                return _object(plain.replace("\\\\", "\\"))
        except (ValueError, TypeError, RecursionError, msgspec.DecodeError) as error:
            raise ParseError(name, "not a whole JSON object") from error
        place = markup.find(name, place + len(name))
    return None


def _object(text: str) -> Node:
    try:
        return dict(msgspec.json.decode(text))
    except msgspec.DecodeError:
        return dict(msgspec.json.decode(HALF.sub(r"\\ufffd", text)))


def said(node: Any) -> str:
    """The text of a label in any of the three ways InnerTube writes one; empty for none."""
    if not isinstance(node, dict):
        return ""
    runs = maybe(node, "runs", of=list) or ()
    parts = (maybe(run, "text", of=str) or "" for run in runs)
    return maybe(node, "simpleText", of=str) or maybe(node, "content", of=str) or "".join(parts)


def shown(text: str) -> int | None:
    """The count in "1,234 views", "26k views", "14 M de vues", "1.234 visualizaciones"."""
    if WATCHING.search(text):
        return None
    match = COUNTED.fullmatch(text.strip())
    known = count(text)
    return known if known is not None or not match else count(match[1])


class Video(NamedTuple):
    """What a list shows of one video, before it is read."""

    id: str
    title: str
    views: str = ""
    published: str = ""
    length: str = ""
    live: bool = False
    short: bool = False


def videos(node: Any) -> Iterator[Video | ParseError]:
    """Every video that a list shows, in order; one that can't be read as its error."""
    for key, found in _renderers(node):
        try:
            video = READERS[key](found)
        except ParseError as error:
            yield ParseError(f"{key}.{error.path}", error.problem)
            continue
        if video and not UPCOMING.match(video.published) and not UPCOMING.match(video.length):
            yield video


def records(video: Video, now: datetime) -> Iterator[Record]:
    """A listed video as a Post and, where its views are shown, its Metrics."""
    moment = when(video.published or None, now)
    streamed = video.live or bool(STREAMED.search(video.published))
    kind = "short" if video.short else "live" if streamed else "video"
    yield Post(
        native_id=video.id,
        url=url_of(video.id, short=video.short),
        published_at=moment.at if moment else None,
        published_within_s=moment.within_s if moment else 0,
        format=kind,
        title=video.title or None,
        media_count=1,
        duration_s=seconds(video.length),
        hashtags=hashtags_of(video.title),
    )
    views = shown(video.views)
    if views is not None:
        yield Metrics(native_id=video.id, views=views)


def url_of(video_id: str, *, short: bool) -> str:
    """The address of a video's page."""
    return f"https://www.youtube.com/{'shorts/' if short else 'watch?v='}{video_id}"


def profile(document: Node) -> Profile | None:
    """The channel as its header shows it; None on a page without one (a continuation)."""
    about = maybe(document, "metadata", "channelMetadataRenderer") or {}
    header = maybe(document, "header", of=dict) or {}
    title = maybe(about, "title", of=str) or next(
        (t for node in header.values() if (t := said(maybe(node, "title")))), None
    )
    rows = next(find(maybe(header, "pageHeaderRenderer"), "metadataRows"), ())
    texts = [said(part) for row in rows for part in find(row, "text")]
    old = maybe(header, "c4TabbedHeaderRenderer") or {}
    texts += [said(maybe(old, key)) for key in ("subscriberCountText", "videosCountText")]
    if not title:
        return None
    return Profile(
        name=title,
        followers=next((shown(text) for text in texts if FOLLOWERS.search(text)), None),
        posts_total=next((shown(text) for text in texts if VIDEOS.search(text)), None),
        description=maybe(about, "description", of=str) or None,
    )


def continuation(node: Any) -> str | None:
    """The token of the list's next page."""
    tokens = [
        token
        for item in find(node, "continuationItemRenderer")
        for command in find(item, "continuationCommand")
        if (token := maybe(command, "token", of=str))
    ]
    return tokens[-1] if tokens else None


def _renderers(node: Any, depth: int = 60) -> Iterator[tuple[str, Node]]:
    """Every known item under `node`, with the key that names its kind."""
    if depth == 0:
        return
    if isinstance(node, dict):
        for key, value in node.items():
            if key in READERS and isinstance(value, dict):
                yield key, value
            else:
                yield from _renderers(value, depth - 1)
    elif isinstance(node, list):
        for value in node:
            yield from _renderers(value, depth - 1)


def _identity(node: Node, *steps: str) -> str:
    found = get(node, *steps, of=str)
    if not VIDEO_ID.fullmatch(found):
        raise ParseError(".".join(steps), "not a video's id")
    return found


def _renderer(node: Node) -> Video:
    """videoRenderer, gridVideoRenderer, playlistVideoRenderer: the layout until spring 2026."""
    info = said(node.get("videoInfo")).split(" • ")
    overlay: Node = next(
        find(node.get("thumbnailOverlays"), "thumbnailOverlayTimeStatusRenderer"), {}
    )
    badges = {maybe(b, "style") for b in find(node.get("badges"), "metadataBadgeRenderer")}
    views = said(node.get("viewCountText")) or said(node.get("shortViewCountText")) or info[0]
    style = maybe(overlay, "style")
    upcoming = style == "UPCOMING" or "upcomingEventData" in node
    return Video(
        _identity(node, "videoId"),
        said(node.get("title")),
        views,
        said(node.get("publishedTimeText")) or (info[1] if len(info) > 1 else ""),
        "upcoming" if upcoming else said(node.get("lengthText")) or said(maybe(overlay, "text")),
        live=style == "LIVE"
        or "BADGE_STYLE_TYPE_LIVE_NOW" in badges
        or bool(WATCHING.search(views)),
        short=style == "SHORTS",
    )


def _lockup(node: Node) -> Video | None:
    """lockupViewModel: the layout since spring 2026; it also shows playlists, which are no post."""
    if get(node, "contentType", of=str) not in {
        "LOCKUP_CONTENT_TYPE_VIDEO",
        "LOCKUP_CONTENT_TYPE_SHORTS",
    }:
        return None
    about = get(node, "metadata", "lockupMetadataViewModel", of=dict)
    rows = next(find(about.get("metadata"), "metadataRows"), ())
    said_rows = [[said(part) for part in find(row, "text")] for row in rows]
    parts = next((row for row in reversed(said_rows) if row), [])
    badges = list(find(node.get("contentImage"), "thumbnailBadgeViewModel"))
    labels = [maybe(badge, "text", of=str) or "" for badge in badges]
    styles = " ".join(maybe(badge, "badgeStyle", of=str) or "" for badge in badges)
    views = next((p for p in parts if shown(p) is not None or WATCHING.search(p)), "")
    length = next(
        (label for label in labels if CLOCK.fullmatch(label) or UPCOMING.match(label)), ""
    )
    return Video(
        _identity(node, "contentId"),
        said(about.get("title")),
        views,
        next((part for part in parts if part != views), ""),
        length,
        live="_LIVE" in styles or bool(WATCHING.search(views)),
        short="SHORTS" in node["contentType"],
    )


def _short(node: Node) -> Video:
    """ShortsLockupViewModel and, until 2024, reelItemRenderer: no date, no length."""
    entity = maybe(node, "entityId", of=str) or ""
    reel = next(find(node.get("onTap"), "reelWatchEndpoint"), None)
    source = reel or {"videoId": maybe(node, "videoId") or entity[-11:]}
    overlay = maybe(node, "overlayMetadata") or {}
    return Video(
        _identity(source, "videoId"),
        said(overlay.get("primaryText")) or said(node.get("headline")),
        said(overlay.get("secondaryText")) or said(node.get("viewCountText")),
        short=True,
    )


READERS: Final = {
    "videoRenderer": _renderer,
    "gridVideoRenderer": _renderer,
    "playlistVideoRenderer": _renderer,
    "lockupViewModel": _lockup,
    "shortsLockupViewModel": _short,
    "reelItemRenderer": _short,
}
