"""Hacker News: what a person submits, what is submitted from a site or about a topic."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

import msgspec
from msgspec import Raw, Struct, field

from crawlers.fields import Count, decode, text_of
from crawlers.formats import api, xml
from crawlers.formats.hackernews_pages import SITE, feed, story, web
from crawlers.formats.walls import is_html
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Comment, Gone, Metrics, Post, Profile, Record

API: Final = "https://hn.algolia.com"
BATCH: Final = 50
YOUNG: Final = timedelta(days=30)
"""Conversations under older stories have ended: they are not asked for."""
DEEPEST: Final = 60
NAMES: Final = {"user": "id", "from": "site", "search": "q"}
"""Kind of account → the parameter of its page's address that names it."""


class Hit(Struct, gc=False):
    """A story of the search API."""

    id: str = field(name="objectID")
    created: api.Epoch = field(name="created_at_i")
    title: str | None = None
    url: str | None = None
    story_text: str | None = None
    points: Count | None = None
    num_comments: Count | None = None
    tags: list[str] = field(name="_tags", default_factory=list)


class Item(Struct, gc=False):
    """An item of the search API (a tree) or of Firebase (one at a time)."""

    id: int
    type: str | None = None
    time: api.Epoch | None = None
    created: api.Epoch | None = field(name="created_at_i", default=None)
    title: str | None = None
    url: str | None = None
    text: str | None = None
    score: Count | None = None
    points: Count | None = None
    descendants: Count | None = None
    author: str | None = None
    by: str | None = None
    parent_id: int | None = None
    children: list[Raw] = []
    deleted: bool = False
    dead: bool = False


class Answer(Struct, gc=False):
    """Any answer, by the fields that tell them apart."""

    hits: list[Raw] | None = None
    page: Count = 0
    pages: Count = field(name="nbPages", default=0)
    id: int | str | None = None
    username: str | None = None
    karma: int | None = None
    about: str | None = None
    items: list[int] | None = None
    status: int | None = None
    message: str | None = None


ANSWER: Final = msgspec.json.Decoder(Answer)
IDS: Final = msgspec.json.Decoder(list[int])
HIT: Final = msgspec.json.Decoder(Hit)
ITEM: Final = msgspec.json.Decoder(Item)


class Hackernews(Platform):
    """Accounts are `user/name`, `from/site` and `search/words`, by their pages' names."""

    name = "hackernews"
    title = "Hacker News"
    docs = "https://hn.algolia.com/api"
    accounts = re.compile(
        r"https?://(?:news\.ycombinator\.com/(?:user|submitted|from)|hn\.algolia\.com/)"
        r"\?(?P<account>[^#\s]+)"
    )
    examples = (
        "https://news.ycombinator.com/user?id=maisonalpine",
        "https://news.ycombinator.com/submitted?id=maisonalpine",
        "https://news.ycombinator.com/from?site=crete.example",
        "https://hn.algolia.com/?q=bivouac+tarp",
    )
    access = "api"
    confidence = "solid"
    hides = frozenset(
        ("shares", "views", "saves", "language", "media_count", "duration_s", "sponsored",
         "edited_at", "followers", "following", "posts_total")
    )  # fmt: skip
    floor: ClassVar[Mapping[str, float]] = {"title": 0.9, "likes": 0.5, "published_at": 1.0}
    base_url = API

    def account_of(self, url: str) -> str | None:
        """`user/…` (whose letters' case counts), `from/…` or `search/…`."""
        if not self.accounts.match(url):
            return None
        parts = urlsplit(url)
        page = parts.path.strip("/") or "search"
        kind = "user" if page == "submitted" else page
        query = parse_qs(parts.query)
        found = query.get(NAMES[kind]) or (query.get("query") if kind == "search" else None)
        return f"{kind}/{found[0]}" if found else None

    def url_of(self, account: str) -> str:
        """The person's or site's page, or the search's."""
        kind, _, name = account.partition("/")
        if kind == "search":
            return f"{API}/?q={quote_plus(name)}"
        return f"{SITE}/{kind}?{NAMES[kind]}={quote_plus(name)}"

    def start(self, account: str) -> Iterator[Fetch]:
        """Who it is, and the newest stories."""
        kind, _, name = account.partition("/")
        query = {"tags": "story", "hitsPerPage": "100", "page": "0"}
        if kind == "user":
            yield Fetch(f"{API}/api/v1/users/{quote_plus(name)}", kind="profile", optional=True)
            query["tags"] = f"story,author_{name}"
        else:
            query["query"] = name
        if kind == "from":
            query["restrictSearchableAttributes"] = "url"
        yield Fetch(f"{API}/api/v1/search_by_date?{urlencode(query)}")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present points and comments, fifty stories a request."""
        ids = [native_id for native_id, _ in posts]
        for first in range(0, len(ids), BATCH):
            named = ",".join(f"story_{native_id}" for native_id in ids[first : first + BATCH])
            query = urlencode({"tags": f"story,({named})", "hitsPerPage": BATCH})
            yield Fetch(f"{API}/api/v1/search?{query}", kind="posts")

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """JSON of either API, a feed or a web page, by what the document is."""
        start = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")
        if start[:1] == b"[":
            decode(IDS, page.body)
        elif start[:1] == b"{":
            yield from _answer(page)
        elif start.rstrip() == b"null":
            if "post" not in page.fetch.context:
                raise Blocked("gone", "the API knows no such item")
            yield Gone(native_id=page.fetch.context["post"])
        elif start[:5] == b"<html" or is_html(xml.decoded(page.body[:4000], page.content_type)):
            yield from web(xml.decoded(page.body, page.content_type), page)
        else:
            yield from feed(xml.root_of(page.body, page.content_type), page)


def _answer(page: Page) -> Iterator[Record | Fetch | Dropped]:
    answer = decode(ANSWER, page.body)
    if answer.hits is not None:
        yield from each(answer.hits, "hits", lambda raw: _hit(decode(HIT, raw), page))
        number = api.number_of(page.fetch.url, "page", answer.page)
        if answer.hits and page.fetch.kind == "list" and number + 1 < answer.pages:
            yield api.further(page.fetch, page=number + 1)
    elif answer.karma is not None and (answer.username or isinstance(answer.id, str)):
        about = text_of(answer.about) if answer.about else None
        yield Profile(name=answer.username or str(answer.id), description=about or None)
    elif isinstance(answer.id, int):
        yield from _item(decode(ITEM, page.body), page)
    elif answer.status is not None:
        raise Blocked("gone" if answer.status == 404 else "refused", answer.message or "")  # noqa: PLR2004
    elif answer.items is None:
        raise ParseError("", "neither stories, item nor person")


def _hit(hit: Hit, page: Page) -> Iterator[Record | Fetch]:
    """A story of a search, with a request for the young conversation under a person's own."""
    if not hit.id.isdecimal() or not hit.title:
        raise ParseError("objectID" if hit.title else "title", "not a story")
    published = api.moment(hit.created, "created_at_i")
    post = Post(
        **story(hit.id, hit.title, hit.url or "", text_of(hit.story_text or "")),
        published_at=published,
    )
    yield msgspec.structs.replace(post, format="poll") if "poll" in hit.tags else post
    yield Metrics(hit.id, likes=hit.points, comments=hit.num_comments)
    own = page.account.startswith("user/") and page.fetch.kind == "list"
    if own and hit.num_comments and page.fetched_at - published < YOUNG:
        context = {"post": hit.id}
        yield Fetch(f"{API}/api/v1/items/{hit.id}", "comments", context, optional=True)


def _item(item: Item, page: Page) -> Iterator[Record | Dropped]:
    """One item: a story with the tree under it; a comment says nothing without its story."""
    native_id = str(item.id)
    if item.deleted:
        yield Gone(native_id=native_id)
        return
    seconds = item.created or item.time
    if item.type in {"comment", "pollopt"}:
        return
    if item.type not in {"story", "job", "poll"} or seconds is None or not item.title:
        raise ParseError("type", "not a story")
    if page.fetch.kind != "comments":
        post = Post(
            **story(native_id, item.title, item.url or "", text_of(item.text or "")),
            published_at=api.moment(seconds, "time"),
        )
        yield msgspec.structs.replace(post, format="poll") if item.type == "poll" else post
        likes = item.score if item.points is None else item.points
        yield Metrics(native_id, likes=likes, comments=item.descendants)
    yield from _below(item, native_id, page, DEEPEST)


def _below(item: Item, root: str, page: Page, depth: int) -> Iterator[Comment | Dropped]:
    """The comments under an item, and those under them."""
    for found in each(item.children, "children", lambda raw: (decode(ITEM, raw),)):
        if isinstance(found, Dropped):
            yield found
            continue
        if found.author and found.text and found.created:
            parent = str(found.parent_id or root)
            yield Comment(
                native_id=str(found.id),
                post_native_id=root,
                published_at=api.moment(found.created, "created_at_i"),
                author_key=page.author_key(found.author),
                from_channel=page.account == f"user/{found.author}",
                text=text_of(found.text),
                in_reply_to=None if parent == root else parent,
            )
        if depth:
            yield from _below(found, root, page, depth - 1)
