"""Mastodon's REST API: account look-up, statuses, contexts, tag timelines."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from data.market import ids
from data.market.cast import CAST, SOCIAL, Channel
from data.market.records import Answer, Comment, Post, Repost
from data.market.wire.http import Reply, Request, as_json, iso
from data.market.world import Market

TAG: Final = re.compile(r"#(\w+)")
ABOUT: Final = {entity.name: entity.about for entity in CAST}
FILES: Final = "https://files.vigie-demo.example/media_attachments"
JOINED: Final = "2022-11-07T00:00:00.000Z"
NOT_FOUND: Final = {"error": "Record not found"}
Line = tuple[int, Callable[[], dict[str, Any]]]
"""(status number, what writes it)."""


def answer(market: Market, request: Request, now: datetime) -> Reply | None:
    """Any endpoint of the API, or None for other paths."""
    for pattern, endpoint in ENDPOINTS:
        if match := re.fullmatch(pattern, request.path):
            return endpoint(market, request, now, *match.groups())
    return None


def account_id(name: str) -> str:
    """The server's own number of an account."""
    return str(109_000_000_000_000_000 + ids.number("account", name) % 10**15)


def account(name: str, shown: str | None = None, note: str = "", **counts: Any) -> dict[str, Any]:
    """An Account entity."""
    url, picture = f"{SOCIAL}/@{name}", f"https://files.vigie-demo.example/avatars/{name}.png"
    return {
        "id": account_id(name), "username": name, "acct": name, "display_name": shown or name,
        "locked": False, "bot": False, "discoverable": True, "indexable": True, "group": False,
        "created_at": JOINED, "note": f"<p>{html.escape(note)}</p>", "url": url,
        "uri": f"{SOCIAL}/users/{name}", "avatar": picture, "avatar_static": picture,
        "header": picture, "header_static": picture, "followers_count": 12, "following_count": 40,
        "statuses_count": 90, "last_status_at": "2026-11-15", "hide_collections": False,
        "noindex": False, "emojis": [], "roles": [], "fields": [],
    } | counts  # fmt: skip


def owner(market: Market, channel: Channel, now: datetime) -> dict[str, Any]:
    """A watched account with its counts."""
    posts = market.visible(channel.channel_id, now)
    counts = {
        "followers_count": market.followers(channel, now),
        "following_count": 60 + ids.number(channel.account) % 300,
        "statuses_count": len(posts) + len(market.answered(channel.channel_id, now)),
        "last_status_at": f"{posts[0].published_at:%Y-%m-%d}" if posts else None,
    }
    return account(channel.handle, channel.entity, ABOUT[channel.entity], **counts)


def content(text: str) -> str:
    """Text as Mastodon's HTML: paragraphs, escaped, hashtags linked."""

    def link(match: re.Match[str]) -> str:
        url = f"{SOCIAL}/tags/{match[1]}"
        return f'<a href="{url}" class="mention hashtag" rel="tag">#<span>{match[1]}</span></a>'

    escaped = html.escape(text, quote=False).replace("'", "&#39;").replace('"', "&quot;")
    linked = re.sub(r"(?<!&)#(\w+)", link, escaped)
    return "".join(f"<p>{part}</p>" for part in linked.split("\n\n"))


def status(
    native_id: str, writer: dict[str, Any], at: datetime, text: str, language: str = "fr"
) -> dict[str, Any]:
    """A Status entity without counts or attachments."""
    number = native_id.rpartition("/")[2]
    name = writer["username"]
    tags = [{"name": tag, "url": f"{SOCIAL}/tags/{tag}"} for tag in TAG.findall(text)]
    return {
        "id": number, "created_at": iso(at), "in_reply_to_id": None,
        "in_reply_to_account_id": None, "sensitive": False, "spoiler_text": "",
        "visibility": "public", "language": language,
        "uri": f"{SOCIAL}/users/{name}/statuses/{number}", "url": f"{SOCIAL}/@{name}/{number}",
        "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "edited_at": None,
        "content": content(text), "filtered": [], "reblog": None,
        "application": {"name": "Web", "website": None}, "account": writer,
        "media_attachments": [], "mentions": [], "tags": tags, "emojis": [], "quote": None,
        "card": None, "poll": None,
    }  # fmt: skip


def post_status(
    market: Market, channel: Channel, writer: dict[str, Any], post: Post, now: datetime
) -> dict[str, Any]:
    """One publication with its present counts and what hangs on it."""
    who = account(post.author, post.author) if post.author else writer
    shown = status(post.native_id, who, post.published_at, post.text_at(now), post.language)
    counts, edited = market.counts(post, now), post.edited_at(now)
    return shown | {
        "replies_count": counts.comments, "reblogs_count": counts.shares,
        "favourites_count": counts.likes, "edited_at": iso(edited) if edited else None,
        "media_attachments": [_medium(post, place) for place in range(post.media)],
        "card": _card(post, channel) if post.format == "link" else None,
        "poll": _poll(post, now) if post.format == "poll" else None,
    }  # fmt: skip


def _medium(post: Post, place: int) -> dict[str, Any]:
    kind, ending = ("video", "mp4") if post.format == "video" else ("image", "jpg")
    key = str(ids.number(post.native_id, place))
    url = f"{FILES}/{key}/original/{key[:12]}.{ending}"
    original: dict[str, Any] = {"width": 1350, "height": 1080, "size": "1350x1080", "aspect": 1.25}
    if post.duration_s is not None:
        original |= {"duration": post.duration_s, "frame_rate": "30/1", "bitrate": 2_000_000}
    return {
        "id": key, "type": kind, "url": url, "preview_url": url.replace("original", "small"),
        "remote_url": None, "preview_remote_url": None, "text_url": None,
        "meta": {"original": original}, "description": None, "blurhash": "U9S6Sv01IVxv_2D%IUax",
    }  # fmt: skip


def _card(post: Post, channel: Channel) -> dict[str, Any]:
    return {
        "url": f"https://sites.vigie-demo.example/l/{channel.handle}-{post.number}",
        "title": post.text[:60], "description": post.text[:120], "language": post.language,
        "type": "link", "author_name": "", "author_url": "", "provider_name": channel.entity,
        "provider_url": "", "html": "", "width": 0, "height": 0, "image": None,
        "image_description": "", "embed_url": "", "blurhash": None, "published_at": None,
        "authors": [],
    }  # fmt: skip


def _poll(post: Post, now: datetime) -> dict[str, Any]:
    votes = ids.number("poll", post.native_id) % 90
    is_over = (now - post.published_at).days >= 3  # noqa: PLR2004 - polls last three days
    titles = ("Oui", "Non") if post.language == "fr" else ("Yes", "No")
    options = [
        {"title": titles[0], "votes_count": votes}, {"title": titles[1], "votes_count": votes // 2}
    ]  # fmt: skip
    return {
        "id": str(ids.number(post.native_id) % 10**6), "expires_at": None, "expired": is_over,
        "multiple": False, "votes_count": votes + votes // 2, "voters_count": votes + votes // 2,
        "options": options, "emojis": [],
    }  # fmt: skip


def comment_status(post: Post, comment: Comment, parent_author: str) -> dict[str, Any]:
    """Somebody's reply."""
    shown = status(comment.native_id, account(comment.author), comment.at, comment.text)
    parent = post.native_id.rpartition("/")[2]
    return shown | {
        "in_reply_to_id": parent, "in_reply_to_account_id": account_id(parent_author)
    }  # fmt: skip


def answer_status(writer: dict[str, Any], comment: Comment, said: Answer) -> dict[str, Any]:
    """The channel's reply to a reply."""
    mention = {
        "id": account_id(comment.author), "username": comment.author,
        "url": f"{SOCIAL}/@{comment.author}", "acct": comment.author,
    }  # fmt: skip
    return status(said.native_id, writer, said.at, said.text) | {
        "in_reply_to_id": comment.native_id.rpartition("/")[2],
        "in_reply_to_account_id": mention["id"], "mentions": [mention],
    }  # fmt: skip


def _own(market: Market) -> Iterator[Channel]:
    return (c for c in market.channels if c.platform == "mastodon" and not c.is_topic)


def _lookup(market: Market, request: Request, now: datetime) -> Reply:
    name = request.one("acct").split("@")[0]
    found = next((channel for channel in _own(market) if channel.handle == name), None)
    return as_json(owner(market, found, now)) if found else as_json(NOT_FOUND, 404)


def _by_id(market: Market, number: str) -> Channel | None:
    return next((c for c in _own(market) if account_id(c.handle) == number), None)


def _account(market: Market, _request: Request, now: datetime, number: str) -> Reply:
    found = _by_id(market, number)
    return as_json(owner(market, found, now)) if found else as_json(NOT_FOUND, 404)


def _lines(market: Market, channel: Channel, request: Request, now: datetime) -> Iterator[Line]:
    writer, name = owner(market, channel, now), channel.channel_id
    for post in market.visible(name, now):
        yield _number(post.native_id), partial(post_status, market, channel, writer, post, now)
    if request.one("exclude_reblogs") != "true":
        for repost in market.shared(name, now):
            yield _number(repost.native_id), partial(_reblog, market, writer, repost, now)
    if request.one("exclude_replies") != "true":
        for _, comment, said in market.answered(name, now):
            yield _number(said.native_id), partial(answer_status, writer, comment, said)


def _number(native_id: str) -> int:
    return int(native_id.rpartition("/")[2])


def _reblog(
    market: Market, writer: dict[str, Any], repost: Repost, now: datetime
) -> dict[str, Any]:
    other = next(c for c in market.channels if c.channel_id == repost.of.channel_id)
    inner = post_status(market, other, owner(market, other, now), repost.of, now)
    outer = status(repost.native_id, writer, repost.at, "")
    return outer | {"content": inner["content"], "reblog": inner, "tags": []}


def _statuses(market: Market, request: Request, now: datetime, number: str) -> Reply:
    channel = _by_id(market, number)
    if channel is None:
        return as_json(NOT_FOUND, 404)
    return _paged(list(_lines(market, channel, request, now)), request)


def _tag(market: Market, request: Request, now: datetime, tag: str) -> Reply:
    lines: list[Line] = [
        (_number(post.native_id), partial(post_status, market, channel, {}, post, now))
        for channel in market.channels
        if channel.is_topic and channel.handle == tag.lower()
        for post in market.visible(channel.channel_id, now)
    ]
    return _paged(lines, request)


def _paged(lines: list[Line], request: Request) -> Reply:
    """One page, newest first, with a link to the next."""
    limit, below = request.number("limit", 20, 40), request.one("max_id")
    lines = sorted(lines, key=lambda line: line[0], reverse=True)
    rest = [line for line in lines if not below or line[0] < int(below)]
    page = rest[:limit]
    kept = {name: values[0] for name, values in request.query.items() if name != "max_id"}
    query = urlencode({**kept, "max_id": page[-1][0]}) if page else ""
    link = {"Link": f'<{SOCIAL}{request.path}?{query}>; rel="next"'} if page else {}
    return as_json([write() for _, write in page], headers=link)


def _find(market: Market, number: str, now: datetime) -> tuple[Channel, Post] | None:
    return next(
        (
            (channel, post)
            for channel in market.channels
            if channel.platform == "mastodon"
            for post in market.visible(channel.channel_id, now)
            if post.native_id.endswith(f"/{number}")
        ),
        None,
    )


def _status(market: Market, _request: Request, now: datetime, number: str) -> Reply:
    found = _find(market, number, now)
    if found:
        channel, post = found
        writer = {} if channel.is_topic else owner(market, channel, now)
        return as_json(post_status(market, channel, writer, post, now))
    for channel in _own(market):
        for _, comment, said in market.answered(channel.channel_id, now):
            if said.native_id.endswith(f"/{number}"):
                return as_json(answer_status(owner(market, channel, now), comment, said))
    return as_json(NOT_FOUND, 404)


def _context(market: Market, _request: Request, now: datetime, number: str) -> Reply:
    found = _find(market, number, now)
    if found is None:
        return as_json(NOT_FOUND, 404)
    channel, post = found
    writer = owner(market, channel, now)
    descendants = []
    for comment in post.comments:
        if comment.at > now:
            break
        shown = comment_status(post, comment, post.author or channel.handle)
        descendants.append(shown)
        if comment.answer and comment.answer.at <= now:
            shown["replies_count"] = 1
            descendants.append(answer_status(writer, comment, comment.answer))
    return as_json({"ancestors": [], "descendants": descendants})


ENDPOINTS: Final[tuple[tuple[str, Callable[..., Reply]], ...]] = (
    (r"/api/v1/accounts/lookup", _lookup),
    (r"/api/v1/accounts/(\d+)", _account),
    (r"/api/v1/accounts/(\d+)/statuses", _statuses),
    (r"/api/v1/statuses/(\d+)", _status),
    (r"/api/v1/statuses/(\d+)/context", _context),
    (r"/api/v1/timelines/tag/(\w+)", _tag),
)
