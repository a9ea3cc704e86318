"""Twitch: a channel's past broadcasts and videos, as its own web player asks for them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import msgspec
from msgspec import Raw, Struct, field

from crawlers.fields import Count, decode, hashtags_of, language_of, links_of, mentions_of
from crawlers.formats import api, xml
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Gone, Metrics, Post, Profile, Record

SITE: Final = "https://www.twitch.tv"
API: Final = "https://gql.twitch.tv"
HEADERS: Final = {
    "Client-ID": "kimne78kx3ncx6brgo4mv6wki5h1ko",  # every visitor's browser sends this one
    "Content-Type": "application/json",
}
VIDEO: Final = "id title description publishedAt lengthSeconds viewCount broadcastType language"
CHANNEL_QUERY: Final = (
    "query($login:String!,$after:Cursor){user(login:$login){displayName description "
    "followers{totalCount} videos(first:30,after:$after,sort:TIME){totalCount "
    f"pageInfo{{hasNextPage}} edges{{cursor node{{{VIDEO}}}}}}}}}}}"
)
VIDEO_QUERY: Final = f"query($id:ID!){{video(id:$id){{{VIDEO}}}}}"
ELSEWHERE: Final = (
    "videos|directory|p|downloads|jobs|turbo|prime|store|search|subscriptions|settings|wallet|"
    "login|signup|team|moderator|embed|popout|broadcast|bits|drops|collections|inventory"
)
"""First parts of addresses that name no channel."""


class Counted(Struct, gc=False):
    """A list's length."""

    total: Count | None = field(name="totalCount", default=None)


class Video(Struct, gc=False):
    """A video."""

    id: str
    title: str
    published: str = field(name="publishedAt")
    description: str | None = None
    seconds: api.Seconds | None = field(name="lengthSeconds", default=None)
    views: Count | None = field(name="viewCount", default=None)
    type: str | None = field(name="broadcastType", default=None)
    language: str | None = None


class Edge(Struct, gc=False):
    """A place in a list."""

    node: Raw
    cursor: str | None = None


class Paging(Struct, gc=False):
    """Whether the list goes on."""

    more: bool = field(name="hasNextPage", default=False)


class Videos(Struct, gc=False):
    """A page of a list."""

    edges: list[Edge]
    total: Count | None = field(name="totalCount", default=None)
    paging: Paging = field(name="pageInfo", default_factory=Paging)


class User(Struct, gc=False):
    """A channel."""

    name: str = field(name="displayName")
    videos: Videos
    description: str | None = None
    followers: Counted = field(default_factory=Counted)


class Data(Struct, gc=False):
    """What was asked for; null is nobody and nothing."""

    user: User | msgspec.UnsetType | None = msgspec.UNSET
    video: Raw = Raw()


class Answer(Struct, gc=False):
    """Any answer."""

    data: Data | None = None
    errors: list[dict[str, Any]] | None = None
    error: str | None = None
    message: str | None = None


ANSWER: Final = msgspec.json.Decoder(Answer)
VIDEO_ITEM: Final = msgspec.json.Decoder(Video)


class Twitch(Platform):
    """The account is the channel's login; posts are its past broadcasts, highlights, uploads."""

    name = "twitch"
    title = "Twitch"
    docs = "https://dev.twitch.tv/docs/video-broadcast/vods/"
    accounts = re.compile(
        rf"https?://(?:(?:www|m)\.)?twitch\.tv/(?!(?:{ELSEWHERE})(?:[/?#]|$))"
        r"(?P<account>\w{3,25})(?:/(?:videos|about|schedule|clips))?/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = ("https://www.twitch.tv/maisonalpine", "https://m.twitch.tv/MaisonAlpine/videos")
    access = "api"
    confidence = "thin"
    hides = frozenset(
        ("likes", "comments", "shares", "saves", "sponsored", "edited_at", "following")
    )
    floor: ClassVar[Mapping[str, float]] = {"title": 0.9, "views": 0.9, "published_at": 1.0}
    base_url = API

    def account_of(self, url: str) -> str | None:
        """Logins mean the same in either case."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The channel's page."""
        return f"{SITE}/{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The channel and its newest thirty videos, in one answer."""
        yield _asked(CHANNEL_QUERY, "list", login=account, after=None)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present views, one video a request."""
        for native_id, _ in posts:
            fetch = _asked(VIDEO_QUERY, "post", id=native_id)
            yield msgspec.structs.replace(fetch, context={"post": native_id})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A channel or a video; the site's own pages are shells for scripts."""
        if is_html(xml.decoded(page.body[:4000], page.content_type)):
            reason = wall(xml.decoded(page.body, page.content_type))
            raise Blocked(reason or "empty_shell", "the web player instead of an answer")
        answer = decode(ANSWER, page.body)
        if answer.data is None or answer.errors:
            said = answer.message or answer.error or str(answer.errors or "")[:200]
            if not said:
                raise ParseError("data", "missing")
            raise Blocked("refused", said)
        if bytes(answer.data.video) == b"null" and "post" in page.fetch.context:
            yield Gone(native_id=page.fetch.context["post"])
        elif bytes(answer.data.video) not in {b"", b"null"}:
            yield from _video(answer.data.video)
        elif answer.data.user is None or bytes(answer.data.video) == b"null":
            raise Blocked("gone", "no such channel")
        elif isinstance(answer.data.user, User):
            yield from _channel(answer.data.user, page)
        else:
            raise ParseError("data", "neither channel nor video")


def _asked(query: str, kind: str, **variables: str | None) -> Fetch:
    body = msgspec.json.encode({"query": query, "variables": variables}).decode()
    return Fetch(f"{API}/gql", kind=kind, method="POST", headers=HEADERS, body=body)


def _channel(user: User, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """The profile, its videos, and where the list goes on."""
    yield Profile(
        name=user.name,
        followers=user.followers.total,
        posts_total=user.videos.total,
        description=user.description or None,
    )
    edges = user.videos.edges
    yield from each(edges, "data.user.videos.edges", lambda edge: _video(edge.node))
    if edges and user.videos.paging.more and edges[-1].cursor:
        fetch = _asked(CHANNEL_QUERY, "list", login=page.account, after=edges[-1].cursor)
        yield msgspec.structs.replace(fetch, more=True)


def _video(body: Raw) -> Iterator[Record]:
    video = decode(VIDEO_ITEM, body)
    if not (video.id.isascii() and video.id.isdecimal()):
        raise ParseError("id", "not a video's")
    text = video.description or ""
    yield Post(
        native_id=video.id,
        url=f"{SITE}/videos/{video.id}",
        published_at=api.moment(video.published, "publishedAt"),
        format="live" if video.type == "ARCHIVE" else "video",
        title=video.title or None,
        text=text or None,
        language=language_of(video.language),
        media_count=1,
        duration_s=video.seconds or None,
        hashtags=hashtags_of(f"{video.title}\n{text}"),
        mentions=mentions_of(f"{video.title}\n{text}"),
        links=api.addresses(links_of(text)),
    )
    yield Metrics(video.id, views=video.views)
