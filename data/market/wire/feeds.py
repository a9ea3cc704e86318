"""RSS 2.0, Atom and podcast feeds, as blogs serve them."""

from datetime import datetime
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from data.market.cast import BLOGS, CAST, Channel
from data.market.records import Post
from data.market.truth import FEED_LENGTH
from data.market.wire.http import Reply, Request, as_text, rfc3339
from data.market.wire.markup import paragraphs
from data.market.world import Market

ABOUT: Final = {entity.name: entity.about for entity in CAST}


def answer(market: Market, request: Request, now: datetime) -> Reply | None:
    """The feed at this path, or None."""
    for channel in market.channels:
        if channel.platform == "feed" and channel.url == f"{BLOGS}{request.path}":
            posts = market.visible(channel.channel_id, now)[:FEED_LENGTH]
            draw = {"rss": _rss, "atom": _atom, "podcast": _podcast}[channel.dialect]
            return draw(channel, posts, now)
    return None


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _item(post: Post, now: datetime, *, is_permalink: bool, more: str = "") -> str:
    return (
        f"<item><title>{escape(post.title or '')}</title><link>{post.url}</link>"
        f"<pubDate>{format_datetime(post.published_at)}</pubDate>"
        f'<guid isPermaLink="{str(is_permalink).lower()}">{post.native_id}</guid>'
        f"<description>{_cdata(paragraphs(post.text_at(now)))}</description>{more}</item>"
    )


def _channel(channel: Channel, items: str, spaces: str, more: str = "") -> Reply:
    home = channel.url.removesuffix("feed.xml")
    return as_text(
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {spaces}><channel>'
        f"<title>{escape(channel.entity)}</title><link>{home}</link>"
        f'<atom:link href="{channel.url}" rel="self" type="application/rss+xml"/>'
        f"<description>{escape(ABOUT[channel.entity])}</description>"
        f"<language>fr-FR</language>{more}{items}</channel></rss>",
        "application/rss+xml",
    )


def _rss(channel: Channel, posts: list[Post], now: datetime) -> Reply:
    items = "".join(_item(post, now, is_permalink=False) for post in posts)
    return _channel(channel, items, 'xmlns:atom="http://www.w3.org/2005/Atom"')


def _podcast(channel: Channel, posts: list[Post], now: datetime) -> Reply:
    items = "".join(_item(post, now, is_permalink=True, more=_episode(post)) for post in posts)
    spaces = (
        'xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    )
    owner = f"<itunes:author>{escape(channel.entity)}</itunes:author>"
    return _channel(channel, items, spaces, owner)


def _episode(post: Post) -> str:
    sound = f"{post.url}episode.mp3"
    return (
        f'<enclosure url="{sound}" length="{int((post.duration_s or 0) * 16_000)}"'
        f' type="audio/mpeg"/><itunes:duration>{int(post.duration_s or 0)}</itunes:duration>'
    )


def _atom(channel: Channel, posts: list[Post], now: datetime) -> Reply:
    home = channel.url.removesuffix("feed.xml")
    entries = "".join(_entry(post, now) for post in posts)
    updated = rfc3339(posts[0].published_at if posts else now)
    return as_text(
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
        f' xml:lang="fr"><id>{home}</id><title>{escape(channel.entity)}</title>'
        f"<subtitle>{escape(ABOUT[channel.entity])}</subtitle><updated>{updated}</updated>"
        f'<link rel="self" type="application/atom+xml" href="{channel.url}"/>'
        f'<link rel="alternate" type="text/html" href="{home}"/>{entries}</feed>',
        "application/atom+xml",
    )


def _entry(post: Post, now: datetime) -> str:
    edited = post.edited_at(now)
    return (
        f'<entry><id>{escape(post.native_id)}</id><link rel="alternate" '
        f"href={quoteattr(post.url)}/><title>{escape(post.title or '')}</title>"
        f"<published>{rfc3339(post.published_at)}</published>"
        f"<updated>{rfc3339(edited or post.published_at)}</updated>"
        f'<content type="html">{escape(paragraphs(post.text_at(now)))}</content></entry>'
    )
