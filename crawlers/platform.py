"""What a platform is: a class that says which pages to fetch and reads records from their bytes.

To add one, write `crawlers/platforms/<name>.py` with one class of the same name in CamelCase,
and a case under `tests/crawlers/cases/<name>/`. CONTRIBUTING.md walks through it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar

from msgspec import Struct, field

from data.names import INSTEAD
from data.pseudonyms import pseudonym
from data.records import Gone, Record

REASONS: Final = {
    "gone": "the account or page no longer exists",
    "login_wall": "the platform asks to sign in",
    "consent_wall": "the platform asks for consent before it shows the page",
    "block_page": "the platform refuses automated visits",
    "empty_shell": "the page came without its content",
    "age_gate": "the platform asks for the visitor's age",
    "needs_token": "the platform's official API needs a token",
    "rate_limited": "the platform asks to slow down",
    "server_error": "the platform's server failed",
    "refused": "the platform's server refused the request",
}


class Fetch(Struct, frozen=True, omit_defaults=True):
    """One request. Archived as JSON beside its page, so that a replay parses alike.

    `kind` tells `parse` what it asked for; `context` carries what the answer will not repeat.
    `more` marks the next page of a list: followed only while the list brings unknown posts
    within the watched history. `optional` marks pages whose failure leaves the channel complete.
    `official` asks the platform's official API: the user's token is added where the request leaves
    (crawlers/tokens.py) and is in no field of this.
    """

    url: str
    kind: str = "list"
    context: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    browser: bool = False
    more: bool = False
    optional: bool = False
    official: bool = False


FORGOTTEN: Final = ""
"""The author_key of a comment that is not stored: of people who asked not to be."""


class Page(Struct, frozen=True):
    """One answer as served: all that `parse` may know.

    `url` is the final address after redirects; `body` the decoded bytes (no transfer or content
    encoding); `secret` the lake's key for pseudonyms.
    """

    fetch: Fetch
    account: str
    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    content_type: str | None = None
    secret: bytes = b""

    def author_key(self, native_author: str, *names: str) -> str:  # noqa: ARG002
        """The pseudonym of a commenter: a keyed hash, so that a name can't be guessed back.

        `names` are other public names of the same author, such as a handle beside a number: the
        pseudonym doesn't depend on them, but people ask by them to be forgotten. FORGOTTEN for
        somebody who was cut out of the page.
        """
        return FORGOTTEN if INSTEAD in native_author else pseudonym(native_author, self.secret)


class Dropped(Struct, frozen=True):
    """One item of a page that could not be read; the others were."""

    path: str
    reason: str


class ParseError(Exception):
    """The page has not the shape that its platform is known for.

    `path` leads to the place inside the document, such as `feed[3].post.record.createdAt`.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path = path
        self.problem = problem


class Blocked(Exception):  # noqa: N818 - it is no fault of the program
    """The page is a wall instead of content; `reason` is a key of REASONS."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {REASONS[reason]}" + (f" ({detail})" if detail else ""))
        self.reason = reason
        self.detail = detail


BLOCKED_BY_STATUS: Final = {
    401: "login_wall",
    403: "block_page",
    404: "gone",
    410: "gone",
    429: "rate_limited",
    451: "block_page",
    999: "block_page",
}


class Way:
    """One way of asking a platform: its public pages, or its official API.

    Attributes:
        delay_s: seconds between two requests to one site.
        needs: names of settings that must be set (tokens).
        complete_lists: a list page shows every post in the time that it spans, so that one
            missing there was deleted; not so of fetches of the kind "search".
    """

    delay_s: ClassVar[float] = 1.0
    needs: ClassVar[tuple[str, ...]] = ()
    complete_lists: ClassVar[bool] = False

    def start(self, account: str) -> Iterator[Fetch]:
        """The first requests of a visit: profile and newest posts."""
        raise NotImplementedError

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Requests that bring the present counts of known posts, given as (native_id, url).

        A fetch about one post says so in `context["post"]` (its native id): a 404 is then
        read as Gone. Platforms without such an address yield nothing.
        """
        yield from ()

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Records and further requests from one page of status < 400. Pure: no clock, no network.

        Raises:
            ParseError: unknown shape.
            Blocked: a wall instead of content.
        """
        raise NotImplementedError

    def refused(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """What a page of status >= 400 means: Gone for a known post, else Blocked."""
        if page.status in {404, 410} and "post" in page.fetch.context:
            yield Gone(native_id=page.fetch.context["post"])
            return
        fallback = "server_error" if page.status >= 500 else "refused"  # noqa: PLR2004
        raise Blocked(BLOCKED_BY_STATUS.get(page.status, fallback), f"HTTP {page.status}")

    def read(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """`parse` or `refused`, by the page's status."""
        return self.refused(page) if page.status >= 400 else self.parse(page)  # noqa: PLR2004


class Official(Way):
    """A platform's official API, asked instead of its pages where the user has a token for it.

    It gives the same records under the same ids, so that nothing downstream knows.

    Attributes that each one sets, beside those of Way:
        origin: where it answers; a token is sent nowhere else.
        header: name and value of the header that carries the token; `{name}` stands for the
            setting of that name, `{access}` for what `exchange` gives.
        exchange: address that gives an access token for the settings in `needs`, a client's id
            and secret (OAuth 2, client credentials); None where the token itself is sent.
        placed: parts of an address → what stands there on the network, with settings as in
            `header`.
    """

    origin: ClassVar[str]
    header: ClassVar[tuple[str, str]]
    exchange: ClassVar[str | None] = None
    placed: ClassVar[Mapping[str, str]] = {}

    def variables(self) -> str:
        """The settings as a user sets them: `VIGIE_REDDIT_CLIENT_ID, …`."""
        return ", ".join(f"VIGIE_{name.upper()}" for name in self.needs)


class Platform(Way):
    """Base of every platform.

    Attributes that each one sets, beside those of Way:
        name: the file's name; first part of every channel_id and post_id.
        title: as people write it.
        docs: address of the platform's own documentation of what is read here.
        accounts: regex that a channel's address matches from its start; its group `account`
            is the account.
        examples: addresses that it claims (tested), the canonical form first.
        access: api, feed, page, browser or token.
        confidence: solid (held against many real recordings) or thin.
        browser: needs Playwright.
        hides: fields of Post, Metrics and Profile that the platform never shows.
        floor: least share of a list page's posts that must carry a field (of Post or Metrics);
            under it the source counts as broken.
        base_url: origin of a platform with one address; None where each account has its own.
            The watchlist may move it: `Fetch.url` stays canonical, the spider rewrites it.
        official: its API for those who have a token, or None.
        claims_last: takes an address only when no other platform does.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    docs: ClassVar[str]
    accounts: ClassVar[re.Pattern[str]]
    examples: ClassVar[tuple[str, ...]]
    access: ClassVar[str]
    confidence: ClassVar[str]
    browser: ClassVar[bool] = False
    hides: ClassVar[frozenset[str]] = frozenset()
    floor: ClassVar[Mapping[str, float]] = {}
    base_url: ClassVar[str | None] = None
    official: Official | None = None
    claims_last: ClassVar[bool] = False

    def account_of(self, url: str) -> str | None:
        """The account behind an address, or None when it is not this platform's."""
        match = self.accounts.match(url)
        return match["account"] if match else None

    def url_of(self, account: str) -> str:
        """The address that a person opens to see the account. `account_of` reads it back."""
        raise NotImplementedError

    def read(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """What the page says, read in the way in which it was asked for."""
        if page.fetch.official and self.official:
            return self.official.read(page)
        return super().read(page)


Item = TypeVar("Item")


def each(
    items: Iterable[Item], path: str, reader: Callable[[Item], Iterable[Any]]
) -> Iterator[Any]:
    """Read every item; one that is bad becomes Dropped, and all bad raises its ParseError."""
    good, first = 0, None
    for number, item in enumerate(items):
        try:
            records = tuple(reader(item))
        except ParseError as error:
            first = first or ParseError(f"{path}[{number}].{error.path}", error.problem)
            yield Dropped(f"{path}[{number}].{error.path}", error.problem)
        else:
            good += 1
            yield from records
    if first and not good:
        raise first
