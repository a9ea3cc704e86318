"""Lemmy: communities and people of any server, through the API (v3) that answers unsigned."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from msgspec import Raw

from crawlers.fields import decode, hashtags_of, mentions_of
from crawlers.formats import api
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from crawlers.wire import lemmy as wire
from data.records import Comment, Gone, Metrics, Post, Profile, Record

LIMIT: Final = 50
"""Most items that the API gives at once."""
YOUNG: Final = timedelta(days=30)
"""Conversations under older posts have ended: they are not asked for."""
PICTURE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)", re.IGNORECASE)
FILM: Final = re.compile(r"\.(?:mp4|webm|mov)(?:\?|$)", re.IGNORECASE)
ZONED: Final = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")


class Lemmy(Platform):
    """The account is the address of a community, person or search; ids are those of its server."""

    name = "lemmy"
    title = "Lemmy"
    docs = "https://join-lemmy.org/docs/contributors/04-api.html"
    accounts = re.compile(
        r"(?P<account>https?://(?:[^/?#\s]*lemmy[^/?#\s]*|jlai\.lu|beehaw\.org|sopuli\.xyz|"
        r"programming\.dev|sh\.itjust\.works|feddit\.[a-z]{2,4})/"
        r"(?:[cu]/[\w.-]+(?:@[\w.:-]+)?(?=/?(?:[?#]|$))|search\?(?:[^#\s]*&)?q=[^&#\s]+))",
        re.IGNORECASE,
    )
    examples = (
        "https://lemmy.example/c/bivouac",
        "https://lemmy.example/u/crete@jlai.example",
        "https://lemmy.example/search?q=bivouac+tarp",
    )
    access = "api"
    confidence = "thin"
    hides = frozenset(
        ("language", "views", "shares", "saves", "media_count", "duration_s", "sponsored",
         "following")
    )  # fmt: skip
    floor: ClassVar[Mapping[str, float]] = {"title": 1.0, "likes": 0.9, "published_at": 1.0}

    def account_of(self, url: str) -> str | None:
        """The address as the server writes it, in lower case; of a search with its words alone."""
        account = super().account_of(url)
        if account and (words := _words(account)):
            return f"{_origin(account)}/search?{urlencode({'q': words})}".lower()
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The address is the account."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """A community and its newest posts, or both of a person in one answer; or what is found."""
        kind, name = _named(account)
        query: dict[str, str | int] = {"sort": "New", "limit": LIMIT}
        if words := _words(account):
            found = _call(account, "search", q=words, type_="Posts", listing_type="All", **query)
            yield Fetch(found, kind="search")
            return
        if kind == "u":
            yield Fetch(_call(account, "user", username=name, **query))
            return
        yield Fetch(_call(account, "community", name=name), kind="profile", optional=True)
        yield Fetch(_call(account, "post/list", community_name=name, type_="All", **query))

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:
        """Present counts, one post a request."""
        for native_id, _ in posts:
            url = _call(account, "post", id=native_id.rpartition("/")[2])
            yield Fetch(url, kind="post", context={"post": native_id})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Any answer that holds posts, comments or a profile, told apart by its own keys."""
        if page.body.lstrip()[:1] == b"<":
            raise Blocked("empty_shell", "the web client instead of the API")
        answer = decode(wire.ANSWER, page.body)
        if answer.error:
            gone = "couldnt_find" in answer.error or "not_found" in answer.error
            raise Blocked("gone" if gone else "refused", answer.message or answer.error)
        if answer.posts is answer.comments is None and not (
            bytes(answer.post_view) or answer.community_view
        ):
            raise ParseError("", "neither posts, comments nor community")
        yield from _profile(answer)
        if answer.posts is not None:
            yield from each(answer.posts, "posts", lambda raw: _entry(raw, page))
            yield from _next(answer, page)
        elif bytes(answer.post_view):
            yield from _post(decode(wire.SHOWN, answer.post_view), page)
        elif answer.comments is not None:
            yield from each(answer.comments, "comments", lambda raw: _remark(raw, page))


def _named(account: str) -> tuple[str, str]:
    kind, _, name = urlsplit(account).path.strip("/").partition("/")
    return kind, name


def _words(account: str) -> str:
    """What a search's address asks for; empty for a community or person."""
    parts = urlsplit(account)
    return parse_qs(parts.query).get("q", [""])[0] if parts.path.lower() == "/search" else ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _call(account: str, method: str, **query: str | int) -> str:
    return f"{_origin(account)}/api/v3/{method}?{urlencode(query)}"


def _profile(answer: wire.Answer) -> Iterator[Profile]:
    view = answer.community_view or answer.person_view
    if view and view.community:
        yield Profile(
            name=view.community.title or view.community.name,
            followers=view.counts.subscribers,
            posts_total=view.counts.posts,
            description=view.community.description,
        )
    elif view and view.person:
        yield Profile(
            name=view.person.display_name or view.person.name,
            posts_total=view.counts.post_count,
            description=view.person.bio,
        )


def _next(answer: wire.Answer, page: Page) -> Iterator[Fetch]:
    """The list's next page, by its mark where the server gives one."""
    if answer.posts and answer.next_page:
        yield api.further(page.fetch, page_cursor=answer.next_page)
    elif answer.posts:
        yield api.further(page.fetch, page=api.number_of(page.fetch.url, "page", 1) + 1)


def _entry(raw: Raw, page: Page) -> Iterator[Record | Fetch]:
    """One post of a list, with a request for the young conversation under it."""
    shown = decode(wire.SHOWN, raw)
    yield from _post(shown, page)
    gone = shown.post.deleted or shown.post.removed
    if gone or not shown.counts.comments or page.fetch.kind == "search":
        return
    if page.fetched_at - _moment(shown.post.published, "post.published") < YOUNG:
        query: dict[str, str | int] = {"type_": "All", "sort": "New", "limit": LIMIT}
        url = _call(page.fetch.url, "comment/list", post_id=shown.post.id, **query)
        context = {"post": _id(shown.post.id, page)}
        yield Fetch(url, kind="comments", context=context, optional=True)


def _post(shown: wire.Shown, page: Page) -> Iterator[Record]:
    post = shown.post
    if post.deleted or post.removed:
        yield Gone(native_id=_id(post.id, page))
        return
    text = post.body or ""
    yield Post(
        native_id=_id(post.id, page),
        url=api.address(post.ap_id, "post.ap_id"),
        published_at=_moment(post.published, "post.published"),
        format=_form(post.url),
        title=post.name,
        text=text or None,
        hashtags=hashtags_of(f"{post.name}\n{text}"),
        mentions=mentions_of(text),
        links=api.addresses((post.url, *api.markdown_links(text))),
        edited_at=_moment(post.updated, "post.updated") if post.updated else None,
    )
    yield Metrics(_id(post.id, page), likes=shown.counts.likes(), comments=shown.counts.comments)


def _form(url: str | None) -> str:
    if not url:
        return "text"
    return "photo" if PICTURE.search(url) else "video" if FILM.search(url) else "link"


def _remark(raw: Raw, page: Page) -> Iterator[Comment]:
    """A comment; what was deleted or removed keeps its place only."""
    remark = decode(wire.REMARK, raw)
    said, (kind, name) = remark.comment, _named(page.account)
    if said.deleted or said.removed:
        return
    above = said.path.split(".")[1:-1]
    own = remark.creator.name.lower() == name.partition("@")[0]
    yield Comment(
        native_id=_id(said.id, page, "comment/"),
        post_native_id=page.fetch.context.get("post") or _id(said.post_id, page),
        published_at=_moment(said.published, "comment.published"),
        author_key=page.author_key(remark.creator.actor_id, remark.creator.name),
        from_channel=own if kind == "u" else remark.creator_is_moderator,
        text=said.content,
        in_reply_to=_id(above[-1], page, "comment/") if above and above[-1].isdecimal() else None,
        likes=remark.counts.likes(),
    )


def _id(number: int | str, page: Page, kind: str = "") -> str:
    """An id as the asked server counts, with its name."""
    return f"{urlsplit(page.fetch.url).netloc.lower()}/{kind}{number}"


def _moment(text: str, path: str) -> datetime:
    """A time in UTC; servers before 0.19 leave the zone out."""
    return api.moment(text if ZONED.search(text) else f"{text}Z", path)
