"""Any website with articles: found through its sitemap and its home page, read one by one."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final
from urllib.parse import urlsplit

from crawlers.formats import article, sitemap, xml
from crawlers.formats.walls import is_html, wall
from crawlers.formats.xml import Element
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform
from data.records import Record

MOST: Final = 50
"""Articles asked for because of one page. The home page and the sitemap mostly name the same."""
TAGS: Final = re.compile(r"<(?:html|head|body|title|main|article|div|p|h1)\b", re.IGNORECASE)
MAPS: Final = 5
"""Sitemaps read of an index; each then brings a fifth of the articles."""


class Website(Platform):
    """The account is the home page's address, or that of the part of the site to watch."""

    name: ClassVar[str] = "website"
    title: ClassVar[str] = "Websites (articles)"
    docs: ClassVar[str] = "https://schema.org/Article"
    accounts: ClassVar[re.Pattern[str]] = re.compile(
        r"(?P<account>https?://[^/?#\s]+[^?#\s]*)", re.IGNORECASE
    )
    examples: ClassVar[tuple[str, ...]] = (
        "https://maisonalpine.example/",
        "https://crete.example/journal/",
    )
    access: ClassVar[str] = "page"
    confidence: ClassVar[str] = "solid"
    hides: ClassVar[frozenset[str]] = frozenset({
        "saves", "followers", "following", "posts_total", "media_count", "duration_s", "sponsored",
    })  # fmt: skip
    floor: ClassVar[dict[str, float]] = {"title": 0.9}
    claims_last: ClassVar[bool] = True

    def url_of(self, account: str) -> str:
        """The home page's address is the account."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """The home page, and the sitemap beside it where there is one."""
        yield Fetch(url=account, kind="home")
        folder = account if account.endswith("/") else f"{account}/"
        yield Fetch(url=f"{folder}sitemap.xml", kind="sitemap", optional=True)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Articles to ask for, or one article, by what was asked for and what came."""
        if not page.body.strip():
            raise Blocked("empty_shell", "an empty answer")
        start = xml.decoded(page.body[:4000], page.content_type)
        if page.fetch.kind == "sitemap" and is_html(start):
            raise ParseError("", "an HTML page instead of a sitemap")
        if page.fetch.kind == "sitemap" or _is_xml(start):
            yield from _sitemap(xml.root_of(page.body, page.content_type), page)
        else:
            yield from _html(xml.decoded(page.body, page.content_type), page)


def _is_xml(start: str) -> bool:
    """Whether a document is XML and no HTML page (XHTML included)."""
    text = start.lstrip("\ufeff \t\r\n")
    return not is_html(text) and text.startswith(("<?xml", "<urlset", "<sitemapindex"))


def _sitemap(root: Element, page: Page) -> Iterator[Fetch]:
    """Requests for the newest articles that a sitemap lists, or for the sitemaps of an index."""
    kind = xml.local(root)
    if kind not in {"urlset", "sitemapindex"}:
        raise ParseError("", f"not a sitemap: its root is <{kind[:80]}>")
    addresses = sitemap.entries(root, page.url, page.fetched_at)
    if kind == "sitemapindex":
        inner = "most" in page.fetch.context
        for address in sitemap.maps_of_articles(addresses)[: 0 if inner else MAPS]:
            context = {"most": str(MOST // MAPS)}
            yield Fetch(url=address.url, kind="sitemap", context=context, optional=True)
        return
    most = int(page.fetch.context.get("most", MOST))
    urls = (address.url for address in addresses)
    yield from map(_visit, sitemap.articles(urls, page.account, listed=True)[:most])


def _html(markup: str, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A home page or an article."""
    if not TAGS.search(markup):
        raise ParseError("", "not an HTML page")
    if reason := wall(markup):
        raise Blocked(reason)
    known = article.facts(markup)
    kind, at_root = page.fetch.kind, urlsplit(page.url).path in {"", "/"}
    if kind == "home" or (kind == "list" and at_root and not known.is_article):
        yield from _home(known, page)
        return
    records = list(article.records(markup, known, page))
    if not records and kind == "list":
        yield from _home(known, page)
    elif not records:
        yield Dropped("", "no article on the page")
    yield from records


def _home(known: article.Facts, page: Page) -> Iterator[Record | Fetch]:
    """The site's name, and requests for the articles that its home page links to."""
    profile = article.profile(known)
    if profile:
        yield profile
    urls = sitemap.articles(article.links(known, page.url), page.account, listed=False)
    here = sitemap.canonical(page.url)
    yield from map(_visit, [url for url in urls if url != here][:MOST])


def _visit(url: str) -> Fetch:
    """The request for one article; `post` lets the crawl skip it while it is known and not due."""
    return Fetch(url=url, kind="article", context={"post": url})
