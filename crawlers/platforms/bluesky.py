"""Bluesky through the public AppView, which answers without signing in."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlencode

from msgspec import Raw

from crawlers.fields import decode
from crawlers.formats import bluesky_posts
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from crawlers.wire import bluesky as wire
from data.records import Comment, Gone, Record

BATCH: Final = 25
"""Most posts that one getPosts request takes."""
YOUNG: Final = timedelta(days=30)
"""Conversations under older posts have ended: they are not asked for."""
SHUT: Final = (401, 403)
OTHERS: Final = ("likes", "repostedBy", "actors", "starterPack", "followers", "follows")
"""Answers of the same API that hold no posts."""


class Bluesky(Platform):
    """Accounts are handles or DIDs, topics `#tag` or `search/words`; posts at:// addresses."""

    name = "bluesky"
    title = "Bluesky"
    docs = "https://docs.bsky.app/docs/category/http-reference"
    accounts = re.compile(
        r"https?://(?:www\.)?bsky\.app/(?:profile/(?P<account>[^/?#\s]+)/?(?:[?#]|$)"
        r"|hashtag/(?P<tag>[^/?#\s]+)|search\?(?:[^#\s]*&)?q=(?P<words>[^&#\s]+))"
    )
    examples = (
        "https://bsky.app/profile/maisonalpine.example",
        "https://bsky.app/profile/did:plc:maisonalpine0000000000ab",
        "https://bsky.app/hashtag/bivouac",
        "https://bsky.app/search?q=bivouac+tarp",
    )
    access = "api"
    confidence = "solid"
    hides = frozenset({"views", "title", "duration_s", "edited_at", "sponsored"})
    floor: ClassVar[Mapping[str, float]] = {"likes": 0.5, "comments": 0.5, "published_at": 1.0}
    complete_lists = True
    base_url = "https://public.api.bsky.app"

    def account_of(self, url: str) -> str | None:
        """Handles are host names: their case means nothing. Topics are `#tag`, `search/words`."""
        match = self.accounts.match(url)
        if not match:
            return None
        if match["tag"]:
            return f"#{unquote(match['tag']).lower()}"
        if match["words"]:
            return f"search/{unquote_plus(match['words'])}"
        return match["account"].lower()

    def url_of(self, account: str) -> str:
        """The profile, or the topic's page, in Bluesky's own web client."""
        if account.startswith("#"):
            return f"https://bsky.app/hashtag/{quote(account[1:])}"
        if account.startswith("search/"):
            return f"https://bsky.app/search?q={quote_plus(account.removeprefix('search/'))}"
        return f"https://bsky.app/profile/{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """Profile and the newest hundred lines of the author's feed; of a topic, what is found."""
        if account.startswith(("#", "search/")):
            words = {"q": account.removeprefix("search/"), "sort": "latest", "limit": "100"}
            yield Fetch(self._call("feed.searchPosts", **words), kind="search")
            return
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
        """The API says in words what a status of 400 means; its search may want a sign-in."""
        if page.fetch.kind == "search" and page.status in SHUT:
            raise Blocked("login_wall", f"the search answers HTTP {page.status} without sign-in")
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
            yield from each(answer.posts, "posts", bluesky_posts.posted)
            yield from bluesky_posts.vanished(answer.posts, page.fetch)
        elif answer.records is not None:
            yield from each(answer.records, "records", bluesky_posts.kept)
        elif answer.thread is not None:
            yield from _conversation(answer.thread, page)
        elif answer.profiles is not None:
            yield from map(bluesky_posts.profile, answer.profiles)
        elif answer.did is not None:
            account = decode(wire.ACCOUNT, page.body)
            yield from (bluesky_posts.profile(account),) if account.handle else ()
        elif not any(key in OTHERS for key in decode(wire.KEYS, page.body)):
            raise ParseError("", "neither feed, posts, thread nor profile")
        if answer.cursor and (answer.feed or answer.posts):
            yield _next(page.fetch, answer.cursor)

    def _entry(self, item: wire.Entry | Raw, page: Page) -> tuple[Record | Fetch, ...]:
        """One line of a feed, with a request for the young conversation under it."""
        entry = item if isinstance(item, wire.Entry) else decode(wire.ENTRY, item)
        shown = entry.post
        if entry.reason and entry.reason.type.endswith("#reasonRepost"):
            return (bluesky_posts.repost(shown, entry.reason),)
        post = bluesky_posts.post(
            shown.uri, shown.author, shown.record, shown.indexed_at, shown.embed
        )
        counts = bluesky_posts.metrics(shown)
        young = post.published_at and page.fetched_at - post.published_at < YOUNG
        if not (young and shown.reply_count) or post.is_reply:
            return post, counts
        query = {"uri": shown.uri, "depth": "6", "parentHeight": "0"}
        thread = Fetch(
            self._call("feed.getPostThread", **query),
            kind="thread",
            context={"post": shown.uri, "did": shown.author.did},
            optional=True,
        )
        return post, counts, thread


def _next(fetch: Fetch, cursor: str) -> Fetch:
    """The page of a list that begins where the last one ended."""
    address, _, query = fetch.url.partition("?")
    kept = [(key, value) for key, value in parse_qsl(query) if key != "cursor"]
    url = f"{address}?{urlencode([*kept, ('cursor', cursor)])}"
    return Fetch(url, kind=fetch.kind, context=fetch.context, more=True)


def _conversation(root: wire.Branch, page: Page) -> Iterator[Record | Dropped]:
    """The post that was asked for and everything that was answered under it."""
    if root.type.endswith("#notFoundPost") and (asked := page.fetch.context.get("post")):
        yield Gone(native_id=asked)
    if root.post is None:
        return
    bluesky_posts.address(root.post.uri, root.post.author)
    if page.fetch.kind != "thread":
        yield from bluesky_posts.posted(root.post)
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
    author_key = page.author_key(shown.author.did, shown.author.handle)
    own = shown.author.did == root.author.did
    return Comment(
        native_id=shown.uri if own else f"{author_key}/{shown.uri.rpartition('/')[2]}",
        post_native_id=root.uri,
        published_at=bluesky_posts.moment(shown.record.created_at, shown.indexed_at),
        author_key=author_key,
        from_channel=own,
        text=shown.record.text,
        in_reply_to=parent or None,
        likes=shown.like_count,
    )
