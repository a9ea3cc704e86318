"""Reviews of a brand: its page on Trustpilot, or any page that describes reviews as JSON-LD."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import msgspec

from crawlers.fields import get, maybe
from crawlers.formats import api, google_reviews, jsonld, next_data, review_items, xml
from crawlers.formats.review_items import Node
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Post, Record

OLD: Final = re.compile(
    r"<script[^>]{0,200}data-initial-state=[\"']?(review-info|review-dates)[\"'][^>]{0,100}>"
    r"(.*?)</script",
    re.DOTALL,
)
TRUSTPILOT: Final = re.compile(r"https?://(?:[a-z]{2,3}\.)?trustpilot\.com/", re.IGNORECASE)
ONE: Final = re.compile(r"https?://(?:[a-z]{2,3}\.)?trustpilot\.com/reviews/[0-9a-f]{24}")
GUARD: Final = ")]}'"
"""What Google writes before its JSON, so that no page can run it."""


class Reviews(Platform):
    """The account is the address of the page that lists a brand's reviews.

    Well-known review sites are taken by their address; any other page with `platform: reviews`.
    A rating leads the review's title: "4/5 · Solide". The profile counts reviews as posts and has
    the average rating as its description ("4.7/5"). Reviewers stay unnamed; what the business
    answers is a comment of the channel. Trustpilot's terms forbid automated visits: where its
    robots.txt refuses the run, the lawful ways are its API with the business' own key and an
    export through `vigie import`. Google Maps shows its reviews to browsers only; a saved answer
    of its own can be read.
    """

    name = "reviews"
    title = "Reviews"
    docs = "https://schema.org/Review"
    accounts = re.compile(
        r"(?P<account>https?://(?:"
        r"(?:[a-z]{2,3}\.)?trustpilot\.com/review/[\w.-]+|"
        r"(?:www\.)?g2\.com/products/[\w-]+/reviews|"
        r"(?:www\.)?capterra\.(?:com|fr|[a-z]{2}|co\.uk|com\.[a-z]{2})/"
        r"(?:p|software|reviews)/[0-9]+/[\w-]+(?:/reviews)?|"
        r"(?:www\.)?avis-verifies\.com/avis-clients/[\w.-]+|"
        r"(?:www\.)?trustedshops\.(?:[a-z]{2}|co\.uk|com|eu)/[\w-]+/info_[0-9A-Za-z]+\.html|"
        r"(?:www\.)?sitejabber\.com/reviews/[\w.-]+|"
        r"(?:www\.)?reviews\.(?:io|co\.uk)/company-reviews/store/[\w.-]+|"
        r"(?:[a-z]{2,3}\.)?yelp\.(?:com|[a-z]{2}|co\.uk)/biz/[\w%-]+|"
        r"(?:[a-z]{2,3}\.)?tripadvisor\.(?:com|[a-z]{2}|co\.uk)/"
        r"(?:Hotel|Restaurant|Attraction)_Review-[\w.-]+"
        r"))/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://www.trustpilot.com/review/maisonalpine.example",
        "https://fr.trustpilot.com/review/maisonalpine.example?languages=fr",
        "https://www.g2.com/products/maison-alpine/reviews",
        "https://www.avis-verifies.com/avis-clients/maisonalpine.example",
        "https://www.yelp.fr/biz/maison-alpine-annecy",
    )
    access = "page"
    confidence = "thin"
    delay_s = 3.0
    hides = frozenset((
        "comments", "shares", "views", "saves", "media_count", "duration_s", "sponsored",
        "followers", "following",
    ))  # fmt: skip
    floor: ClassVar[Mapping[str, float]] = {"title": 1.0, "published_at": 0.5}

    def url_of(self, account: str) -> str:
        """The page's address is the account."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """The page; Trustpilot's with the newest reviews first."""
        yield Fetch(f"{account}?sort=recency" if TRUSTPILOT.match(account) else account)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """A review as it stands now, one a request, where it has a page of its own."""
        for native_id, url in posts:
            if ONE.match(url):
                yield Fetch(url, kind="post", context={"post": native_id})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A page's reviews by the richest of what it carries."""
        text = xml.decoded(page.body, page.content_type)
        if not text.strip():
            raise Blocked("empty_shell", "an empty answer")
        if not is_html(text):
            yield from _document(_json(text.strip().removeprefix(GUARD)), page)
            return
        data = next_data.script(text)
        props = None if data is None else maybe(_json(data), "props", "pageProps", of=dict)
        if props and _listed(props) is not None:
            yield from _trustpilot(props, page)
        elif "data-initial-state" in text and (found := OLD.findall(text)):
            yield from _old(found)
        else:
            yield from _described(text, page)


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise ParseError("", "neither a page nor a whole JSON document") from error


def _document(node: Any, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """Trustpilot's data without its page, or a Google Maps document."""
    if isinstance(node, dict):
        yield from _trustpilot(get(node, "pageProps", of=dict), page)
        return
    place = google_reviews.place(node)
    found = {maybe(one, 0): one for one in google_reviews.reviews(node)}
    if place is None and not found:
        raise ParseError("", "no reviews")
    if place:
        yield place
    yield from each(found.values(), "reviews", lambda one: google_reviews.records(one, page))


def _listed(props: Node) -> list[Any] | None:
    """The reviews of a Trustpilot page, or the one that it is about."""
    found = maybe(props, "reviews", of=list)
    one = maybe(props, "review", of=dict)
    return [one] if found is None and one else found


def _trustpilot(props: Node, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """The business, its reviews, and where the list goes on."""
    listed, head = _listed(props), review_items.unit(props)
    if listed is None:
        raise ParseError("pageProps.reviews", "missing")
    if not listed and (head is None or head.posts_total):
        raise Blocked("empty_shell", "a count of reviews without the reviews")
    if head and page.fetch.kind != "post":
        yield head
    yield from each(listed, "reviews", lambda one: review_items.trustpilot(one, page))
    place = maybe(props, "filters", "pagination") or maybe(props, "pagination")
    at, of = maybe(place, "currentPage", of=int), maybe(place, "totalPages", of=int)
    if at and of and at < of and listed:
        yield api.further(page.fetch, page=at + 1)


def _old(found: list[tuple[str, str]]) -> Iterator[Record | Dropped]:
    """Reviews in the pages of before 2021: what each says, then when."""
    infos = [body for name, body in found if name == "review-info"]
    dates = [body for name, body in found if name == "review-dates"]
    if len(infos) != len(dates):
        raise ParseError("review-dates", "not as many as reviews")

    def read(pair: tuple[str, str]) -> Iterator[Post]:
        yield review_items.old_trustpilot(_json(pair[0].strip()), _json(pair[1].strip()))

    yield from each(zip(infos, dates, strict=True), "review-info", read)


def _described(markup: str, page: Page) -> Iterator[Record | Dropped]:
    """What a page's JSON-LD says: the average rating and the reviews."""
    nodes = list(jsonld.nodes(markup))
    head, listed = review_items.reviewed(nodes), review_items.reviews(nodes)
    if not head and not listed:
        raise Blocked(wall(markup) or "empty_shell", "no reviews in the page")
    if head:
        yield head
    owner = head.name if head else None
    yield from each(listed, "review", lambda one: review_items.described(one, owner, page))
