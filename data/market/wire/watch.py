"""A YouTube video's own page: exact date, views, likes and number of comments."""

import json
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from data.market import ids
from data.market.cast import Channel
from data.market.records import Post
from data.market.wire.http import Reply, as_text, rfc3339
from data.market.world import Market

SITE: Final = "https://www.youtube.com"
UNAVAILABLE: Final = {
    "playabilityStatus": {"status": "ERROR", "reason": "Video unavailable"},
}


def script_page(title: str, variables: dict[str, Any]) -> str:
    """A page that keeps its data in scripts, as YouTube does."""
    scripts = "".join(
        f'<script nonce="vigie">var {name} = {_inline(value)};</script>'
        for name, value in variables.items()
    )
    head = f"<title>{escape(title)} - YouTube</title>"
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{scripts}</body></html>'


def _inline(value: Any) -> str:
    return json.dumps(value).replace("</", r"<\/")


def watch_page(market: Market, video: str, now: datetime) -> Reply:
    """The page of one video; a gone or unknown one says that it is unavailable."""
    for channel in market.channels:
        if channel.platform != "youtube":
            continue
        for post in market.visible(channel.channel_id, now):
            if post.native_id == video:
                player = _player(market, channel, post, now)
                following = _following(market, post, now)
                variables = {"ytInitialPlayerResponse": player, "ytInitialData": following}
                return as_text(script_page(post.title or "", variables), "text/html")
    page = script_page("", {"ytInitialPlayerResponse": UNAVAILABLE})
    return as_text(page, "text/html")


def _player(market: Market, channel: Channel, post: Post, now: datetime) -> dict[str, Any]:
    counts, length = market.counts(post, now), str(int(post.duration_s or 0))
    identity = ids.youtube_channel(channel.handle)
    about = {
        "title": {"simpleText": post.title}, "description": {"simpleText": post.text},
        "lengthSeconds": length, "ownerProfileUrl": f"http://www.youtube.com/{channel.account}",
        "externalChannelId": identity, "isFamilySafe": True, "isUnlisted": False,
        "viewCount": str(counts.views), "category": "Sports",
        "publishDate": rfc3339(post.published_at), "ownerChannelName": channel.entity,
        "uploadDate": rfc3339(post.published_at), "isShortsEligible": post.format == "short",
        "externalVideoId": post.native_id, "likeCount": str(counts.likes),
        "canonicalUrl": f"{SITE}/watch?v={post.native_id}",
    }  # fmt: skip
    details = {
        "videoId": post.native_id, "title": post.title, "lengthSeconds": length,
        "channelId": identity, "shortDescription": post.text, "viewCount": str(counts.views),
        "author": channel.entity, "isLiveContent": False,
    }  # fmt: skip
    return {
        "playabilityStatus": {"status": "OK"}, "videoDetails": details,
        "microformat": {"playerMicroformatRenderer": about},
    }  # fmt: skip


def _following(market: Market, post: Post, now: datetime) -> dict[str, Any]:
    counts = market.counts(post, now)
    views = {"videoViewCountRenderer": {"viewCount": {"simpleText": f"{counts.views:,} views"}}}
    primary = {
        "title": {"runs": [{"text": post.title}]}, "viewCount": views,
        "dateText": {"simpleText": f"{post.published_at:%d %b %Y}".lstrip("0")},
    }  # fmt: skip
    comments = {"commentCount": {"simpleText": str(counts.comments)}}
    section = {
        "contents": [{"commentsEntryPointHeaderRenderer": comments}],
        "sectionIdentifier": "comments-entry-point",
    }
    contents = [{"videoPrimaryInfoRenderer": primary}, {"itemSectionRenderer": section}]
    results = {"results": {"results": {"contents": contents}}}
    return {
        "contents": {"twoColumnWatchNextResults": results},
        "currentVideoEndpoint": {"watchEndpoint": {"videoId": post.native_id}},
    }
