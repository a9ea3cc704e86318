"""Scrapy's process for one crawl, which ends when it is told to."""

import asyncio
from typing import Final

from scrapy.crawler import AsyncCrawlerProcess, Crawler

LOOK_S: Final = 0.05


class Process(AsyncCrawlerProcess):
    """A crawl of one spider, on a loop of its own."""

    async def stop(self) -> None:
        """Stop in order.

        Scrapy forgets a stop that comes before its engine runs; the crawl would then be carried out
        and never end, since the engine takes itself for stopped.
        """
        while any(map(_is_beginning, self.crawlers)):  # noqa: ASYNC110 - nobody would tell
            await asyncio.sleep(LOOK_S)
        await super().stop()


def _is_beginning(crawler: Crawler) -> bool:
    engine = crawler._engine  # noqa: SLF001 - the public name raises where there is none yet
    return crawler.crawling and (engine is None or not engine.running)
