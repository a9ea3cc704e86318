"""How fast each site is asked: one request at a time, a delay between two, pauses on demand."""

import time
from typing import Any, Final

from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.download import MOVE, site_of

DELAY: Final = "vigie_delay"
"""Request.meta key: seconds that the channel wants between two requests to the site."""
MAX_DELAY_S: Final = 60.0
"""A robots.txt may slow us down to this, not stop us for hours."""


class Pace:
    """Downloader middleware that keeps delays by site (host and port), in Scrapy's own slots."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._delays: dict[str, float] = {}
        self._agent = crawler.settings["USER_AGENT"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Pace":
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Put the request into the queue of the site that will really be asked; say who asks."""
        site = site_of(request.url, request.meta.get(MOVE))
        request.meta["download_slot"] = site
        request.headers.setdefault(b"User-Agent", self._agent)
        request.headers.setdefault(b"Accept", b"*/*")
        self.at_least(site, request.meta.get(DELAY) or 0.0)

    def at_least(self, site: str, delay_s: float) -> None:
        """From now on leave at least this long between two requests to the site."""
        delay = min(delay_s, MAX_DELAY_S)
        if delay <= self._delays.get(site, -1.0):
            return
        self._delays[site] = delay
        downloader = self._downloader()
        # A slot that was idle for a minute is made anew from these settings.
        downloader.per_slot_settings[site] = {"delay": delay, "concurrency": 1, "jitter": 0.0}
        if site in downloader.slots:
            downloader.slots[site].delay = delay

    def pause(self, site: str, seconds: float) -> None:
        """Ask the site nothing for so long, whichever channel it is for."""
        slot = self._downloader().slots.get(site)
        if slot is not None:
            # A slot without any delay would not look at the time.
            slot.delay = max(slot.delay, 0.001)
            slot.lastseen = max(slot.lastseen, time.monotonic() + seconds - slot.delay)

    def _downloader(self) -> Any:
        engine: Any = self._crawler.engine
        return engine.downloader


def pace_of(crawler: Crawler) -> Pace:
    """The pace that this crawl keeps."""
    pace = crawler.get_downloader_middleware(Pace)
    assert pace is not None
    return pace
