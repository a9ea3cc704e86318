"""A page with one article: what it is called, what it says, when it came out, what it shows."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from crawlers.fields import When, hashtags_of, mentions_of, once, tag_of, text_of, when
from crawlers.formats import jsonld
from crawlers.formats.links import joined_to
from crawlers.formats.sitemap import canonical, same_site
from crawlers.formats.syndication import LONGEST_TAG, language_of
from crawlers.platform import Page, ParseError
from data.records import Metrics, Post, Profile, Record

ENOUGH: Final = 250
"""Characters of running text that make a dated page an article without any other sign."""
TIMED: Final = "time[itemprop=datePublished],time.published,time[pubdate],[itemprop=datePublished]"


class Facts(NamedTuple):
    """What a page says of itself, before any reading between its lines."""

    tree: LexborHTMLParser
    meta: dict[str, list[str]]
    described: jsonld.Node
    is_article: bool


def facts(markup: str) -> Facts:
    """Meta tags and JSON-LD of a page."""
    tree = LexborHTMLParser(markup)
    meta: dict[str, list[str]] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        value = (attributes.get("content") or attributes.get("value") or "").strip()
        if name and value:
            meta.setdefault(name.lower(), []).append(value)
    found = list(jsonld.nodes(markup))
    article = jsonld.article(found)
    declared = (
        article is not None
        or any(kind.lower() in {"article", "blog"} for kind in meta.get("og:type", ()))
        or "article:published_time" in meta
        or tree.css_first("time[itemprop=datePublished]") is not None
    )
    return Facts(tree, meta, article or jsonld.page(found) or {}, declared)


def records(markup: str, known: Facts, page: Page) -> Iterator[Record]:
    """The article as a Post and, where it shows counts, its Metrics; nothing when it is none.

    Raises:
        ParseError: the page can't be read at all.
    """
    read = _read(markup, page)
    published = _published(known, read, page.fetched_at)
    title = _title(known, read)
    text = _text(known, read, title)
    if not known.is_article and not (published and len(text) >= ENOUGH):
        return
    native_id = _address(known, page)
    edited = _stated(known, ("dateModified",), ("article:modified_time",), page.fetched_at)
    later = edited and published and edited.within_s == 0 and edited.at > published.at
    yield Post(
        native_id=native_id,
        url=native_id,
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format="article",
        title=title,
        text=text or None,
        language=_language(known),
        hashtags=once((*_tags(known), *hashtags_of(text))),
        mentions=mentions_of(text),
        edited_at=edited.at if edited and later else None,
    )
    counts = jsonld.counts(known.described)
    if counts:
        yield Metrics(native_id=native_id, **counts)


def profile(known: Facts) -> Profile | None:
    """The site as its home page presents it."""
    title = known.tree.css_first("title")
    name = _meta(known, "og:site_name") or _meta(known, "og:title")
    name = name or (title.text().strip() if title else None)
    description = _meta(known, "og:description", "description")
    return Profile(name=name or None, description=description) if name or description else None


def links(known: Facts, base: str) -> Iterator[str]:
    """The addresses that a page links to, absolute, in order."""
    for node in known.tree.css("a[href]"):
        if link := joined_to(base, node.attributes.get("href") or ""):
            yield link


def maybe_text(read: Any, name: str) -> str | None:
    """A text that trafilatura found; it uses None, empty and the word "None" alike."""
    value = getattr(read, name, None)
    return value if isinstance(value, str) and value.strip() else None


def _read(markup: str, page: Page) -> Any:
    """Trafilatura's reading: pure, since it is given the text and the latest possible date."""
    from trafilatura import bare_extraction

    dates = {"original_date": True, "extensive_search": False,
             "max_date": page.fetched_at.date().isoformat()}  # fmt: skip
    try:
        return bare_extraction(
            markup, url=page.url, with_metadata=True, include_comments=False,
            date_extraction_params=dates,
        )  # fmt: skip
    except Exception as error:
        raise ParseError("", f"not readable as an article: {type(error).__name__}") from error


def _published(known: Facts, read: Any, now: datetime) -> When | None:
    """The stated time; else the day that the text shows, to the second where a <time> agrees."""
    stated = _stated(known, ("datePublished", "dateCreated"), ("article:published_time",), now)
    if stated and stated.within_s == 0:
        return stated
    times = [
        moment
        for node in known.tree.css(f"{TIMED},time[datetime]")
        if (moment := when(node.attributes.get("datetime") or node.attributes.get("content"), now))
    ]
    day = stated.at.date().isoformat() if stated else maybe_text(read, "date")
    agreed = [moment for moment in times if moment.at.date().isoformat() == day]
    exact = next((moment for moment in agreed if moment.within_s == 0), None)
    return exact or stated or next(iter(agreed), None) or when(day, now)


def _stated(
    known: Facts, keys: tuple[str, ...], names: tuple[str, ...], now: datetime
) -> When | None:
    """A time that the page states for machines; one that names its zone before one that doesn't."""
    texts = [jsonld.text(known.described, key) for key in keys]
    texts += [value for name in names for value in known.meta.get(name, ())]
    found = [moment for text in texts if (moment := when(text, now))]
    return min(found, key=lambda moment: moment.within_s, default=None)


def _address(known: Facts, page: Page) -> str:
    """The article's canonical address, when it names one on this site; else the page's own."""
    link = known.tree.css_first("link[rel=canonical]")
    named = [link.attributes.get("href") or ""] if link else []
    for text in (*named, *known.meta.get("og:url", ())):
        address = joined_to(page.url, text)
        deep = address and (canonical(address).count("/") > 3 or page.url.count("/") <= 3)  # noqa: PLR2004
        if deep and same_site(address, page.url):
            return canonical(address)
    return canonical(page.url)


def _text(known: Facts, read: Any, title: str | None) -> str:
    """The running text without the title above it; the site's own wording where it is whole."""
    shown = (maybe_text(read, "text") or "").strip()
    for heading in (title or "", *(node.text().strip() for node in known.tree.css("h1"))):
        shown = shown.removeprefix(heading).strip()
    stated = text_of(jsonld.text(known.described, "articleBody") or "")
    return stated if len(stated) >= len(shown) else shown


def _title(known: Facts, read: Any) -> str | None:
    """What the article is called, without the site's name behind it."""
    title = known.tree.css_first("title")
    found = (
        jsonld.text(known.described, "headline")
        or _meta(known, "og:title")
        or maybe_text(read, "title")
        or (title.text() if title else "")
    )
    site = re.escape(_meta(known, "og:site_name") or "\n")
    return re.sub(rf"\s+[|–—·-]\s+{site}$", "", html.unescape(found).strip()) or None


def _language(known: Facts) -> str | None:
    root = known.tree.css_first("html[lang]")
    declared = (
        jsonld.text(known.described, "inLanguage"),
        root.attributes.get("lang") if root else None,
        _meta(known, "og:locale"),
    )
    return next((code for name in declared if name and (code := language_of(name))), None)


def _tags(known: Facts) -> Iterator[str]:
    for name in (*known.meta.get("article:tag", ()), *jsonld.keywords(known.described)):
        tag = tag_of(name)
        if "://" not in tag and ":" not in tag and len(tag) <= LONGEST_TAG:
            yield tag


def _meta(known: Facts, *names: str) -> str | None:
    return next((known.meta[name][0] for name in names if name in known.meta), None)
