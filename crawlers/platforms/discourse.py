"""Discourse forums: a category's, a tag's, a person's or the newest topics, as its own JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Raw, Struct

from crawlers.fields import Count, decode, hashtags_of, mentions_of, once, tag_of, text_of
from crawlers.formats import api
from crawlers.formats.links import links_in
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Comment, Metrics, Post, Profile, Record

YOUNG: Final = timedelta(days=30)
"""Older topics are not opened: what is said in them has been read."""
LIKE: Final = 2
"""Discourse's number for the action "like"."""


class Named(Struct, gc=False):
    """A tag, on newer sites."""

    name: str = ""


class Action(Struct, gc=False):
    """How often something was done to a post."""

    id: int
    count: Count = 0


class Said(Struct, gc=False):
    """A post of a topic; number 1 is the topic's own text."""

    id: Count
    post_number: Count
    username: str
    created_at: str
    cooked: str
    updated_at: str | None = None
    version: int = 1
    reply_to_post_number: Count | None = None
    actions_summary: list[Action] = []
    deleted_at: str | None = None
    user_deleted: bool = False

    def likes(self) -> int:
        """Discourse leaves the action out where nobody did it."""
        return sum(action.count for action in self.actions_summary if action.id == LIKE)


class Stream(Struct, gc=False):
    """The first posts of a topic."""

    posts: list[Raw] = []


class Topic(Struct, gc=False):
    """A topic of a list, or on its own with its posts."""

    id: Count
    title: str
    created_at: str
    slug: str = "topic"
    posts_count: Count | None = None
    views: Count | None = None
    like_count: Count | None = None
    tags: list[str | Named] | None = None
    excerpt: str | None = None
    featured_link: str | None = None
    post_stream: Stream | None = None


class Topics(Struct, gc=False):
    """A page of a list."""

    topics: list[Raw]
    more_topics_url: str | None = None


class Category(Struct, gc=False):
    """A category."""

    name: str
    description_text: str | None = None
    topic_count: Count | None = None


class Person(Struct, gc=False):
    """A person."""

    username: str
    name: str | None = None
    bio_excerpt: str | None = None


class Answer(Struct, gc=False):
    """Any answer, by the fields that tell them apart."""

    topic_list: Topics | None = None
    post_stream: Raw = Raw()
    category: Category | None = None
    user: Person | None = None
    errors: list[str] | None = None
    error_type: str | None = None


ANSWER: Final = msgspec.json.Decoder(Answer)
TOPIC: Final = msgspec.json.Decoder(Topic)
SAID: Final = msgspec.json.Decoder(Said)


class Discourse(Platform):
    """The account is the address of a category, a tag, a person or a forum's newest topics.

    Tags have the same address on any blog: only hosts called after forums are taken for one; of
    another, write `{platform: discourse, url: …}`.
    """

    name = "discourse"
    title = "Discourse forums"
    docs = "https://docs.discourse.org/"
    accounts = re.compile(
        r"(?P<account>https?://(?!(?:[\w-]+\.)*(?:youtube|reddit|patreon)\.)[^/?#\s]+/"
        r"(?:c/(?:[\w-]+/){1,2}[0-9]{1,9}|u/[\w.-]+(?=/(?:activity|summary))))"
        r"(?:/(?:activity|summary|l/latest)(?:/[\w-]+)?)?/?(?:[?#]|$)"
        r"|(?P<tag>https?://(?=[^/?#\s]*(?:forum|discours|discuss|communit))[^/?#\s]+/"
        r"tag/[\w-]+(?:/[0-9]{1,9})?)(?:/l/latest)?/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://forum.crete.example/c/bivouac/7",
        "https://forum.crete.example/c/materiel/tentes/12/l/latest",
        "https://forum.crete.example/u/leagrimpe/activity",
        "https://forum.crete.example/tag/bivouac",
    )
    access = "api"
    confidence = "thin"
    hides = frozenset(
        ("shares", "saves", "language", "media_count", "duration_s", "sponsored", "followers",
         "following")
    )  # fmt: skip
    floor: ClassVar[Mapping[str, float]] = {"title": 1.0, "views": 0.9, "published_at": 1.0}

    def account_of(self, url: str) -> str | None:
        """The address without what stands behind; a person's ends in /activity."""
        match = self.accounts.match(url)
        if match is None:
            return None
        account = match["account"] or match["tag"]
        return f"{account}/activity" if "/u/" in account else account

    def url_of(self, account: str) -> str:
        """The address is the account."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """Who or what it is, and its newest topics."""
        origin, kind, name = _parts(account)
        if kind == "u":
            yield Fetch(f"{origin}/u/{name}.json", kind="profile", optional=True)
            yield Fetch(f"{origin}/topics/created-by/{name}.json")
        elif kind == "c":
            number = account.rstrip("/").rpartition("/")[2]
            yield Fetch(f"{origin}/c/{number}/show.json", kind="profile", optional=True)
            yield Fetch(f"{account.rstrip('/')}.json?order=created")
        elif kind == "tag":
            yield Fetch(f"{account.rstrip('/')}.json?order=created")
        else:
            yield Fetch(f"{origin}/latest.json?order=created")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:
        """Each topic on its own."""
        origin = _parts(account)[0]
        for native_id, _ in posts:
            yield _visit(origin, native_id)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A list of topics, one topic or a profile, told apart by its own keys."""
        if page.body.lstrip()[:1] == b"<":
            raise Blocked("empty_shell", "the web client instead of JSON")
        answer = decode(ANSWER, page.body)
        if answer.topic_list is not None:
            yield from each(answer.topic_list.topics, "topics", lambda raw: _entry(raw, page))
            if answer.topic_list.topics and answer.topic_list.more_topics_url:
                yield api.further(page.fetch, page=api.number_of(page.fetch.url, "page", 0) + 1)
        elif bytes(answer.post_stream):
            yield from _opened(decode(TOPIC, page.body), page)
        elif answer.category is not None:
            about = answer.category
            yield Profile(about.name, None, None, about.topic_count, about.description_text)
        elif answer.user is not None:
            bio = text_of(answer.user.bio_excerpt or "")
            yield Profile(name=answer.user.name or answer.user.username, description=bio or None)
        elif answer.errors or answer.error_type:
            reasons = {"not_logged_in": "login_wall", "not_found": "gone", "invalid_access":
                       "login_wall", "rate_limit": "rate_limited"}  # fmt: skip
            reason = reasons.get(answer.error_type or "", "refused")
            raise Blocked(reason, " ".join(answer.errors or ()))
        else:
            raise ParseError("", "neither topics, topic nor profile")


def _parts(account: str) -> tuple[str, str, str]:
    """Origin, kind (c, u or empty) and name."""
    parts = urlsplit(account)
    kind, _, rest = parts.path.strip("/").partition("/")
    return f"{parts.scheme}://{parts.netloc}", kind, rest.partition("/")[0]


def _visit(origin: str, native_id: str) -> Fetch:
    url = f"{origin}/t/{native_id.rpartition('/')[2]}.json"
    return Fetch(url, kind="topic", context={"post": native_id}, optional=True)


def _entry(raw: Raw, page: Page) -> Iterator[Record | Fetch]:
    """A topic of a list and, while it is young, a request for its text and answers."""
    topic = decode(TOPIC, raw)
    yield from _topic(topic, topic.excerpt or "", page, None)
    if page.fetched_at - api.moment(topic.created_at, "created_at") < YOUNG:
        yield _visit(_parts(page.fetch.url)[0], _id(topic, page))


def _id(topic: Topic, page: Page) -> str:
    return f"{urlsplit(page.fetch.url).netloc.lower()}/{topic.id}"


def _topic(topic: Topic, markup: str, page: Page, edited: str | None) -> Iterator[Record]:
    """The topic and its counts; likes are those of all its posts, as its list shows them."""
    origin, text = _parts(page.fetch.url)[0], text_of(markup)
    tags = (tag if isinstance(tag, str) else tag.name for tag in topic.tags or ())
    yield Post(
        native_id=_id(topic, page),
        url=api.address(f"{origin}/t/{topic.slug or 'topic'}/{topic.id}", "slug"),
        published_at=api.moment(topic.created_at, "created_at"),
        format="link" if topic.featured_link else "text",
        title=topic.title,
        text=text or None,
        hashtags=once((*map(tag_of, tags), *hashtags_of(f"{topic.title}\n{text}"))),
        mentions=mentions_of(text),
        links=api.addresses((topic.featured_link, *links_in(markup, origin))),
        edited_at=api.moment(edited, "updated_at") if edited else None,
    )
    comments = topic.posts_count - 1 if topic.posts_count else None
    yield Metrics(_id(topic, page), topic.like_count, comments, views=topic.views)


def _opened(topic: Topic, page: Page) -> Iterator[Record | Dropped]:
    """A topic on its own: its first post is its text, the others answer it."""
    stream = topic.post_stream or Stream()
    head = decode(SAID, stream.posts[0]) if stream.posts else None
    first = head if head and head.post_number == 1 else None
    markup = first.cooked if first else topic.excerpt or ""
    edited = first.updated_at if first and first.version > 1 else None
    yield from _topic(topic, markup, page, edited)
    rest = stream.posts[1:] if first else stream.posts
    yield from each(rest, "post_stream.posts", lambda raw: _remark(decode(SAID, raw), topic, page))


def _remark(said: Said, topic: Topic, page: Page) -> Iterator[Comment]:
    """An answer; replies to a post of the topic name it by its number there."""
    if said.deleted_at or said.user_deleted:
        return
    _, kind, name = _parts(page.account)
    root, above = _id(topic, page), said.reply_to_post_number
    yield Comment(
        native_id=f"{root}/{said.post_number}",
        post_native_id=root,
        published_at=api.moment(said.created_at, "created_at"),
        author_key=page.author_key(said.username.lower()),
        from_channel=kind == "u" and said.username.lower() == name.lower(),
        text=text_of(said.cooked),
        in_reply_to=f"{root}/{above}" if above and above > 1 else None,
        likes=said.likes(),
    )
