"""The one spider: it drives any platform, one visit a channel, side by side.

Requests go through Scrapy's downloader and its middlewares (robots.txt, pace, retries, redirects,
decompression), but not through its scheduler, item pipelines and spider middlewares: a visit is a
coroutine that asks for one page at a time, and pages become batches, not items.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.http import Response

from crawlers.download import MOVE, OFFICIAL, site_of
from crawlers.pace import DELAY, pace_of
from crawlers.platform import Fetch
from crawlers.run import Run
from crawlers.settings import TIMEOUT_S
from crawlers.tokens import keyring
from crawlers.visit import Answer, Visit
from data import logs
from data.delta import StoreError

SIDE_BY_SIDE: Final = 256
"""Channels visited at a time; sites are still asked one request at a time."""
NO_BROWSER: Final = "this page needs a browser; mark its channel with `browser: true`"


class VigieSpider(Spider):
    """Visits every channel of a run."""

    name = "vigie"

    def __init__(self, run: Run, **options: Any) -> None:
        super().__init__(**options)
        self._run = run
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._started = time.monotonic()
        self._pages = 0

    async def start(self) -> AsyncIterator[Any]:
        """Make all visits; Scrapy is given nothing to schedule."""
        try:
            await asyncio.gather(*map(self._visit, self._run.visits))
        except Exception as error:  # noqa: BLE001 - Scrapy would only log it
            self._run.failure = error
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _visit(self, visit: Visit) -> None:
        logs.channel.set(visit.channel.channel_id)  # of this task alone
        async with self._places:
            try:
                if not visit.reasons:
                    await visit.run(Line(self, visit), self._run.recorder)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - one channel must never stop the others
                visit.gap = True
                visit.reasons.append(f"failed: {type(error).__name__}: {error}"[:300])
            visit.finished = True
            posts, new_posts = self._run.gain(visit)
            self._run.log("visited", visit, posts=posts, new_posts=new_posts)

    async def download(self, request: Request) -> Response:
        """One answer, through Scrapy's downloader."""
        engine: Any = self.crawler.engine
        response: Response = await engine.download_async(request)
        return response

    def now(self) -> datetime:
        """The time of a page that has just come."""
        self._pages += 1
        plan = self._run.plan
        passed = timedelta(seconds=time.monotonic() - self._started)
        if plan.frozen_clock:
            passed = timedelta(microseconds=self._pages)
        return plan.started_at.astimezone(UTC) + passed


class Line:
    """One visit's line to the network."""

    def __init__(self, spider: VigieSpider, visit: Visit) -> None:
        self._spider = spider
        self._move = visit.move
        plan_delay = spider._run.plan.delay_s  # noqa: SLF001 - of the same module
        self._delay = visit.way.delay_s if plan_delay is None else plan_delay
        self._official = visit.platform.official
        self._renders = spider.crawler.settings.getbool("VIGIE_BROWSER")

    async def ask(self, fetch: Fetch, headers: Mapping[str, str], *, browser: bool) -> Answer:
        """One answer; errors are raised."""
        meta: dict[str, Any] = {MOVE: self._move, DELAY: self._delay}
        if browser:
            if not self._renders:
                raise RuntimeError(NO_BROWSER)
            from crawlers import rendering

            meta |= rendering.meta(TIMEOUT_S)
        if fetch.official:
            meta |= {OFFICIAL: self._official, "dont_redirect": True}
        response = await self._spider.download(
            Request(
                fetch.url,
                method=fetch.method,
                headers={**fetch.headers, **headers},
                body=fetch.body or b"",
                meta=meta,
            )
        )
        answer = _answer(response)
        return keyring().cleaned(answer) if fetch.official else answer

    def pause(self, fetch: Fetch, seconds: float) -> None:
        """Ask this site nothing for so long."""
        pace_of(self._spider.crawler).pause(site_of(fetch.url, self._move), seconds)

    def now(self) -> datetime:
        """The time of a page that has just come."""
        return self._spider.now()


def _answer(response: Response) -> Answer:
    def header(name: str) -> str | None:
        value = response.headers.get(name)
        return None if value is None else value.decode("utf-8", "replace")

    return Answer(
        url=response.url,
        status=response.status,
        body=response.body,
        content_type=header("Content-Type"),
        etag=header("ETag"),
        last_modified=header("Last-Modified"),
        retry_after_s=retry_after(header("Retry-After"), time.time()),
    )


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for: a number of them, or a date."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
    except ValueError:
        return None
