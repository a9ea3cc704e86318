"""The network edge: one request out, one bounded answer back.

A download handler of our own rather than Scrapy's: it opens connections through the guard, puts
moved origins in place, counts bytes while they arrive, and costs a third of the time per page.
Requests marked for the browser go to Playwright, whose traffic runs through the same guard.
"""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import yarl
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Headers, Response

from crawlers.guard import RefusedAddressError, RefusedError, opener
from crawlers.moves import Move, origin
from crawlers.platform import Official
from crawlers.tokens import keyring

MOVE: Final = "vigie_move"
"""Request.meta key of the channel's Move."""
OFFICIAL: Final = "vigie_official"
"""Request.meta key of the Official whose token the request carries."""
UNAUTHORIZED: Final = 401
_SKIPPED: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
_BUFFER: Final = 1 << 20


def too_large(limit: int) -> RefusedError:
    """The answer is over the size limit."""
    return RefusedError(f"too large: over {limit // 1_000_000} MB")


class Edge(BaseDownloadHandler):
    """Scrapy's handler of http and https."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._limit = settings.getint("DOWNLOAD_MAXSIZE")
        self._agent = settings["USER_AGENT"]
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._allow_private = settings.getbool("VIGIE_ALLOW_PRIVATE")
        self._session: aiohttp.ClientSession | None = None
        self._browser = None
        if settings.getbool("VIGIE_BROWSER"):
            from crawlers.rendering import Browser

            self._browser = Browser(crawler)

    async def download_request(self, request: Request) -> Response:
        """The answer to one request, under its public address.

        Raises:
            RefusedError: a private network, or too many bytes.
            scrapy.exceptions.DownloadFailedError and its like: no answer.
        """
        move: Move | None = request.meta.get(MOVE)
        if self._browser is not None and request.meta.get("playwright"):
            return await self._browser.render(request, move)
        try:
            return await self._ask(request, move)
        except TimeoutError as error:
            raise DownloadTimeoutError(request.url) from error
        except aiohttp.ClientError as error:
            raise translated(error) from error

    async def _ask(self, request: Request, move: Move | None) -> Response:
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in request.headers.items()
            for value in values
        ]
        url, official = request.url, request.meta.get(OFFICIAL)
        if official:
            url, carrier = await self._signed(url, official, move)
            headers += carrier.items()
        url = move.to_network(url) if move else url
        async with self._client().request(
            request.method,
            yarl.URL(url, encoded=True),
            data=request.body or None,
            headers=headers,
            allow_redirects=False,
        ) as answer:
            body = await self._body(answer)
            if official and answer.status == UNAUTHORIZED:
                keyring().forget(official)
            found = Headers(list(answer.headers.items()))
            if move and (location := answer.headers.get("Location")):
                found["Location"] = move.to_public(location, request.url)
            return Response(
                request.url, status=answer.status, headers=found, body=body, request=request
            )

    async def _signed(
        self, url: str, official: Official, move: Move | None
    ) -> tuple[str, dict[str, str]]:
        """The address and the header by which the user's token goes along."""

        async def post(url: str, headers: Mapping[str, str], data: bytes) -> tuple[int, bytes]:
            to = Move(origin(url), move.actual).to_network(url) if move else url
            named = {**headers, "User-Agent": self._agent, "Accept-Encoding": "identity"}
            async with self._client().post(
                to, data=data, headers=named, allow_redirects=False
            ) as answer:
                return answer.status, await self._body(answer)

        return await keyring().signed(url, official, post)

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        if (answer.content_length or 0) > self._limit:
            answer.close()
            raise too_large(self._limit)
        parts = []
        size = 0
        async for part in answer.content.iter_any():
            size += len(part)
            if size > self._limit:
                answer.close()
                raise too_large(self._limit)
            parts.append(part)
        return b"".join(parts)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=opener(allow_private=self._allow_private),
                    limit=0,
                    ttl_dns_cache=60,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=_SKIPPED,
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                trust_env=False,
                read_bufsize=_BUFFER,
            )
        return self._session

    async def close(self) -> None:
        """Close every connection, and the browser."""
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)
        if self._browser is not None:
            await self._browser.close()


def translated(error: aiohttp.ClientError) -> Exception:
    """An error of aiohttp's as the rest of the crawl knows it."""
    if isinstance(error, aiohttp.ClientConnectorError):
        cause = error.os_error
        if isinstance(cause, RefusedAddressError) or "private network" in str(cause):
            return RefusedError(str(cause))
        if isinstance(error, aiohttp.ClientConnectorDNSError):
            return CannotResolveHostError(str(error))
        return DownloadConnectionRefusedError(str(error))
    return DownloadFailedError(str(error) or type(error).__name__)


def site_of(url: str, move: Move | None) -> str:
    """What politeness is counted by: host and port that are really asked."""
    return urlsplit(move.to_network(url) if move else url).netloc.lower()
