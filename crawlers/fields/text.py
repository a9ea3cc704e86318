"""Plain text out of HTML, and what people write in it: hashtags, mentions, addresses."""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser

BLOCKS: Final = (
    "address|article|aside|blockquote|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|header|hr|main|nav|ol|p|pre|section|table|tr|ul"
)
ATTRIBUTES: Final = r"""(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*+)?/?"""
"""What may stand between a tag's name and its end. No `<`: no text makes the search quadratic."""
PARAGRAPH: Final = re.compile(rf"</?(?:{BLOCKS}){ATTRIBUTES}>", re.IGNORECASE)
LINE: Final = re.compile(rf"<br{ATTRIBUTES}>|</?li{ATTRIBUTES}>", re.IGNORECASE)
INLINE: Final = re.compile(
    rf"</?(?:a|abbr|b|code|del|em|i|mark|s|small|span|strong|sub|sup|u){ATTRIBUTES}>",
    re.IGNORECASE,
)
SILENT: Final = ["script", "style", "template", "noscript", "iframe", "svg", "head", "title"]
BLANKS: Final = re.compile(r"[ \t\n\r\f\v]{2,}|[\t\n\r\f\v]")
AROUND_BREAK: Final = re.compile(r"(?<! ) *\n *")
BREAKS: Final = re.compile(r"\n{3,}")

HASHTAG: Final = re.compile(r"(?<![\w&/#＃.?=])[#＃](\w*[^\W\d_]\w*)")
MENTION: Final = re.compile(r"(?<![\w/@.])@(\w(?:[\w.-]*\w)?(?:@\w(?:[\w.-]*\w)?)?)")
LINK: Final = re.compile(r"https?://[^\s<>\"“”«»\\^`{|}]+", re.IGNORECASE)

WEB: Final = re.compile(r"https?://[^\s/?#\[\]<>\"]")
ANCHOR: Final = re.compile(rf"<a{ATTRIBUTES}>", re.IGNORECASE)
HREF: Final = re.compile(r"\bhref=([\"'])(.*?)\1", re.IGNORECASE)
SOCIAL: Final = re.compile(r"\b(?:class=[\"'][^\"']*(?:mention|hashtag)|rel=[\"']tag[\"'])")


def text_of(markup: str) -> str:
    """The text that a reader of this HTML sees: line and paragraph breaks kept, tags gone."""
    if "<" not in markup:
        return html.unescape(markup).strip()
    flowing = BLANKS.sub(" ", markup)
    broken = LINE.sub("\n", PARAGRAPH.sub("\n\n", flowing))
    plain = INLINE.sub("", broken)
    shown = _parsed(broken) if "<" in plain else html.unescape(plain)
    return BREAKS.sub("\n\n", AROUND_BREAK.sub("\n", shown)).strip()


def _parsed(markup: str) -> str:
    """The text of HTML that holds more than words and links, by a real parser."""
    tree = LexborHTMLParser(f"<body>{markup}")
    tree.strip_tags(SILENT)
    return tree.body.text() if tree.body else ""


def once(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in order, empty ones left out."""
    return tuple(dict.fromkeys(filter(None, values)))


@lru_cache(maxsize=4096)
def tag_of(name: str) -> str:
    """One hashtag as records hold it: no `#`, lower case, composed accents."""
    return unicodedata.normalize("NFC", name.strip().lstrip("#＃")).lower()


def hashtags_of(text: str) -> tuple[str, ...]:
    """The hashtags written in a text: no `#`, lower case, in order, once each."""
    if "#" not in text and "＃" not in text:
        return ()
    return once(map(tag_of, HASHTAG.findall(unicodedata.normalize("NFC", text))))


def mentions_of(text: str) -> tuple[str, ...]:
    """The accounts named with `@` in a text, without it; e-mail addresses are none."""
    return once(MENTION.findall(text)) if "@" in text else ()


def links_of(text: str) -> tuple[str, ...]:
    """The http(s) addresses written in a text, without the punctuation that ends a sentence."""
    return once(map(_trimmed, LINK.findall(text))) if "://" in text else ()


def _trimmed(link: str) -> str:
    while link[-1] in ".,;:!?'’…)]":
        closing = {")": "(", "]": "["}.get(link[-1])
        if closing and link.count(closing) >= link.count(link[-1]):
            break
        link = link[:-1]
    return link


def hrefs_of(markup: str) -> tuple[str, ...]:
    """The http(s) addresses that HTML links to; links marked as mention or hashtag are left out."""
    shown = (a for a in ANCHOR.findall(markup) if not SOCIAL.search(a))
    found = (html.unescape(match[2]) for a in shown if (match := HREF.search(a)))
    return once(filter(is_web, found))


def is_web(link: str) -> bool:
    """Whether this is an absolute http(s) address."""
    return WEB.match(link) is not None and " " not in link and link.isprintable()


@lru_cache(maxsize=1024)
def language_of(code: str | None) -> str | None:
    """The language of a tag such as "en-US": "en". None for "und" and what is no language tag."""
    primary = (code or "").replace("_", "-").partition("-")[0].lower()
    known = 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha()  # noqa: PLR2004
    return primary if known and primary not in {"und", "mul", "zxx"} else None
