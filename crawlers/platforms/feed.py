"""RSS 0.9x to 2.0, RDF, Atom, JSON Feed, podcasts, news sitemaps: what sites publish openly."""

import re
from collections.abc import Iterator
from typing import ClassVar

from crawlers.fields import text_of
from crawlers.formats import jsonfeed, syndication, xml
from crawlers.formats.walls import is_html, wall
from crawlers.formats.xml import Element, first
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Profile, Record


class Feed(Platform):
    """Any site's or podcast's own feed; the account is the feed's address."""

    name: ClassVar[str] = "feed"
    title: ClassVar[str] = "RSS, Atom, JSON Feed, podcasts"
    docs: ClassVar[str] = "https://www.rssboard.org/rss-specification"
    accounts: ClassVar[re.Pattern[str]] = re.compile(
        r"(?P<account>https?://"
        r"(?!(?:www\.|m\.)?youtube\.com/|bsky\.app/|[^?#]*(?:sitemap|/wp-json/))"
        r"(?:(?:feeds?|rss)\d?\.[^/?#]+/[^#]+"
        r"|[^?#]*/(?:feeds?|rss|atom)(?:[./?][^#]*)?"
        r"|[^?#]+\.(?:xml|rss|atom|rdf)(?:\?[^#]*)?"
        r"|[^#]*[?&](?:feed|format|type)=(?:rss2?|atom|feed|xml)(?:&[^#]*)?"
        r"))(?:#.*)?$",
        re.IGNORECASE,
    )
    examples: ClassVar[tuple[str, ...]] = (
        "https://crete.example/blog/feed",
        "https://maisonalpine.example/feed.xml",
        "https://feeds.bivouac.example/le-podcast",
        "https://sentiers.example/spip.php?page=backend&format=rss",
    )
    access: ClassVar[str] = "feed"
    confidence: ClassVar[str] = "solid"
    hides: ClassVar[frozenset[str]] = frozenset(
        {"shares", "saves", "followers", "following", "posts_total", "sponsored"}
    )

    def url_of(self, account: str) -> str:
        """The feed's address is the account."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """The one document that a feed is."""
        yield Fetch(url=account)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The channel's title and every item, whichever format the document turns out to have."""
        start = page.body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start:
            raise Blocked("empty_shell", "an empty answer")
        if start.startswith(b"{"):
            yield from jsonfeed.records(page)
            return
        if is_html(xml.decoded(page.body[:4000], page.content_type)):
            reason = wall(xml.decoded(page.body, page.content_type))
            raise Blocked(reason or "empty_shell", "an HTML page instead of a feed")
        yield from _document(xml.root_of(page.body, page.content_type), page)


def _document(root: Element, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """The records of an RSS, RDF or Atom document or of a news sitemap."""
    kind = xml.local(root)
    if kind == "urlset":
        channel = syndication.channel_of({}, None, page)
        yield from each(root, "url", lambda entry: syndication.news(entry, channel))
        return
    head = root if kind in {"feed", "channel"} else root.find("{*}channel")
    if kind not in {"rss", "RDF", "feed", "channel"} or head is None:
        raise ParseError("", f"not a feed: its root is <{kind[:80]}>")
    about = xml.children(head)
    profile = Profile(
        name=text_of(first(about, "title")) or None,
        description=text_of(first(about, "description", "subtitle", "tagline")) or None,
    )
    if profile != Profile():
        yield profile
    channel = syndication.channel_of(about, head.get(syndication.LANG), page)
    items = root.iter("{*}item", "{*}entry")
    yield from each(items, "item", lambda entry: syndication.item(entry, channel))
    yield from syndication.next_page(about, channel)
