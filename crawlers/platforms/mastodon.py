"""Mastodon and every server that speaks its client API, without signing in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from msgspec import Raw

from crawlers.fields import decode, text_of, utc
from crawlers.formats import xml
from crawlers.formats.mastodon_posts import records, whole
from crawlers.formats.walls import wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from crawlers.wire import mastodon as wire
from data.records import Comment, Profile, Record

YOUNG: Final = timedelta(days=30)
"""Conversations under older posts have ended: they are not asked for."""
PAGE: Final = "40"
"""Most statuses that a server gives at once."""
ELSEWHERE: Final = (
    "youtube|tiktok|threads|medium|instagram|bsky|substack|snapchat|odysee|unsplash|figma|"
    "producthunt|hashnode|rumble|vimeo|flickr|twitch|facebook|linkedin|pinterest|telegram|x|twitter"
)
"""Sites whose addresses look alike (/@name) and that speak another language."""
OTHERS: Final = (
    {"acct", "username"}, {"name", "history"}, {"week", "statuses"}, {"options", "votes_count"},
    {"version", "title"}, {"version", "software"},
)  # fmt: skip
"""Keys of entities of the same API that hold no posts: account, tag, activity, poll, instance."""
GONE: Final = re.compile(r"not found|gone|suspended|no longer|can't be found", re.IGNORECASE)
WALL: Final = re.compile(r"token|authenticat|log ?in|sign ?in|authori[sz]", re.IGNORECASE)
SIGN_IN: Final = re.compile(r"/(?:login|auth/sign_in)/?(?:[?#]|$)")
"""Where Pixelfed and others send those who ask for what needs signing in."""
UNKNOWN: Final = re.compile(r"not implemented|no route|unknown (?:route|endpoint)", re.IGNORECASE)
CONTEXT: Final = re.compile(r"/statuses/([^/?#]+)/context")


class Mastodon(Platform):
    """Accounts are `user@host` or, for a topic, `#tag@host`; ids are opaque texts of one host."""

    name = "mastodon"
    title = "Mastodon"
    docs = "https://docs.joinmastodon.org/methods/"
    accounts = re.compile(
        rf"https?://(?!(?:[\w-]+\.)*(?:{ELSEWHERE})\.[a-z]+(?:[:/]))(?P<host>[^/?#\s@]+)/"
        r"(?:@(?P<account>[\w.-]+)|tags/(?P<tag>\w+))/?(?:[?#]|$)"
        r"|https?://(?P<kin>[^/?#\s@]*(?:pleroma|akkoma|gotosocial|pixelfed)[^/?#\s@]*)/"
        r"(?:users/)?(?!(?:api|i|site|about|login|register|main|discover|settings|notice|objects)\b)"
        r"(?P<name>[\w.-]+)/?(?:[?#]|$)"
    )
    examples = (
        "https://mastodon.example/@crete",
        "https://mastodon.example/tags/bivouac",
        "https://pleroma.example/users/crete",
        "https://pixelfed.example/crete",
    )
    access = "api"
    confidence = "solid"
    hides = frozenset({"views", "saves", "title", "sponsored"})
    floor: ClassVar[Mapping[str, float]] = {"likes": 0.5, "comments": 0.5, "published_at": 1.0}
    complete_lists = True

    def account_of(self, url: str) -> str | None:
        """`user@host` of a profile, `#tag@host` of a hashtag's page."""
        match = self.accounts.match(url)
        if not match:
            return None
        tag = match["tag"]
        user = match["account"] or match["name"] or f"#{tag.lower()}"
        return f"{user}@{(match['host'] or match['kin']).lower()}"

    def url_of(self, account: str) -> str:
        """The page in the server's own web client."""
        user, _, host = account.rpartition("@")
        return f"https://{host}/" + (f"tags/{user[1:]}" if user[:1] == "#" else f"@{user}")

    def start(self, account: str) -> Iterator[Fetch]:
        """A topic's timeline, or the account's profile, which names its id for the rest."""
        user, _, host = account.rpartition("@")
        if user.startswith("#"):
            yield Fetch(f"https://{host}/api/v1/timelines/tag/{quote(user[1:])}?limit={PAGE}")
        else:
            query = urlencode({"acct": user})
            yield Fetch(f"https://{host}/api/v1/accounts/lookup?{query}", kind="profile")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts, one post a request: what every server version understands."""
        for native_id, _ in posts:
            host, _, status = native_id.partition("/")
            url = f"https://{host}/api/v1/statuses/{quote(status)}"
            yield Fetch(url, kind="post", context={"post": native_id})

    def refused(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A server that closed its API says so in words, whatever the status."""
        gone = page.status in {404, 410}
        if gone and page.fetch.kind == "profile" and UNKNOWN.search(_error(page.body)):
            # Old Pleroma has no look-up, but takes a name for an id.
            user, _, host = page.account.rpartition("@")
            yield Fetch(f"https://{host}/api/v1/accounts/{quote(user)}", kind="account")
            return
        if not gone and page.status < 500 and WALL.search(_error(page.body)):  # noqa: PLR2004
            raise Blocked("login_wall", _error(page.body))
        yield from super().refused(page)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Any answer that holds posts or a profile, told apart by its own keys."""
        start = page.body.lstrip()[:1]
        if start == b"<":
            found = wall(xml.decoded(page.body, page.content_type)) or "empty_shell"
            reason = "login_wall" if SIGN_IN.search(page.url) else found
            raise Blocked(reason, "a web page instead of the API")
        yield from _listed(page) if start == b"[" else _single(page)


def _error(body: bytes) -> str:
    try:
        answer = decode(wire.DOCUMENT, body)
    except ParseError:
        return ""
    return f"{answer.error or ''} {answer.error_description or ''}".strip()


def _host(page: Page) -> str:
    """The server whose ids these are: by the canonical address, as the spider may move it."""
    return urlsplit(page.fetch.url).netloc.lower() or page.account.rpartition("@")[2]


def _listed(page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A list of statuses, newest first, and where it goes on."""
    try:
        statuses = decode(wire.STATUSES, page.body)
    except ParseError:
        raws = decode(wire.ITEMS, page.body)
        if all(map(_is_other, raws)):
            return
        last = next(filter(None, map(_id, reversed(raws))), "")
        yield from each(raws, "", lambda raw: _entry(decode(wire.STATUS, raw), page))
    else:
        last = str(statuses[-1].id) if statuses else ""
        yield from each(statuses, "", lambda status: _entry(status, page))
    if last:
        yield _next(page.fetch, last)


def _id(item: Raw) -> str:
    """The id of a status that may be broken elsewhere; empty when not even that is readable."""
    try:
        return str(decode(wire.MARK, item).id)
    except ParseError:
        return ""


def _is_other(item: Raw) -> bool:
    """Whether this is an entity that holds no posts, rather than a broken status."""
    try:
        keys = decode(wire.KEYS, item)
    except ParseError:
        return False
    return "content" not in keys and any(known <= keys.keys() for known in OTHERS)


def _next(fetch: Fetch, max_id: str) -> Fetch:
    address, _, query = fetch.url.partition("?")
    kept = [(key, value) for key, value in parse_qsl(query) if key not in {"max_id", "since_id"}]
    url = f"{address}?{urlencode([*kept, ('max_id', max_id)])}"
    return Fetch(url, kind=fetch.kind, context=fetch.context, more=True)


def _entry(status: wire.Status, page: Page) -> Iterator[Record | Fetch]:
    """One status of a list, with a request for the young conversation under an own post."""
    host = _host(page)
    yield from records(status, host)
    topic = page.account.startswith("#")
    if topic or status.is_reply() or not wire.absent(status.reblog):
        return
    if status.replies_count and page.fetched_at - status.created_at < YOUNG:
        yield Fetch(
            f"https://{host}/api/v1/statuses/{quote(str(status.id))}/context",
            kind="context",
            context={"post": f"{host}/{status.id}", "author": str(status.account.id)},
            optional=True,
        )


def _single(page: Page) -> Iterator[Record | Fetch | Dropped]:
    """One entity: error, conversation, status, account, quote."""
    answer, host = decode(wire.DOCUMENT, page.body), _host(page)
    if answer.error is not None:
        raise Blocked(_refusal(answer.error), answer.error)
    if answer.descendants is not None:
        yield from _context(answer.ancestors or [], answer.descendants, page)
    elif answer.created_at and not answer.acct:
        yield from records(decode(wire.STATUS, page.body), host)
    elif answer.quoted_status:
        yield from records(decode(wire.STATUS, answer.quoted_status), host)
    elif answer.acct:
        yield from _presented(decode(wire.ACCOUNT, page.body), page)
    elif not _is_other(Raw(page.body)):
        raise ParseError("", "neither statuses, conversation nor account")


def _refusal(error: str) -> str:
    if GONE.search(error):
        return "gone"
    return "login_wall" if WALL.search(error) else "refused"


def _presented(account: wire.Account, page: Page) -> Iterator[Record | Fetch]:
    """The profile and, where it was asked for to learn the account's id, its statuses."""
    hides = account.pleroma or wire.Hides()
    yield Profile(
        name=account.display_name or account.username or None,
        followers=None if hides.hide_followers_count else account.followers_count,
        following=None if hides.hide_follows_count else account.following_count,
        posts_total=account.statuses_count,
        description=text_of(account.note) if account.note is not None else None,
    )
    if page.fetch.kind in {"profile", "account"}:
        query = urlencode({"limit": PAGE, "exclude_reblogs": "false"})
        url = f"https://{_host(page)}/api/v1/accounts/{quote(str(account.id))}/statuses?{query}"
        yield Fetch(url)


def _context(above: list[Raw], below: list[Raw], page: Page) -> Iterator[Record | Dropped]:
    """Everything answered under a post; what the post itself answers are posts of their own."""
    host = _host(page)
    if "post" not in page.fetch.context:
        yield from each(above, "ancestors", lambda raw: records(decode(wire.STATUS, raw), host))
    yield from each(below, "descendants", lambda raw: (_comment(raw, _root(below, page), page),))


def _root(below: list[Raw], page: Page) -> str:
    """Id of the post that the conversation was asked for: by the request, else by its answers."""
    if "post" in page.fetch.context:
        return page.fetch.context["post"].partition("/")[2]
    asked = CONTEXT.search(page.fetch.url)
    return asked[1] if asked else str(decode(wire.STATUS, below[0]).in_reply_to_id)


def _comment(raw: Raw, root: str, page: Page) -> Comment:
    status, host = decode(wire.STATUS, raw), _host(page)
    parent = str(status.in_reply_to_id) if status.in_reply_to_id is not None else root
    return Comment(
        native_id=f"{host}/{status.id}",
        post_native_id=f"{host}/{root}",
        published_at=utc(status.created_at),
        author_key=page.author_key(
            whole(status.account.acct, host), status.account.acct, status.account.url or ""
        ),
        from_channel=str(status.account.id) == page.fetch.context.get("author"),
        text=status.words(),
        in_reply_to=None if parent == root else f"{host}/{parent}",
        likes=status.favourites_count,
    )
