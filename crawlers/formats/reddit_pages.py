"""Reddit's feeds (Atom, and RSS 2.0 until 2016) and its web pages' <shreddit-post> elements."""

import html
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from crawlers.fields import count, hashtags_of, hrefs_of, instant, language_of, text_of, when
from crawlers.formats import api, xml
from crawlers.formats.walls import wall
from crawlers.formats.xml import Element, first
from crawlers.platform import Blocked, Dropped, Page, ParseError, each
from data.records import Metrics, Post, Record

SITE: Final = "https://www.reddit.com"
COMMENTS: Final = re.compile(r"/comments/([0-9a-z]{2,12})(?:/|$)")
WRITTEN: Final = re.compile(r"<!-- SC_OFF -->(.*?)<!-- SC_ON -->", re.DOTALL)
LINKED: Final = re.compile(r'<a href="([^"]{1,2000})">\[link\]</a>')
COUNTED: Final = re.compile(r">\[([0-9]{1,7}) comments?\]<")
REFUSED: Final = re.compile(
    r"whoa there, pardner|you[’']ve been blocked|blocked by network security|"
    r"your request has been blocked", re.IGNORECASE,
)  # fmt: skip
FORMATS: Final = {
    "text": "text", "multi_media": "text", "link": "link", "image": "photo", "gallery": "carousel",
    "video": "video", "poll": "poll", "crosspost": "link",
}  # fmt: skip


def feed(root: Element, page: Page) -> Iterator[Record | Dropped]:
    """Every post of a feed; comments and communities in it are no posts and left out.

    Raises:
        ParseError: not a feed.
    """
    if xml.local(root) not in {"feed", "rss"}:
        raise ParseError("", f"not a feed: its root is <{xml.local(root)[:80]}>")
    entries = [e for e in root.iter("{*}entry", "{*}item") if not _other(e)]
    yield from each(entries, "entry", lambda entry: _entry(entry, page))


def _other(entry: Element) -> bool:
    return first(xml.children(entry), "id").startswith(("t1_", "t5_", "t2_"))


def _entry(entry: Element, page: Page) -> Iterator[Record]:
    found = xml.children(entry)
    links = [e.get("href") or xml.content(e) for e in found.get("link", ())]
    permalink = next((link for link in links if COMMENTS.search(link)), "")
    match = COMMENTS.search(permalink)
    if not match:
        raise ParseError("link", "not the address of a post")
    content = "".join(
        etree.tostring(child, encoding="unicode")
        for e in found.get("description", ())
        for child in e
    )
    content = content or first(found, "content", "description")
    written, linked = WRITTEN.search(content), LINKED.search(content)
    published = when(first(found, "published", "pubDate", "updated") or None, page.fetched_at)
    title, text = first(found, "title"), text_of(written[1]) if written else ""
    link = html.unescape(linked[1]) if linked else ""
    outside = bool(link) and not COMMENTS.search(link)
    yield Post(
        native_id=match[1],
        url=api.address(_canonical(permalink), "link"),
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format=_form(link) if outside else "text",
        title=title or None,
        text=text or None,
        hashtags=hashtags_of(title),
        links=api.addresses((link if outside else "", *(hrefs_of(written[1]) if written else ()))),
    )
    if counted := COUNTED.search(content):
        yield Metrics(native_id=match[1], comments=int(counted[1]))


def _canonical(permalink: str) -> str:
    return re.sub(r"^https?://[^/]+", SITE, permalink)


def _form(link: str) -> str:
    if re.search(r"://(?:i\.redd\.it/|i\.imgur\.com/.*\.(?:jpe?g|png))", link):
        return "photo"
    if "/gallery/" in link and "reddit.com" in link:
        return "carousel"
    return "video" if "://v.redd.it/" in link else "link"


def web(markup: str) -> Iterator[Record | Dropped]:
    """The posts of a web page.

    Raises:
        Blocked: the page shows none.
    """
    shown = LexborHTMLParser(markup).css("shreddit-post")
    if not shown:
        blocked = REFUSED.search(markup) and "block_page"
        raise Blocked(blocked or wall(markup) or "empty_shell", "a page without posts")
    yield from each(shown, "shreddit-post", _element)


def _element(node: Any) -> Iterator[Record]:
    about = node.attributes
    native_id = (about.get("id") or "").removeprefix("t3_")
    title, permalink = about.get("post-title"), about.get("permalink") or ""
    published = instant(about.get("created-timestamp") or "")
    match = COMMENTS.search(permalink)
    if not (title and match and match[1] == native_id and published):
        raise ParseError("id", "an element that names no post")
    body = node.css_first("[slot=text-body]")
    text = text_of(body.html or "") if body else ""
    link = about.get("content-href") or ""
    yield Post(
        native_id=native_id,
        url=api.address(f"{SITE}{permalink}", "permalink"),
        published_at=published,
        format=FORMATS.get(about.get("post-type") or "", "link"),
        title=title,
        text=text or None,
        language=language_of(about.get("post-language")),
        hashtags=hashtags_of(title),
        links=api.addresses((link if not COMMENTS.search(link) else "",)),
    )
    yield Metrics(
        native_id=native_id,
        likes=count(about.get("score")),
        comments=count(about.get("comment-count")),
    )
