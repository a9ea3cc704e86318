"""Home pages asked for as a crawl asks: through the guard, robots.txt, pace and size limits.

`python -m crawlers discover --plan FILE|-` carries out one Errand, in a process of its own.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from scrapy import Request, Spider
from scrapy.http import Response

from crawlers.discover.findings import Site, joined
from crawlers.discover.networks import host_of
from crawlers.discover.page import discover, pages_to_visit
from crawlers.formats import xml
from crawlers.formats.walls import is_html, wall
from crawlers.pace import DELAY
from crawlers.plan import Plan, PlanError
from crawlers.platform import REASONS
from crawlers.process import Process
from crawlers.registry import platforms
from crawlers.settings import settings_for
from crawlers.visit import plain_reason

WELL: Final = range(200, 300)


class Errand(Struct, frozen=True, forbid_unknown_fields=True):
    """Which home pages to look at, in order, and how politely.

    `max_pages` counts the home page; the others are its contact, about and blog pages.
    """

    urls: tuple[str, ...]
    max_pages: int = 4
    obey_robots: bool = True
    allow_private_networks: bool = False
    contact: str | None = None
    delay_s: float = 1.0


class NotHadError(Exception):
    """A page that could not be had; the message says why."""


class Scout(Spider):
    """Asks for the pages of every site, side by side; of one site one after the other."""

    name = "vigie-discover"

    def __init__(self, errand: Errand, found: dict[str, Site], **options: Any) -> None:
        super().__init__(**options)
        self._errand = errand
        self._found = found

    async def start(self) -> AsyncIterator[Any]:
        """Look at all sites; Scrapy is given nothing to schedule."""
        await asyncio.gather(*map(self._site, self._errand.urls))
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _site(self, url: str) -> None:
        try:
            home = await self._page(url)
        except NotHadError as error:
            self._found[url] = Site(url, host_of(url), problems=(f"{url}: {error}",))
            return
        kind = _content_type(home)
        # A shop may send its visitors on: what it says is said of where they arrive.
        sites = [replace(discover(home.body, home.url, kind), url=url)]
        others = pages_to_visit(home.body, home.url, kind)
        for other in others[: self._errand.max_pages - 1]:
            try:
                page = await self._page(other)
            except NotHadError as error:
                sites.append(Site(other, "", problems=(f"{other}: {error}",)))
            else:
                sites.append(discover(page.body, page.url, _content_type(page)))
        self._found[url] = joined(sites)

    async def _page(self, url: str) -> Response:
        """One HTML page.

        Raises:
            NotHadError: no answer, a refusal, a wall, or no HTML.
        """
        engine: Any = self.crawler.engine
        request = Request(url, meta={DELAY: self._errand.delay_s})
        try:
            response: Response = await engine.download_async(request)
        except Exception as error:
            raise NotHadError(plain_reason(error, platforms()["website"])) from error
        if response.status not in WELL:
            raise NotHadError(f"HTTP {response.status}")
        markup = xml.decoded(response.body, _content_type(response))
        if not is_html(markup.lstrip()):
            raise NotHadError("not an HTML page")
        reason = wall(markup)
        # A page drawn by scripts may still name its channels around what is missing.
        bare = reason == "empty_shell" and discover(response.body, response.url).channels
        if reason and not bare:
            raise NotHadError(f"{reason}: {REASONS[reason]}")
        return response


def load(text: bytes) -> Errand:
    """The errand in a JSON document.

    Raises:
        PlanError: it is no such document.
    """
    try:
        return msgspec.json.decode(text, type=Errand)
    except msgspec.MsgspecError as error:
        raise PlanError(f"the plan can't be read: {error}") from error


def carry_out(errand: Errand) -> list[Site]:
    """What was found for each address, in their order. Once a process, as every crawl."""
    found: dict[str, Site] = {}
    plan = Plan(
        run_id="discover",
        lake="",
        started_at=datetime.now(UTC),
        channels=(),
        obey_robots=errand.obey_robots,
        allow_private_networks=errand.allow_private_networks,
        contact=errand.contact,
    )
    process = Process(settings_for(plan))
    process.crawl(Scout, errand=errand, found=found)
    process.start()
    return [found[url] for url in errand.urls if url in found]


def _content_type(response: Response) -> str | None:
    value = response.headers.get("Content-Type")
    return None if value is None else value.decode("latin-1")
