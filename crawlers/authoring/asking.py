"""One page asked for as a crawl asks: through the guard, robots.txt, pace and size limits."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field
from scrapy import Request, Spider

from crawlers.pace import DELAY
from crawlers.plan import Plan
from crawlers.platform import Fetch, Page, Platform
from crawlers.process import Process
from crawlers.settings import settings_for
from crawlers.visit import plain_reason

REDIRECTED = range(300, 400)


class NotHadError(Exception):
    """A page that could not be had; the message says why and what helps."""


class Had(Struct):
    """What came: a page, or the plain reason why none did."""

    page: Page | None = None
    reason: str = "no answer"
    fetches: list[Fetch] = field(default_factory=list)


class Asker(Spider):
    """Asks for one page."""

    name = "vigie-record"

    def __init__(
        self, fetch: Fetch, account: str, platform: Platform, had: Had, **options: Any
    ) -> None:
        super().__init__(**options)
        self._fetch, self._account, self._platform, self._had = fetch, account, platform, had

    async def start(self) -> AsyncIterator[Any]:
        """Ask; Scrapy is given nothing to schedule."""
        engine: Any = self.crawler.engine
        fetch = self._fetch
        request = Request(
            fetch.url,
            method=fetch.method,
            headers=fetch.headers,
            body=fetch.body or b"",
            meta={DELAY: self._platform.delay_s},
        )
        try:
            response = await engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - said to the user in plain words
            self._had.reason = plain_reason(error, self._platform)
        else:
            kind = response.headers.get("Content-Type")
            self._had.page = Page(
                fetch,
                self._account,
                response.url,
                response.body,
                datetime.now(UTC).replace(microsecond=0),
                response.status,
                kind and kind.decode("latin-1"),
            )
        nothing: tuple[Request, ...] = ()
        for again in nothing:
            yield again


def ask(
    platform: Platform, fetch: Fetch, account: str, *, allow_private: bool, contact: str | None
) -> Page:
    """The page behind a request. Once a process, as every crawl.

    Raises:
        NotHadError: no answer, or one that must not be asked for.
    """
    if fetch.browser or platform.browser:
        raise NotHadError(
            f"{fetch.url}: needs a browser; save the page in one and give it with --file"
        )
    plan = Plan(
        run_id="record",
        lake="",
        started_at=datetime.now(UTC),
        channels=(),
        allow_private_networks=allow_private,
        contact=contact,
    )
    had = Had()
    process = Process(settings_for(plan))
    process.crawl(Asker, fetch=fetch, account=account, platform=platform, had=had)
    process.start()
    if had.page is None or had.page.status in REDIRECTED:
        reason = had.reason if had.page is None else "redirected to what is no web address"
        raise NotHadError(f"{fetch.url}: {reason}. Nothing was written. {_cure(reason)}")
    return had.page


def _cure(reason: str) -> str:
    if reason.startswith("robots.txt"):
        return "The site asks robots to stay away: use its official API or an export."
    if "private network" in reason:
        return "Add --allow-private-networks where the server is your own."
    return "Check the address, or save the page in a browser and give it with --file."
