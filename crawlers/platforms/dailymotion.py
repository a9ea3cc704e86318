"""Dailymotion: a person's or brand's videos, through the API that answers without a key."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Raw, Struct, field
from selectolax.lexbor import LexborHTMLParser

from crawlers.fields import (
    Count,
    decode,
    hashtags_of,
    instant,
    language_of,
    mentions_of,
    once,
    tag_of,
    text_of,
)
from crawlers.formats import api, xml
from crawlers.formats.links import links_in
from crawlers.formats.syndication import seconds
from crawlers.formats.walls import is_html, wall
from crawlers.platform import (
    BLOCKED_BY_STATUS,
    Blocked,
    Dropped,
    Fetch,
    Page,
    ParseError,
    Platform,
    each,
)
from data.records import Metrics, Post, Profile, Record

API: Final = "https://api.dailymotion.com"
SITE: Final = "https://www.dailymotion.com"
PERSON: Final = "screenname,description,followers_total,following_total,videos_total"
VIDEO: Final = (
    "id,title,description,created_time,duration,views_total,likes_total,tags,language,mode"
)
LIMIT: Final = 100
"""Most videos that the API gives at once."""
ELSEWHERE: Final = (
    "video|playlist|embed|channels?|search|hashtag|signin|register|about|legal|feed|library|"
    "topic|browse|partner|rss|live|explore"
)
"""First parts of addresses that name no person."""
ID: Final = re.compile(r"(?:/video/|[?&]video=)(x?[0-9a-z]{2,12})\b")
SITE_NAME: Final = re.compile(r" - (?:Vidéo |video )?Dailymotion(?: Video)?$", re.IGNORECASE)


class Video(Struct, gc=False):
    """A video, with the fields that were asked for."""

    id: str
    title: str
    created_time: api.Epoch
    description: str | None = None
    duration: api.Seconds | None = None
    views_total: Count | None = None
    likes_total: Count | None = None
    tags: list[str] | None = None
    language: str | None = None
    mode: str | None = None


class Refusal(Struct, gc=False):
    """Why the API gives nothing."""

    code: int = 0
    message: str = ""


class Document(Struct, gc=False):
    """Any answer, by the fields that tell them apart."""

    items: list[Raw] | None = field(name="list", default=None)
    has_more: bool = False
    page: Count = 1
    id: str | None = None
    screenname: str | None = None
    description: str | None = None
    followers_total: Count | None = None
    following_total: Count | None = None
    videos_total: Count | None = None
    error: Refusal | None = None
    provider_name: str | None = None
    title: str | None = None
    html: str | None = None


DOCUMENT: Final = msgspec.json.Decoder(Document)
VIDEO_ITEM: Final = msgspec.json.Decoder(Video)


class Dailymotion(Platform):
    """The account is the name in the profile's address."""

    name = "dailymotion"
    title = "Dailymotion"
    docs = "https://developers.dailymotion.com/api/platform-api/reference/"
    accounts = re.compile(
        r"https?://(?:www\.)?dailymotion\.com/(?:user/)?"
        rf"(?!(?:{ELSEWHERE}|user|[a-z]{{2}})(?:[/?#]|$))(?P<account>[\w.-]+)"
        r"(?:/(?:videos|playlists))?/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://www.dailymotion.com/maisonalpine",
        "https://www.dailymotion.com/user/MaisonAlpine/videos",
    )
    access = "api"
    confidence = "thin"
    hides = frozenset({"comments", "shares", "saves", "sponsored", "edited_at"})
    floor: ClassVar[Mapping[str, float]] = {"title": 1.0, "views": 0.9, "published_at": 1.0}
    base_url = API

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The profile's page."""
        return f"{SITE}/{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The profile and the newest hundred videos."""
        person = f"{API}/user/{quote(account)}"
        yield Fetch(f"{person}?{urlencode({'fields': PERSON})}", kind="profile")
        query = urlencode({"fields": VIDEO, "sort": "recent", "limit": LIMIT, "page": 1})
        yield Fetch(f"{person}/videos?{query}")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts, one video a request."""
        for video, _ in posts:
            url = f"{API}/video/{quote(video)}?{urlencode({'fields': VIDEO})}"
            yield Fetch(url, kind="post", context={"post": video})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A list, a video or a profile of the API, a video's web page or its embed."""
        if is_html(xml.decoded(page.body[:4000], page.content_type)):
            yield _page(xml.decoded(page.body, page.content_type))
            return
        answer = decode(DOCUMENT, page.body)
        if answer.error:
            reason = BLOCKED_BY_STATUS.get(answer.error.code, "refused")
            raise Blocked(reason, answer.error.message)
        if answer.items is not None:
            yield from each(answer.items, "list", _video)
            if answer.items and answer.has_more:
                number = api.number_of(page.fetch.url, "page", answer.page)
                yield api.further(page.fetch, page=number + 1)
        elif answer.provider_name:
            yield _embedded(answer)
        elif answer.screenname:
            yield _profile(answer)
        else:
            yield from _video(page.body)


def _profile(answer: Document) -> Profile:
    return Profile(
        name=answer.screenname,
        followers=answer.followers_total,
        following=answer.following_total,
        posts_total=answer.videos_total,
        description=text_of(answer.description or "") or None,
    )


def _video(body: Raw | bytes) -> Iterator[Record]:
    video = decode(VIDEO_ITEM, body)
    if not video.id.isalnum() or not video.id.isascii():
        raise ParseError("id", "not a video's")
    markup = video.description or ""
    text = text_of(markup)
    yield Post(
        native_id=video.id,
        url=f"{SITE}/video/{video.id}",
        published_at=api.moment(video.created_time, "created_time"),
        format="live" if video.mode == "live" else "video",
        title=video.title,
        text=text or None,
        language=language_of(video.language),
        media_count=1,
        duration_s=video.duration or None,
        hashtags=once((*map(tag_of, video.tags or ()), *hashtags_of(f"{video.title}\n{text}"))),
        mentions=mentions_of(text),
        links=api.addresses((*links_in(markup, SITE), *api.markdown_links(text))),
    )
    yield Metrics(video.id, likes=video.likes_total, views=video.views_total)


def _embedded(answer: Document) -> Post:
    """What oEmbed says of a video: neither date nor counts."""
    match = ID.search(answer.html or "")
    if answer.provider_name != "Dailymotion" or not match:
        raise ParseError("html", "not the embed of a video")
    return Post(
        native_id=match[1],
        url=f"{SITE}/video/{match[1]}",
        published_at=None,
        format="video",
        title=answer.title or None,
        text=text_of(answer.description or "") or None,
        media_count=1,
    )


def _page(markup: str) -> Post:
    """A video's web page: its meta tags. Counts come by script.

    Raises:
        Blocked: the page shows no video.
    """
    meta: dict[str, list[str]] = {}
    for node in LexborHTMLParser(markup).css("meta[property][content]"):
        name, value = node.attributes["property"], node.attributes["content"]
        meta.setdefault(name or "", []).append(value or "")
    match = ID.search(meta.get("og:url", [""])[0])
    if not match or not meta.get("og:title"):
        raise Blocked(wall(markup) or "empty_shell", "a page without a video")
    released = meta.get("video:release_date", [""])[0]
    return Post(
        native_id=match[1],
        url=f"{SITE}/video/{match[1]}",
        published_at=instant(released),
        format="video",
        title=SITE_NAME.sub("", meta["og:title"][0]) or None,
        media_count=1,
        duration_s=seconds(meta.get("video:duration", [""])[0]),
        hashtags=once(map(tag_of, meta.get("video:tag", ()))),
    )
