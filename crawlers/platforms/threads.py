"""Threads: the newest posts that a profile's public page embeds as JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from crawlers.fields import count, find, get, hashtags_of, links_of, maybe, mentions_of, text_of
from crawlers.formats import api, relay, xml
from crawlers.formats.relay import Node
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Comment, Gone, Metrics, Post, Profile, Record

SITE: Final = "https://www.threads.com"
WALLED: Final = re.compile(
    r"https?://[\w.-]*threads\.(?:net|com)/(?:login|accounts/)", re.IGNORECASE
)
TITLE: Final = re.compile(r"<title[^>]*>([^<]{0,300})", re.IGNORECASE)
SIGN_IN: Final = re.compile(r"log ?in|sign ?in|se connecter|connexion", re.IGNORECASE)
MISSING: Final = re.compile(
    r"page isn[’']t available|page not found|not all who wander are lost|"
    r"page n[’']est pas disponible|page introuvable", re.IGNORECASE,
)  # fmt: skip
NATIVE: Final = re.compile(r"[0-9]{5,25}")
CODE: Final = re.compile(r"/post/([\w-]{5,60})")
PHOTO, VIDEO, CAROUSEL = 1, 2, 8
"""Values of media_type; 19 is text alone."""


class Threads(Platform):
    """The account is the user's name, without `@`.

    Threads' robots.txt keeps unknown robots out: where the run is refused, the lawful ways are
    the Threads API with the account's own token, or an export through `vigie import`.
    """

    name = "threads"
    title = "Threads"
    docs = "https://developers.facebook.com/docs/threads/threads-media"
    accounts = re.compile(
        r"https?://(?:www\.)?threads\.(?:net|com)/@(?P<account>[\w.]{1,30})"
        r"(?:/(?:replies|reposts|media))?/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://www.threads.com/@maisonalpine",
        "https://threads.net/@MaisonAlpine/?hl=fr",
    )
    access = "page"
    confidence = "thin"
    delay_s = 3.0
    hides = frozenset(
        ("views", "saves", "title", "language", "edited_at", "following", "posts_total")
    )
    floor: ClassVar[Mapping[str, float]] = {"published_at": 1.0, "likes": 0.8, "comments": 0.8}
    base_url = SITE

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The account's page."""
        return f"{SITE}/@{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The page's head and its newest posts. It goes no further without signing in."""
        yield Fetch(self.url_of(account))

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts and replies, one post a request."""
        for native_id, url in posts:
            yield Fetch(url, kind="post", context={"post": native_id})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A profile with its posts, or one post with its replies."""
        markup = xml.decoded(page.body, page.content_type)
        if not is_html(markup):
            raise ParseError("", "not an HTML page")
        if WALLED.match(page.url):
            raise Blocked("login_wall")
        found = list(relay.documents(markup, '"thread_items"', '"follower_count"'))
        threads = [items for node in found for items in find(node, "thread_items")]
        if page.fetch.kind == "post" or CODE.search(page.url):
            yield from _conversation(threads, markup, page)
        else:
            yield from _profile_page(found, threads, markup, page)


def _wall(markup: str, page: Page) -> Gone | None:
    """What a page without its posts is: Gone for a known post.

    Raises:
        Blocked: a wall, or nobody.
        ParseError: none that is known.
    """
    title = TITLE.search(markup)
    if MISSING.search(text_of(markup)):
        if "post" in page.fetch.context:
            return Gone(page.fetch.context["post"])
        raise Blocked("gone", "no such page")
    if title and SIGN_IN.search(title[1]):
        raise Blocked("login_wall")
    raise Blocked(wall(markup) or "empty_shell", "no posts in the page")


def _profile_page(
    found: list[Any], threads: list[Any], markup: str, page: Page
) -> Iterator[Record | Dropped]:
    """The account's head, and its own posts among the threads."""
    heads = (user for node in found for user in relay.having(node, "username", "follower_count"))
    head = next(heads, None)
    if head and maybe(head, "text_post_app_is_private") is True:
        raise Blocked("login_wall", "a private account")
    if not threads:
        gone = _wall(markup, page)
        yield from (gone,) if gone else ()
        return
    if head:
        yield Profile(
            name=maybe(head, "full_name", of=str) or get(head, "username", of=str),
            followers=count(maybe(head, "follower_count")),
            description=maybe(head, "biography", of=str) or None,
        )
    account = (maybe(head, "username", of=str) or page.account).lower()
    posts = [post for items in threads for post in _posts(items)]
    seen: set[str] = set()
    yield from each(posts, "thread_items", lambda post: _own(post, account, seen))


def _posts(items: Any) -> Iterator[Any]:
    """The posts of one thread, in order."""
    for item in items if isinstance(items, list) else ():
        yield item.get("post") if isinstance(item, dict) else item


def _own(post: Any, account: str, seen: set[str]) -> Iterator[Record]:
    """The post's records, once, when it is the account's: threads hold what it answers, too."""
    author = get(post, "user", "username", of=str)
    native_id = native_id_of(post)
    if author.lower() == account and native_id not in seen:
        seen.add(native_id)
        yield from item_records(post)


def _conversation(threads: list[Any], markup: str, page: Page) -> Iterator[Record | Dropped]:
    """A post, and every other one on its page as a reply to it."""
    posts = [post for items in threads for post in _posts(items)]
    if not posts:
        gone = _wall(markup, page)
        yield from (gone,) if gone else ()
        return
    match = CODE.search(page.url)
    wanted = {page.fetch.context.get("post"), match[1] if match else None}
    keys = ("pk", "code")
    found = (n for n, p in enumerate(posts) if wanted & {_text(maybe(p, k)) for k in keys})
    place = next(found, None)
    if place is None:
        raise ParseError("thread_items", "the post is not among them")
    yield from item_records(posts[place])
    owner = get(posts[place], "user", "username", of=str).lower()
    root = native_id_of(posts[place])
    later = posts[place + 1 :]
    yield from each(later, "thread_items", lambda post: _reply(post, root, owner, page))


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _reply(post: Any, root: str, owner: str, page: Page) -> Iterator[Record]:
    author = get(post, "user", "username", of=str)
    likes = maybe(post, "like_count", of=int)
    yield Comment(
        native_id=native_id_of(post),
        post_native_id=root,
        published_at=api.moment(_taken(post), "taken_at"),
        author_key=page.author_key(author.lower()),
        from_channel=author.lower() == owner,
        text=maybe(post, "caption", "text", of=str) or None,
        likes=count(likes),
    )


def native_id_of(post: Any) -> str:
    """The post's number.

    Raises:
        ParseError: none.
    """
    native_id = _text(maybe(post, "pk")) or (maybe(post, "id", of=str) or "").partition("_")[0]
    if not NATIVE.fullmatch(native_id):
        raise ParseError("pk", "not a post's")
    return native_id


def _taken(post: Any) -> int:
    taken = get(post, "taken_at", of=int)
    if isinstance(taken, bool) or not 0 < taken < 4 * 10**9:
        raise ParseError("taken_at", "not a time")
    return taken


def item_records(post: Any) -> Iterator[Record]:
    """One post as the site's own JSON has it: its Post, and its Metrics unless it is a repost.

    Raises:
        ParseError: no such post.
    """
    native_id, author = native_id_of(post), get(post, "user", "username", of=str)
    code = get(post, "code", of=str)
    if not re.fullmatch(r"[\w-]{5,60}", code) or not re.fullmatch(r"[\w.]{1,30}", author):
        raise ParseError("code", "not an address")
    about: Node = maybe(post, "text_post_app_info", of=dict) or {}
    text = (maybe(post, "caption", "text", of=str) or "").strip()
    kind, media = _media(post, about)
    repost = isinstance(maybe(about, "share_info", "reposted_post"), dict)
    yield Post(
        native_id=native_id,
        url=f"{SITE}/@{author}/post/{code}",
        published_at=api.moment(_taken(post), "taken_at"),
        format=kind,
        text=text or None,
        media_count=media,
        duration_s=_seconds(post),
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=api.addresses((*links_of(text), _linked(about))),
        is_repost=repost,
        is_reply=isinstance(maybe(about, "reply_to_author"), dict) or about.get("is_reply") is True,
        sponsored=maybe(post, "is_paid_partnership", of=bool),
    )
    if not repost:
        yield from _metrics(native_id, post, about)


def _metrics(native_id: str, post: Any, about: Node) -> Iterator[Metrics]:
    passed = [count(maybe(about, name, of=int)) for name in ("repost_count", "quote_count")]
    known = [number for number in passed if number is not None]
    hidden = maybe(post, "like_and_view_counts_disabled") is True
    found = Metrics(
        native_id,
        likes=None if hidden else count(maybe(post, "like_count", of=int)),
        comments=count(maybe(about, "direct_reply_count", of=int)),
        shares=sum(known) if known else None,
    )
    if found != Metrics(native_id):
        yield found


def _media(post: Any, about: Node) -> tuple[str, int | None]:
    """(format, pieces of media)."""
    pieces = maybe(post, "carousel_media", of=list)
    if pieces:
        return ("carousel", len(pieces)) if len(pieces) > 1 else _media(pieces[0], {})
    if maybe(post, "video_versions", of=list) or maybe(post, "media_type") == VIDEO:
        return "video", 1
    if maybe(post, "image_versions2", "candidates", of=list) or maybe(post, "media_type") == PHOTO:
        return "photo", 1
    if maybe(post, "audio", of=dict):
        return "audio", 1
    if maybe(about, "poll", of=dict):
        return "poll", None
    return ("link" if _linked(about) else "text"), None


def _seconds(post: Any) -> float | None:
    length = maybe(post, "video_duration")
    known = isinstance(length, int | float) and not isinstance(length, bool)
    return float(length) if known and 0 < length < 10**6 else None


def _linked(about: Node) -> str | None:
    """The address of the card under the post, behind the site's own redirect."""
    url = maybe(about, "link_preview_attachment", "url", of=str)
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    redirected = parse_qs(parts.query).get("u", [""])[0]
    return redirected if parts.netloc.startswith("l.") and redirected else url
