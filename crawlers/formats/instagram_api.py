"""Instagram's Business Discovery (Graph API), asked instead of its pages by those who have a token.

It shows business and creator accounts to another such account: head, posts and their counts.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from crawlers.fields import instant, maybe
from crawlers.formats.instagram_items import Node, item_records, profile_of
from crawlers.platform import Blocked, Dropped, Fetch, Official, Page, ParseError, each
from data.records import Post, Profile, Record

API: Final = "https://graph.facebook.com"
OWN: Final = f"{API}/v24.0/me?"
"""`me` stands for the number of the account that asks."""
PER_PAGE: Final = 50
MEDIA: Final = (
    "caption,permalink,timestamp,media_type,media_product_type,like_count,comments_count,"
    "view_count,children{media_type}"
)
HEAD: Final = "username,name,biography,followers_count,follows_count,media_count"
NAME: Final = re.compile(r"[a-z0-9_.]{1,30}", re.IGNORECASE)
CURSOR: Final = re.compile(r"[\w=+/.-]{1,400}", re.ASCII)
LINK: Final = re.compile(
    r"https://www\.instagram\.com/(?:[\w.]+/)?(?:p|reel|tv)/([\w-]+)", re.ASCII
)
KINDS: Final = {"IMAGE": 1, "VIDEO": 2, "CAROUSEL_ALBUM": 8}
NOBODY: Final = 110
LIMITS: Final = frozenset((4, 17, 32, 613, 80002))
TOKEN: Final = frozenset((10, 102, 190, 803, *range(200, 300)))
"""Codes of the Graph API: the token is invalid, has ended, or lacks a permission."""


class InstagramApi(Official):
    """One answer holds the account and a page of its posts."""

    origin = API
    needs = ("instagram_token", "instagram_user_id")
    header = ("Authorization", "Bearer {instagram_token}")
    placed = {"/me?": "/{instagram_user_id}?"}  # noqa: RUF012

    def start(self, account: str) -> Iterator[Fetch]:
        """The account and its newest posts."""
        yield _ask(account, "")

    def refused(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The Graph API says why, by a number."""
        try:
            error = maybe(_decoded(page.body), "error", of=dict)
        except ParseError:
            error = None
        if error is None:
            return super().refused(page)
        raise _refusal(error, page.account)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The account's head, its posts and where they go on."""
        document = _decoded(page.body)
        if error := maybe(document, "error", of=dict):
            raise _refusal(error, page.account)
        account = maybe(document, "business_discovery", of=dict)
        if account is None:
            raise ParseError("business_discovery", "missing")
        if page.fetch.kind == "list" and not page.fetch.more:
            yield _head(account)
        items = maybe(account, "media", "data", of=list)
        if items is None and maybe(account, "media_count") not in (0, None):
            raise ParseError("business_discovery.media.data", "missing")
        yield from each(items or (), "business_discovery.media.data", _post)
        after = maybe(account, "media", "paging", "cursors", "after", of=str) or ""
        if items and CURSOR.fullmatch(after):
            yield msgspec.structs.replace(_ask(page.account, after), more=True)


def _ask(account: str, after: str) -> Fetch:
    if not NAME.fullmatch(account):
        raise ParseError("account", "not a name of Instagram's")
    page = f".after({after})" if after else ""
    media = f"media{page}.limit({PER_PAGE}){{{MEDIA}}}"
    fields = f"business_discovery.username({account}){{{HEAD},{media}}}"
    return Fetch(OWN + urlencode({"fields": fields}), official=True)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ParseError("", f"not a whole JSON document: {error}"[:200]) from error


def _refusal(error: Node, account: str) -> Blocked:
    code, said = maybe(error, "code", of=int) or 0, maybe(error, "message", of=str) or ""
    if code == NOBODY:
        return Blocked("refused", f"no business or creator account is called {account}: "
                       "the official API shows no others")  # fmt: skip
    if code in LIMITS:
        return Blocked("rate_limited", "the hourly limit of VIGIE_INSTAGRAM_TOKEN is reached")
    if code in TOKEN:
        settings = "VIGIE_INSTAGRAM_TOKEN or VIGIE_INSTAGRAM_USER_ID"
        return Blocked("needs_token", f"{settings} is refused: {said}"[:200])
    return Blocked("refused", said[:200])


def _head(account: Node) -> Profile:
    """As the public pages give it, whose names for two counts differ."""
    return profile_of(
        {"full_name": account.get("name"), "following_count": account.get("follows_count"),
         **account}
    )  # fmt: skip


def _post(item: Any) -> Iterator[Record]:
    """A post, brought into the form that Instagram's own pages have it in."""
    link = LINK.match(maybe(item, "permalink", of=str) or "")
    moment = instant(maybe(item, "timestamp", of=str) or "")
    kind = KINDS.get(maybe(item, "media_type", of=str) or "")
    for name, found in (("permalink", link), ("timestamp", moment), ("media_type", kind)):
        if not found:
            raise ParseError(name, "missing or unknown")
    pieces = maybe(item, "children", "data", of=list)
    known = {
        "code": link and link[1],
        "taken_at": moment and int(moment.timestamp()),
        "media_type": kind,
        "product_type": "clips" if maybe(item, "media_product_type") == "REELS" else "feed",
        "caption": maybe(item, "caption", of=str),
        "like_count": maybe(item, "like_count", of=int),
        "comment_count": maybe(item, "comments_count", of=int),
        "view_count": maybe(item, "view_count", of=int),
        "carousel_media": pieces,
    }
    for record in item_records(known):
        hidden = isinstance(record, Post) and record.format == "carousel" and not pieces
        yield msgspec.structs.replace(record, media_count=None) if hidden else record
