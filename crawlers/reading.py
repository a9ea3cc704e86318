"""From a page to records. Pure: no clock, no network, no store.

The crawl and the replay both read through here, so that they come to the same rows.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from crawlers.platform import REASONS, Blocked, Dropped, Fetch, Page, ParseError, Platform
from crawlers.privacy import HeardPage, Terms, heard_by, kept_comments, kept_posts, theirs_among
from crawlers.watchdog import LIMIT_S, TookTooLongError, within
from data.records import Comment, Gone, Metrics, Post, Profile

LONGEST: Final = 300


class Reading(Struct):
    """What one page said. `reason` is set when it could not be had or read."""

    channel_id: str
    platform: str
    fetch: Fetch
    fetched_at: datetime
    page_id: str = ""
    profiles: list[Profile] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    metrics: list[Metrics] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    dropped: int = 0
    first_dropped: str | None = None
    reason: str | None = None
    heard: list[tuple[str, ...]] = field(default_factory=list)
    theirs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unsaid: list[str] = field(default_factory=list)

    @property
    def named(self) -> set[str]:
        """What the page calls people who are not to be stored, and posts of theirs."""
        return {name for names in (*self.heard, *self.theirs.values()) for name in names if name}


def read(platform: Platform, page: Page, channel_id: str, terms: Terms | None = None) -> Reading:
    """Everything that the page says, or a plain reason why it says nothing.

    On `terms`, people who are not to be stored are left out, as is what is too old; `heard` then
    holds the names that the page gave those who comment, `theirs` what stands for their posts,
    `unsaid` what they said.

    A page that fails half-way gives no records at all: half a list would look like deletions.
    """
    page = page if terms is None else heard_by(page, terms)
    reading = Reading(channel_id, platform.name, page.fetch, page.fetched_at)
    if isinstance(page, HeardPage):
        reading.heard = page.heard
    dropped: list[Dropped] = []
    file = _drawers(reading) | {Dropped: dropped.append}
    try:
        with within(LIMIT_S):
            for item in platform.read(page):
                file[type(item)](item)
    except TookTooLongError:
        return _failed(reading, f"not readable: it takes over {LIMIT_S:.0f} s")
    except Blocked as wall:
        detail = f" ({wall.detail})" if wall.detail else ""
        return _failed(reading, f"{wall.reason}: {REASONS[wall.reason]}{detail}")
    except ParseError as error:
        return _failed(reading, f"not readable: {error}")
    except Exception as error:  # noqa: BLE001 - a page must never stop the others
        return _failed(reading, f"not readable: {type(error).__name__}: {error}"[:LONGEST])
    reading.dropped = len(dropped)
    reading.first_dropped = next((f"{one.path}: {one.reason}" for one in dropped), None)
    told = terms or Terms()
    reading.theirs = theirs_among(reading.posts, channel_id, told)
    without = kept_posts(reading.posts, reading.metrics, reading.theirs, told)
    reading.unsaid = kept_comments(reading.comments, without, told)
    return reading


def _drawers(reading: Reading) -> dict[type[Any], Callable[[Any], None]]:
    """Where each kind of what a platform yields is put."""
    return {
        Profile: reading.profiles.append,
        Post: reading.posts.append,
        Metrics: reading.metrics.append,
        Comment: reading.comments.append,
        Gone: reading.gone.append,
        Fetch: reading.fetches.append,
    }


def _failed(reading: Reading, reason: str) -> Reading:
    return Reading(
        reading.channel_id, reading.platform, reading.fetch, reading.fetched_at, reason=reason,
        heard=reading.heard,
    )  # fmt: skip
