"""YouTube: a channel's videos and shorts tabs, its RSS feed, and single videos for fresh counts."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import msgspec

from crawlers.fields import find, maybe
from crawlers.formats import innertube, watch, xml, youtube_feed
from crawlers.formats.innertube import Node
from crawlers.formats.walls import is_html, wall
from crawlers.formats.youtube_api import YoutubeApi, is_topic
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Post, Record

SITE: Final = "https://www.youtube.com"
BROWSE: Final = f"{SITE}/youtubei/v1/browse?prettyPrint=false"
SEARCH: Final = f"{SITE}/youtubei/v1/search?prettyPrint=false"
FOUND: Final = "twoColumnSearchResultsRenderer"
ENGLISH: Final = {"Accept-Language": "en"}
"""Dates and counts are words on these pages; in English they are read most surely."""
VERSION: Final = "2.20260519.10.00"
"""Of YouTube's web client: sent where a page doesn't tell its own."""
DAY: Final = 86400
TABS: Final = {"videos": ("/videos",), "shorts": ("/shorts",)}
LISTS: Final = (
    "onResponseReceivedActions", "onResponseReceivedEndpoints", "onResponseReceivedCommands",
    "continuationContents",
)  # fmt: skip


class Youtube(Platform):
    """A channel is known by its handle or by its id (UC…), a topic as `#tag` or `search/words`.

    YouTube's robots.txt closes its search: the lawful way is the Data API, asked by itself where
    VIGIE_YOUTUBE_API_KEY is set.
    """

    name: ClassVar[str] = "youtube"
    title: ClassVar[str] = "YouTube"
    docs: ClassVar[str] = "https://developers.google.com/youtube/v3/docs"
    accounts: ClassVar[re.Pattern[str]] = re.compile(
        r"https?://(?:www\.|m\.)?youtube\.com/"
        r"(?:channel/(?=UC)|feeds/videos\.xml\?channel_id=(?=UC)|(?=@|c/|user/))"
        r"(?P<account>@[^/?#\s]+|UC[\w-]{22}|(?:c|user)/[^/?#\s]+)(?:[/?#&].*)?$"
        r"|https?://(?:www\.|m\.)?youtube\.com/"
        r"(?:hashtag/(?P<tag>[^/?#\s]+)|results\?(?:[^#\s]*&)?search_query=(?P<words>[^&#\s]+))"
    )
    examples: ClassVar[tuple[str, ...]] = (
        "https://www.youtube.com/@leagrimpe",
        "https://www.youtube.com/channel/UCvigieexample0123456789",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCvigieexample0123456789",
        "https://youtube.com/@leagrimpe/videos",
        "https://www.youtube.com/c/LeaGrimpe",
        "https://m.youtube.com/user/leagrimpe",
        "https://www.youtube.com/hashtag/bivouac",
        "https://www.youtube.com/results?search_query=bivouac+tarp",
    )
    access: ClassVar[str] = "page"
    confidence: ClassVar[str] = "solid"
    hides: ClassVar[frozenset[str]] = frozenset(
        {"shares", "saves", "following", "language", "sponsored", "edited_at"}
    )
    floor: ClassVar[dict[str, float]] = {"title": 0.9, "views": 0.5}
    base_url: ClassVar[str | None] = SITE
    official = YoutubeApi()

    def account_of(self, url: str) -> str | None:
        """A channel's handle, id or old name; `#tag`; `search/words`."""
        match = self.accounts.match(url)
        if match and match["tag"]:
            return f"#{unquote(match['tag']).lower()}"
        if match and match["words"]:
            return f"search/{unquote_plus(match['words'])}"
        return match["account"] if match else None

    def url_of(self, account: str) -> str:
        """The channel's page, the hashtag's, or the search's."""
        if account.startswith("#"):
            return f"{SITE}/hashtag/{quote(account[1:])}"
        if account.startswith("search/"):
            return f"{SITE}/results?search_query={quote_plus(account.removeprefix('search/'))}"
        return f"{SITE}/{'channel/' if account.startswith('UC') else ''}{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """A topic's page, or both tabs; the feed at once where the channel's id is known."""
        page = self.url_of(account)
        if is_topic(account):
            newest = "&sp=CAI%3D" if account.startswith("search/") else ""
            yield Fetch(url=page + newest, kind="topic", headers=ENGLISH)
            return
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
            yield from youtube_feed.records(xml.root_of(page.body, page.content_type), page)


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
    if (maybe(document, "kind", of=str) or "").endswith("ListResponse"):
        # The official API's, saved by somebody who asked it.
        yield from YoutubeApi().parse(page)
        return
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
    elif FOUND in contents and page.fetch.kind not in TABS:
        yield from _found(document, contents[FOUND], page)
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


def _found(document: Node, found: Any, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A search's videos. What it adds beside its results are nobody's answer to it."""
    place = [maybe(found, "primaryContents", "sectionListRenderer", "contents")]
    if not any(place):
        raise ParseError(f"contents.{FOUND}.primaryContents", "no results")
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
    contents = maybe(document, "contents", of=dict) or {}
    if token := innertube.continuation(place):
        client = {"clientName": "WEB", "clientVersion": _version(document), "hl": "en", "gl": "US"}
        body = {"context": {"client": client}, "continuation": token}
        yield Fetch(
            url=SEARCH if FOUND in contents or "/search?" in page.fetch.url else BROWSE,
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
