"""Pages that need JavaScript: Scrapy's Playwright handler, shut in behind the gate."""

import asyncio
import os
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawlers.gate import Gate
from crawlers.guard import RefusedError
from crawlers.moves import Move

FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No traffic beside the proxy.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)
FORBIDDEN: Final = 403
QUIET_MS: Final = 5000
LOOK_S: Final = 1.0
GRACE: Final = 5
"""Looks at a browser that is gone before who waits for it is told: mostly Playwright does."""
STARTING_S: Final = 30.0
"""Playwright's own bound for the start of a browser."""
IDLE_TABS: Final = 1
"""Tabs kept for their sites' next pages: fewer than may be open, or a new one would wait."""
_UNWANTED: Final = frozenset({"image", "media", "font", "websocket", "eventsource", "manifest"})
_SETTLED: Final = "networkidle"


class Browser:
    """Renders requests marked with `playwright`; started at the first of them."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._limit = settings.getint("DOWNLOAD_MAXSIZE")
        self._patience_s = STARTING_S + 2 * settings.getfloat("DOWNLOAD_TIMEOUT")
        self._inner: Any = ScrapyPlaywrightDownloadHandler(crawler)
        self._gate = Gate(allow_private=settings.getbool("VIGIE_ALLOW_PRIVATE"), limit=self._limit)
        self._starting = asyncio.Lock()
        # Playwright's handler has as many tabs; who waits for one here is not yet timed.
        self._turns = asyncio.Semaphore(settings.getint("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT"))
        self._idle: dict[str, Any] = {}

    async def render(self, request: Request, move: Move | None) -> Response:
        """The page's document after its scripts ran, under its public address.

        Raises:
            RefusedError: a private network, or a document over the size limit.
            DownloadFailedError, DownloadTimeoutError: no answer.
        """
        await self._start()
        url = move.to_network(request.url) if move else request.url
        before = len(self._gate.refused)
        try:
            async with self._turns:
                response = await self._answered(request.replace(url=url))
        except (TimeoutError, PlaywrightTimeoutError) as error:
            raise DownloadTimeoutError(url) from error
        except PlaywrightError as error:
            if fresh := self._gate.refused[before:]:
                raise RefusedError(fresh[0]) from error
            raise DownloadFailedError(error.message.partition("\n")[0]) from error
        # The gate's own answer, after a redirect: Playwright passes on its status only.
        if response.status == FORBIDDEN and (fresh := self._gate.refused[before:]):
            raise RefusedError(fresh[-1])
        if len(response.body) > self._limit:
            raise RefusedError(f"too large: over {self._limit // 1_000_000} MB")
        public = move.to_public(response.url) if move else response.url
        found: Response = response.replace(url=public)
        return found

    async def _answered(self, asked: Request) -> Response:
        """The answer. Playwright may wait for good where its browser dies or a page crashes.

        Raises:
            TimeoutError: none came in all the time that start and page may take.
            DownloadFailedError: the browser ended.
        """
        asking = asyncio.ensure_future(self._ask(asked))
        launched, gone = self._launched(), 0
        was_there = self._is_there()
        try:
            async with asyncio.timeout(self._patience_s):
                while not (await asyncio.wait({asking}, timeout=LOOK_S))[0]:
                    was_there = was_there or self._launched() > launched
                    gone = gone + 1 if was_there and not self._is_there() else 0
                    if gone >= GRACE:
                        raise DownloadFailedError("the browser ended")
            return await asking
        finally:
            asking.cancel()

    def _launched(self) -> int:
        """How many browsers were launched so far."""
        return int(self._inner.stats.get_value("playwright/browser_count", 0))

    def _is_there(self) -> bool:
        browser = getattr(self._inner, "browser", None)
        return browser is not None and bool(browser.is_connected())

    async def _ask(self, asked: Request) -> Response:
        """The answer, through the tab that the site's last page used.

        Chromium opens a window a tab, which costs more than the page; a site keeps its own, so
        that none sees what another left there.
        """
        site = urlsplit(asked.url).netloc
        if site not in self._idle and len(self._idle) >= IDLE_TABS:
            await self._idle.pop(next(iter(self._idle))).close()
        asked.meta["playwright_include_page"] = True
        asked.meta["playwright_page"] = self._idle.pop(site, None)
        try:
            response: Response = await self._inner.download_request(asked)
        except BaseException:
            if (tab := asked.meta["playwright_page"]) is not None:
                await tab.close()
            raise
        tab = asked.meta.pop("playwright_page")
        if site in self._idle or len(self._idle) >= IDLE_TABS:
            await tab.close()
        else:
            self._idle[site] = tab
        return response

    async def close(self) -> None:
        """Close the browser and its gate."""
        with suppress(TimeoutError):  # what is left of a browser that died ends with this process
            async with asyncio.timeout(STARTING_S):
                await self._inner.close()
        await self._gate.close()

    async def _start(self) -> None:
        # Nothing may be rendered before the browser knows that it may only speak to the gate.
        async with self._starting:
            if "proxy" not in self._inner.config.launch_options:
                self._inner.config.launch_options["proxy"] = {
                    "server": await self._gate.start(),
                    # Chromium would go past the proxy for loopback.
                    "bypass": "<-loopback>",
                    "username": self._gate.username,
                    "password": self._gate.password,
                }


def launch_options(chromium: str | None) -> dict[str, Any]:
    """How Chromium is started."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    return {"args": flags, **({"executable_path": chromium} if chromium else {})}


def unwanted(request: Any) -> bool:
    """Whether a page's request is left out: what reads no text needs no pictures."""
    scheme = urlsplit(request.url).scheme
    return request.resource_type in _UNWANTED or scheme not in {"http", "https", "data", "blob"}


async def settle(page: Any) -> None:
    """Wait until the page's scripts have stopped asking, or a while."""
    with suppress(PlaywrightTimeoutError):
        await page.wait_for_load_state(_SETTLED, timeout=QUIET_MS)


def meta(timeout_s: float) -> dict[str, Any]:
    """Request.meta of a request that is to be rendered."""
    return {
        "playwright": True,
        "playwright_page_methods": [PageMethod(settle)],
        "playwright_page_goto_kwargs": {"wait_until": "load", "timeout": timeout_s * 1000},
    }
