"""NodeBB forums: a category's or a person's topics, as the site's own JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Raw, Struct, field

from crawlers.fields import Count, decode, hashtags_of, mentions_of, once, tag_of, text_of
from crawlers.formats import api
from crawlers.formats.links import links_in
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Comment, Gone, Metrics, Post, Profile, Record

YOUNG: Final = timedelta(days=30)
"""Older topics are not opened: what is said in them has been read."""
Id = int | str
"""A number; on federated sites a text where something comes from elsewhere."""


class Person(Struct, gc=False):
    """Who speaks."""

    userslug: str | None = None
    username: str | None = None

    def named(self) -> str:
        """The name in addresses; empty for guests and the deleted."""
        return (self.userslug or self.username or "").lower()


class Tag(Struct, gc=False):
    """A tag."""

    value: str = ""


class Topic(Struct, gc=False):
    """A topic of a list, or the head of one on its own."""

    tid: Id
    title: str
    timestamp: str = field(name="timestampISO")
    raw: str | None = field(name="titleRaw", default=None)
    slug: str | None = None
    postcount: Count | None = None
    viewcount: Count | None = None
    upvotes: Count | None = None
    deleted: bool | int = 0
    tags: list[Tag] | None = None


class Said(Struct, gc=False):
    """A post of a topic."""

    pid: Id
    timestamp: str = field(name="timestampISO")
    content: str | None = None
    index: Count | None = None
    upvotes: Count | None = None
    deleted: bool | int = 0
    edited: str | None = field(name="editedISO", default=None)
    parent: Id | None = field(name="toPid", default=None)
    user: Person | None = None


class Place(Struct, gc=False):
    """Whether there is a page, and which."""

    active: bool = False
    page: Count = 0


class Pages(Struct, gc=False):
    """A list's pages."""

    next: Place = field(default_factory=Place)


class Answer(Struct, gc=False):
    """Any answer, by the fields that tell them apart."""

    topics: list[Raw] | None = None
    posts: list[Raw] | None = None
    tid: Id | None = None
    cid: Id | None = None
    uid: Id | None = None
    name: str | None = None
    description: str | None = None
    topic_count: Count | None = None
    username: str | None = None
    fullname: str | None = None
    aboutme: str | None = None
    topiccount: Count | None = None
    followers: Count | None = field(name="followerCount", default=None)
    following: Count | None = field(name="followingCount", default=None)
    pagination: Pages = field(default_factory=Pages)
    error: str | None = None


ANSWER: Final = msgspec.json.Decoder(Answer)
TOPIC: Final = msgspec.json.Decoder(Topic)
SAID: Final = msgspec.json.Decoder(Said)


class Nodebb(Platform):
    """The account is the address of a category or a person; ids are the forum's own."""

    name = "nodebb"
    title = "NodeBB forums"
    docs = "https://docs.nodebb.org/api/read/"
    accounts = re.compile(
        r"(?P<account>https?://[^/?#\s]*(?:nodebb|forum|communit|discuss)[^/?#\s]*/"
        r"(?:category/[0-9]{1,9}|user/[\w.-]+(?=/topics)))(?:/[^?#\s]*)?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://community.crete.example/category/4/bivouac",
        "https://community.crete.example/user/leagrimpe/topics",
    )
    access = "api"
    confidence = "thin"
    hides = frozenset({"shares", "saves", "language", "media_count", "duration_s", "sponsored"})
    floor: ClassVar[Mapping[str, float]] = {"title": 1.0, "views": 0.9, "published_at": 1.0}

    def account_of(self, url: str) -> str | None:
        """The address without the category's words; a person's ends in /topics."""
        account = super().account_of(url)
        if account is None:
            return None
        return f"{account.lower()}/topics" if "/user/" in account.lower() else account.lower()

    def url_of(self, account: str) -> str:
        """The address is the account."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """The newest topics; a person's profile is an answer of its own."""
        origin, path = _parts(account)
        if "/user/" in path:
            yield Fetch(f"{origin}/api{path.removesuffix('/topics')}", kind="profile")
            yield Fetch(f"{origin}/api{path.removesuffix('/topics')}/topics")
        else:
            yield Fetch(f"{origin}/api{path}?sort=recently_created")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:
        """Each topic on its own."""
        for native_id, _ in posts:
            yield _visit(_parts(account)[0], native_id)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A list of topics, one topic or a profile, told apart by its own keys."""
        if page.body.lstrip()[:1] == b"<":
            raise Blocked("empty_shell", "the web client instead of JSON")
        answer = decode(ANSWER, page.body)
        if answer.posts is not None and answer.tid is not None:
            yield from _opened(decode(TOPIC, page.body), answer.posts, page)
        elif answer.topics is not None or answer.username:
            yield from _profile(answer)
            yield from each(answer.topics or (), "topics", lambda raw: _entry(raw, page))
            if answer.topics and answer.pagination.next.active:
                yield api.further(page.fetch, page=answer.pagination.next.page)
        elif answer.error:
            reasons = {"not-authorized": "login_wall", "no-privileges": "login_wall"}
            raise Blocked(reasons.get(answer.error.strip("[]").partition(":")[2], "refused"))
        else:
            raise ParseError("", "neither topics, topic nor profile")


def _parts(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")


def _visit(origin: str, native_id: str) -> Fetch:
    url = f"{origin}/api/topic/{native_id.rpartition('/')[2]}"
    return Fetch(url, kind="topic", context={"post": native_id}, optional=True)


def _profile(answer: Answer) -> Iterator[Profile]:
    """The category that a list is of, or the person."""
    if answer.username:
        yield Profile(
            name=answer.fullname or answer.username,
            followers=answer.followers,
            following=answer.following,
            posts_total=answer.topiccount,
            description=text_of(answer.aboutme or "") or None,
        )
    elif answer.name and answer.cid is not None:
        about = text_of(answer.description or "")
        yield Profile(answer.name, None, None, answer.topic_count, about or None)


def _id(topic: Topic, page: Page) -> str:
    number = str(topic.tid)
    if not re.fullmatch(r"[\w-]{1,60}", number):
        raise ParseError("tid", "not a topic's")
    return f"{urlsplit(page.fetch.url).netloc.lower()}/{number}"


def _entry(raw: Raw, page: Page) -> Iterator[Record | Fetch]:
    """A topic of a list and, while it is young, a request for its text and answers."""
    topic = decode(TOPIC, raw)
    yield from _topic(topic, None, page)
    young = page.fetched_at - api.moment(topic.timestamp, "timestampISO") < YOUNG
    if young and not topic.deleted:
        yield _visit(_parts(page.fetch.url)[0], _id(topic, page))


def _topic(topic: Topic, first: Said | None, page: Page) -> Iterator[Record]:
    """The topic and its counts; its likes are the up votes of its first post."""
    if topic.deleted:
        yield Gone(native_id=_id(topic, page))
        return
    origin, markup = _parts(page.fetch.url)[0], (first.content or "") if first else ""
    text, title = text_of(markup), text_of(topic.raw or topic.title)
    edited = first.edited if first else None
    yield Post(
        native_id=_id(topic, page),
        url=f"{origin}/topic/{topic.tid}",
        published_at=api.moment(topic.timestamp, "timestampISO"),
        format="text",
        title=title or None,
        text=text or None,
        hashtags=once(
            (*(tag_of(tag.value) for tag in topic.tags or ()), *hashtags_of(f"{title}\n{text}"))
        ),
        mentions=mentions_of(text),
        links=api.addresses(links_in(markup, origin)),
        edited_at=api.moment(edited, "editedISO") if edited else None,
    )
    likes = topic.upvotes if first is None or first.upvotes is None else first.upvotes
    comments = topic.postcount - 1 if topic.postcount else None
    yield Metrics(_id(topic, page), likes, comments, views=topic.viewcount)


def _opened(topic: Topic, posts: list[Raw], page: Page) -> Iterator[Record | Dropped]:
    """A topic on its own: its first post is its text, the others answer it."""
    head = decode(SAID, posts[0]) if posts else None
    first = head if head and head.index == 0 else None
    yield from _topic(topic, first, page)
    rest = posts[1:] if first else posts
    yield from each(rest, "posts", lambda raw: _remark(decode(SAID, raw), topic, first, page))


def _remark(said: Said, topic: Topic, first: Said | None, page: Page) -> Iterator[Comment]:
    """An answer; a deleted one keeps its place only."""
    name = said.user.named() if said.user else ""
    if said.deleted or not name:
        return
    host, root = urlsplit(page.fetch.url).netloc.lower(), _id(topic, page)
    direct = said.parent is None or (first is not None and str(said.parent) == str(first.pid))
    yield Comment(
        native_id=f"{host}/post/{said.pid}",
        post_native_id=root,
        published_at=api.moment(said.timestamp, "timestampISO"),
        author_key=page.author_key(name),
        from_channel=_parts(page.account)[1].lower() == f"/user/{name}/topics",
        text=text_of(said.content or ""),
        in_reply_to=None if direct else f"{host}/post/{said.parent}",
        likes=said.upvotes,
    )
