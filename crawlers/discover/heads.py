"""What a page says of its channels for machines: meta tags, link tags, JSON-LD."""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.discover.findings import Candidate, Elsewhere
from crawlers.discover.names import owner_of, plain, resembles
from crawlers.discover.networks import account_at, bare, elsewhere_at, makers_own
from crawlers.formats import jsonld
from crawlers.formats.links import joined_to
from crawlers.formats.sitemap import same_site

FEED: Final = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/json$|text/xml$"
)
COMMENTS: Final = re.compile(
    r"comment|kommentar|commentaire|reacci|r[ée]pon|respuesta|/author/|/auteur/|/tags?/|/search/|[?&]s=|"
    r"RecentChanges",
    re.IGNORECASE,
)
JSON_FEED: Final = re.compile(r"application/(?:feed\+)?json$")
OURSELVES: Final = re.compile(
    r"(?:Organization|Brand|Business|Corporation|Company|Store|Shop|Restaurant|Hotel|School|"
    r"University|Club|Team|Group|Service|NGO|Airline|Museum|WebSite|Place|Agency)$"
)
HANDLE: Final = re.compile(r"@?(\w{1,15})")
OWNERS: Final = ("publisher", "brand", "sourceOrganization", "provider", "copyrightHolder")


class Head:
    """The head of one page.

    Args:
        tree: the page.
        url: its address.
        markup: its text, for JSON-LD.
    """

    def __init__(self, tree: LexborHTMLParser, url: str, markup: str) -> None:
        self.tree = tree
        self.url = url
        self.nodes = list(jsonld.nodes(markup))
        self.meta: dict[str, str] = {}
        for node in tree.css("meta[content]"):
            named = node.attributes
            name = (named.get("property") or named.get("name") or "").lower()
            if value := (named.get("content") or "").strip():
                self.meta.setdefault(name, value)

    @property
    def is_article(self) -> bool:
        """Whether it is one article rather than a site's page."""
        return self.meta.get("og:type") == "article" or "article:published_time" in self.meta

    def name(self) -> str | None:
        """What the site calls itself, in the order in which that can be relied on."""
        organisations = [jsonld.text(node, "name") for node in _ours(self.nodes, self.url)]
        title = self.tree.css_first("title")
        shown = re.split(r"\s[|–—·-]\s", title.text().strip())[0] if title else ""
        stated = self.meta.get("og:site_name"), *organisations, self.meta.get("application-name")
        return next(filter(None, stated), None) or shown.strip() or None

    def candidates(self, names: frozenset[str]) -> Iterator[Candidate]:
        """Channels that the head names, given what the site is called."""
        yield from self._feeds()
        yield from self._meta(names)
        for node in _ours(self.nodes, self.url):
            for url in _texts(node.get("sameAs")):
                yield from self._account(url, "sameAs")
        for link in self.tree.css("link[rel~=me][href]"):
            yield from self._account(link.attributes.get("href") or "", "rel=me")
        for link in self.tree.css("link[rel='https://api.w.org/'][href]"):
            url = joined_to(self.url, link.attributes.get("href") or "")
            if same_site(url, self.url):
                yield from self._account(url, "wordpress")

    def elsewhere(self) -> Iterator[Elsewhere]:
        """Networks that JSON-LD names and no platform reads."""
        for node in _ours(self.nodes, self.url):
            for url in _texts(node.get("sameAs")):
                if network := elsewhere_at(url):
                    yield Elsewhere(network, url)

    def _account(self, link: str, evidence: str) -> Iterator[Candidate]:
        url = joined_to(self.url, link.strip())
        found = account_at(url) if url else None
        if found and not makers_own(found, self.url):
            yield Candidate(found.platform, found.account, found.url, evidence)

    def _feeds(self) -> Iterator[Candidate]:
        for link in self.tree.css("link[rel~=alternate][type][href]"):
            named = link.attributes
            kind = (named.get("type") or "").split(";")[0].strip().lower()
            url = joined_to(self.url, (named.get("href") or "").strip())
            told = f"{named.get('title') or ''} {url}"
            if not url or not FEED.fullmatch(kind) or COMMENTS.search(told) or self._own_feed(url):
                continue
            found = account_at(url)
            if found and (found.platform == "feed" or not JSON_FEED.fullmatch(kind)):
                yield Candidate(found.platform, found.account, found.url, "feed")
            elif kind not in {"application/json", "text/xml"} and found is None:
                yield Candidate("feed", url, url, "feed")

    def _own_feed(self, url: str) -> bool:
        """Whether it is an article's own feed: of the answers to it."""
        return self.is_article and url.startswith(self.url.rstrip("/") + "/")

    def _meta(self, names: frozenset[str]) -> Iterator[Candidate]:
        site, creator = (self.meta.get(f"twitter:{name}", "") for name in ("site", "creator"))
        handle = HANDLE.fullmatch(site.rpartition("/")[2])
        if handle and (site.lower() != creator.lower() or resembles(handle[1], names)):
            yield from self._account(f"https://x.com/{handle[1]}", "twitter:site")
        for name in ("article:publisher", "og:see_also"):
            yield from self._account(self.meta.get(name, ""), "publisher")
        if author := account_at(self.meta.get("article:author", "")):
            # Some sites name themselves as the author; a person's account is not theirs.
            ours = plain(bare(author.account)) in {*names, plain(handle[1] if handle else "")}
            yield from self._account(author.url, "publisher") if ours else ()


def _ours(nodes: list[dict[str, Any]], url: str) -> Iterator[dict[str, Any]]:
    """The objects that stand for who runs the site, as JSON-LD tells."""
    for node in nodes:
        for one in (node, *(owner for name in OWNERS for owner in _nodes(node.get(name)))):
            if _is_here(one, url):
                yield one


def _is_here(node: dict[str, Any], url: str) -> bool:
    """Whether it is an organisation of this site, or the person whose home page this is."""
    kinds, home = _texts(node.get("@type")), node.get("url")
    at = joined_to(url, home) if isinstance(home, str) else ""
    if at and owner_of(at) != owner_of(url):
        return False
    own_page = at and urlsplit(at).path in {"", "/"} and urlsplit(url).path in {"", "/"}
    return any(OURSELVES.search(kind) or (own_page and kind == "Person") for kind in kinds)


def _nodes(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
