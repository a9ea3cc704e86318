"""Posts that a visit should have shown and did not: they were deleted. Pure.

Only for platforms with `complete_lists`. A list starts at its first page with the newest post and
goes on through its `more` fetches. In the time that its contiguous first pages span, a known post
that no page of the visit shows is gone. The span is open towards the present; where the list ends
(no `more` fetch left), it reaches to the beginning.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from crawlers.platform import Fetch, Platform
from crawlers.reading import Reading
from data.records import Post

SEARCH: Final = "search"
"""Kind of pages whose lists are never complete."""
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
OUTLIER_NEEDS: Final = 4
"""Own posts on a list before its last one can be told to be an outlier."""
SUSPICIOUS: Final = 5
"""An empty list is believed to mean deletion of fewer known posts than this."""


class Known(Struct, frozen=True):
    """What the ledger held of a post before the visit."""

    url: str
    published_at: datetime | None
    published_within_s: float | None
    last_seen_at: datetime
    is_repost: bool
    deleted: bool


class Absence(Struct, frozen=True):
    """A known post that is gone, and the capture that shows it."""

    native_id: str
    at: datetime


def absences(
    platform: Platform, account: str, visit: Sequence[Reading], known: Mapping[str, Known]
) -> list[Absence]:
    """The known posts (by native id) that this visit's lists should show and do not."""
    if not platform.complete_lists:
        return []
    seen = {post.native_id for reading in visit for post in reading.posts}
    found: dict[str, Absence] = {}
    for pages in chains(platform, account, visit):
        since = _since(pages)
        at = pages[0].fetched_at
        missing = [
            native_id
            for native_id, post in known.items()
            if native_id not in seen and since is not None and _within(post, since, at)
        ]
        empty = not any(reading.posts for reading in pages)
        if empty and len(missing) >= SUSPICIOUS:
            continue
        found.update((native_id, Absence(native_id, at)) for native_id in missing)
    return list(found.values())


def chains(platform: Platform, account: str, visit: Sequence[Reading]) -> list[list[Reading]]:
    """The visit's lists: each first page with the contiguous pages that followed it.

    A list may be asked for by the start or by a page that had to come first (a profile that names
    the account's id). Start pages that are no list are left out: they hold no post, and are not
    of the kind "list". What a search leaves out need not be gone.
    """
    kinds = {"list", *(fetch.kind for fetch in platform.start(account))} - {SEARCH}
    yielded = {key(fetch) for reading in visit for fetch in reading.fetches if fetch.more}
    by_key = {key(reading.fetch): reading for reading in visit if reading.reason is None}
    lists = []
    for reading in by_key.values():
        if key(reading.fetch) in yielded or reading.fetch.kind not in kinds:
            continue
        pages = list(_followed(reading, by_key))
        if any(page.posts for page in pages) or reading.fetch.kind == "list":
            lists.append(pages)
    return lists


def key(fetch: Fetch) -> tuple[str, str, str | None]:
    """What tells one request from another."""
    return fetch.method, fetch.url, fetch.body


def _followed(
    reading: Reading, by_key: Mapping[tuple[str, str, str | None], Reading]
) -> Iterable[Reading]:
    passed = set()
    page: Reading | None = reading
    while page is not None and key(page.fetch) not in passed:
        passed.add(key(page.fetch))
        yield page
        following = (by_key.get(key(fetch)) for fetch in page.fetches if fetch.more)
        page = next((found for found in following if found is not None), None)


def _since(pages: Sequence[Reading]) -> datetime | None:
    """How far back the list shows every post; None when that can't be told."""
    if any(page.dropped for page in pages):
        return None
    if not any(fetch.more for fetch in pages[-1].fetches):
        return BEGINNING
    return _oldest([post for page in pages for post in page.posts if not post.is_repost])


def _oldest(posts: Sequence[Post]) -> datetime | None:
    """Time of the list's last own post.

    The order of the list decides, so that an old post pinned to its top does not stretch the
    span. A last post that lies further back than all others together span is taken for such an
    outlier (an imported post), and the one before it decides.
    """
    times = [post.published_at for post in posts if post.published_at is not None]
    if not times:
        return None
    if len(times) < OUTLIER_NEEDS:
        return times[-1]
    span = max(times[:-1]) - times[-2]
    return times[-2] if times[-2] - times[-1] > span > timedelta(0) else times[-1]


def _within(post: Known, since: datetime, until: datetime) -> bool:
    if post.deleted or post.is_repost or post.published_at is None:
        return False
    if since == BEGINNING:
        return post.last_seen_at < until
    doubt = timedelta(seconds=post.published_within_s or 0)
    return since + doubt <= post.published_at <= until and post.last_seen_at < until
