"""YouTube: a channel's videos and shorts tabs, its RSS feed, and single videos for fresh counts."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

import msgspec

from crawlers.fields import count, find, hashtags_of, links_of, maybe, mentions_of, when
from crawlers.formats import innertube, watch, xml
from crawlers.formats.innertube import VIDEO_ID, Node
from crawlers.formats.walls import is_html, wall
from crawlers.formats.xml import Element, first
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Metrics, Post, Record

SITE: Final = "https://www.youtube.com"
BROWSE: Final = f"{SITE}/youtubei/v1/browse?prettyPrint=false"
ENGLISH: Final = {"Accept-Language": "en"}
"""Dates and counts are words on these pages; in English they are read most surely."""
VERSION: Final = "2.20260519.10.00"
"""Of YouTube's web client: sent where a page doesn't tell its own."""
DAY: Final = 86400
TABS: Final = {"videos": ("/videos",), "shorts": ("/shorts",)}
LISTS: Final = ("onResponseReceivedActions", "onResponseReceivedEndpoints", "continuationContents")


class Youtube(Platform):
    """A channel is known by its handle or by its id (UC…)."""

    name: ClassVar[str] = "youtube"
    title: ClassVar[str] = "YouTube"
    docs: ClassVar[str] = "https://developers.google.com/youtube/v3/docs"
    accounts: ClassVar[re.Pattern[str]] = re.compile(
        r"https?://(?:www\.|m\.)?youtube\.com/"
        r"(?:channel/(?=UC)|feeds/videos\.xml\?channel_id=(?=UC)|(?=@|c/|user/))"
        r"(?P<account>@[^/?#\s]+|UC[\w-]{22}|(?:c|user)/[^/?#\s]+)(?:[/?#&].*)?$"
    )
    examples: ClassVar[tuple[str, ...]] = (
        "https://www.youtube.com/@leagrimpe",
        "https://www.youtube.com/channel/UCvigieexample0123456789",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCvigieexample0123456789",
        "https://youtube.com/@leagrimpe/videos",
        "https://www.youtube.com/c/LeaGrimpe",
        "https://m.youtube.com/user/leagrimpe",
    )
    access: ClassVar[str] = "page"
    confidence: ClassVar[str] = "solid"
    hides: ClassVar[frozenset[str]] = frozenset(
        {"shares", "saves", "following", "language", "sponsored", "edited_at"}
    )
    floor: ClassVar[dict[str, float]] = {"title": 0.9, "views": 0.5}
    base_url: ClassVar[str | None] = SITE

    def url_of(self, account: str) -> str:
        """The channel's page."""
        return f"{SITE}/{'channel/' if account.startswith('UC') else ''}{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """Both tabs; the feed, with exact dates and likes, at once where the id is known."""
        page = self.url_of(account)
        yield Fetch(url=f"{page}/videos", kind="videos", headers=ENGLISH)
        yield Fetch(url=f"{page}/shorts", kind="shorts", headers=ENGLISH, optional=True)
        if account.startswith("UC"):
            yield _feed_of(account)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Each video's own page: views, likes and comments of now, and its exact date."""
        for video_id, url in posts:
            yield _page_of(video_id, url, optional=False)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A tab, a feed or a video, by what the document is."""
        start = page.body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if start.startswith((b"{", b"[")):
            yield from _answer(_decoded(page.body), page)
        elif is_html(xml.decoded(page.body[:4000], page.content_type)):
            yield from _html(xml.decoded(page.body, page.content_type), page)
        else:
            yield from _rss(xml.root_of(page.body, page.content_type), page)


def _feed_of(channel: str) -> Fetch:
    """The channel's RSS: optional, since YouTube's robots.txt often closes it."""
    return Fetch(url=f"{SITE}/feeds/videos.xml?channel_id={channel}", kind="feed", optional=True)


def _decoded(body: bytes) -> Node:
    """An InnerTube answer; older ones wrap their parts in a list."""
    try:
        found = msgspec.json.decode(body.lstrip(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError("", str(error)) from error
    parts = found if isinstance(found, list) else [found]
    return {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}


def _html(markup: str, page: Page) -> Iterator[Record | Fetch | Dropped]:
    document = innertube.embedded(markup, "ytInitialData")
    player = innertube.embedded(markup, "ytInitialPlayerResponse")
    if document is None and player is None:
        title = re.search(r"<title>([^<]{0,200})", markup)
        if title and title[1].startswith("Error 404"):
            raise Blocked("gone", title[1])
        consent = "consent.youtube.com" in markup or "consent.youtube.com" in page.url
        raise Blocked(
            "consent_wall" if consent else wall(markup) or "empty_shell", "no ytInitialData"
        )
    yield from _answer({**(player or {}), **(document or {}), "player": player or {}}, page)


def _answer(document: Node, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """Dispatch on the shape of an InnerTube document."""
    if code := maybe(document, "error", "code", of=int):
        reasons = {401: "login_wall", 403: "block_page", 404: "gone", 429: "rate_limited"}
        raise Blocked(reasons.get(code, "refused"), maybe(document, "error", "message") or "")
    contents = maybe(document, "contents", of=dict) or {}
    player = document.get("player") or document
    if (
        "twoColumnWatchNextResults" in contents
        or "videoDetails" in player
        or ("playabilityStatus" in player and not contents)
    ):
        yield from watch.records(player, document, page)
    elif "twoColumnBrowseResultsRenderer" in contents or any(key in document for key in LISTS):
        yield from _list(document, page)
    else:
        raise _unknown(document, contents)


def _unknown(document: Node, contents: Node) -> Exception:
    """Why a document without a list has none."""
    alerts = list(find(document.get("alerts"), "alertRenderer"))
    if any(maybe(alert, "type") == "ERROR" for alert in alerts):
        return Blocked("gone", innertube.said(maybe(alerts[0], "text")))
    keys = ", ".join(sorted(contents or document)[:5])
    return ParseError("contents", f"no channel's list of videos (but {keys[:200]})")


def _list(document: Node, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A tab or its continuation: the channel, its videos, the next page."""
    profile = innertube.profile(document)
    if profile:
        yield profile
    tab = _tab(document)
    place = [maybe(tab, "content"), *(document.get(key) for key in LISTS)]
    if not _asked(tab, page):
        return
    if not any(place):
        raise ParseError("contents", "neither an open tab nor a continuation")
    if any(True for _ in find(place, "commentThreadRenderer")):
        raise ParseError("onResponseReceivedEndpoints", "comments, not videos")
    yield from each(innertube.videos(place), "videos", lambda video: _read(video, page))
    yield from _further(document, place, page)


def _tab(document: Node) -> Node:
    """The selected tab of a channel's or playlist's page; empty for a continuation."""
    tabs = maybe(document, "contents", "twoColumnBrowseResultsRenderer", "tabs", of=list) or []
    found = (tab for tab in find(tabs, "tabRenderer") if maybe(tab, "selected") is True)
    return next((tab for tab in found if isinstance(tab, dict)), {})


def _asked(tab: Node, page: Page) -> bool:
    """Whether this is the tab that was asked for: YouTube serves Home where there is no such."""
    web = ("endpoint", "commandMetadata", "webCommandMetadata", "url")
    address = maybe(tab, *web, of=str) or ""
    wanted = TABS.get(page.fetch.kind, ())
    return not wanted or not address or address.endswith(wanted)


def _read(video: innertube.Video | ParseError, page: Page) -> Iterator[Record | Fetch]:
    """A listed video and, where the list tells its date too roughly, a request for its page.

    Of a known video the crawl leaves that request out, unless its counts are due.
    """
    if isinstance(video, ParseError):
        raise video
    for record in innertube.records(video, page.fetched_at):
        yield record
        if isinstance(record, Post) and (
            record.published_at is None or record.published_within_s > DAY
        ):
            yield _page_of(record.native_id, record.url, optional=True)


def _page_of(video_id: str, url: str, *, optional: bool) -> Fetch:
    """The video's own page: exact date, all counts."""
    context = {"post": video_id}
    return Fetch(url=url, kind="watch", context=context, headers=ENGLISH, optional=optional)


def _further(document: Node, place: list[Any], page: Page) -> Iterator[Fetch]:
    """The list's next page and, from the videos tab of a handle, the channel's feed."""
    channel = maybe(document, "metadata", "channelMetadataRenderer", "externalId", of=str) or ""
    known = page.account.startswith("UC") or page.fetch.kind == "shorts"
    if re.fullmatch(r"UC[\w-]{22}", channel) and not known:
        yield _feed_of(channel)
    if token := innertube.continuation(place):
        client = {"clientName": "WEB", "clientVersion": _version(document), "hl": "en", "gl": "US"}
        body = {"context": {"client": client}, "continuation": token}
        yield Fetch(
            url=BROWSE,
            kind=page.fetch.kind,
            method="POST",
            body=msgspec.json.encode(body).decode(),
            headers={"Content-Type": "application/json", **ENGLISH},
            more=True,
            optional=True,
        )


def _version(document: Node) -> str:
    """The version that the page says its client has."""
    for param in find(maybe(document, "responseContext", "serviceTrackingParams"), "params"):
        for pair in param if isinstance(param, list) else ():
            value = maybe(pair, "value", of=str) or ""
            if maybe(pair, "key") == "cver" and re.fullmatch(r"[0-9.]{5,40}", value):
                return value
    return VERSION


def _rss(root: Element, page: Page) -> Iterator[Record | Dropped]:
    """The channel's feed: the newest videos with exact date, views and likes."""
    if xml.local(root) != "feed":
        raise ParseError("", f"not a channel's feed: its root is <{xml.local(root)[:80]}>")
    yield from each(root.iter("{*}entry"), "entry", lambda entry: _entry(entry, page))


def _entry(entry: Element, page: Page) -> Iterator[Record]:
    found = xml.children(entry)
    video_id = first(found, "yt:videoId")
    if not VIDEO_ID.fullmatch(video_id):
        raise ParseError("yt:videoId", "missing")
    links = [link.get("href") or "" for link in found.get("link", ())]
    short = any("/shorts/" in link for link in links)
    group = xml.children(found["media:group"][0]) if "media:group" in found else {}
    text, title = first(group, "media:description"), first(found, "title")
    published = when(first(found, "published") or None, page.fetched_at)
    yield Post(
        native_id=video_id,
        url=innertube.url_of(video_id, short=short),
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format="short" if short else "video",
        title=title or None,
        text=text or None,
        media_count=1,
        hashtags=hashtags_of(f"{title}\n{text}"),
        mentions=mentions_of(text),
        links=links_of(text),
    )
    shown = xml.children(group["media:community"][0]) if "media:community" in group else {}
    rating, statistics = (shown.get(f"media:{key}") for key in ("starRating", "statistics"))
    yield Metrics(
        native_id=video_id,
        likes=count(rating[0].get("count")) if rating else None,
        views=count(statistics[0].get("views")) if statistics else None,
    )
