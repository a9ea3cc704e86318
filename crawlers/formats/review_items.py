"""Reviews in the JSON that pages carry: Trustpilot's and schema.org's.

Reviewers are strangers: nothing that names one is read. There is no column for a rating, so it
leads the title: "4/5 · Solide", "4/5" where the review has no title of its own.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from crawlers.fields import count, get, instant, language_of, maybe, text_of, when
from crawlers.formats import api, jsonld
from crawlers.platform import Page, ParseError
from data.records import Comment, Metrics, Post, Profile, Record

Node = dict[str, Any]

TRUSTPILOT: Final = "https://www.trustpilot.com/reviews"
HEX: Final = re.compile(r"[0-9a-f]{24}")
NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,4})?")
BUSINESS: Final = re.compile(r"Organization$|Business$|Store$|Corporation$|Brand$|Restaurant$")
BEST: Final = 5.0


def headed(rating: float, best: float, title: str) -> str:
    """A review's title as records hold it: rating first."""
    return f"{rating:g}/{best:g} · {title}" if title else f"{rating:g}/{best:g}"


def rated(value: Any, best: float = BEST) -> float | None:
    """A rating as a number or as text ("4,5"); None where it is none of its scale."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value, known = float(value.strip().replace(",", ".")), True
    return float(value) if known and 0 <= value <= best else None


def business(name: Any, total: Any, rating: Any, best: float = BEST) -> Profile:
    """Who is reviewed: `posts_total` counts its reviews, `description` is the average rating."""
    known = rated(rating, best)
    return Profile(
        name=name.strip() or None if isinstance(name, str) else None,
        posts_total=count(total) if isinstance(total, int | str) else None,
        description=None if known is None else headed(known, best, ""),
    )


def unit(props: Node) -> Profile | None:
    """The business of a Trustpilot page; None where the page is about none."""
    about = maybe(props, "businessUnit", of=dict)
    if about is None or not maybe(about, "displayName", of=str):
        return None
    total = about.get("numberOfReviews")
    score = maybe(about, "trustScore") or maybe(about, "score", "trustScore")
    total = maybe(total, "total") if isinstance(total, dict) else total
    return business(about["displayName"], total, score)


def trustpilot(review: Any, page: Page) -> Iterator[Record]:
    """A review as Trustpilot's own pages carry it, and the business' reply.

    Raises:
        ParseError: no review.
    """
    native_id = get(review, "id", of=str)
    rating = rated(maybe(review, "rating") or maybe(review, "stars"))
    if not HEX.fullmatch(native_id) or rating is None:
        raise ParseError("id" if rating else "rating", "no review's")
    edited = maybe(review, "dates", "updatedDate", of=str)
    yield Post(
        native_id=native_id,
        url=f"{TRUSTPILOT}/{native_id}",
        published_at=api.moment(
            get(review, "dates", "publishedDate", of=str), "dates.publishedDate"
        ),
        format="review",
        title=headed(rating, BEST, (maybe(review, "title", of=str) or "").strip()),
        text=(maybe(review, "text", of=str) or "").strip() or None,
        language=language_of(maybe(review, "language", of=str)),
        edited_at=instant(edited) if edited else None,
    )
    likes = maybe(review, "likes", of=int)
    if likes is not None:
        yield Metrics(native_id, likes=count(likes))
    said = maybe(review, "reply", "message", of=str)
    if said and said.strip():
        told = maybe(review, "reply", "publishedDate", of=str)
        yield reply(native_id, said, instant(told or ""), page)


def old_trustpilot(info: Any, dates: Any) -> Post:
    """A review as Trustpilot's pages carried it until 2021, in two pieces.

    Raises:
        ParseError: no review.
    """
    native_id, rating = get(info, "reviewId", of=str), rated(maybe(info, "stars"))
    if not HEX.fullmatch(native_id) or rating is None:
        raise ParseError("reviewId" if rating else "stars", "no review's")
    edited = maybe(dates, "updatedDate", of=str)
    return Post(
        native_id=native_id,
        url=f"{TRUSTPILOT}/{native_id}",
        published_at=api.moment(get(dates, "publishedDate", of=str), "publishedDate"),
        format="review",
        title=headed(rating, BEST, (maybe(info, "reviewHeader", of=str) or "").strip()),
        text=(maybe(info, "reviewBody", of=str) or "").strip() or None,
        edited_at=instant(edited) if edited else None,
    )


def reply(native_id: str, said: str, at: datetime | None, page: Page) -> Comment:
    """What the business answers; a review has one answer at most."""
    return Comment(
        native_id=f"{native_id}/reply",
        post_native_id=native_id,
        published_at=at,
        author_key=page.author_key(page.account),
        from_channel=True,
        text=said.strip(),
    )


def _is_a(node: Node, kind: str) -> bool:
    kinds = node.get("@type")
    return kind in (kinds if isinstance(kinds, list) else [kinds])


def reviewed(found: list[Node]) -> Profile | None:
    """The business or product that a page's JSON-LD gives an average rating."""
    for node in found:
        average = maybe(node, "aggregateRating", of=dict)
        if average is None and _is_a(node, "AggregateRating"):
            average = node
        if average is not None:
            total = maybe(average, "reviewCount") or maybe(average, "ratingCount")
            best = rated(maybe(average, "bestRating"), 1000.0) or BEST
            name = jsonld.text(node, "name") or jsonld.text(node, "itemReviewed")
            return business(name, total, maybe(average, "ratingValue"), best)
    return None


def reviews(found: list[Node]) -> list[Node]:
    """Every review in a page's JSON-LD, each once, in order."""
    listed: list[Any] = []
    for node in found:
        inner = [maybe(node, name) for name in ("review", "reviews")]
        rows = [row for value in inner for row in (value if isinstance(value, list) else [value])]
        listed += [node, *rows]
    once: list[Node] = []
    for node in listed:
        if isinstance(node, dict) and _is_a(node, "Review") and node not in once:
            once.append(node)
    return once


def described(review: Node, owner: str | None, page: Page) -> Iterator[Record]:
    """A schema.org Review, its counts, and what is said to it.

    Raises:
        ParseError: no rating, or neither text nor time.
    """
    scale = maybe(review, "reviewRating", of=dict) or {}
    best = rated(scale.get("bestRating"), 1000.0) or BEST
    rating = rated(scale.get("ratingValue"), best)
    told, body = jsonld.text(review, "datePublished", "dateCreated"), _words(review)
    if rating is None or not (told or body):
        raise ParseError("reviewRating.ratingValue" if rating is None else "reviewBody", "missing")
    moment = when(told, page.fetched_at)
    edited = instant(jsonld.text(review, "dateModified") or "")
    native_id = _identity(review, page, rating, told or "", body)
    address = urljoin(page.url, maybe(review, "url", of=str) or "") or page.url
    yield Post(
        native_id=native_id,
        url=address if api.is_address(address) else page.url,
        published_at=moment.at if moment else None,
        published_within_s=moment.within_s if moment else 0,
        format="review",
        title=headed(rating, best, text_of(jsonld.text(review, "headline", "name") or "")),
        text=body or None,
        language=language_of(jsonld.text(review, "inLanguage")),
        edited_at=edited if edited and moment and edited > moment.at else None,
    )
    counts = {k: v for k, v in jsonld.counts(review).items() if k == "likes"}
    if counts:
        yield Metrics(native_id, **counts)
    answers = maybe(review, "comment")
    for number, answer in enumerate(answers if isinstance(answers, list) else [answers]):
        if isinstance(answer, dict) and (said := text_of(jsonld.text(answer, "text") or "")):
            yield _answer(answer, said, f"{native_id}/{number}", native_id, owner, page)


def _words(review: Node) -> str:
    return text_of(jsonld.text(review, "reviewBody", "description", "text") or "")


def _answer(
    answer: Node, said: str, own: str, native_id: str, owner: str | None, page: Page
) -> Comment:
    who = jsonld.text(answer, "author") or ""
    author = maybe(answer, "author", of=dict) or {}
    ours = bool(BUSINESS.search(str(author.get("@type")))) or bool(who and who == owner)
    return Comment(
        native_id=own,
        post_native_id=native_id,
        published_at=instant(jsonld.text(answer, "datePublished", "dateCreated") or ""),
        author_key=page.author_key(page.account if ours else who),
        from_channel=ours,
        text=said,
    )


def _identity(review: Node, page: Page, rating: float, told: str, body: str) -> str:
    """The review's own id or address; else what it says, when, and with which rating.

    A mere place on the page ("#review-1") is no id: the next review moves it.
    """
    for name in ("@id", "identifier", "url"):
        value = review.get(name)
        own = value.strip() if isinstance(value, str) else ""
        if match := HEX.search(own):
            return match[0]
        whole = urljoin(page.url, own)
        if own and whole.partition("#")[0].rstrip("/") != page.url.partition("#")[0].rstrip("/"):
            return re.sub(r"^https?://(?:www\.)?", "", whole)[:300]
    host = urlsplit(page.account).netloc
    content = "\n".join((page.account, told, f"{rating:g}", body))
    return f"{host}/{hashlib.blake2b(content.encode(), digest_size=12).hexdigest()}"
