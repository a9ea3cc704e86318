"""X: an account's posts as other sites may embed them, without signing in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import msgspec

from crawlers.fields import text_of
from crawlers.formats import next_data, x_answers, x_pages, xml
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform
from data.records import Gone, Record

SITE: Final = "https://x.com"
TIMELINE: Final = "https://syndication.twitter.com"
POST: Final = "https://cdn.syndication.twimg.com/tweet-result"
SYSTEM: Final = (
    "i|home|explore|search|hashtag|settings|messages|notifications|login|logout|signup|share|"
    "intent|tos|privacy|about|account|compose|jobs|download|oauth|widgets|who_to_follow|premium"
)
"""First parts of addresses that name no account."""
WALLED: Final = re.compile(
    r"https?://(?:\w+\.)?(?:twitter|x)\.com/(?:i/flow/)?(?:login|account/access)", re.IGNORECASE
)
MISSING: Final = re.compile(
    r"this account doesn[’']t exist|page doesn[’']t exist|account suspended|ce compte n[’']existe|"
    r"cette page n[’']existe|compte suspendu", re.IGNORECASE,
)  # fmt: skip


class X(Platform):
    """The account is the user's name, without `@`.

    Signed out, X shows no timeline but the one that sites embed, which holds some of the newest
    or best-known posts. X's terms forbid crawling and its robots.txt keeps unknown robots out:
    where the run is refused, the lawful ways are the X API with a token and an export through
    `vigie import`.
    """

    name = "x"
    title = "X (Twitter)"
    docs = "https://developer.x.com/en/docs/x-for-websites/timelines/overview"
    accounts = re.compile(
        rf"https?://(?:(?:www|mobile|m)\.)?(?:twitter|x)\.com/(?!(?:{SYSTEM})(?:[/?#]|$))"
        r"@?(?P<account>[A-Za-z0-9_]{1,15})(?:/(?:with_replies|media|articles|highlights))?/?"
        r"(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = ("https://x.com/maisonalpine", "https://twitter.com/MaisonAlpine?lang=fr")
    access = "page"
    confidence = "thin"
    delay_s = 3.0
    hides = frozenset(("sponsored",))
    floor: ClassVar[Mapping[str, float]] = {"published_at": 1.0, "likes": 0.5}
    base_url = TIMELINE

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The account's page."""
        return f"{SITE}/{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The timeline that other sites may embed: up to a hundred posts, no further page."""
        yield Fetch(f"{TIMELINE}/srv/timeline-profile/screen-name/{account}")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present likes and replies, one post a request. The token may be anything."""
        for native_id, _ in posts:
            url = f"{POST}?id={native_id}&lang=en&token=a"
            yield Fetch(url, kind="post", context={"post": native_id})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A timeline or a post, embedded or as the site itself shows it."""
        text = xml.decoded(page.body, page.content_type)
        if WALLED.match(page.url):
            raise Blocked("login_wall")
        if not is_html(text):
            yield from x_answers.document(_json(text), page)
        elif (data := next_data.script(text)) is not None:
            yield from x_answers.timeline(_json(data), page)
        else:
            yield from _shown(text, page)


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise ParseError("", "neither a page nor a whole JSON document") from error


def _shown(markup: str, page: Page) -> Iterator[Record | Dropped]:
    """A page of the site as a browser has it."""
    posts = x_pages.shown(markup)
    if posts:
        yield from x_pages.page_records(markup, posts, x_answers.post_of(page), page)
    elif not MISSING.search(text_of(markup)):
        raise Blocked(wall(markup) or "empty_shell", "no posts in the page")
    elif "post" not in page.fetch.context:
        raise Blocked("gone", "no such page")
    else:
        yield Gone(page.fetch.context["post"])
