"""Reddit: communities and people, through the JSON and feeds that the site gives to everybody."""

import html
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final
from urllib.parse import unquote_plus, urlencode

from crawlers.fields import decode, hashtags_of, once
from crawlers.formats import api, reddit_pages, xml
from crawlers.formats.reddit_api import RedditApi
from crawlers.formats.walls import is_html
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from crawlers.wire import reddit as wire
from data.records import Comment, Gone, Metrics, Post, Profile, Record

SITE: Final = "https://www.reddit.com"
BATCH: Final = 100
"""Most posts that one request about known posts takes, and most things a listing gives."""
YOUNG: Final = timedelta(days=30)
"""Conversations under older posts have ended: they are not asked for."""
MENTION: Final = re.compile(r"(?<![\w/])/?u/([\w-]{3,20})(?![\w/-])")
REFUSALS: Final = {"banned": "gone", "private": "login_wall", "quarantined": "age_gate",
                   "gold_only": "login_wall", "suspended": "gone"}  # fmt: skip
"""Why a community is closed, in Reddit's words."""


class Reddit(Platform):
    """Accounts are `r/community`, `u/person` and `search/words`; post ids are Reddit's, in base 36.

    Reddit's robots.txt forbids crawling: the lawful way is its API, asked by itself where
    VIGIE_REDDIT_CLIENT_ID and VIGIE_REDDIT_CLIENT_SECRET are set.
    """

    name = "reddit"
    title = "Reddit"
    docs = "https://www.reddit.com/dev/api/"
    accounts = re.compile(
        r"https?://(?:(?:www|old|new|np|m|sh)\.)?reddit\.com/"
        r"(?P<kind>r|u(?:ser)?)/(?P<account>[\w-]{2,40})"
        r"(?:/(?:new|hot|top|rising|submitted|overview|about))?/?(?:[?#]|$)"
        r"|https?://(?:(?:www|old|new|np|m|sh)\.)?reddit\.com/search/?\?(?:[^#\s]*&)?"
        r"q=(?P<words>[^&#\s]+)",
        re.IGNORECASE,
    )
    examples = (
        "https://www.reddit.com/r/bivouac/",
        "https://www.reddit.com/user/maisonalpine/",
        "https://old.reddit.com/u/MaisonAlpine/submitted",
        "https://www.reddit.com/search/?q=bivouac+tarp",
    )
    access = "api"
    confidence = "solid"
    delay_s = 6.0
    hides = frozenset({"views", "saves", "following", "posts_total"})
    floor: ClassVar[Mapping[str, float]] = {"title": 0.9, "published_at": 1.0}
    base_url = SITE

    def __init__(self) -> None:
        self.official = RedditApi(self)

    def account_of(self, url: str) -> str | None:
        """`r/…`, `u/…` or `search/…`; case means nothing to Reddit."""
        match = self.accounts.match(url)
        if match and match["words"]:
            return f"search/{unquote_plus(match['words']).lower()}"
        return f"{match['kind'][0]}/{match['account']}".lower() if match else None

    def url_of(self, account: str) -> str:
        """The community's or person's page, or the search's."""
        kind, _, name = account.partition("/")
        if kind == "search":
            return f"{SITE}/search/?{urlencode({'q': name})}"
        return f"{SITE}/{'r' if kind == 'r' else 'user'}/{name}/"

    def start(self, account: str) -> Iterator[Fetch]:
        """What it is, and its newest hundred posts; of a search, those alone."""
        if account.startswith("search/"):
            words = {"q": account.partition("/")[2], "sort": "new", "limit": BATCH, "raw_json": 1}
            yield Fetch(f"{SITE}/search.json?{urlencode(words)}", kind="search")
            return
        page = self.url_of(account)
        yield Fetch(f"{page}about.json?raw_json=1", kind="profile", optional=True)
        listing = "new" if account.startswith("r/") else "submitted"
        query = urlencode({"limit": BATCH, "raw_json": 1, "sort": "new"})
        yield Fetch(f"{page}{listing}.json?{query}")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts, a hundred posts a request."""
        names = [f"t3_{native_id}" for native_id, _ in posts]
        for first in range(0, len(names), BATCH):
            query = urlencode({"id": ",".join(names[first : first + BATCH]), "raw_json": 1})
            yield Fetch(f"{SITE}/api/info.json?{query}", kind="posts")

    def refused(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Reddit says in words why a community is closed."""
        try:
            reason = decode(wire.ANSWER, page.body).reason or ""
        except ParseError:
            return super().refused(page)
        if reason in REFUSALS:
            raise Blocked(REFUSALS[reason], reason)
        return super().refused(page)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """JSON, a feed or a web page, by what the document is."""
        start = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if start == b"[":
            yield from _conversation(page)
        elif start == b"{":
            yield from _answer(page)
        elif is_html(xml.decoded(page.body[:4000], page.content_type)):
            yield from reddit_pages.web(xml.decoded(page.body, page.content_type))
        else:
            yield from reddit_pages.feed(xml.root_of(page.body, page.content_type), page)


def _answer(page: Page) -> Iterator[Record | Fetch | Dropped]:
    answer = decode(wire.ANSWER, page.body)
    if answer.kind == "Listing":
        yield from _listing(decode(wire.LISTING, answer.data), page)
    elif answer.kind in {"t5", "t2"}:
        yield _profile(decode(wire.ABOUT, answer.data))
    elif answer.error or answer.reason:
        raise Blocked(REFUSALS.get(answer.reason or "", "refused"), answer.message or "")
    elif not answer.provider_name:
        things = decode(wire.WRAPPED, page.body).json.data.things or []
        yield from each(things, "json.data.things", lambda thing: _thing(thing, page))


def _listing(listing: wire.Listing, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A page of posts, comments or communities, and where it goes on."""
    if listing.children is None:
        raise ParseError("data.children", "missing")
    yield from each(listing.children, "data.children", lambda thing: _thing(thing, page))
    if listing.after and any(thing.kind == "t3" for thing in listing.children):
        yield api.further(page.fetch, after=listing.after)


def _conversation(page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A post's page: the post, and the tree of comments under it, level by level."""
    parts = decode(wire.ANSWERS, page.body)
    if not parts:
        raise ParseError("", "an empty conversation")
    for thing in decode(wire.LISTING, parts[0].data).children or ():
        if page.fetch.kind != "comments":
            yield from _thing(thing, page)
    pending = deque(parts[1:])
    while pending:
        part = pending.popleft()
        if part.kind != "Listing":
            raise ParseError("kind", f"a listing is expected, not {part.kind[:40]}")
        below = decode(wire.LISTING, part.data).children or []
        yield from each(below, "replies", lambda thing: _thing(thing, page))
        pending.extend(filter(None, map(_replies, below)))


def _replies(thing: wire.Thing) -> wire.Thing | None:
    """The listing of answers under a comment; a broken comment was dropped with its answers."""
    try:
        replies = decode(wire.REMARK, thing.data).replies if thing.kind == "t1" else None
    except ParseError:
        return None
    return replies if isinstance(replies, wire.Thing) else None


def _thing(thing: wire.Thing, page: Page) -> Iterator[Record | Fetch]:
    """One thing, by its kind; what is neither post nor comment is left out."""
    if thing.kind == "t3":
        yield from _submission(decode(wire.POST, thing.data), page)
    elif thing.kind == "t1":
        yield from _remark(decode(wire.REMARK, thing.data), page)
    elif thing.kind not in {"t2", "t5", "more"}:
        raise ParseError("kind", f"unknown: {thing.kind[:40]}")


def _submission(post: wire.Submission, page: Page) -> Iterator[Record | Fetch]:
    """A post, its counts and, while it is young, a request for what is said under it."""
    if post.removed():
        yield Gone(native_id=_id(post.id))
        return
    escaped = api.query_of(page.fetch.url).get("raw_json") != "1"
    title, text = (html.unescape(t) if escaped else t for t in (post.title, post.selftext or ""))
    form, media = post.form()
    outside = None if post.is_self or "/comments/" in (post.url or "") else post.url
    published = wire.moment(post.created_utc)
    edited = post.edited if not isinstance(post.edited, bool) else None
    yield Post(
        native_id=_id(post.id),
        url=api.address(f"{SITE}{post.permalink.partition('?')[0]}", "permalink"),
        published_at=published,
        format=form,
        title=title,
        text=text or None,
        media_count=media,
        duration_s=post.seconds(),
        hashtags=hashtags_of(f"{title}\n{text}"),
        mentions=once(MENTION.findall(text)),
        links=once((*api.addresses((outside,)), *api.markdown_links(text))),
        sponsored=True if post.promoted or post.is_created_from_ads_ui else None,
        edited_at=wire.moment(edited) if edited else None,
    )
    yield Metrics(
        native_id=_id(post.id),
        likes=post.likes(),
        comments=post.num_comments,
        shares=post.num_crossposts,
    )
    if page.fetch.kind == "list" and post.num_comments and page.fetched_at - published < YOUNG:
        query = urlencode({"limit": 500, "depth": 10, "raw_json": 1})
        url = f"{SITE}/comments/{_id(post.id)}.json?{query}"
        yield Fetch(url, kind="comments", context={"post": post.id}, optional=True)


def _id(name: str) -> str:
    """An id without the prefix of its kind."""
    bare = name[3:] if name[2:3] == "_" else name
    if bare.isascii() and bare.isalnum():
        return bare
    raise ParseError("id", "not an id of Reddit's")


def _remark(remark: wire.Remark, page: Page) -> Iterator[Comment]:
    """A comment; those whose author and words are gone are left out."""
    if remark.author in {None, wire.NOBODY} or remark.body in wire.EMPTIED:
        return
    author, (kind, _, name) = str(remark.author), page.account.partition("/")
    ours = author.lower() == name if kind == "u" else remark.distinguished == "moderator"
    escaped = api.query_of(page.fetch.url).get("raw_json") != "1"
    yield Comment(
        native_id=_id(remark.id),
        post_native_id=_id(remark.link_id),
        published_at=wire.moment(remark.created_utc),
        author_key=page.author_key(author.lower()),
        from_channel=ours,
        text=html.unescape(remark.body) if escaped else remark.body,
        in_reply_to=_id(remark.parent_id) if remark.parent_id.startswith("t1_") else None,
        likes=wire.shown(remark.score, hidden=remark.score_hidden),
    )


def _profile(about: wire.About) -> Profile:
    inner = about.subreddit or about
    return Profile(
        name=inner.title or inner.display_name_prefixed or about.name or None,
        followers=inner.subscribers,
        description=inner.public_description or None,
    )
