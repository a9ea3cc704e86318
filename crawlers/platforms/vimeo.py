"""Vimeo: people's and channels' videos through their feeds, counts from each video's own page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import msgspec
from msgspec import Struct, structs

from crawlers.fields import count, decode, find, hashtags_of, instant, maybe, text_of, when
from crawlers.formats import api, jsonld, syndication, xml
from crawlers.formats.walls import is_html, wall
from crawlers.formats.xml import Element, first
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Metrics, Post, Profile, Record

SITE: Final = "https://vimeo.com"
VIDEO: Final = re.compile(r"https?://(?:player\.)?vimeo\.com/(?:[\w/-]+/)?([0-9]{3,12})\b")
HEADING: Final = re.compile(r"^Vimeo / (.*?)(?:’s|'s)? videos$")
LENGTH: Final = re.compile(r"P(?:T?([0-9]{1,4})H)?T?(?:([0-9]{1,4})M)?(?:([0-9]{1,6})S)?")
GONE: Final = re.compile(r"<title>\s*(?:VimeUhOh|Page not found)", re.IGNORECASE)
ELSEWHERE: Final = (
    "about|api|blog|categories|channels|create|enterprise|event|events|explore|features|for|groups|"
    "help|home|join|log_in|manage|ondemand|ott|pricing|privacy|search|settings|showcase|site_map|"
    "solutions|stock|store|terms|upgrade|upload|user|video|videos|watch|album|cookie_policy"
)
"""First parts of addresses that name no person."""


class Embed(Struct, gc=False):
    """What oEmbed says of a video; little of one that may be embedded on chosen sites only."""

    video_id: int
    title: str | None = None
    description: str | None = None
    upload_date: str | None = None
    duration: api.Seconds | None = None


EMBED: Final = msgspec.json.Decoder(Embed)


class Vimeo(Platform):
    """Accounts are names of people and `channels/name`; videos are numbers."""

    name = "vimeo"
    title = "Vimeo"
    docs = "https://developer.vimeo.com/api/oembed/videos"
    accounts = re.compile(
        rf"https?://(?:www\.)?vimeo\.com/(?!(?:{ELSEWHERE})/?(?:[?#]|$)|[0-9]+/?(?:[?#]|$))"
        r"(?P<account>(?:channels/)?[\w-]{2,60})(?:/videos)?/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://vimeo.com/maisonalpine",
        "https://vimeo.com/user110157601/videos",
        "https://vimeo.com/channels/bivouac",
    )
    access = "feed"
    confidence = "thin"
    hides = frozenset(
        ("shares", "saves", "language", "sponsored", "edited_at", "following", "posts_total")
    )
    floor: ClassVar[Mapping[str, float]] = {"title": 0.5, "published_at": 0.9}
    base_url = SITE

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The person's or channel's page."""
        return f"{SITE}/{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The feed of the newest videos."""
        yield Fetch(f"{SITE}/{account}/videos/rss")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Each video's own page."""
        yield from (_visit(native_id) for native_id, _ in posts)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A feed, a video's page or its embed, by what the document is."""
        if page.body.lstrip()[:1] == b"{":
            yield _embedded(decode(EMBED, page.body), page)
        elif is_html(xml.decoded(page.body[:4000], page.content_type)):
            yield from _page(xml.decoded(page.body, page.content_type), page)
        else:
            yield from _feed(xml.root_of(page.body, page.content_type), page)


def _visit(video: str) -> Fetch:
    return Fetch(f"{SITE}/{video}", kind="video", context={"post": video}, optional=True)


def _feed(root: Element, page: Page) -> Iterator[Record | Fetch | Dropped]:
    head = root.find("{*}channel")
    if head is None:
        raise ParseError("", f"not a feed: its root is <{xml.local(root)[:80]}>")
    about = xml.children(head)
    title = text_of(first(about, "title"))
    named = HEADING.match(title)
    if title:
        yield Profile(name=named[1] if named else title)
    channel = syndication.channel_of(about, None, page)
    yield from each(root.iter("{*}item"), "item", lambda entry: _item(entry, channel))


def _item(entry: Element, channel: syndication.Channel) -> Iterator[Record | Fetch]:
    """A video of the feed, without counts, and a request for its page, which may have them."""
    for record in syndication.item(entry, channel):
        if isinstance(record, Post):
            match = VIDEO.match(record.url)
            if not match:
                raise ParseError("link", "not the address of a video")
            url = f"{SITE}/{match[1]}"
            yield structs.replace(
                record, native_id=match[1], url=url, format="video", language=None, edited_at=None
            )
            yield _visit(match[1])


def _page(markup: str, page: Page) -> Iterator[Record]:
    """A video's page: what its JSON-LD says.

    Raises:
        Blocked: the video is gone, or the page shows none.
    """
    found = (node for node in jsonld.nodes(markup) if node.get("@type") == "VideoObject")
    node = next(found, None)
    if node is None:
        gone = "gone" if GONE.search(markup) else wall(markup)
        raise Blocked(gone or "empty_shell", "a page without a video")
    match = VIDEO.match(jsonld.text(node, "url") or "")
    published = instant(jsonld.text(node, "uploadDate") or "")
    if not match or not published:
        raise ParseError("url" if published else "uploadDate", "missing or not a video's")
    title = text_of(jsonld.text(node, "name") or "")
    text = text_of(jsonld.text(node, "description") or "")
    yield from _author(node, page)
    yield Post(
        native_id=match[1],
        url=f"{SITE}/{match[1]}",
        published_at=published,
        format="video",
        title=title or None,
        text=text or None,
        media_count=1,
        duration_s=_length(jsonld.text(node, "duration") or ""),
        hashtags=hashtags_of(f"{title}\n{text}"),
        links=api.markdown_links(text),
    )
    counts = jsonld.counts(node)
    yield Metrics(
        match[1],
        likes=counts.get("likes"),
        comments=counts.get("comments"),
        views=counts.get("views"),
    )


def _author(node: jsonld.Node, page: Page) -> Iterator[Profile]:
    """The watched account itself, with its followers, where it is the video's author."""
    author = maybe(node, "author", of=dict) or {}
    address = maybe(author, "url", of=str) or ""
    name = maybe(author, "name", of=str)
    if not name or address.lower() != f"{SITE}/{page.account}":
        return
    yield Profile(
        name=name,
        followers=next(filter(None, map(_followed, find(author, "interactionStatistic"))), None),
        description=maybe(author, "bio", of=str) or None,
    )


def _followed(statistics: Any) -> int | None:
    for counter in statistics if isinstance(statistics, list) else [statistics]:
        if str(maybe(counter, "interactionType")).endswith("FollowAction"):
            return count(maybe(counter, "userInteractionCount"))
    return None


def _length(text: str) -> float | None:
    """Seconds of an ISO 8601 duration such as PT00H00M44S; None for none or zero."""
    match = LENGTH.fullmatch(text)
    if not match:
        return None
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float(3600 * hours + 60 * minutes + rest) or None


def _embedded(embed: Embed, page: Page) -> Post:
    """What oEmbed says; its date is a wall clock's, hours off at most."""
    if embed.video_id <= 0:
        raise ParseError("video_id", "not a video's")
    published, text = when(embed.upload_date, page.fetched_at), text_of(embed.description or "")
    return Post(
        native_id=str(embed.video_id),
        url=f"{SITE}/{embed.video_id}",
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format="video",
        title=embed.title or None,
        text=text or None,
        media_count=1,
        duration_s=embed.duration or None,
        hashtags=hashtags_of(text),
        links=api.markdown_links(text),
    )
