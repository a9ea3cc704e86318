"""PeerTube, on whichever server: accounts and video channels through the public API."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from msgspec import Raw

from crawlers.fields import (
    decode,
    hashtags_of,
    language_of,
    mentions_of,
    once,
    tag_of,
    text_of,
)  # fmt: skip
from crawlers.formats import api
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from crawlers.wire import peertube as wire
from data.records import Comment, Metrics, Post, Profile, Record

COUNT: Final = 100
"""Most items that the API gives at once."""
YOUNG: Final = timedelta(days=30)
"""Conversations under older videos have ended: they are not asked for."""
DEEPEST: Final = 30
"""Levels of answers below answers that are read."""
ELSEWHERE: Final = (
    r"(?:[\w-]+\.)*(?:youtube|patreon|ko-fi|reddit|twitch|vimeo|dailymotion|tiktok)\.[a-z]+[:/]"
    r"|[^/?#]*(?:lemmy|discourse|forum|discuss|communit|nodebb)"
)
"""Sites whose addresses look alike (/c/name) and that speak another language."""
BASE58: Final = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
VIDEO: Final = re.compile(r"/api/v1/videos/([^/?#]+)/comment")
PATHS: Final = {"a": "accounts", "c": "video-channels"}


class Peertube(Platform):
    """The account is the address of an account, channel or search; ids hold on every server."""

    name = "peertube"
    title = "PeerTube"
    docs = "https://docs.joinpeertube.org/api-rest-reference.html"
    accounts = re.compile(
        rf"https?://(?!{ELSEWHERE})(?P<host>[^/?#\s@]+)/"
        r"(?:(?:(?P<a>a|accounts)|c|video-channels)/(?P<account>[\w.:-]+(?:@[\w.:-]+)?)"
        r"(?:/(?:videos|video-channels|playlists|about))?/?(?:[?#]|$)"
        r"|search\?(?:[^#\s]*&)?(?P<how>search|tagsOneOf)=(?P<words>[^&#\s]+))",
        re.IGNORECASE,
    )
    examples = (
        "https://peertube.example/c/carnets_de_crete",
        "https://peertube.example/a/crete",
        "https://peertube.example/accounts/crete@tube.example",
        "https://peertube.example/video-channels/carnets_de_crete/videos",
        "https://peertube.example/search?search=bivouac+tarp",
        "https://peertube.example/search?tagsOneOf=bivouac",
    )
    access = "api"
    confidence = "solid"
    hides = frozenset({"shares", "saves", "sponsored", "edited_at", "posts_total"})
    floor: ClassVar[Mapping[str, float]] = {"title": 1.0, "views": 0.9, "published_at": 1.0}
    complete_lists = True

    def account_of(self, url: str) -> str | None:
        """The short address: `https://host/a/name`, `https://host/c/name`, or of a search."""
        match = self.accounts.match(url)
        if not match:
            return None
        if match["words"]:
            return f"https://{match['host'].lower()}/search?{match['how']}={match['words']}"
        return f"https://{match['host'].lower()}/{'a' if match['a'] else 'c'}/{match['account']}"

    def url_of(self, account: str) -> str:
        """The address is the account."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """The profile and the newest videos; of a search, what it finds."""
        query: dict[str, str | int] = {"start": 0, "count": COUNT, "sort": "-publishedAt"}
        if words := _searched(account):
            url = f"{_origin(account)}/api/v1/search/videos?{urlencode({**words, **query})}"
            yield Fetch(url, kind="search")
            return
        api = _api(account)
        yield Fetch(api, kind="profile")
        yield Fetch(f"{api}/videos?{urlencode(query)}")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:
        """Each video on its own: counts of now, and its whole description."""
        for uuid, _ in posts:
            url = f"{_origin(account)}/api/v1/videos/{quote(uuid)}"
            yield Fetch(url, kind="video", context={"post": uuid})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Any answer that holds videos, comments or a profile, told apart by its own keys."""
        if page.body.lstrip()[:1] == b"<":
            raise Blocked("empty_shell", "the web client instead of the API")
        answer = decode(wire.DOCUMENT, page.body)
        if answer.data is not None:
            yield from _listed(answer.data, answer.total or 0, page)
        elif bytes(answer.comment):
            yield from _thread(answer, page, "comment", DEEPEST)
        elif answer.uuid:
            yield from _video(page.body)
        elif answer.name and answer.host:
            yield _profile(decode(wire.SPEAKER, page.body))
        elif answer.error or answer.detail:
            reason = "gone" if answer.status == 404 else "refused"  # noqa: PLR2004
            raise Blocked(reason, answer.detail or answer.error or "")
        else:
            raise ParseError("", "neither videos, comments nor account")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _searched(account: str) -> dict[str, str]:
    """What a search's address asks for; empty for an account or channel."""
    if urlsplit(account).path != "/search":
        return {}
    return {name: values[0] for name, values in parse_qs(urlsplit(account).query).items()}


def _api(account: str) -> str:
    kind, _, name = urlsplit(account).path.lstrip("/").partition("/")
    return f"{_origin(account)}/api/v1/{PATHS.get(kind, kind)}/{quote(name, safe='@')}"


def _listed(items: list[Raw], total: int, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A page of a list of videos, comments or channels, and where it goes on."""
    kinds = [decode(wire.KEYS, item) for item in items]
    if any("text" in keys for keys in kinds):
        yield from each(items, "data", lambda item: _remark(item, page))
    elif any("followersCount" in keys and "publishedAt" not in keys for keys in kinds):
        return
    else:
        yield from each(items, "data", lambda item: _entry(item, page))
    seen = api.number_of(page.fetch.url, "start", 0) + len(items)
    if items and seen < total:
        yield api.further(page.fetch, start=seen)


def _entry(item: Raw, page: Page) -> Iterator[Record | Fetch]:
    """One video of a list, with a request for the young conversation under it."""
    video = decode(wire.VIDEO_ITEM, item)
    yield from _video(item)
    if page.fetch.kind == "search":
        return
    if video.comments and page.fetched_at - api.moment(video.published, "publishedAt") < YOUNG:
        query = urlencode({"start": 0, "count": COUNT, "sort": "-createdAt"})
        yield Fetch(
            f"{_origin(page.fetch.url)}/api/v1/videos/{quote(video.uuid)}/comment-threads?{query}",
            kind="comments",
            context={"post": video.uuid, "author": _whole(video.account)},
            optional=True,
        )


def _video(body: Raw | bytes) -> Iterator[Record]:
    video = decode(wire.VIDEO_ITEM, body)
    text = video.description or ""
    language = video.language.id if video.language else None
    yield Post(
        native_id=video.uuid,
        url=api.address(video.url, "url"),
        published_at=api.moment(video.published, "publishedAt"),
        format="live" if video.live else "video",
        title=video.name,
        text=text or None,
        language=language_of(language) if isinstance(language, str) else None,
        media_count=1,
        duration_s=video.duration or None,
        hashtags=once((*map(tag_of, video.tags or ()), *hashtags_of(f"{video.name}\n{text}"))),
        mentions=mentions_of(text),
        links=api.markdown_links(text),
    )
    yield Metrics(
        native_id=video.uuid, likes=video.likes, comments=video.comments, views=video.views
    )


def _thread(node: wire.Document, page: Page, path: str, depth: int) -> Iterator[Record | Dropped]:
    """A comment and everything that was answered under it."""
    yield from each((node.comment,), path, lambda item: _said(decode(wire.REMARK, item), page))
    for number, child in enumerate(node.children or ()):
        if depth and bytes(child.comment):
            yield from _thread(child, page, f"{path}.children[{number}]", depth - 1)


def _remark(item: Raw, page: Page) -> Iterator[Record | Fetch]:
    """A comment of a list, with a request for the answers under it."""
    remark = decode(wire.REMARK, item)
    yield from _said(remark, page)
    if remark.replies:
        url = f"{page.fetch.url.partition('?')[0]}/{remark.thread or remark.id}"
        yield Fetch(url, kind="thread", context=page.fetch.context, optional=True)


def _said(remark: wire.Remark, page: Page) -> Iterator[Comment]:
    if remark.deleted or remark.account is None:
        return
    host, text = urlsplit(page.fetch.url).netloc.lower(), remark.text or ""
    author = _whole(remark.account)
    yield Comment(
        native_id=f"{host}/{remark.id}",
        post_native_id=page.fetch.context.get("post") or _asked(page.fetch.url),
        published_at=api.moment(remark.created, "createdAt"),
        author_key=page.author_key(author, author.partition("@")[0]),
        from_channel=author == page.fetch.context.get("author"),
        text=text_of(text) if text.startswith("<p") else text,
        in_reply_to=None if remark.parent is None else f"{host}/{remark.parent}",
    )


def _asked(url: str) -> str:
    """The video asked about, by its address: a short id is the same number in base 58, not 16."""
    short = match[1] if (match := VIDEO.search(url)) else ""
    if not short:
        raise ParseError("", "comments, but of no video")
    if "-" in short or not set(short) <= set(BASE58):
        return short
    number = 0
    for character in short:
        number = number * len(BASE58) + BASE58.index(character)
    digits = f"{number:032x}"[-32:]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _whole(speaker: wire.Speaker) -> str:
    return f"{speaker.name}@{speaker.host}".lower()


def _profile(speaker: wire.Speaker) -> Profile:
    return Profile(
        name=speaker.display_name or speaker.name,
        followers=speaker.followers,
        following=speaker.following,
        description=speaker.description,
    )
