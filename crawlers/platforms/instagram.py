"""Instagram: an account's newest posts from its public embed, page and JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import msgspec

from crawlers.fields import find, maybe, text_of
from crawlers.formats import instagram_pages, relay, xml
from crawlers.formats.instagram_api import InstagramApi
from crawlers.formats.instagram_items import (
    SITE,
    Node,
    comments_of,
    item_records,
    items_in,
    profile_of,
)  # fmt: skip
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Gone, Record

ELSEWHERE: Final = (
    "p|reel|reels|tv|stories|explore|accounts|about|developer|legal|direct|web|api|graphql|"
    "challenge|privacy|terms|emails|session|download|static|embed|s|share|ar|lite|press|data"
)
"""First parts of addresses that name no account."""
ENGLISH: Final = {"Accept-Language": "en"}
"""Counts and dates are words on these pages; in English they are read most surely."""
LOGIN: Final = re.compile(r"https?://[\w.-]*instagram\.com/accounts/(?:login|signup)")
CHALLENGED: Final = re.compile(r"https?://[\w.-]*instagram\.com/(?:challenge|accounts/suspended)")
TITLE: Final = re.compile(r"<title[^>]*>([^<]{0,300})", re.IGNORECASE)
SIGN_IN: Final = re.compile(r"^\s*(?:log ?in|login|connexion|se connecter)\b", re.IGNORECASE)
FRONT: Final = re.compile(
    r"create an account or log in|créez un compte ou connectez", re.IGNORECASE
)
MISSING: Final = re.compile(
    r"page not found|page introuvable|page isn[’']t available|page n[’']est pas disponible|"
    r"may be broken, or the (?:post|page) may have been|lien .{0,40}peut être rompu",
    re.IGNORECASE,
)
ADULT: Final = re.compile(r"restricted profile|must be \d\d years old", re.IGNORECASE)
WAIT: Final = re.compile(r"wait a few minutes|rate.?limit|too many", re.IGNORECASE)
ASKED: Final = re.compile(r"log.?in|checkpoint|consent|not.?authorized", re.IGNORECASE)
HEADS: Final = ("edge_followed_by", "follower_count", "followers_count")
LISTS: Final = ("edges", "items", "graphql_media")
EMPTY: Final = (
    "user", "shortcode_media", "xdt_shortcode_media", "xig_polaris_media",
    "xdt_api__v1__media__shortcode__web_info",
)  # fmt: skip


class Instagram(Platform):
    """The account is the user's name.

    Instagram's robots.txt closes its pages to robots that it did not admit, and its terms forbid
    automated collection: the lawful ways are the official API, asked by itself where
    VIGIE_INSTAGRAM_TOKEN and VIGIE_INSTAGRAM_USER_ID are set, and the brand's own export through
    `vigie import`.
    """

    name = "instagram"
    title = "Instagram"
    docs = "https://developers.facebook.com/docs/instagram-platform/"
    accounts = re.compile(
        rf"https?://(?:(?:www|m)\.)?instagram\.com/(?!(?:{ELSEWHERE})(?:[/?#]|$))"
        r"(?P<account>[\w.]{1,30})(?:/(?:reels|tagged|embed|channel))?/?(?:[?#]|$)",
        re.IGNORECASE | re.ASCII,
    )
    examples = (
        "https://www.instagram.com/maisonalpine/",
        "https://instagram.com/MaisonAlpine?hl=fr",
        "https://www.instagram.com/maisonalpine/reels/",
    )
    access = "page"
    confidence = "thin"
    delay_s = 5.0
    hides = frozenset(("saves", "language", "edited_at"))
    floor: ClassVar[Mapping[str, float]] = {"published_at": 0.9, "comments": 0.5}
    base_url = SITE
    official = InstagramApi()

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The account's page."""
        return f"{SITE}/{account}/"

    def start(self, account: str) -> Iterator[Fetch]:
        """The embed lists the newest posts; the page adds the head, and more in a browser."""
        yield Fetch(f"{SITE}/{account}/embed/", headers=ENGLISH)
        yield Fetch(self.url_of(account), kind="page", headers=ENGLISH, browser=True, optional=True)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts, one post a request."""
        for native_id, _ in posts:
            url = f"{SITE}/p/{native_id}/embed/captioned/"
            yield Fetch(url, kind="post", context={"post": native_id}, headers=ENGLISH)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A page, an embed or an answer of the site's own interface, by what it holds."""
        if page.body.lstrip()[:1] in {b"{", b"["}:
            document = _decoded(page.body)
            _refuse(document)
            yield from _found([document], page)
            return
        markup = xml.decoded(page.body, page.content_type)
        if not is_html(markup):
            raise ParseError("", "not an HTML page")
        if LOGIN.match(page.url):
            raise Blocked("login_wall")
        if CHALLENGED.match(page.url):
            raise Blocked("block_page", "a challenge")
        yield from _page(markup, page)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ParseError("", f"not a whole JSON document: {error}"[:200]) from error


def _refuse(document: Any) -> None:
    """Raise Blocked where an answer says that it refuses."""
    said = maybe(document, "message", of=str) or ""
    if maybe(document, "require_login") is True or ASKED.search(said):
        raise Blocked("login_wall", said[:200])
    if said:
        raise Blocked("rate_limited" if WAIT.search(said) else "refused", said[:200])


def _found(documents: list[Any], page: Page) -> Iterator[Record | Dropped]:
    """The account and posts of JSON documents.

    Raises:
        Blocked: nobody, or a private account.
        ParseError: neither account nor post.
    """
    items = [item for document in documents for item in items_in(document)]
    owners = [user for item in items for user in _heads(item)]
    inner = {id(user) for user in owners}
    heads = [u for document in documents for u in _heads(document) if id(u) not in inner]
    if not items and not heads:
        yield from _nothing(documents, page)
        return
    single = len(items) == 1 and not heads
    watched = (user for user in owners if maybe(user, "username") == page.account)
    head = next(iter(heads), None) or next(watched, None)
    if head and head.get("is_private") is True and not items:
        raise Blocked("login_wall", "a private account")
    if head:
        yield profile_of(head)
    yield from each(items, "items", item_records)
    if single:
        yield from comments_of(items[0], page)


def _heads(document: Any) -> Iterator[Node]:
    for name in HEADS:
        yield from relay.having(document, name)


def _nothing(documents: list[Any], page: Page) -> Iterator[Gone]:
    """What documents without account and post mean."""
    for document in documents:
        data = maybe(document, "data", of=dict) or {}
        if any(name in data and data[name] is None for name in EMPTY):
            if "post" not in page.fetch.context:
                raise Blocked("gone", "nobody or no such post")
            yield Gone(page.fetch.context["post"])
            return
        if any(entry == [] for name in LISTS for entry in find(document, name)):
            return
    raise ParseError("data", "neither account nor post")


def _page(markup: str, page: Page) -> Iterator[Record | Dropped]:
    """An HTML page: its JSON where it has any, else its head lines or its markup."""
    documents = [d for d in instagram_pages.documents(markup) if any(_any_in(d))]
    if documents:
        yield from _found(documents, page)
        return
    lines = instagram_pages.head_lines(markup)
    head = instagram_pages.profile(lines)
    records = [*([head] if head else []), *instagram_pages.post(lines, markup, page)]
    records = records or list(instagram_pages.embed(markup))
    if not records:
        yield from _wall(markup, lines, page)
    yield from records


def _any_in(document: Any) -> Iterator[Node]:
    yield from items_in(document)
    yield from _heads(document)


def _wall(markup: str, lines: dict[str, str], page: Page) -> Iterator[Gone]:
    """What a page without content is: Gone for a known post.

    Raises:
        Blocked: a wall, or nobody.
    """
    title = TITLE.search(markup)
    said = f"{title[1] if title else ''}\n{lines.get('description', '')}\n{text_of(markup)}"
    if MISSING.search(said):
        if "post" not in page.fetch.context:
            raise Blocked("gone", "no such page")
        yield Gone(page.fetch.context["post"])
        return
    if SIGN_IN.search(said) or FRONT.search(said):
        raise Blocked("login_wall", "the front page")
    for reason, pattern in (("age_gate", ADULT), ("rate_limited", WAIT)):
        if pattern.search(said):
            raise Blocked(reason)
    raise Blocked(wall(markup) or "empty_shell", "no post in the page")
