"""The market on loopback: one server for every host, at a simulated time that moves when told."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from data.market.wire import bluesky, feeds, mastodon, website, wordpress, youtube
from data.market.wire.http import Endpoint, Reply, Request, as_json, as_text
from data.market.world import Market

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    bluesky.answer, mastodon.answer, feeds.answer, wordpress.answer, youtube.answer,
    website.answer,
)  # fmt: skip
NOT_MODIFIED: Final = 304
LONGEST_BODY: Final = 1_000_000


def respond(market: Market, request: Request, now: datetime) -> Reply:
    """The market's answer to one request at a time: pure, no socket needed."""
    for endpoint in ENDPOINTS:
        reply = endpoint(market, request, now)
        if reply is not None:
            return reply
    return as_text("<!DOCTYPE html><title>404</title><p>Not found</p>", "text/html", 404)


class Served:
    """A running market.

    Attributes:
        base_url: where every platform of the market answers, such as http://127.0.0.1:8900.
        now: the simulated time; set it to move time.
    """

    def __init__(self, market: Market, port: int) -> None:
        self.market = market
        self.now = market.end
        self.server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self.server.daemon_threads = True
        self.server.served = self  # type: ignore[attr-defined]
        self.base_url = f"http://127.0.0.1:{self.server.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "demo-market"
    disable_nagle_algorithm = True
    wbufsize = -1

    @property
    def served(self) -> Served:
        served = self.server.served  # type: ignore[attr-defined]
        assert isinstance(served, Served)
        return served

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is given
        """Nothing: the demo shows its own progress."""

    def do_GET(self) -> None:
        """Any page."""
        self._serve(b"")

    def do_HEAD(self) -> None:
        """Any page's headers."""
        self._serve(b"")

    def do_POST(self) -> None:
        """A continuation, or the clock."""
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), LONGEST_BODY)) if length.isdecimal() else b""
        if urlsplit(self.path).path == "/_market/now":
            self._send(_set_clock(self.served, body))
        else:
            self._serve(body)

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        request = Request(unquote(parts.path), query, body, self.command)
        self._send(respond(self.served.market, request, self.served.now))

    def _send(self, reply: Reply) -> None:
        etag = f'W/"{hashlib.blake2b(reply.body, digest_size=12).hexdigest()}"'
        known = [tag.strip() for tag in self.headers.get("If-None-Match", "").split(",")]
        fresh = self.command in {"GET", "HEAD"} and etag in known
        is_same = fresh and reply.status == 200  # noqa: PLR2004 - HTTP OK
        self.send_response(NOT_MODIFIED if is_same else reply.status)
        self.send_header("ETag", etag)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if is_same:
            self.end_headers()
            return
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)


def _set_clock(served: Served, body: bytes) -> Reply:
    """Move time to the ISO moment in the body; answers with the time that holds now."""
    try:
        moment = datetime.fromisoformat(body.decode().strip().strip('"'))
    except ValueError:
        return as_json({"error": "send a time such as 2026-11-01T06:00:00Z"}, 400)
    served.now = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return as_json({"now": served.now.isoformat()})


@contextmanager
def serve(market: Market, port: int = 0) -> Iterator[Served]:
    """Serve the market on 127.0.0.1 until the block ends; port 0 takes any free one."""
    served = Served(market, port)
    thread = Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.server.shutdown()
        served.server.server_close()
        thread.join(timeout=5)
