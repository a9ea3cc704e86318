"""robots.txt: what a site asks robots to leave alone, and how fast it may be asked (RFC 9309).

A file that isn't there (4xx) allows everything; one that the server fails to give (5xx) forbids
everything; a site that doesn't answer at all fails like any other request. A crawl-delay
lengthens the site's delay.
"""

import asyncio
from typing import Any, Final
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawlers.download import MOVE, OFFICIAL, site_of
from crawlers.guard import RefusedError
from crawlers.pace import DELAY, pace_of

AGENT: Final = "Vigie"
MAX_BYTES: Final = 512_000
_EXEMPT: Final = "vigie_robots"


class Robots:
    """Downloader middleware: refuses what the site's robots.txt forbids."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[Protego | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Robots":
        """As Scrapy makes it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse what is forbidden. An API that gave the user a token has let us in by that.

        Raises:
            RefusedError: with the address that robots.txt forbids.
        """
        if request.meta.get(_EXEMPT) or request.meta.get(OFFICIAL):
            return
        rules = await self._rules_for(request)
        if rules is None:
            raise RefusedError(
                f"robots.txt of {urlsplit(request.url).netloc} can't be had: the server fails"
            )
        if not rules.can_fetch(request.url, AGENT):
            raise RefusedError(f"robots.txt forbids {request.url}")

    async def _rules_for(self, request: Request) -> Protego | None:
        parts = urlsplit(request.url)
        public = f"{parts.scheme}://{parts.netloc}"
        site = f"{public} {site_of(request.url, request.meta.get(MOVE))}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._ask(public, request))
        try:
            return await asyncio.shield(self._rules[site])
        except Exception:
            # The site did not answer; the next request finds out whether it does now.
            self._rules.pop(site, None)
            raise

    async def _ask(self, public: str, request: Request) -> Protego | None:
        engine: Any = self._crawler.engine
        move = request.meta.get(MOVE)
        meta = {_EXEMPT: True, MOVE: move, DELAY: request.meta.get(DELAY)}
        site = site_of(request.url, move)
        answer = await engine.download_async(Request(f"{public}/robots.txt", meta=meta))
        if answer.status >= 500:  # noqa: PLR2004 - HTTP
            return None
        body = answer.body[:MAX_BYTES] if answer.status < 400 else b""  # noqa: PLR2004 - HTTP
        rules = Protego.parse(body.decode("utf-8", "ignore"))
        pace_of(self._crawler).at_least(site, float(rules.crawl_delay(AGENT) or 0))
        return rules
