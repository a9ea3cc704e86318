"""YouTube: a channel's feed, its videos and shorts tabs in both layouts, continuations."""

import base64
import json
import re
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from data.market import ids
from data.market.cast import CAST, Channel
from data.market.records import Post
from data.market.wire.http import Reply, Request, as_json, as_text, rfc3339
from data.market.wire.watch import script_page, watch_page
from data.market.world import Market

SITE: Final = "https://www.youtube.com"
ABOUT: Final = {entity.name: entity.about for entity in CAST}
PER_PAGE: Final = {"videos": 30, "shorts": 48}
RSS_LENGTH: Final = 15
UNITS: Final = (
    ("year", 31_536_000), ("month", 2_592_000), ("week", 604_800), ("day", 86_400),
    ("hour", 3_600), ("minute", 60), ("second", 1),
)  # fmt: skip
DAYS_BEFORE_WEEKS: Final = 14


def answer(market: Market, request: Request, now: datetime) -> Reply | None:
    """A tab, a continuation, the feed or a video's page; None for other paths."""
    if request.path == "/feeds/videos.xml":
        return _feed(market, request, now)
    if request.path == "/youtubei/v1/browse":
        return _browse(market, request, now)
    if request.path == "/watch":
        return watch_page(market, request.one("v"), now)
    if match := re.fullmatch(r"/shorts/([\w-]{11})", request.path):
        return watch_page(market, match[1], now)
    if match := re.fullmatch(r"/(@[\w.-]+|channel/UC[\w-]{22})/(videos|shorts)", request.path):
        return _tab_page(market, match[1].removeprefix("channel/"), match[2], now)
    return None


def _channel(market: Market, name: str) -> Channel | None:
    channels = (channel for channel in market.channels if channel.platform == "youtube")
    return next((c for c in channels if name in {c.account, ids.youtube_channel(c.handle)}), None)


def ago(seconds: float) -> str:
    """An age in YouTube's words: "3 hours ago", "13 days ago", "2 weeks ago"."""
    for unit, length in UNITS:
        count = int(seconds // length)
        if unit == "week" and seconds < DAYS_BEFORE_WEEKS * 86_400:
            continue
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "0 seconds ago"


def short_count(value: int) -> str:
    """1.2K, 26K, 3.4M: three digits at most, cut and not rounded."""
    for unit, mark in ((1_000_000, "M"), (1_000, "K")):
        if value >= unit:
            whole = value / unit
            return (f"{int(whole)}" if whole >= 10 else f"{int(whole * 10) / 10:g}") + mark  # noqa: PLR2004
    return str(value)


def clock(seconds: float) -> str:
    """3:03 or 1:07:34."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _thumbnails(post: Post) -> list[dict[str, Any]]:
    url = f"https://i.ytimg.com/vi/{post.native_id}/hqdefault.jpg"
    return [{"url": url, "width": 168, "height": 94}, {"url": url, "width": 336, "height": 188}]


def video_renderer(market: Market, post: Post, now: datetime) -> dict[str, Any]:
    """The layout until spring 2026: exact views."""
    views = market.counts(post, now).views or 0
    length = clock(post.duration_s or 0)
    return {
        "videoRenderer": {
            "videoId": post.native_id, "thumbnail": {"thumbnails": _thumbnails(post)},
            "title": {"runs": [{"text": post.title}]},
            "descriptionSnippet": {"runs": [{"text": post.text[:120]}]},
            "publishedTimeText": {
                "simpleText": ago((now - post.published_at).total_seconds())
            },
            "lengthText": {"simpleText": length},
            "viewCountText": {"simpleText": f"{views:,} views"},
            "navigationEndpoint": {"watchEndpoint": {"videoId": post.native_id}},
            "showActionMenu": False,
            "shortViewCountText": {"simpleText": f"{short_count(views)} views"},
            "thumbnailOverlays": [
                {"thumbnailOverlayTimeStatusRenderer": {
                    "text": {"simpleText": length}, "style": "DEFAULT"}}
            ],
        }
    }  # fmt: skip


def lockup(market: Market, post: Post, now: datetime) -> dict[str, Any]:
    """The layout since spring 2026: rounded views."""
    views = short_count(market.counts(post, now).views or 0)
    age = ago((now - post.published_at).total_seconds())
    badge = {
        "text": clock(post.duration_s or 0),
        "badgeStyle": "THUMBNAIL_OVERLAY_BADGE_STYLE_DEFAULT",
    }
    parts = [{"text": {"content": f"{views} views"}}, {"text": {"content": age}}]
    rows = {"metadataRows": [{"metadataParts": parts}], "delimiter": " • "}
    overlay = {"thumbnailBottomOverlayViewModel": {"badges": [{"thumbnailBadgeViewModel": badge}]}}
    return {
        "lockupViewModel": {
            "contentImage": {"thumbnailViewModel": {
                "image": {"sources": _thumbnails(post)}, "overlays": [overlay]}},
            "metadata": {"lockupMetadataViewModel": {
                "title": {"content": post.title},
                "metadata": {"contentMetadataViewModel": rows}}},
            "contentId": post.native_id, "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
        }
    }  # fmt: skip


def shorts_lockup(market: Market, post: Post, now: datetime) -> dict[str, Any]:
    """A line of the Shorts tab: no date, rounded views."""
    views = short_count(market.counts(post, now).views or 0)
    return {
        "shortsLockupViewModel": {
            "entityId": f"shorts-shelf-item-{post.native_id}",
            "accessibilityText": f"{post.title}, {views} views – play Short",
            "onTap": {"innertubeCommand": {
                "commandMetadata": {"webCommandMetadata": {"url": f"/shorts/{post.native_id}"}},
                "reelWatchEndpoint": {"videoId": post.native_id}}},
            "indexInCollection": 0,
            "overlayMetadata": {
                "primaryText": {"content": post.title},
                "secondaryText": {"content": f"{views} views"}},
        }
    }  # fmt: skip


def _items(
    market: Market, channel: Channel, tab: str, offset: int, now: datetime
) -> list[dict[str, Any]]:
    """One page of a tab, closed by a continuation where there is more."""
    wanted = "short" if tab == "shorts" else "video"
    posts = [post for post in market.visible(channel.channel_id, now) if post.format == wanted]
    draw = {"videoRenderer": video_renderer, "lockupViewModel": lockup}[channel.dialect]
    draw = shorts_lockup if tab == "shorts" else draw
    end = offset + PER_PAGE[tab]
    items: list[dict[str, Any]] = [
        {"richItemRenderer": {"content": draw(market, post, now)}} for post in posts[offset:end]
    ]
    if len(posts) > end:
        token = base64.urlsafe_b64encode(f"{channel.account}:{tab}:{end}".encode()).decode()
        command = {"token": token, "request": "CONTINUATION_REQUEST_TYPE_BROWSE"}
        more = {"commandMetadata": {"webCommandMetadata": {"sendPost": True,
                "apiUrl": "/youtubei/v1/browse"}}, "continuationCommand": command}  # fmt: skip
        trigger = "CONTINUATION_TRIGGER_ON_ITEM_SHOWN"
        items.append(
            {"continuationItemRenderer": {"trigger": trigger, "continuationEndpoint": more}}
        )
    return items


def _header(market: Market, channel: Channel, now: datetime) -> dict[str, Any]:
    followers = short_count(market.followers(channel, now) or 0)
    videos = len(market.visible(channel.channel_id, now))
    rows = [
        {"metadataParts": [{"text": {"content": channel.account}}]},
        {"metadataParts": [
            {"text": {"content": f"{followers} subscribers"}},
            {"text": {"content": f"{videos} videos"}}]},
    ]  # fmt: skip
    view = {
        "title": {"dynamicTextViewModel": {"text": {"content": channel.entity}}},
        "metadata": {"contentMetadataViewModel": {"metadataRows": rows, "delimiter": "•"}},
    }
    content = {"pageHeaderViewModel": view}
    return {"pageHeaderRenderer": {"pageTitle": channel.entity, "content": content}}


def _tab(channel: Channel, name: str, content: list[dict[str, Any]] | None) -> dict[str, Any]:
    url = f"/{channel.account}/{name}"
    tab: dict[str, Any] = {
        "endpoint": {"commandMetadata": {"webCommandMetadata": {
            "url": url, "webPageType": "WEB_PAGE_TYPE_CHANNEL"}}},
        "title": name.capitalize(),
    }  # fmt: skip
    if content is not None:
        tab |= {"selected": True, "content": {"richGridRenderer": {"contents": content}}}
    return {"tabRenderer": tab}


def _tab_page(market: Market, name: str, tab: str, now: datetime) -> Reply:
    channel = _channel(market, name)
    if channel is None:
        return as_text("<title>Error 404 (Not Found)!!1</title>", "text/html", 404)
    items = _items(market, channel, tab, 0, now)
    tabs = [_tab(channel, "featured", None)]
    tabs += [_tab(channel, other, items if other == tab else None) for other in PER_PAGE]
    identity = ids.youtube_channel(channel.handle)
    about = {
        "title": channel.entity, "description": ABOUT[channel.entity], "externalId": identity,
        "rssUrl": f"{SITE}/feeds/videos.xml?channel_id={identity}",
        "channelUrl": f"{SITE}/channel/{identity}", "vanityChannelUrl": f"{SITE}/{channel.account}",
        "isFamilySafe": True,
    }  # fmt: skip
    document = {
        "responseContext": {"serviceTrackingParams": [
            {"service": "CSI", "params": [{"key": "cver", "value": "2.20260519.10.00"}]}]},
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": tabs}},
        "header": _header(market, channel, now),
        "metadata": {"channelMetadataRenderer": about},
    }  # fmt: skip
    return as_text(script_page(channel.entity, {"ytInitialData": document}), "text/html")


def _browse(market: Market, request: Request, now: datetime) -> Reply:
    try:
        token = json.loads(request.body)["continuation"]
        name, tab, offset = base64.urlsafe_b64decode(token).decode().split(":")
        channel = _channel(market, name)
        number = int(offset)
    except (ValueError, KeyError, TypeError):
        channel = None
    if channel is None or tab not in PER_PAGE:
        wrong = {"code": 400, "message": "Request contains an invalid argument."}
        return as_json({"error": wrong}, 400)
    items = _items(market, channel, tab, number, now)
    action = {"appendContinuationItemsAction": {"continuationItems": items}}
    return as_json({"responseContext": {}, "onResponseReceivedActions": [action]})


def _feed(market: Market, request: Request, now: datetime) -> Reply:
    channel = _channel(market, request.one("channel_id"))
    if channel is None:
        return as_text("<title>Error 404 (Not Found)!!1</title>", "text/html", 404)
    identity = ids.youtube_channel(channel.handle)
    home = f"{SITE}/channel/{identity}"
    author = f"<author><name>{escape(channel.entity)}</name><uri>{home}</uri></author>"
    entries = "".join(
        _entry(market, post, author, identity, now)
        for post in market.visible(channel.channel_id, now)[:RSS_LENGTH]
    )
    spaces = (
        'xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom"'
    )
    return as_text(
        f'<?xml version="1.0" encoding="UTF-8"?><feed {spaces}>'
        f'<link rel="self" href="{SITE}/feeds/videos.xml?channel_id={identity}"/>'
        f"<id>yt:channel:{identity[2:]}</id><yt:channelId>{identity[2:]}</yt:channelId>"
        f'<title>{escape(channel.entity)}</title><link rel="alternate" href="{home}"/>'
        f"{author}<published>2019-03-01T09:00:00+00:00</published>{entries}</feed>",
        "text/xml",
    )


def _entry(market: Market, post: Post, author: str, identity: str, now: datetime) -> str:
    counts, title, video = market.counts(post, now), escape(post.title or ""), post.native_id
    moment = rfc3339(post.published_at)
    return (
        f"<entry><id>yt:video:{video}</id><yt:videoId>{video}</yt:videoId>"
        f"<yt:channelId>{identity}</yt:channelId><title>{title}</title>"
        f'<link rel="alternate" href="{post.url}"/>{author}'
        f"<published>{moment}</published><updated>{moment}</updated>"
        f"<media:group><media:title>{title}</media:title>"
        f'<media:content url="{SITE}/v/{video}?version=3" type="application/x-shockwave-flash"'
        ' width="640" height="390"/>'
        f'<media:thumbnail url="https://i3.ytimg.com/vi/{video}/hqdefault.jpg" width="480"'
        f' height="360"/><media:description>{escape(post.text)}</media:description>'
        f'<media:community><media:starRating count="{counts.likes}" average="5.00" min="1" '
        f'max="5"/><media:statistics views="{counts.views}"/></media:community>'
        "</media:group></entry>"
    )
