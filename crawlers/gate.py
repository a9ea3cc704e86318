"""A guarding proxy on loopback for the browser: every byte that Chromium fetches comes through.

Playwright can stop a page's requests, but not a redirect's next hop, nor a name that resolves
differently the second time. So the browser may only speak to this proxy, which opens each
connection through the guard, counts bytes and gives up on idle ones.
"""

import asyncio
import contextlib
import secrets
import socket
from base64 import b64encode
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from crawlers.guard import RefusedAddressError, opener

HEAD_LIMIT: Final = 1 << 16
IDLE_S: Final = 30.0
CHUNK: Final = 1 << 16
BROWSERS_OWN: Final = frozenset(
    f"{name}.googleapis.com" for name in ("update", "optimizationguide-pa", "content-autofill")
) | {"accounts.google.com", "clients2.google.com", "clients2.googleusercontent.com"}
"""What Chromium asks for by itself, whatever its flags say: updates, hints, sign-in."""
DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Gate:
    """The proxy. `refused` lists why connections were not opened, in order."""

    def __init__(self, *, allow_private: bool, limit: int) -> None:
        self.refused: list[str] = []
        self.username = "vigie"
        self.password = secrets.token_urlsafe(16)
        self._open = opener(allow_private=allow_private)
        self._limit = limit
        self._server: asyncio.Server | None = None
        token = b64encode(f"{self.username}:{self.password}".encode()).decode()
        self._credential = f"Basic {token}"

    async def start(self) -> str:
        """Listen on a free port of loopback; the proxy's address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD_LIMIT)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE_S)).decode("latin-1")
            await self._answer(head, reader, writer)
        except (
            OSError,
            TimeoutError,
            ValueError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
        ):
            _say(writer, "502 Bad Gateway")
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(
        self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request, *lines = head.rstrip("\r\n").split("\r\n")
        method, target, version = request.split(" ")
        if not self._is_ours(lines):
            _say(writer, "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="v"')
            return
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme, 443)
        if host in BROWSERS_OWN:
            _say(writer, "403 Forbidden")
            return
        try:
            far_reader, far_writer = await self._connect(host, port)
        except RefusedAddressError as error:
            self.refused.append(str(error))
            _say(writer, "403 Forbidden")
            return
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await self._both_ways((reader, writer), (far_reader, far_writer))
            else:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                far_writer.write(_plain(f"{method} {path} {version}", lines))
                # One request a connection: the next may be meant for another host.
                far_writer.write(await reader.readexactly(_length(lines)))
                await self._pump(far_reader, writer)
        finally:
            far_writer.close()

    def _is_ours(self, lines: Sequence[str]) -> bool:
        """Whether the browser that we started is asking."""
        wanted = f"Proxy-Authorization: {self._credential}".encode()
        return any(secrets.compare_digest(line.encode(), wanted) for line in lines)

    async def _connect(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the first address of the host that the guard lets through."""
        loop = asyncio.get_running_loop()
        failure: OSError = OSError(f"{host} has no address")
        for info in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                sock = self._open(info)
                sock.setblocking(False)
                await asyncio.wait_for(loop.sock_connect(sock, info[4]), IDLE_S)
            except OSError as error:
                failure = error
                continue
            return await asyncio.open_connection(sock=sock)
        raise failure

    async def _both_ways(
        self,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        up = asyncio.ensure_future(self._pump(near[0], far[1]))
        try:
            await self._pump(far[0], near[1])
        finally:
            up.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, TimeoutError):
                await up

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        passed = 0
        while part := await asyncio.wait_for(source.read(CHUNK), IDLE_S):
            passed += len(part)
            if passed > self._limit:
                return
            target.write(part)
            await target.drain()


def _plain(request: str, lines: Sequence[str]) -> bytes:
    """A request as a server wants it, from what a proxy was given."""
    kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection:"))]
    return "\r\n".join([request, *kept, "Connection: close", "", ""]).encode("latin-1")


def _length(lines: Sequence[str]) -> int:
    """Bytes of a request's body."""
    named = (line.partition(":") for line in lines)
    found = [value for name, _, value in named if name.lower() == "content-length"]
    return min(int(found[0]), HEAD_LIMIT) if found else 0


def _say(writer: asyncio.StreamWriter, status: str, *headers: str) -> None:
    # A browser makes an error of its own of an answer without a body.
    size = f"Content-Length: {len(status)}"
    lines = [f"HTTP/1.1 {status}", *headers, size, "Connection: close", "", status]
    if not writer.is_closing():
        writer.write("\r\n".join(lines).encode())
