"""Hacker News in its other forms: its own web pages, and the feeds that hnrss and hnapp make."""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawlers.fields import count, hashtags_of, instant, text_of, when
from crawlers.formats import api, xml
from crawlers.formats.walls import wall
from crawlers.formats.xml import Element, first
from crawlers.platform import Blocked, Dropped, Page, ParseError, each
from data.records import Metrics, Post, Record

SITE: Final = "https://news.ycombinator.com"
ITEM: Final = re.compile(r"\bitem\?id=([0-9]{1,12})\b")
POINTS: Final = re.compile(r"\b([0-9]{1,7}) points?\b|\bPoints: ([0-9]{1,7})\b")
COMMENTS: Final = re.compile(r"\b([0-9]{1,7})\s+comments?\b|# Comments: ([0-9]{1,7})\b")
AGE: Final = re.compile(r"\b([0-9]{1,5} (?:minute|hour|day|month|year)s? ago)\b")
LED: Final = re.compile(r"^[0-9]{1,7} (?:&#8211;|[–-]) ")
"""The points that hnapp writes before a title."""


def story(native_id: str, title: str, link: str, text: str = "") -> dict[str, Any]:
    """The fields of a Post that follow from what a story is."""
    outside = link if api.is_address(link) and not ITEM.search(link) else ""
    return {
        "native_id": native_id,
        "url": f"{SITE}/item?id={native_id}",
        "format": "link" if outside else "text",
        "title": title or None,
        "text": text or None,
        "hashtags": hashtags_of(title),
        "links": api.addresses((outside,)),
    }


def feed(root: Element, page: Page) -> Iterator[Record | Dropped]:
    """Every story of a feed.

    Raises:
        ParseError: not a feed.
    """
    if xml.local(root) not in {"feed", "rss"}:
        raise ParseError("", f"not a feed: its root is <{xml.local(root)[:80]}>")
    entries = root.iter("{*}entry", "{*}item")
    yield from each(entries, "entry", lambda entry: _entry(entry, page))


def _entry(entry: Element, page: Page) -> Iterator[Record]:
    found = xml.children(entry)
    item = ITEM.search(first(found, "guid", "id") or first(found, "comments"))
    if not item:
        raise ParseError("guid", "not the address of a story")
    links = [e.get("href") or xml.content(e) for e in found.get("link", ())]
    said = text_of(first(found, "description", "content"))
    published = when(first(found, "pubDate", "published") or None, page.fetched_at)
    yield Post(
        **story(item[1], LED.sub("", text_of(first(found, "title"))), (links or [""])[0]),
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
    )
    yield Metrics(item[1], likes=_number(POINTS, said), comments=_number(COMMENTS, said))


def web(markup: str, page: Page) -> Iterator[Record | Dropped]:
    """The stories of a web page: their lines of points, author, age and comments.

    Raises:
        Blocked: the page shows none.
    """
    lines = LexborHTMLParser(markup).css("td.subtext")
    if not lines:
        raise Blocked(wall(markup) or "empty_shell", "a page without stories")
    yield from each(lines, "subtext", lambda line: _line(line, page))


def _line(line: Any, page: Page) -> Iterator[Record]:
    said = " ".join(line.text().split())
    score = line.css_first("[id^=score_]")
    item = ITEM.search(line.html or "")
    native_id = (score.attributes.get("id") or "")[6:] if score else item[1] if item else ""
    above = line.parent.prev if line.parent else None
    while above is not None and above.tag != "tr":
        above = above.prev
    titles = above.css("td.title a[href]") if above else []
    titled = next((a for a in titles if a.text().strip()), None)
    if above is not None and titled is None:
        row = above.prev
        titled = row.css_first("td.title a[href]") if row and row.tag == "tr" else None
    if not native_id:
        return  # an employer's notice: neither points nor a conversation
    if not native_id.isdecimal() or titled is None:
        raise ParseError("", "a line without its story")
    age = line.css_first("span.age[title]")
    stated = (age.attributes.get("title") or "").partition(" ")[0] if age else ""
    exact = instant(f"{stated}Z") if stated else None
    shown = AGE.search(said)
    about = None if exact or not shown else when(shown[1], page.fetched_at)
    link = urljoin(f"{SITE}/", titled.attributes.get("href") or "")
    yield Post(
        **story(native_id, titled.text().strip(), link),
        published_at=exact or (about.at if about else None),
        published_within_s=about.within_s if about else 0,
    )
    yield Metrics(native_id, likes=_number(POINTS, said), comments=_number(COMMENTS, said))


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return count(next(filter(None, match.groups()))) if match else None
