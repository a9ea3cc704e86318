"""What a run brings, on its way into the lake: pages first, then what they say.

Captures are archived in batches (by number, bytes and age), and no row is written before the page
that it came from is archived. Pages that were archived when a run was killed are read by the next
one (crawlers/recovery.py), so that rows may be written in much larger batches.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

import polars as pl
from msgspec import Struct

from crawlers.books import StoreBooks, enter
from crawlers.reading import Reading
from data.records import Capture
from data.store import Store

MAX_PAGES: Final = 500
MAX_BYTES: Final = 32_000_000
MAX_AGE_S: Final = 20.0
MAX_READINGS: Final = 5000
"""Pages whose rows are kept in memory before they are written."""


class Validator(Struct, frozen=True):
    """What a server gave to ask again with."""

    url: str
    channel_id: str
    etag: str | None
    last_modified: str | None
    reading: Reading


class Recorder:
    """Keeps captures and readings until there are enough of them to be written."""

    def __init__(
        self, store: Store, books: StoreBooks, topics: Collection[str], clock: Callable[[], float]
    ) -> None:
        self.dropped: dict[str, int] = {}
        self._store = store
        self._books = books
        self._topics = topics
        self._clock = clock
        # One thread writes, in order, also what a cancelled visit had handed over.
        self._writer = ThreadPoolExecutor(1)
        self._busy = False
        self._captures: list[Capture] = []
        self._fresh: list[Reading] = []
        self._bytes = 0
        self._since = 0.0
        self._archived: list[Reading] = []
        self._validators: list[Validator] = []

    def add(self, capture: Capture, reading: Reading) -> None:
        """Keep one page and what it said."""
        if not self._captures:
            self._since = self._clock()
        self._captures.append(capture)
        self._fresh.append(reading)
        self._bytes += len(capture.body)

    def remember(self, validator: Validator) -> None:
        """Keep what to ask again with; written when the page's rows are."""
        self._validators.append(validator)

    async def write_if_due(self) -> None:
        """Archive when there is enough; rows too, when there are very many."""
        full = len(self._captures) >= MAX_PAGES or self._bytes >= MAX_BYTES
        old = bool(self._captures) and self._clock() - self._since >= MAX_AGE_S
        if (full or old) and not self._busy:
            self._busy = True
            writing = self._writer.submit(self._write, *self._take())
            try:
                await asyncio.shield(asyncio.wrap_future(writing))
            finally:
                self._busy = False

    def finish(self) -> None:
        """Write all that is left."""
        self._writer.submit(self._write, *self._take(), last=True).result()
        self._writer.shutdown()

    def _write(
        self, captures: Sequence[Capture], readings: Sequence[Reading], *, last: bool = False
    ) -> None:
        self._archive(captures, readings)
        if last or len(self._archived) >= MAX_READINGS:
            self._enter()

    def _take(self) -> tuple[list[Capture], list[Reading]]:
        batch = self._captures, self._fresh
        self._captures, self._fresh, self._bytes = [], [], 0
        return batch

    def _archive(self, captures: Sequence[Capture], readings: Sequence[Reading]) -> None:
        if not captures:
            return
        page_ids = self._store.archive(captures)
        for reading, page_id in zip(readings, page_ids, strict=True):
            reading.page_id = page_id
        self._archived += readings

    def _enter(self) -> None:
        readings, self._archived = self._archived, []
        if readings:
            for channel_id, count in enter(self._books, readings, self._topics).items():
                self.dropped[channel_id] = self.dropped.get(channel_id, 0) + count
        self._write_validators()

    def _write_validators(self) -> None:
        """Those of pages that were archived and read well."""
        ready = [one for one in self._validators if one.reading.page_id]
        self._validators = [one for one in self._validators if not one.reading.page_id]
        rows = {
            (one.url, one.channel_id): {
                "url": one.url,
                "channel_id": one.channel_id,
                "etag": one.etag,
                "last_modified": one.last_modified,
                "page_id": one.reading.page_id,
            }
            for one in ready
            if one.reading.reason is None
        }
        if rows:
            names = ("url", "channel_id", "etag", "last_modified", "page_id")
            schema = dict.fromkeys(names, pl.String)
            self._store.merge("validators", pl.DataFrame(list(rows.values()), schema=schema))


def coverage_row(  # noqa: PLR0913 - one argument a column
    run_id: str,
    channel_id: str,
    started_at: datetime,
    *,
    pages: int,
    posts: int,
    new_posts: int,
    dropped: int,
    errors: int,
    reason: str | None,
) -> dict[str, object]:
    """One row of `coverage`; complete when there is no reason why not."""
    return {
        "run_id": run_id,
        "channel_id": channel_id,
        "started_at": started_at,
        "pages": pages,
        "posts": posts,
        "new_posts": new_posts,
        "dropped": dropped,
        "errors": errors,
        "reason": reason,
        "complete": reason is None,
    }
