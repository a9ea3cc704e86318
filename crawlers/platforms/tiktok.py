"""TikTok: an account's or a hashtag's newest videos, from public pages and their embeds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote, unquote

import msgspec

from crawlers.fields import maybe
from crawlers.formats import tiktok_pages, xml
from crawlers.formats.tiktok_items import SITE, item_records
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Post, Record

STATE: Final = re.compile(
    r"<script[^>]{0,300}?\bid=[\"']?(__UNIVERSAL_DATA_FOR_REHYDRATION__|SIGI_STATE|__NEXT_DATA__|"
    r"sigi-persisted-data|__FRONTITY_CONNECT_STATE__)\b[^>]{0,300}>(.*?)</script",
    re.DOTALL | re.IGNORECASE,
)
ASSIGNED: Final = re.compile(
    r"^\s*window\[['\"]SIGI_STATE['\"]\]\s*=\s*|;\s*window\[.*$", re.DOTALL
)
CHALLENGE: Final = re.compile(
    r"_wafchallengeid|SlardarWAF|tiktok-verify-page|captcha[_-]verify|captcha_container|"
    r"<title>\s*(?:Please wait|Verify)", re.IGNORECASE,
)  # fmt: skip
WALLED: Final = re.compile(r"https?://[\w.-]*tiktok\.com/(?:login|signup)\b")
ENGLISH: Final = {"Accept-Language": "en"}
"""Texts of a page's tiles end in words, which are known in English."""
ABROAD: Final = re.compile(r"https?://[\w.-]*tiktok\.com/(?:\w\w/)?(?:notfound|not-available)\b")


class Tiktok(Platform):
    """The account is a user's name without `@`, or `tag/<hashtag>` for a topic.

    TikTok's terms forbid automated visits without its consent, and its robots.txt closes some
    of these pages to robots: the lawful ways are the Research or Display API with a token, and
    the brand's own export from TikTok Studio through `vigie import`.
    """

    name = "tiktok"
    title = "TikTok"
    docs = "https://developers.tiktok.com/doc/embed-creator-profiles"
    accounts = re.compile(
        r"https?://(?:(?:www|m)\.)?tiktok\.com/(?:embed/)?"
        r"(?:@(?P<user>[\w.]{1,24})(?:/(?:live|video|photo)/?|/)?|"
        r"tag/(?P<tag>[^\s/?#]{1,150})/?)(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://www.tiktok.com/@maisonalpine",
        "https://m.tiktok.com/@MaisonAlpine?lang=fr",
        "https://www.tiktok.com/embed/@maisonalpine",
        "https://www.tiktok.com/tag/randonn%C3%A9e",
    )
    access = "page"
    confidence = "thin"
    delay_s = 3.0
    hides = frozenset(("title", "edited_at"))
    floor: ClassVar[Mapping[str, float]] = {"views": 0.8}
    base_url = SITE

    def account_of(self, url: str) -> str | None:
        """Names and hashtags mean the same in either case."""
        match = self.accounts.match(url)
        if match is None:
            return None
        tag = match["tag"]
        return (f"tag/{unquote(tag)}" if tag else match["user"]).lower()

    def url_of(self, account: str) -> str:
        """The account's or hashtag's page."""
        return f"{SITE}/{_place(account)}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The embed lists the newest ten videos; the page adds the head, and more in a browser."""
        yield Fetch(f"{SITE}/embed/{_place(account)}")
        yield Fetch(self.url_of(account), kind="page", headers=ENGLISH, browser=True, optional=True)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts, one video a request."""
        for native_id, _ in posts:
            yield tiktok_pages.visit(native_id, optional=False)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A list, a video or an answer of the site's own interface, by what the document is."""
        if page.body.lstrip()[:1] in {b"{", b"["}:
            yield from _answer(_decoded(page.body), page)
            return
        markup = xml.decoded(page.body, page.content_type)
        if WALLED.match(page.url):
            raise Blocked("login_wall")
        if ABROAD.match(page.url):
            raise Blocked("block_page", "not shown in this country")
        states = {match[1].lower(): match[2] for match in STATE.finditer(markup)}
        if not states:
            raise _no_state(markup)
        yield from _page(states, markup, page)


def _place(account: str) -> str:
    kind, slash, tag = account.partition("/")
    return f"{kind}/{quote(tag)}" if slash else f"@{account}"


def _decoded(body: bytes | str) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ParseError("", f"not a whole JSON document: {error}"[:200]) from error


def _no_state(markup: str) -> Exception:
    if CHALLENGE.search(markup):
        return Blocked("block_page", "a check for robots")
    if not is_html(markup):
        return ParseError("", "not an HTML page")
    return Blocked(wall(markup) or "empty_shell", "no data in the page")


def _page(states: dict[str, str], markup: str, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """What the page's own scripts start from, by its layout's age."""
    name, text = next(iter(states.items()))
    document = _decoded(ASSIGNED.sub("", text) if "window[" in text[:200] else text)
    if name == "__frontity_connect_state__":
        yield from tiktok_pages.embed(document, page)
    elif name == "__universal_data_for_rehydration__":
        scope = maybe(document, "__DEFAULT_SCOPE__", of=dict) or {}
        yield from tiktok_pages.universal(scope, markup, page)
    elif name == "__next_data__":
        props = maybe(document, "props", "pageProps", of=dict) or {}
        yield from tiktok_pages.next_data(props, page)
    else:
        yield from tiktok_pages.sigi(document, page)


def _answer(document: Any, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """An answer of the site's own interface, or oEmbed's."""
    items = maybe(document, "itemList", of=list)
    item = maybe(document, "itemInfo", "itemStruct", of=dict)
    if items is not None:
        yield from each(items, "itemList", item_records)
    elif item is not None:
        yield from tiktok_pages.single(item, page)
    elif maybe(document, "author_url", of=str):
        yield _oembed(document)
    else:
        code = maybe(document, "statusCode", of=int) or maybe(document, "code", of=int)
        if not code:
            raise ParseError("itemList", "missing")
        said = maybe(document, "statusMsg", of=str) or maybe(document, "message", of=str) or ""
        yield from tiktok_pages.refusal(code, said, page)


def _oembed(document: Any) -> Post:
    """The video that oEmbed describes: no counts, and the time that its id tells."""
    address = (
        re.search(
            r"cite=\"[^\"]{0,80}?/@([\w.-]{1,40})/(video|photo)/([0-9]{5,20})",
            document.get("html") or "",
        )
        if isinstance(document.get("html"), str)
        else None
    )
    if not address:
        raise ParseError("html", "no video")
    item = {"id": address[3], "author": address[1], "desc": document.get("title")}
    return next(record for record in item_records(item) if isinstance(record, Post))
