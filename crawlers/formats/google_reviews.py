"""Reviews in the arrays of Google Maps: what is where is known from its answers only."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from crawlers.fields import get, language_of, maybe
from crawlers.formats import api
from crawlers.formats.review_items import BEST, business, headed, rated, reply
from crawlers.platform import Page, ParseError
from data.records import Post, Profile, Record

GOOGLE: Final = re.compile(r"C[hi][\w-]{20,120}={0,2}")
MICROSECOND: Final = 1_000_000
DEEPEST: Final = 60


def place(document: Any) -> Profile | None:
    """The place of a Google Maps document, by its positions there."""
    name, total = maybe(document, 6, 11, of=str), maybe(document, 6, 4, 8, of=int)
    return business(name, total, maybe(document, 6, 4, 7)) if name else None


def reviews(node: Any, depth: int = DEEPEST) -> Iterator[list[Any]]:
    """Every review in a Google Maps document: an array that starts with an id and its facts."""
    if not isinstance(node, list) or not depth:
        return
    own = maybe(node, 0, of=str)
    if own and GOOGLE.fullmatch(own) and isinstance(maybe(node, 1, 2), int) and len(node) > 3:  # noqa: PLR2004
        yield node
        return
    for value in node:
        yield from reviews(value, depth - 1)


def records(review: list[Any], page: Page) -> Iterator[Record]:
    """A Google Maps review and the business' reply, by their positions.

    Raises:
        ParseError: no rating or no time.
    """
    native_id, rating = get(review, 0, of=str), rated(maybe(review, 2, 0, 0))
    published = _micro(maybe(review, 1, 2))
    if rating is None or published is None:
        raise ParseError("[2][0][0]" if rating is None else "[1][2]", "missing")
    edited = _micro(maybe(review, 1, 3))
    link = maybe(review, 4, 3, 0, of=str) or page.url
    yield Post(
        native_id=native_id,
        url=link if api.is_address(link) else page.url,
        published_at=published,
        format="review",
        title=headed(rating, BEST, ""),
        text=(maybe(review, 2, 15, 0, 0, of=str) or "").strip() or None,
        language=language_of(maybe(review, 2, 14, 0, of=str)),
        edited_at=edited if edited and edited > published else None,
    )
    said = maybe(review, 3, 14, 0, 0, of=str)
    if said and said.strip():
        yield reply(native_id, said, _micro(maybe(review, 3, 1)), page)


def _micro(value: Any) -> datetime | None:
    known = isinstance(value, int) and not isinstance(value, bool)
    if not known or not 0 < value < 4 * 10**9 * MICROSECOND:
        return None
    return datetime.fromtimestamp(value / MICROSECOND, UTC)
