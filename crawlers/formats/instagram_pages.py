"""What Instagram's pages carry: JSON of any year, head lines for other sites, embeds' markup."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawlers.fields import count, hashtags_of, links_of, mentions_of, text_of, when
from crawlers.formats import api, relay
from crawlers.formats.instagram_items import KINDS, SITE, published_by
from crawlers.platform import Page, ParseError
from data.records import Metrics, Post, Profile, Record

STARTS: Final = re.compile(
    r"window\._sharedData\s*=\s*(?=\{)|window\.__additionalDataLoaded\(\s*['\"][^'\"]{0,300}['\"],\s*"
    r"(?=\{)|\"contextJSON\"\s*:\s*(?=\")"
)
WORDS: Final = ('"taken_at"', '"taken_at_timestamp"', '"follower_count"', '"edge_followed_by"')
PERMALINK: Final = re.compile(r"/(p|reel|reels|tv)/([\w-]{5,60})(?:/|$)", re.ASCII)
META: Final = re.compile(r"<meta\s[^>]{0,20000}>", re.IGNORECASE)
ATTRIBUTE: Final = re.compile(r"""\b(name|property|content)=(?:"([^"]*)"|'([^']*)')""")
NUMBER: Final = r"([0-9][0-9.,\u00a0\u202f ]*(?:[KMB]|mn|mio|k)?)"
HEAD: Final = re.compile(
    rf"{NUMBER}\s+[^\W\d]\D{{2,30}}, {NUMBER}\s+\D{{2,30}}, {NUMBER}\s+\w+\s+[-–—]\s(.*)", re.DOTALL
)
"""Followers, accounts followed, posts, and words on who it is."""
NAMED: Final = re.compile(r"(.{1,200}?) \(@([\w.]{1,30})\)", re.DOTALL)
COUNTED: Final = re.compile(rf"{NUMBER}\s+likes?, {NUMBER}\s+comments?\s+-\s", re.IGNORECASE)
DATED: Final = re.compile(r"\bon ([A-Z][a-z]+ [0-9]{1,2}, [0-9]{4})")
QUOTED: Final = re.compile(r":\s*[\"“](.*)[\"”]\.?\s*$", re.DOTALL)
LIKES: Final = re.compile(rf"{NUMBER}\s+(?:likes?|j’aime|mentions j’aime)", re.IGNORECASE)
COMMENTS: Final = re.compile(rf"{NUMBER}\s+(?:comments?|commentaires?)", re.IGNORECASE)
TYPE: Final = re.compile(r"\"media_type\"\s*:\s*([0-9]{1,2})\b")


def documents(markup: str) -> Iterator[Any]:
    """Every JSON document of the page that may hold a post or an account.

    Raises:
        ParseError: one starts and does not end: the page is cut off or malformed.
    """
    decoder = json.JSONDecoder()
    for match in STARTS.finditer(markup):
        try:
            found = decoder.raw_decode(markup, match.end())[0]
            yield msgspec.json.decode(found) if isinstance(found, str) else found
        except (ValueError, RecursionError) as error:
            raise ParseError(match[0].strip()[:40], "not a whole JSON document") from error
    yield from relay.documents(markup, *WORDS)


def head_lines(markup: str) -> dict[str, str]:
    """What the page says for other sites' previews, by name (`og:title`, `description`, …)."""
    found: dict[str, str] = {}
    for tag in META.findall(markup):
        pairs = {name: html.unescape(a or b) for name, a, b in ATTRIBUTE.findall(tag)}
        name = pairs.get("property") or pairs.get("name")
        if name and "content" in pairs:
            found.setdefault(name, pairs["content"])
    return found


def profile(lines: dict[str, str]) -> Profile | None:
    """An account by its page's head lines; None where they tell of none."""
    descriptions = [lines.get(name, "") for name in ("description", "og:description")]
    match = next((m for text in descriptions if (m := HEAD.match(text))), None)
    if match is None:
        return None
    named = NAMED.match(lines.get("og:title", "")) or NAMED.match(match[4])
    about = QUOTED.search(match[4])
    return Profile(
        name=named[1].strip() if named else None,
        followers=count(match[1].strip()),
        following=count(match[2].strip()),
        posts_total=count(match[3].strip()),
        description=about[1].strip() or None if about else None,
    )


def post(lines: dict[str, str], markup: str, page: Page) -> Iterator[Record]:
    """A post by its page's head lines: rounded counts, a day, and its text."""
    match = PERMALINK.search(lines.get("og:url", ""))
    if match is None:
        return
    told = lines.get("og:description") or lines.get("description") or ""
    quotes = [QUOTED.search(lines.get(n, "")) for n in ("og:title", "og:description")]
    text = max((quote[1].strip() for quote in quotes if quote), key=len, default="")
    dated = DATED.search(told.partition(":")[0])
    stated = when(dated[1], page.fetched_at) if dated else None
    published_at, within_s = published_by(match[2])
    if published_at is None and stated:
        published_at, within_s = stated
    told_type = TYPE.search(markup)
    kind = _format(match[1], int(told_type[1]) if told_type else None)
    yield Post(
        native_id=match[2],
        url=f"{SITE}/{'reel' if kind == 'short' else 'p'}/{match[2]}/",
        published_at=published_at,
        published_within_s=within_s,
        format=kind,
        text=text or None,
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=api.addresses(links_of(text)),
    )
    if shown := COUNTED.match(told):
        likes, comments = count(shown[1].strip()), count(shown[2].strip())
        yield Metrics(match[2], likes=likes, comments=comments)


def _format(place: str, told: int | str | None) -> str:
    """The format by the first part of a post's address and what the page says of its media."""
    return "short" if place in {"reel", "reels"} else KINDS.get(told or "", "photo")


def embed(markup: str) -> Iterator[Record]:
    """A post's embed of which only the markup tells: its text, likes and comments."""
    tree = LexborHTMLParser(markup)
    frame = tree.css_first("[data-media-type]")
    links = (link.attributes.get("href") or "" for link in tree.css("a[href*='instagram.com/']"))
    match = next((m for link in links if (m := PERMALINK.search(link.partition("?")[0]))), None)
    if frame is None or match is None:
        return
    text = _caption(tree)
    kind = _format(match[1], frame.attributes.get("data-media-type"))
    published_at, within_s = published_by(match[2])
    yield Post(
        native_id=match[2],
        url=f"{SITE}/{'reel' if kind == 'short' else 'p'}/{match[2]}/",
        published_at=published_at,
        published_within_s=within_s,
        format=kind,
        text=text or None,
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=api.addresses(links_of(text)),
    )
    found = Metrics(
        match[2],
        likes=_shown(tree, ".SocialProof", LIKES),
        comments=_shown(tree, ".CaptionComments", COMMENTS),
    )
    if found != Metrics(match[2]):
        yield found


def _caption(tree: LexborHTMLParser) -> str:
    """The text between the author's name and the line of comments."""
    caption = tree.css_first(".Caption")
    if caption is None:
        return ""
    inner = re.sub(
        r"<a [^>]*class=\"CaptionUsername\".*?</a>|<div class=\"CaptionComments\".*", "",
        caption.html or "", flags=re.DOTALL,
    )  # fmt: skip
    return text_of(inner)


def _shown(tree: LexborHTMLParser, place: str, wanted: re.Pattern[str]) -> int | None:
    node = tree.css_first(place)
    match = wanted.search(node.text()) if node else None
    return count(match[1].strip()) if match else None
