"""Bluesky's public AppView (XRPC): profiles, author feeds, posts, threads."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final
from urllib.parse import urlsplit

from data.market import ids
from data.market.cast import CAST, Channel
from data.market.records import Answer, Comment, Post, Repost
from data.market.wire.http import Reply, Request, as_json, iso
from data.market.world import Market

PREFIX: Final = "/xrpc/app.bsky."
TAG: Final = re.compile(r"#(\w+)")
JOINED: Final = "2024-02-06T10:00:00.000Z"
ABOUT: Final = {entity.name: entity.about for entity in CAST}
Line = tuple[datetime, Callable[[], dict[str, Any]]]
"""(time in the feed, what writes the entry)."""


def answer(market: Market, request: Request, now: datetime) -> Reply | None:
    """Any AppView method, or None for other paths."""
    if not request.path.startswith(PREFIX):
        return None
    method = METHODS.get(request.path.removeprefix(PREFIX))
    if method is None:
        return _refused("MethodNotImplemented", "Method Not Implemented", 501)
    return method(market, request, now)


def _refused(error: str, message: str, status: int = 400) -> Reply:
    return as_json({"error": error, "message": message}, status)


def _channel(market: Market, actor: str) -> Channel | None:
    channels = (channel for channel in market.channels if channel.platform == "bluesky")
    return next((c for c in channels if actor in {c.handle, ids.did(c.handle)}), None)


@lru_cache(maxsize=4096)
def author(handle: str, name: str | None = None) -> dict[str, Any]:
    """A profile as it stands beside a post."""
    did = ids.did(handle)
    avatar = f"https://cdn.bsky.app/img/avatar/plain/{did}/{ids.cid(handle)}@jpeg"
    return {
        "did": did, "handle": handle, "displayName": name or handle.split(".", 1)[0],
        "avatar": avatar, "labels": [], "createdAt": JOINED,
    }  # fmt: skip


def facets(text: str) -> list[dict[str, Any]]:
    """Where the hashtags stand, in UTF-8 bytes."""
    return [
        {
            "index": {
                "byteStart": len(text[: match.start()].encode()),
                "byteEnd": len(text[: match.end()].encode()),
            },
            "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": match[1]}],
        }
        for match in TAG.finditer(text)
    ]


def _blob(key: str, kind: str) -> dict[str, Any]:
    link = {"$link": ids.cid("blob", key)}
    return {
        "$type": "blob",
        "ref": link,
        "mimeType": kind,
        "size": 20_000 + ids.number(key) % 900_000,
    }


def embeds(post: Post) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What hangs on a post: as its author's software stored it, and as the AppView shows it."""
    did = urlsplit(post.native_id).netloc
    cdn = f"https://cdn.bsky.app/img/feed_fullsize/plain/{did}"
    ratio = {"height": 1080, "width": 1350}
    if post.format in {"photo", "carousel"}:
        keys = [f"{post.native_id}{place}" for place in range(post.media)]
        stored = [
            {"alt": "", "aspectRatio": ratio, "image": _blob(key, "image/jpeg")} for key in keys
        ]
        shown = [
            {
                "thumb": f"{cdn}/{ids.cid('blob', key)}@jpeg".replace("fullsize", "thumbnail"),
                "fullsize": f"{cdn}/{ids.cid('blob', key)}@jpeg", "alt": "", "aspectRatio": ratio,
            }
            for key in keys
        ]  # fmt: skip
        return _typed("images", {"images": stored}, {"images": shown})
    if post.format == "video":
        cid = ids.cid("blob", post.native_id)
        home = f"https://video.bsky.app/watch/{did}/{cid}"
        shown_video = {
            "cid": cid, "playlist": f"{home}/playlist.m3u8", "thumbnail": f"{home}/thumbnail.jpg",
            "aspectRatio": ratio,
        }  # fmt: skip
        blob = {"video": _blob(post.native_id, "video/mp4"), "aspectRatio": ratio}
        return _typed("video", blob, shown_video)
    if post.format == "link":
        card = {
            "uri": f"https://sites.vigie-demo.example/l/{ids.slug(post.theme)}-{post.number}",
            "title": post.text[:60], "description": post.text[:120],
        }  # fmt: skip
        return _typed("external", {"external": card}, {"external": card})
    return None


def _typed(
    kind: str, stored: dict[str, Any], shown: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    name = f"app.bsky.embed.{kind}"
    return {"$type": name, **stored}, {"$type": f"{name}#view", **shown}


def _view(
    uri: str, writer: dict[str, Any], at: datetime, text: str, *, language: str = "fr",
    parents: tuple[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A post view without counts: `parents` are the root and the post answered."""
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post", "createdAt": iso(at), "langs": [language], "text": text,
    }  # fmt: skip
    if tags := facets(text):
        record["facets"] = tags
    if parents:
        root, parent = ({"cid": ids.cid(link), "uri": link} for link in parents)
        record["reply"] = {"root": root, "parent": parent}
    return {
        "uri": uri, "cid": ids.cid(uri), "author": writer, "record": record, "replyCount": 0,
        "repostCount": 0, "likeCount": 0, "quoteCount": 0, "indexedAt": iso(at), "labels": [],
    }  # fmt: skip


def post_view(market: Market, channel: Channel, post: Post, now: datetime) -> dict[str, Any]:
    """One own publication with its present counts."""
    writer = author(channel.handle, channel.entity)
    view = _view(
        post.native_id, writer, post.published_at, post.text_at(now), language=post.language
    )
    if embedded := embeds(post):
        view["record"]["embed"], view["embed"] = embedded
    counts = market.counts(post, now)
    quotes = (counts.shares or 0) // 9
    return view | {
        "replyCount": counts.comments, "likeCount": counts.likes,
        "repostCount": (counts.shares or 0) - quotes, "quoteCount": quotes,
    }  # fmt: skip


def comment_view(post: Post, comment: Comment) -> dict[str, Any]:
    """Somebody's reply."""
    parents = (post.native_id, post.native_id)
    writer = author(f"{comment.author}.example")
    return _view(comment.native_id, writer, comment.at, comment.text, parents=parents)


def answer_view(channel: Channel, post: Post, comment: Comment, said: Answer) -> dict[str, Any]:
    """The channel's reply to a reply."""
    parents = (post.native_id, comment.native_id)
    writer = author(channel.handle, channel.entity)
    return _view(said.native_id, writer, said.at, said.text, parents=parents)


def _moments(market: Market, channel: Channel, now: datetime, kinds: str) -> Iterator[Line]:
    """The author's feed, unsorted."""
    name = channel.channel_id
    for post in market.visible(name, now):
        yield post.published_at, partial(_entry, market, channel, post, now)
    for repost in market.shared(name, now):
        yield repost.at, partial(_shared, market, channel, repost, now)
    if "no_replies" not in kinds:
        for post, comment, said in market.answered(name, now):
            yield said.at, partial(_replied, channel, post, comment, said)


def _entry(market: Market, channel: Channel, post: Post, now: datetime) -> dict[str, Any]:
    return {"post": post_view(market, channel, post, now)}


def _replied(channel: Channel, post: Post, comment: Comment, said: Answer) -> dict[str, Any]:
    kind = {"$type": "app.bsky.feed.defs#postView"}
    writer = author(channel.handle, channel.entity)
    root = _view(post.native_id, writer, post.published_at, post.text, language=post.language)
    reply = {"root": kind | root, "parent": kind | comment_view(post, comment)}
    return {"post": answer_view(channel, post, comment, said), "reply": reply}


def _shared(market: Market, channel: Channel, repost: Repost, now: datetime) -> dict[str, Any]:
    handle = next(c for c in market.channels if c.channel_id == repost.of.channel_id)
    reason = {
        "$type": "app.bsky.feed.defs#reasonRepost", "by": author(channel.handle, channel.entity),
        "uri": repost.native_id, "cid": ids.cid(repost.native_id), "indexedAt": iso(repost.at),
    }  # fmt: skip
    return {"post": post_view(market, handle, repost.of, now), "reason": reason}


def _profile(market: Market, request: Request, now: datetime) -> Reply:
    channel = _channel(market, request.one("actor"))
    if channel is None:
        return _refused("InvalidRequest", "Profile not found")
    name = channel.channel_id
    posts = len(market.visible(name, now)) + len(market.answered(name, now))
    return as_json(
        author(channel.handle, channel.entity)
        | {
            "description": ABOUT[channel.entity], "indexedAt": JOINED,
            "associated": {"lists": 0, "feedgens": 0, "starterPacks": 0, "labeler": False},
            "followersCount": market.followers(channel, now),
            "followsCount": 80 + ids.number(channel.handle) % 400, "postsCount": posts,
        }
    )  # fmt: skip


def _author_feed(market: Market, request: Request, now: datetime) -> Reply:
    channel = _channel(market, request.one("actor"))
    if channel is None:
        return _refused("InvalidRequest", "Profile not found")
    limit, cursor = request.number("limit", 50, 100), request.one("cursor")
    lines = sorted(
        _moments(market, channel, now, request.one("filter")), key=lambda row: row[0], reverse=True
    )
    rest = [line for line in lines if not cursor or iso(line[0]) < cursor]
    document: dict[str, Any] = {"feed": [line[1]() for line in rest[:limit]]}
    if len(rest) > limit:
        document["cursor"] = iso(rest[limit - 1][0])
    return as_json(document)


def _posts(market: Market, request: Request, now: datetime) -> Reply:
    wanted = request.query.get("uris", [])
    found = {
        post.native_id: (channel, post)
        for channel in market.channels
        if channel.platform == "bluesky" and any(ids.did(channel.handle) in uri for uri in wanted)
        for post in market.visible(channel.channel_id, now)
    }
    views = [post_view(market, *found[uri], now) for uri in wanted if uri in found]
    return as_json({"posts": views + _answers(market, set(wanted), now)})


def _answers(market: Market, wanted: set[str], now: datetime) -> list[dict[str, Any]]:
    """The channels' own replies among the wanted addresses."""
    return [
        answer_view(channel, post, comment, said)
        for channel in market.channels
        if channel.platform == "bluesky" and any(ids.did(channel.handle) in uri for uri in wanted)
        for post, comment, said in market.answered(channel.channel_id, now)
        if said.native_id in wanted
    ]


def _thread(market: Market, request: Request, now: datetime) -> Reply:
    uri = request.one("uri")
    for channel in market.channels:
        if channel.platform != "bluesky" or ids.did(channel.handle) not in uri:
            continue
        for post in market.visible(channel.channel_id, now):
            if post.native_id == uri:
                return as_json({"thread": _branches(market, channel, post, now)})
    return _refused("NotFound", f"Post not found: {uri}")


def _branch(post: dict[str, Any], replies: list[dict[str, Any]]) -> dict[str, Any]:
    kind = "app.bsky.feed.defs#threadViewPost"
    return {"$type": kind, "post": post, "replies": replies, "threadContext": {}}


def _branches(market: Market, channel: Channel, post: Post, now: datetime) -> dict[str, Any]:
    replies = []
    for comment in post.comments:
        if comment.at > now:
            break
        said = comment.answer if comment.answer and comment.answer.at <= now else None
        below = [_branch(answer_view(channel, post, comment, said), [])] if said else []
        view = comment_view(post, comment) | {"replyCount": len(below)}
        replies.append(_branch(view, below))
    return _branch(post_view(market, channel, post, now), replies)


METHODS: Final = {
    "actor.getProfile": _profile,
    "feed.getAuthorFeed": _author_feed,
    "feed.getPosts": _posts,
    "feed.getPostThread": _thread,
}
