"""The metrics on a port of this machine, for a monitor that scrapes: GET /metrics."""

import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

from data.store import Store
from flows.watching import metrics
from flows.words.problems import Unusable

HOST: Final = "127.0.0.1"
NAMES: Final = (HOST, "localhost")
FRESH_S: Final = 10.0
"""An answer is given again for so long: scrapes can't be made to cost more than that."""
TIMEOUT_S: Final = 10.0


class Scraped(ThreadingHTTPServer):
    """Serves a lake's metrics while it is entered.

    Raises:
        Unusable: the port is taken.
    """

    daemon_threads = True

    def __init__(self, lake: str, port: int) -> None:
        self._lake = lake
        self._last = (float("-inf"), b"")
        self._reading = threading.Lock()
        try:
            super().__init__((HOST, port), _Answer)
        except OSError as error:
            raise Unusable(
                "--metrics-port {port}: {reason}", port=port, reason=error.strerror
            ) from None

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def told(self) -> bytes:
        """The exposition, at most some seconds old."""
        with self._reading:
            if time.monotonic() - self._last[0] > FRESH_S:
                found = metrics.families(Store(self._lake), datetime.now(UTC))
                self._last = (time.monotonic(), metrics.text(found).encode())
            return self._last[1]


class _Answer(BaseHTTPRequestHandler):
    timeout = TIMEOUT_S
    server: Scraped

    def do_GET(self) -> None:
        """The metrics; 403 where a page elsewhere asks under a name of its own, 404 elsewhere."""
        if self.headers.get("Host", "").partition(":")[0] not in NAMES:
            self.send_error(403)
            return
        if self.path.partition("?")[0] != "/metrics":
            self.send_error(404)
            return
        try:
            body = self.server.told()
        except Exception:  # noqa: BLE001 - a lake that can't be read is what a monitor must see
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", metrics.CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Scrapes are not logged."""
