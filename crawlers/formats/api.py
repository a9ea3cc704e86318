"""What JSON interfaces have in common: strict times and addresses, next pages, Markdown."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Meta

from crawlers.fields import instant, links_of, once
from crawlers.platform import Fetch, ParseError

Seconds = Annotated[float, Meta(ge=0, lt=10**9)]
"""A length in a typed document."""
Epoch = Annotated[float, Meta(gt=0, lt=4 * 10**9)]
"""A time in a typed document, as seconds since 1970."""
MARKED: Final = re.compile(r"\]\((https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)[^()]{0,200}?\)")


def moment(value: str | float, path: str) -> datetime:
    """A time that names its zone (ISO 8601) or counts seconds (epoch), as UTC.

    Raises:
        ParseError: it is neither; with `path`.
    """
    if isinstance(value, str):
        found = instant(value)
        if found is None:
            raise ParseError(path, f"not a time: {value[:40]}")
        return found
    return datetime.fromtimestamp(value, UTC)


def is_address(url: str) -> bool:
    """Whether this is an absolute http(s) address with a host and without blanks."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    whole = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return whole and url.isprintable() and " " not in url


def address(url: str, path: str) -> str:
    """The address, when it is one.

    Raises:
        ParseError: it is none; with `path`.
    """
    if not is_address(url):
        raise ParseError(path, f"not a web address: {url[:80]}")
    return url


def addresses(urls: Iterable[str | None]) -> tuple[str, ...]:
    """The true addresses among texts, in order, once each."""
    return once(url for url in urls if url and is_address(url))


def markdown_links(text: str) -> tuple[str, ...]:
    """The addresses that a Markdown text links to or spells out."""
    return addresses(links_of(MARKED.sub(r" \1 ", text)))


def query_of(url: str) -> dict[str, str]:
    """The parameters of an address, the last of each name."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def number_of(url: str, name: str, default: int) -> int:
    """A whole number among the parameters of an address."""
    text = query_of(url).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default  # noqa: PLR2004


def further(fetch: Fetch, **changes: str | int) -> Fetch:
    """The request for a list's next page: the same but for these parameters."""
    bare, _, query = fetch.url.partition("?")
    kept = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if k not in changes]
    url = f"{bare}?{urlencode([*kept, *changes.items()])}"
    return Fetch(
        url, fetch.kind, fetch.context, headers=fetch.headers, more=True, optional=fetch.optional
    )
