"""Pinterest: an account's or a board's newest pins from its feed, and the pins' own pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import unquote

import msgspec

from crawlers.fields import get, hashtags_of, maybe, mentions_of, text_of, when
from crawlers.formats import pinterest_pins, relay, xml
from crawlers.formats.walls import is_html, wall
from crawlers.formats.xml import Element, first
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Gone, Post, Profile, Record

SITE: Final = "https://www.pinterest.com"
SYSTEM: Final = (
    "pin|ideas|search|today|explore|business|login|signup|settings|categories|resource|topics|"
    "videos|about|_|discover|shop|shopping|password|logout|homefeed|pin-builder|join|source|email"
)
"""First parts of addresses that name no account."""
PIN: Final = re.compile(r"/pin/(?:[^/?#]*--)?([0-9]{5,25})(?:[/?#]|$)|[?&]id=([0-9]{5,25})")
SIGN_IN: Final = re.compile(r"https?://[\w.-]*pinterest\.[\w.]+/(?:login|signup)\b", re.IGNORECASE)
MISSING: Final = re.compile(
    r"show_error=true|couldn[’']t find that (?:page|pin|idea)|impossible de trouver cette",
    re.IGNORECASE,
)
EMBEDDED: Final = (
    '"v3GetPinQuery"', '"v3GetUserHandler"', '"repin_count"', '"repinCount"', '"follower_count"',
    '"followerCount"',
)  # fmt: skip
"""Words that the page's documents about pins and people have."""


class Pinterest(Platform):
    """The account is the user's name, or `user/board` for one board.

    The feed tells neither counts nor whether a pin is a video: the pin's own page does, which
    a refresh asks for. `saves` is how often the pin was saved. Pinterest's terms forbid scraping
    without permission: where robots.txt refuses the run, the lawful ways are the Pinterest API
    with the account's token and an export through `vigie import`.
    """

    name = "pinterest"
    title = "Pinterest"
    docs = "https://help.pinterest.com/en/business/article/create-pins-from-your-rss-feed"
    accounts = re.compile(
        r"https?://(?:[a-z]{2,3}\.)?pinterest\.(?:com?\.[a-z]{2}|com|[a-z]{2})/"
        rf"(?!(?:{SYSTEM})(?:[/?#]|$))(?P<account>[\w-]{{3,30}}(?:/(?!_|more_ideas|feed\.rss)"
        r"[\w%-]{1,200}(?=[/?#]|$))?)(?:/_?(?:created|saved|pins|boards)|/_)?/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://www.pinterest.com/maisonalpine/",
        "https://www.pinterest.com/maisonalpine/bivouac/",
        "https://fr.pinterest.com/MaisonAlpine/_created/",
        "https://www.pinterest.co.uk/maisonalpine?invite_code=x",
    )
    access = "feed"
    confidence = "thin"
    delay_s = 3.0
    hides = frozenset(("views", "edited_at", "language"))
    floor: ClassVar[Mapping[str, float]] = {"published_at": 0.9}
    base_url = SITE

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case."""
        account = super().account_of(url)
        return unquote(account).lower() if account else None

    def url_of(self, account: str) -> str:
        """The account's or the board's page."""
        return f"{SITE}/{account}/"

    def start(self, account: str) -> Iterator[Fetch]:
        """The feed of the newest pins, and the account's page for its followers."""
        yield Fetch(f"{SITE}/{account}.rss" if "/" in account else f"{SITE}/{account}/feed.rss")
        user = account.partition("/")[0]
        yield Fetch(f"{SITE}/{user}/", kind="profile", optional=True)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts, one pin a request."""
        for native_id, _ in posts:
            context = {"post": native_id}
            yield Fetch(pinterest_pins.url_of(native_id), kind="post", context=context)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A feed, a pin's page, an account's page, or an answer in JSON."""
        text = xml.decoded(page.body, page.content_type)
        if SIGN_IN.match(page.url):
            raise Blocked("login_wall")
        if not text.strip():
            raise Blocked("empty_shell", "an empty answer")
        if is_html(text):
            yield from _html(text, page)
        elif text.lstrip().startswith(("{", "[")):
            yield from _answer(text, page)
        else:
            yield from _feed(xml.root_of(page.body, page.content_type), page)


def _feed(root: Element, page: Page) -> Iterator[Record | Dropped]:
    """The channel's name and its pins. A board's name is no account's."""
    head = root.find("{*}channel")
    if xml.local(root) != "rss" or head is None:
        raise ParseError("", f"not a feed: its root is <{xml.local(root)[:80]}>")
    about = xml.children(head)
    name = text_of(first(about, "title"))
    if name and "/" not in page.account:
        yield Profile(name=name, description=text_of(first(about, "description")) or None)
    yield from each(root.iter("{*}item"), "item", lambda item: _item(item, page))


def _item(item: Element, page: Page) -> Iterator[Post]:
    found = xml.children(item)
    match = PIN.search(first(found, "guid", "link")) or PIN.search(first(found, "link"))
    if not match:
        raise ParseError("guid", "not a pin's address")
    text, title = text_of(first(found, "description")), text_of(first(found, "title"))
    moment = when(first(found, "pubDate") or None, page.fetched_at)
    yield Post(
        native_id=match[1] or match[2],
        url=pinterest_pins.url_of(match[1] or match[2]),
        published_at=moment.at if moment else None,
        published_within_s=moment.within_s if moment else 0,
        format="photo",
        title=title or None,
        text=text or None,
        media_count=1,
        hashtags=hashtags_of(f"{title}\n{text}"),
        mentions=mentions_of(text),
    )


def _html(markup: str, page: Page) -> Iterator[Record | Dropped]:
    """A pin's or an account's page, or what stands in its place."""
    match = PIN.search(page.url)
    wanted = page.fetch.context.get("post") or (match[1] or match[2] if match else None)
    documents = list(relay.documents(markup, *EMBEDDED))
    pins = pinterest_pins.pins(documents)
    if wanted is None and page.fetch.kind == "list" and len(pins) == 1:
        wanted = next(iter(pins))
    if wanted in pins:
        yield from _pin(pins[wanted], page)
    elif wanted and (told := list(pinterest_pins.described(markup, wanted))):
        yield from told
    elif MISSING.search(page.url) or MISSING.search(text_of(markup)):
        if "post" not in page.fetch.context:
            raise Blocked("gone", "no such page")
        yield Gone(page.fetch.context["post"])
    else:
        yield from _account(documents, pins, markup, page)


def _pin(pin: pinterest_pins.Node, page: Page) -> Iterator[Record]:
    """A pin, and its account's followers where it is the one that is watched."""
    yield from _head([pin], page)
    yield from pinterest_pins.records(pin, page.fetched_at)


def _head(documents: Any, page: Page) -> Iterator[Profile]:
    user = page.account.partition("/")[0]
    people = [who for document in documents for who in pinterest_pins.people(document)]
    mine = [who for who in people if str(who.get("username")).lower() == user]
    if mine:
        yield pinterest_pins.profile(mine)


def _account(
    documents: list[Any], pins: dict[str, Any], markup: str, page: Page
) -> Iterator[Record | Dropped]:
    """The account's head and the pins that its page shows, where they are its own."""
    heads = list(_head(documents, page))
    user = page.account.partition("/")[0]
    own = [pin for pin in pins.values() if pinterest_pins.pinner_of(pin) == user]
    if not heads and not own:
        raise Blocked(wall(markup) or "empty_shell", "no pins in the page")
    if not own and page.fetch.kind != "profile":
        raise Blocked("empty_shell", "the account's head without its pins")
    yield from heads
    yield from each(own, "pins", lambda pin: pinterest_pins.records(pin, page.fetched_at))


def _answer(text: str, page: Page) -> Iterator[Record | Dropped]:
    """An oEmbed answer, or one of the endpoints that the site's own pages ask."""
    try:
        node = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise ParseError("", "not a whole JSON document") from error
    failed = maybe(node, "resource_response", "error", of=dict)
    if failed:
        gone = maybe(failed, "http_status") in (404, 410)
        raise Blocked("gone" if gone else "refused", str(failed.get("message"))[:200])
    pins = pinterest_pins.pins([node])
    if pins:
        yield from _head([node], page)
        yield from each(
            pins.values(), "pins", lambda pin: pinterest_pins.records(pin, page.fetched_at)
        )
        return
    match = PIN.search(get(node, "html", of=str).replace("&amp;", "&"))
    if not match:
        raise ParseError("html", "no pin")
    yield Post(
        native_id=match[1] or match[2],
        url=pinterest_pins.url_of(match[1] or match[2]),
        published_at=None,
        format="photo",
        title=maybe(node, "title", of=str) or None,
        media_count=1,
        hashtags=hashtags_of(maybe(node, "title", of=str) or ""),
    )
