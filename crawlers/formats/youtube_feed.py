"""A YouTube channel's RSS feed."""

from collections.abc import Iterator

from crawlers.fields import count, hashtags_of, links_of, mentions_of, when
from crawlers.formats import innertube, xml
from crawlers.formats.innertube import VIDEO_ID
from crawlers.formats.xml import Element, first
from crawlers.platform import Dropped, Page, ParseError, each
from data.records import Metrics, Post, Record


def records(root: Element, page: Page) -> Iterator[Record | Dropped]:
    """The channel's feed: the newest videos with exact date, views and likes."""
    if xml.local(root) != "feed":
        raise ParseError("", f"not a channel's feed: its root is <{xml.local(root)[:80]}>")
    yield from each(root.iter("{*}entry"), "entry", lambda entry: _entry(entry, page))


def _entry(entry: Element, page: Page) -> Iterator[Record]:
    found = xml.children(entry)
    video_id = first(found, "yt:videoId")
    if not VIDEO_ID.fullmatch(video_id):
        raise ParseError("yt:videoId", "missing")
    links = [link.get("href") or "" for link in found.get("link", ())]
    short = any("/shorts/" in link for link in links)
    group = xml.children(found["media:group"][0]) if "media:group" in found else {}
    text, title = first(group, "media:description"), first(found, "title")
    published = when(first(found, "published") or None, page.fetched_at)
    yield Post(
        native_id=video_id,
        url=innertube.url_of(video_id, short=short),
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format="short" if short else "video",
        title=title or None,
        text=text or None,
        media_count=1,
        hashtags=hashtags_of(f"{title}\n{text}"),
        mentions=mentions_of(text),
        links=links_of(text),
    )
    shown = xml.children(group["media:community"][0]) if "media:community" in group else {}
    rating, statistics = (shown.get(f"media:{key}") for key in ("starRating", "statistics"))
    yield Metrics(
        native_id=video_id,
        likes=count(rating[0].get("count")) if rating else None,
        views=count(statistics[0].get("views")) if statistics else None,
    )
