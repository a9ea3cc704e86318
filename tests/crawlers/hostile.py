"""A server on loopback that misbehaves: the first part of a path names how."""

import gzip
import json
import threading
import time
import zlib
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import brotli

MEGABYTE = 1 << 20
POSTS = 12
PER_PAGE = 5


def post(number: int, **more):
    return {
        "id": f"p{number}",
        "at": f"2026-03-{number + 1:02d}T08:00:00Z",
        "likes": number,
        **more,
    }


def well_behaved(query):
    """Newest first, five a page."""
    posts = [post(number) for number in reversed(range(POSTS))]
    start = int(query.get("from", ["0"])[0])
    page = {"posts": posts[start : start + PER_PAGE]}
    if start + PER_PAGE < POSTS:
        page["next"] = f"list.json?from={start + PER_PAGE}"
    return page


@cache
def deflated(size: int) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    parts = [packer.compress(bytes(MEGABYTE)) for _ in range(size // MEGABYTE)]
    return b"".join([*parts, packer.flush()])


class Hostile(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[tuple[float, str, dict[str, str]]]

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self):
        parts = urlsplit(self.path)
        _, manner, *rest = parts.path.split("/")
        self.asked.append((time.monotonic(), self.path, dict(self.headers)))
        self.manner = manner
        if rest == ["robots.txt"]:
            self.robots(manner)
        else:
            getattr(self, f"be_{manner}", self.be_ok)(parse_qs(parts.query))

    def robots(self, manner):
        if manner == "forbidden":
            self.say(b"User-agent: *\nDisallow: /\n", "text/plain")
        elif manner == "crawldelay":
            self.say(b"User-agent: Vigie\nCrawl-delay: 1\n", "text/plain")
        elif manner == "brokenrobots":
            self.say(b"oops", "text/plain", status=500)
        else:
            self.say(b"", "text/plain", status=404)

    def say(self, body, kind="application/json", status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def go(self, where):
        self.say(b"", status=302, Location=where)

    def be_ok(self, query):
        self.say(self.page(well_behaved(query)))

    def page(self, document):
        """Posts of one manner are not those of another."""
        for one in document["posts"]:
            one["id"] = f"{self.manner}-{one['id']}"
        return json.dumps(document).encode()

    be_crawldelay = be_ok

    def be_gone(self, _):
        self.say(b"no such account", "text/plain", status=404)

    def be_wall(self, _):
        self.say(b"<html>please log in</html>", "text/html")

    def be_patience(self, query):
        if sum("/patience/list" in path for _, path, _ in self.asked) == 1:
            self.say(b"", status=429, Retry_After="1")
        else:
            self.be_ok(query)

    def be_overloaded(self, _):
        self.say(b"", status=429, Retry_After="500")

    def be_metadata(self, _):
        self.go("http://169.254.169.254/latest/meta-data/")

    def be_mapped(self, _):
        self.go("http://[::ffff:169.254.169.254]/latest/meta-data/")

    def be_file(self, _):
        self.go("file:///etc/passwd")

    def be_loop(self, query):
        self.go(f"list.json?again={int(query.get('again', ['0'])[0]) + 1}")

    def be_moved(self, query):
        if "there" in query:
            self.be_ok(query)
        else:
            # A server that knows itself by its actual address only.
            self.go(f"http://{self.headers['Host']}/moved/list.json?there=1")

    def be_scripted(self, query):
        """A page that is empty until its script has run; the script also asks for secrets."""
        posts = self.page(well_behaved({})).decode()
        self.say(
            f"""<html><body><pre id="posts"></pre><script>
            fetch("http://169.254.169.254/latest/").then(() => document.write("le" + "ak"));
            fetch("http://127.0.0.2:9/").catch(() => null);
            document.getElementById("posts").textContent = JSON.stringify({posts});
            </script></body></html>""".encode(),
            "text/html; charset=utf-8",
        )

    def be_huge(self, _):
        self.send_response(200)
        self.send_header("Content-Length", str(2 << 30))
        self.end_headers()
        for _ in range(2048):
            self.wfile.write(bytes(MEGABYTE))

    def be_endless(self, _):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(2048):
            self.wfile.write(b"100000\r\n" + bytes(MEGABYTE) + b"\r\n")

    def be_gzipbomb(self, _):
        self.say(deflated(64 * MEGABYTE), Content_Encoding="gzip")

    def be_doublebomb(self, _):
        self.say(gzip.compress(deflated(64 * MEGABYTE)), Content_Encoding="gzip, gzip")

    def be_brotlibomb(self, _):
        self.say(brotli.compress(bytes(64 * MEGABYTE), quality=1), Content_Encoding="br")

    def be_hang(self, _):
        time.sleep(4)
        self.close_connection = True

    def be_drop(self, _):
        self.close_connection = True
        self.connection.close()

    def be_garbage(self, _):
        self.say(b'{"posts": [{"id": 7}]}')

    def be_blind(self, query):
        page = well_behaved(query)
        for one in page["posts"]:
            del one["likes"]
        self.say(self.page(page))

    def be_nasty(self, _):
        bad = [post(1, likes=-5), post(2, likes=1 << 70), post(3, text="a\ud800b"), post(4)]
        self.say(self.page({"posts": [*bad, post(5), post(6)]}))


@contextmanager
def serving(handler=Hostile):
    """The server's address, and what it was asked: (time, path, headers)."""
    deflated(64 * MEGABYTE)
    asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (handler,), {"asked": asked}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
