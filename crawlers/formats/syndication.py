"""Items of RSS, RDF, Atom and news sitemaps as records."""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawlers.fields import When, count, hashtags_of, mentions_of, once, tag_of, text_of, when
from crawlers.formats import xml
from crawlers.formats.links import joined_to, links_in
from crawlers.formats.xml import Element, content, first
from crawlers.platform import Fetch, Page, ParseError
from data.records import Metrics, Post, Record

Found = dict[str, list[Element]]

PUBLISHED: Final = (
    "pubDate", "pubdate", "published", "issued", "dcterms:issued", "dc:date", "created",
    "dcterms:created", "prism:publicationDate",
)  # fmt: skip
UPDATED: Final = ("updated", "modified", "dcterms:modified")
BODY: Final = (
    "content:encoded", "content", "description", "summary", "itunes:summary", "full-text",
    "media:description",
)  # fmt: skip
NEWSLETTERS: Final = re.compile(r"substack|beehiiv|buttondown|mailchimp", re.IGNORECASE)
UNTAGGED: Final = {"uncategorized", "uncategorised", "non classé", "non classe", "sans catégorie"}
LANGUAGE: Final = re.compile(r"([a-z]{2})(?:[-_][a-z0-9-]{1,20})?", re.IGNORECASE)
MACHINE: Final = re.compile(r"[/#]kind\b")
LONGEST_TAG: Final = 80
COMMA: Final = re.compile("[,;،]")
CLOCK: Final = re.compile(r"(?:(?:([0-9]{1,4}):)?([0-9]{1,4}):)?([0-9]{1,7})(?:[.,][0-9]*)?")
DAY_MONTH: Final = re.compile(r"(?:\w{2,4}\.?, )?([0-9]{1,2} )(\w{3,4})\.?( [0-9]{4} .*)")
MONTHS: Final = {
    "ene": "jan", "gen": "jan", "mrz": "mar", "mär": "mar", "abr": "apr", "mag": "may",
    "maio": "may", "giu": "jun", "lug": "jul", "ago": "aug", "set": "sep", "ott": "oct",
    "okt": "oct", "out": "oct", "dez": "dec", "dic": "dec",
}  # fmt: skip
"""Months of dates in German, Italian, Portuguese and Spanish → in English."""
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
REPLIES: Final = "{http://purl.org/syndication/thread/1.0}count"


class Channel(NamedTuple):
    """What all items of one document share."""

    base: str
    host: str
    now: datetime
    language: str | None = None
    newsletter: bool = False


class Medium(NamedTuple):
    """One file that an item carries; `kind` is audio, video, image or empty."""

    url: str
    kind: str
    seconds: float | None = None
    enclosed: bool = False


def channel_of(about: Found, lang: str | None, page: Page) -> Channel:
    """The shared part, from the children of <channel> or <feed>."""
    return Channel(
        base=page.url,
        host=urlsplit(page.account).netloc or urlsplit(page.url).netloc,
        now=page.fetched_at,
        language=language_of(first(about, "language", "dc:language") or lang or ""),
        newsletter=bool(NEWSLETTERS.search(first(about, "generator"))),
    )


def item(element: Element, channel: Channel) -> Iterator[Record]:
    """One <item> or <entry> as a Post and, where it shows counts, its Metrics.

    Raises:
        ParseError: neither id nor link nor file: nothing to know the item by.
    """
    found = xml.children(element)
    for group in found.get("media:group", ()):
        for name, elements in xml.children(group).items():
            found.setdefault(name, []).extend(elements)
    media = tuple(_media(found, channel))
    url = _link(found, element, channel) or next((medium.url for medium in media), None)
    native_id = native(first(found, "guid", "id") or element.get(ABOUT) or "", url, channel)
    bodies = (e for name in BODY for e in found.get(name, ()) if _markup(e))
    source = next(bodies, None)
    body = "" if source is None else _markup(source)
    title, text = text_of(_markup(found["title"][0]) if "title" in found else ""), text_of(body)
    edited = _date(found, UPDATED, channel)
    published = _date(found, PUBLISHED, channel) or edited
    yield Post(
        native_id=native_id,
        url=url or channel.base,
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format=format_of(media, newsletter=channel.newsletter),
        title=title or None,
        text=text or None,
        language=language_of(element.get(LANG) or first(found, "dc:language")) or channel.language,
        media_count=len({medium.url for medium in media}) or None,
        duration_s=seconds(first(found, "itunes:duration"))
        or next((medium.seconds for medium in media if medium.seconds), None),
        hashtags=once((*_categories(found), *hashtags_of(title), *hashtags_of(text))),
        mentions=mentions_of(text),
        links=links_in(body, channel.base if source is None else _base(source, channel)),
        edited_at=edited.at if edited and published and edited.at > published.at else None,
    )
    yield from _metrics(native_id, found)


def news(element: Element, channel: Channel) -> Iterator[Record]:
    """One <url> of a news sitemap as a Post.

    Raises:
        ParseError: the entry names no article: a plain sitemap's.
    """
    found = xml.children(element)
    about = xml.children(found["news:news"][0]) if "news:news" in found else {}
    url, title = first(found, "loc"), first(about, "news:title")
    if not (url and title):
        raise ParseError("news:news", "a sitemap's entry without news; add the site as a website")
    published = when(first(about, "news:publication_date") or None, channel.now)
    publication = xml.children(about["news:publication"][0]) if "news:publication" in about else {}
    yield Post(
        native_id=url,
        url=urljoin(channel.base, url),
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format="article",
        title=title,
        language=language_of(first(publication, "news:language")),
    )


def next_page(about: Found, channel: Channel) -> Iterator[Fetch]:
    """The address of older items, where a feed is paged (RFC 5005)."""
    for link in about.get("link", ()):
        if link.get("rel") == "next" and (url := joined_to(channel.base, link.get("href") or "")):
            yield Fetch(url=url, more=True, optional=True)


def native(guid: str, url: str | None, channel: Channel) -> str:
    """The item's own id, else its link. A bare number is unique within its site only.

    Raises:
        ParseError: neither is there.
    """
    guid = guid.strip()
    if guid.isdecimal() and channel.host:
        return f"{channel.host}/{guid}"
    if guid or url:
        return guid or str(url)
    raise ParseError("guid", "missing, and the item has no link either")


def language_of(name: str) -> str | None:
    """ISO 639-1 from "fr-FR", "en_us", "fr"; None for anything else."""
    match = LANGUAGE.fullmatch(name.strip())
    return match[1].lower() if match else None


def seconds(text: str) -> float | None:
    """A length in seconds from "1:02:03", "45:10" or "2710"; None for none or zero."""
    match = CLOCK.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float(3600 * hours + 60 * minutes + rest) or None


def format_of(media: Sequence[Medium], *, newsletter: bool) -> str:
    """Audio or video where such a file is enclosed or nothing else is carried; else written.

    A clip among the pictures of an article doesn't make it a video.
    """
    carried = {medium.kind for medium in media}
    enclosed = {medium.kind for medium in media if medium.enclosed}
    for kind in ("audio", "video"):
        if kind in enclosed or carried == {kind}:
            return kind
    return "newsletter" if newsletter else "article"


def _date(found: Found, names: tuple[str, ...], channel: Channel) -> When | None:
    for text in (content(element) for name in names for element in found.get(name, ())):
        foreign = DAY_MONTH.fullmatch(text)
        english = MONTHS.get(foreign[2].lower()) if foreign else None
        if moment := when(
            f"{foreign[1]}{english}{foreign[3]}" if foreign and english else text, channel.now
        ):
            return moment
    return None


def _link(found: Found, element: Element, channel: Channel) -> str | None:
    """The address of the item's page: its own rather than a counter's, the HTML one if several."""
    permanent = [
        e
        for e in found.get("guid", ())
        if e.get("isPermaLink", "true") != "false" and "://" in content(e)
    ]
    plain = [*found.get("feedburner:origLink", ()), *found.get("link", ()), *permanent]
    hrefs = sorted(
        (e for e in found.get("link", ()) if e.get("href") and _alternate(e)),
        key=lambda e: "html" not in e.get("type", "html"),
    )
    written = [(e, content(e)) for e in plain if not e.get("href")]
    written += [(e, e.get("href")) for e in hrefs]
    written.append((element, element.get(ABOUT) or ""))
    written += [(e, text) for e in found.get("id", ()) if "://" in (text := content(e))]
    joined = (joined_to(_base(e, channel), text) for e, text in written if text)
    return next((link for link in joined if link), None)


def _alternate(link: Element) -> bool:
    return bool(link.get("rel", "alternate") == "alternate")


def _base(element: Element, channel: Channel) -> str:
    """What relative addresses in this element are relative to (xml:base, then the document)."""
    declared = element.base
    return joined_to(channel.base, declared) or channel.base if declared else channel.base


def _markup(element: Element) -> str:
    """The element's content as HTML, whichever way the feed wraps it."""
    kind = element.get("type", "html" if etree.QName(element).namespace != ATOM else "text")
    if kind == "xhtml" or len(element):
        inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
        return (html.escape(element.text or "", quote=False) + inner).strip()
    text = str(element.text or "").strip()
    return html.escape(text, quote=False) if kind == "text" else text


ATOM: Final = "http://www.w3.org/2005/Atom"


def _media(found: Found, channel: Channel) -> Iterator[Medium]:
    """Files carried as enclosures or media:content."""
    linked = [e for e in found.get("link", ()) if e.get("rel") == "enclosure"]
    for element in (*found.get("enclosure", ()), *linked, *found.get("media:content", ())):
        player = xml.children(element).get("media:player", [None])[0]
        source = element if player is None or element.get("url") else player
        url = joined_to(channel.base, source.get("url") or source.get("href") or "")
        kind = element.get("medium") or (element.get("type") or "").partition("/")[0]
        if url:
            yield Medium(
                url,
                kind.lower() or ("video" if source is player else ""),
                seconds(element.get("duration") or ""),
                enclosed=xml.local(element) != "content",
            )


def _categories(found: Found) -> Iterator[str]:
    """Categories as hashtags, without those that classify for machines."""
    terms = [
        e.get("label") or e.get("term") or content(e)
        for e in found.get("category", ())
        if not MACHINE.search(e.get("scheme") or "")
    ]
    terms += [term for e in found.get("dc:subject", ()) for term in COMMA.split(content(e))]
    for tag in map(tag_of, map(text_of, terms)):
        if "://" not in tag and len(tag) <= LONGEST_TAG and tag not in UNTAGGED:
            yield tag


def _metrics(native_id: str, found: Found) -> Iterator[Metrics]:
    """Counts that some feeds show: comments (slash, thr), views and ratings (media:community)."""
    replies = (e.get(REPLIES) for e in found.get("link", ()) if e.get("rel") == "replies")
    comments = first(found, "slash:comments", "thr:total") or next((r for r in replies if r), None)
    inside = xml.children(found["media:community"][0]) if "media:community" in found else {}
    metrics = Metrics(
        native_id=native_id,
        likes=_counted(inside, "media:starRating", "count"),
        comments=count(comments),
        views=_counted(inside, "media:statistics", "views"),
    )
    if metrics != Metrics(native_id=native_id):
        yield metrics


def _counted(found: Found, name: str, attribute: str) -> int | None:
    return count(found[name][0].get(attribute)) if name in found else None
