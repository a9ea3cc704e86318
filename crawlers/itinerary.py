"""Which pages a visit of one channel asks for, in which order, and when it stops. Pure."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from crawlers.absences import Known, key
from crawlers.platform import Fetch, Way
from crawlers.reading import Reading
from crawlers.schedule import due

MAX_PAGES: Final = 5000
MAX_DEPTH: Final = 5
MAX_EMPTY: Final = 3
"""List pages in a row without a single post, before a list is left."""
MAX_REFRESHED: Final = 500
SCHEMES: Final = ("http", "https")
TOO_MANY: Final = f"stopped after {MAX_PAGES} pages"


class Itinerary:
    """What is still to be asked for.

    Args:
        way: how the platform is asked.
        known: the channel's posts as the ledger holds them, by native id.
        now: the run's reference time.
        history_days: posts older than this are not looked for.
        full: list on through the whole history, past posts that are known.
        most_pages: ask for no more than this.
    """

    def __init__(
        self,
        way: Way,
        account: str,
        known: Mapping[str, Known],
        *,
        now: datetime,
        history_days: int,
        full: bool,
        most_pages: int | None = None,
    ) -> None:
        self.full = full
        self._left = MAX_PAGES if most_pages is None else most_pages
        self.limit: str | None = None
        self._way = way
        self._account = account
        self._known = known
        self._now = now
        self._since = now - timedelta(days=history_days)
        self._seen: set[str] = set()
        self._asked: set[tuple[str, str, str | None]] = set()
        self._waiting: deque[tuple[Fetch, int]] = deque()
        self._empty = 0
        self._refreshed = False
        self._depth = 0

    def __iter__(self) -> Iterator[Fetch]:
        """The fetches, one by one; what each brought is told to `learn` before the next."""
        self._add(self._way.start(self._account), 0)
        while True:
            if not self._waiting and not self._refreshed:
                self._refreshed = True
                self._add(self._refresh(), MAX_DEPTH)
            if not self._waiting or not self._left:
                return
            self._left -= 1
            fetch, self._depth = self._waiting.popleft()
            yield fetch

    def learn(self, reading: Reading) -> None:
        """Take up what the last fetch brought: what to ask for next follows from it."""
        follow = self._worth_more(reading)
        self._seen.update(post.native_id for post in reading.posts)
        old = {
            post.native_id
            for post in reading.posts
            if post.published_at is not None and post.published_at < self._since
        }
        wanted = (
            fetch
            for fetch in reading.fetches
            if (follow if fetch.more else self._worth_visit(fetch, old))
        )
        self._add(wanted, self._depth)

    def _add(self, fetches: Iterable[Fetch], depth: int) -> None:
        for fetch in fetches:
            deeper = depth if fetch.more else depth + 1
            if key(fetch) in self._asked or urlsplit(fetch.url).scheme not in SCHEMES:
                continue
            if deeper > MAX_DEPTH + 1:
                continue
            if len(self._asked) >= MAX_PAGES:
                self.limit = TOO_MANY
                return
            self._asked.add(key(fetch))
            self._waiting.append((fetch, deeper))

    def _worth_more(self, reading: Reading) -> bool:
        """Whether the next page of this list may bring what is not known."""
        if not reading.posts:
            self._empty += 1
            return self._empty < MAX_EMPTY
        self._empty = 0
        young = [
            post
            for post in reading.posts
            if post.published_at is None or post.published_at >= self._since
        ]
        if self.full:
            return bool(young)
        unknown = any(post.native_id not in self._known for post in young)
        return unknown or self._last_page_near(reading)

    def _last_page_near(self, reading: Reading) -> bool:
        """Whether one more page would show all posts left: then it also shows deletions."""
        if not self._way.complete_lists:
            return False
        shown = self._seen | {post.native_id for post in reading.posts}
        left = sum(
            not (post.deleted or post.is_repost or native_id in shown)
            for native_id, post in self._known.items()
        )
        return 0 < left <= len(reading.posts)

    def _worth_visit(self, fetch: Fetch, old: set[str]) -> bool:
        """Whether a page about one post is wanted: a new one, or a known one that is due."""
        native_id = fetch.context.get("post")
        if native_id is None:
            return True
        post = self._known.get(native_id)
        if post is None:
            return native_id not in old
        return not post.deleted and due(post.published_at, post.last_seen_at, self._now)

    def _refresh(self) -> Iterator[Fetch]:
        """Requests for the counts of posts that are due and were on no page of this visit."""
        wanted = [
            (post.published_at, native_id, post.url)
            for native_id, post in self._known.items()
            if native_id not in self._seen
            and not post.deleted
            and not post.is_repost
            and post.published_at is not None
            and due(post.published_at, post.last_seen_at, self._now)
        ]
        newest = sorted(wanted, reverse=True)[:MAX_REFRESHED]
        if newest:
            posts = [(native_id, url) for _, native_id, url in newest]
            yield from self._way.refresh(self._account, posts)
