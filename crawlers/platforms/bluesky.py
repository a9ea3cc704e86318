"""Bluesky through the public AppView, which answers without signing in."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urlencode

from msgspec import Raw, structs

from crawlers.fields import decode, is_web, language_of, once, tag_of, utc
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from crawlers.wire import bluesky as wire
from data.records import Comment, Gone, Metrics, Post, Profile, Record

BATCH: Final = 25
"""Most posts that one getPosts request takes."""
YOUNG: Final = timedelta(days=30)
"""Conversations under older posts have ended: they are not asked for."""
SLASHES: Final = "at://did/collection/key".count("/")
NAMELESS: Final = ("", "handle.invalid")
"""Handles that no longer lead to their account."""
CLOCK_SKEW: Final = timedelta(minutes=5)
OTHERS: Final = ("likes", "repostedBy", "actors", "starterPack", "followers", "follows")
"""Answers of the same API that hold no posts."""


class Bluesky(Platform):
    """Accounts are handles or DIDs; posts are known by their at:// address."""

    name = "bluesky"
    title = "Bluesky"
    docs = "https://docs.bsky.app/docs/category/http-reference"
    accounts = re.compile(
        r"https?://(?:www\.)?bsky\.app/profile/(?P<account>[^/?#\s]+)/?(?:[?#]|$)"
    )
    examples = (
        "https://bsky.app/profile/maisonalpine.example",
        "https://bsky.app/profile/did:plc:maisonalpine0000000000ab",
    )
    access = "api"
    confidence = "solid"
    hides = frozenset({"views", "title", "duration_s", "edited_at", "sponsored"})
    floor: ClassVar[Mapping[str, float]] = {"likes": 0.5, "comments": 0.5, "published_at": 1.0}
    complete_lists = True
    base_url = "https://public.api.bsky.app"

    def account_of(self, url: str) -> str | None:
        """Handles are host names: their case means nothing."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The profile in Bluesky's own web client."""
        return f"https://bsky.app/profile/{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """Profile and the newest hundred lines of the author's feed."""
        yield Fetch(self._call("actor.getProfile", actor=account), kind="profile")
        feed = {"actor": account, "limit": "100", "filter": "posts_with_replies"}
        yield Fetch(self._call("feed.getAuthorFeed", **feed))

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts, 25 posts a request; reposts have none."""
        uris = [uri for uri, _ in posts if "/app.bsky.feed.post/" in uri]
        for first in range(0, len(uris), BATCH):
            batch = uris[first : first + BATCH]
            query = urlencode([("uris", uri) for uri in batch])
            url = f"{self.base_url}/xrpc/app.bsky.feed.getPosts?{query}"
            yield Fetch(url, kind="posts", context={"uris": " ".join(batch)})

    def _call(self, method: str, **query: str) -> str:
        return f"{self.base_url}/xrpc/app.bsky.{method}?{urlencode(query)}"

    def refused(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The API says in words what a status of 400 means."""
        try:
            answer = decode(wire.PATIENT, page.body)
        except ParseError:
            return super().refused(page)
        reason = answer.refusal()
        if reason == "gone" and "post" in page.fetch.context:
            return iter((Gone(native_id=page.fetch.context["post"]),))
        if reason:
            raise Blocked(reason, answer.message or answer.error or "")
        return super().refused(page)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Any answer that holds posts or a profile, told apart by its own keys."""
        if page.body.lstrip()[:1] == b"<":
            raise Blocked("empty_shell", "the web client instead of the API")
        answer: wire.Answer[Any, Any]
        try:
            answer = decode(wire.QUICK, page.body)
        except ParseError:
            answer = decode(wire.PATIENT, page.body)
        if answer.error is not None:
            raise Blocked(answer.refusal() or "refused", answer.message or answer.error)
        return self._records(answer, page)

    def _records(
        self, answer: wire.Answer[Any, Any], page: Page
    ) -> Iterator[Record | Fetch | Dropped]:
        if answer.feed is not None:
            yield from each(answer.feed, "feed", lambda entry: self._entry(entry, page))
        elif answer.posts is not None:
            yield from each(answer.posts, "posts", _posted)
            yield from _vanished(answer.posts, page.fetch)
        elif answer.records is not None:
            yield from each(answer.records, "records", _kept)
        elif answer.thread is not None:
            yield from _conversation(answer.thread, page)
        elif answer.profiles is not None:
            yield from map(_profile, answer.profiles)
        elif answer.did is not None:
            account = decode(wire.ACCOUNT, page.body)
            yield from (_profile(account),) if account.handle else ()
        elif not any(key in OTHERS for key in decode(wire.KEYS, page.body)):
            raise ParseError("", "neither feed, posts, thread nor profile")
        if answer.cursor and (answer.feed or answer.posts):
            yield _next(page.fetch, answer.cursor)

    def _entry(self, item: wire.Entry | Raw, page: Page) -> Iterator[Record | Fetch]:
        """One line of a feed, with a request for the young conversation under it."""
        entry = item if isinstance(item, wire.Entry) else decode(wire.ENTRY, item)
        shown = entry.post
        if entry.reason and entry.reason.type.endswith("#reasonRepost"):
            yield _repost(shown, entry.reason)
            return
        post = _post(shown.uri, shown.author, shown.record, shown.indexed_at, shown.embed)
        yield post
        yield _metrics(shown)
        young = post.published_at and page.fetched_at - post.published_at < YOUNG
        if young and shown.reply_count and not post.is_reply:
            query = {"uri": shown.uri, "depth": "6", "parentHeight": "0"}
            yield Fetch(
                self._call("feed.getPostThread", **query),
                kind="thread",
                context={"post": shown.uri, "did": shown.author.did},
                optional=True,
            )


def _next(fetch: Fetch, cursor: str) -> Fetch:
    """The page of a list that begins where the last one ended."""
    address, _, query = fetch.url.partition("?")
    kept = [(key, value) for key, value in parse_qsl(query) if key != "cursor"]
    url = f"{address}?{urlencode([*kept, ('cursor', cursor)])}"
    return Fetch(url, kind=fetch.kind, context=fetch.context, more=True)


def _posted(item: wire.Shown | Raw) -> Iterator[Record]:
    shown = item if isinstance(item, wire.Shown) else decode(wire.SHOWN, item)
    yield _post(shown.uri, shown.author, shown.record, shown.indexed_at, shown.embed)
    yield _metrics(shown)


def _kept(item: Raw) -> Iterator[Record]:
    kept = decode(wire.KEPT, item)
    author = wire.Author(did=kept.uri.removeprefix("at://").partition("/")[0])
    yield _post(kept.uri, author, kept.value, None, None)


def _vanished(posts: list[wire.Shown | Raw], fetch: Fetch) -> Iterator[Gone]:
    """Posts that were asked for by address and are not in the answer."""
    if asked := fetch.context.get("uris", "").split():
        shown = {
            item.uri if isinstance(item, wire.Shown) else decode(wire.POINTER, item).uri
            for item in posts
        }
        yield from (Gone(native_id=uri) for uri in asked if uri not in shown)


def _post(
    uri: str,
    author: wire.Author,
    written: wire.Written,
    indexed_at: datetime | None,
    view: wire.Embed | None,
) -> Post:
    """One post; `view` is its embed as shown, else the one stored with it counts."""
    embed = view or written.hung()
    format_, media = embed.form() if embed else ("text", 0)
    tags, mentions, links = written.marks()
    if embed and (card := embed.card()):
        links.append(card)
    return Post(
        native_id=uri,
        url=_address(uri, author),
        published_at=_moment(written.created_at, indexed_at),
        format=format_,
        text=written.text,
        language=language_of(written.langs[0]) if written.langs else None,
        media_count=media,
        hashtags=once(map(tag_of, tags)) if tags else (),
        mentions=once(mentions) if mentions else (),
        links=once(filter(is_web, links)) if links else (),
        is_reply=written.is_reply(),
    )


def _repost(shown: wire.Shown, reason: wire.Reason) -> Post:
    """Somebody else's post as shared here: its own id, so that it never meets the original's."""
    sharer = reason.by.did if reason.by else ""
    original = _post(shown.uri, shown.author, shown.record, shown.indexed_at, shown.embed)
    native_id = reason.uri or f"{sharer}/repost/{shown.uri}"
    shared_at = utc(reason.indexed_at) if reason.indexed_at else None
    return structs.replace(
        original, native_id=native_id, published_at=shared_at, is_repost=True, is_reply=False
    )


def _address(uri: str, author: wire.Author) -> str:
    if not uri.startswith("at://") or uri.count("/") != SLASHES:
        raise ParseError("uri", "not the at:// address of a post")
    named = author.handle if author.handle not in NAMELESS else author.did
    address = f"https://bsky.app/profile/{named}/post/{uri[uri.rindex('/') + 1 :]}"
    if " " in address or not address.isprintable():
        raise ParseError("author.handle", "not a handle")
    return address


def _moment(created_at: datetime, indexed_at: datetime | None) -> datetime:
    """When a post was published: as its author's software says, but never after it was seen.

    The AppView sorts alike; a post dated into the future would else stay the newest for ever.
    """
    late = indexed_at and created_at - indexed_at > CLOCK_SKEW
    moment = indexed_at if indexed_at and late else created_at
    return utc(moment)


def _metrics(shown: wire.Shown) -> Metrics:
    reposts, quotes = shown.repost_count, shown.quote_count
    return Metrics(
        native_id=shown.uri,
        likes=shown.like_count,
        comments=shown.reply_count,
        shares=reposts if quotes is None else quotes + (reposts or 0),
        saves=shown.bookmark_count,
    )


def _profile(account: wire.Account) -> Profile:
    return Profile(
        name=account.display_name or account.handle or None,
        followers=account.followers_count,
        following=account.follows_count,
        posts_total=account.posts_count,
        description=account.description,
    )


def _conversation(root: wire.Branch, page: Page) -> Iterator[Record | Dropped]:
    """The post that was asked for and everything that was answered under it."""
    if root.type.endswith("#notFoundPost") and (asked := page.fetch.context.get("post")):
        yield Gone(native_id=asked)
    if root.post is None:
        return
    _address(root.post.uri, root.post.author)
    if page.fetch.kind != "thread":
        yield from _posted(root.post)
    pending = deque((f"thread.replies[{n}]", raw, "") for n, raw in enumerate(root.replies or ()))
    while pending:
        path, raw, parent = pending.popleft()
        try:
            branch = decode(wire.BRANCH, raw)
            comment = branch.post and _comment(branch.post, root.post, parent, page)
        except ParseError as error:
            yield Dropped(f"{path}.{error.path}", error.problem)
            continue
        if branch.post and comment:
            yield comment
            below = enumerate(branch.replies or ())
            pending.extend((f"{path}.replies[{n}]", raw, comment.native_id) for n, raw in below)


def _comment(shown: wire.Shown, root: wire.Shown, parent: str, page: Page) -> Comment:
    """One answer. The at:// address of somebody else's would name them: their key stands in."""
    author_key = page.author_key(shown.author.did)
    own = shown.author.did == root.author.did
    return Comment(
        native_id=shown.uri if own else f"{author_key}/{shown.uri.rpartition('/')[2]}",
        post_native_id=root.uri,
        published_at=_moment(shown.record.created_at, shown.indexed_at),
        author_key=author_key,
        from_channel=own,
        text=shown.record.text,
        in_reply_to=parent or None,
        likes=shown.like_count,
    )
