"""The two commands against a server on loopback whose pages hold secrets and strangers."""

import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from crawlers import __main__
from crawlers.authoring.new import loaded
from crawlers.authoring.outcome import Outcome, outcome
from crawlers.platform import Platform
from tests.crawlers import casebook

CANARIES = ("hunter2canary", "eyJhbGciOiJI", "zelda.stranger", "zelda@post.example", "81.2.69.160")
JSON = json.dumps(
    {
        "handle": "crete",
        "session_token": "hunter2canary",
        "posts": [
            {
                "text": "hello @zelda.stranger, write to zelda@post.example or 81.2.69.160",
                "comments": [{"author": {"username": "zelda.stranger"}, "text": "ok"}],
            }
        ],
        "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ6In0xx.c2lnbmF0dXJl",
    }
)
HTML = """<!doctype html><html><head><meta property="og:title" content="Crete">
<meta name="csrf-token" content="hunter2canary"></head><body><p>Enough words stand here.
Thanks to <a class="author" href="/zelda.stranger?access_token=hunter2canary">zelda.stranger</a>
and zelda@post.example.</p></body></html>"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Crete</title><item>
<title>Walk</title><guid>w1</guid><link>https://crete.example/w1?sig=hunter2canary</link>
<pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate><author>zelda@post.example</author>
<description>with @zelda.stranger</description></item></channel></rss>"""
WALL = "<!doctype html><html><head><title>Just a moment...</title></head><body></body></html>"
PAGES = {
    "json": ("application/json", JSON),
    "html": ("text/html", HTML),
    "items": ("application/rss+xml", RSS),
    "wall": ("text/html", WALL),
}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        kind, body = PAGES.get(self.path.split("/")[1], ("text/plain", ""))
        status = 200 if body else 404
        if self.path == "/robots.txt":
            status, body = 200, "User-agent: *\nDisallow: /closed/\n"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "sid=hunter2canary")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        """Nothing is printed."""


@pytest.fixture(scope="module")
def base():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


DRIVER = """
import sys
from pathlib import Path
from crawlers import __main__
from crawlers.authoring import commands
options = __main__._parser().parse_args(sys.argv[2:])
root = Path(sys.argv[1])
sys.exit(commands.run(options, root / "platforms", root / "cases"))
"""


def run(root, *arguments):
    """One of the commands, in a process of its own, writing under `root`."""
    for name in ("platforms", "cases"):
        (root / name).mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", DRIVER, str(root), *arguments],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )


def written(root):
    return [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


@contextmanager
def cases_at(folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(casebook, "CASES", folder)
        yield


@pytest.mark.parametrize("kind", ["json", "html", "items", "wall"])
def test_a_new_platform_works_and_its_case_holds_no_secret(kind, base, tmp_path, monkeypatch):
    url = f"{base}/{kind}/crete"
    done = run(tmp_path, "new", "carnets", url, "--allow-private-networks")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    platform = loaded(tmp_path / "platforms" / "carnets.py")
    assert isinstance(platform, Platform)
    assert (platform.account_of(url), platform.url_of("crete")) == ("crete", url)
    assert [fetch.url for fetch in platform.start("crete")] == [url]
    with cases_at(tmp_path / "cases", monkeypatch):
        assert casebook.cases() == ["carnets/first_page"]
        found = outcome(platform, casebook.page_of("carnets/first_page"))
        assert found == casebook.expected_of("carnets/first_page") != Outcome()
    text = "".join(path.read_text(encoding="utf-8") for path in written(tmp_path))
    assert [canary for canary in CANARIES if canary in text] == []
    if kind == "wall":
        assert said["blocked"] == "block_page"
    else:
        assert said["scrubbed"]["token"] >= 1
        assert said["scrubbed"]["name" if kind != "items" else "e-mail"] >= 1


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("/closed/crete", ["--allow-private-networks"], "robots.txt forbids"),
        ("/json/crete", [], "private network"),
        ("/none/crete", ["--allow-private-networks"], "HTTP 404"),
    ],
)
def test_what_can_not_be_had_leaves_nothing(path, options, message, base, tmp_path):
    done = run(tmp_path, "new", "carnets", base + path, *options)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Nothing was written." in done.stderr
    assert written(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["new", "bluesky", "https://a.example/x"], "there is such a platform"),
        (["new", "Not-One", "https://a.example/x"], "small letters"),
        (["new", "class", "https://a.example/x"], "small letters"),
        (["new", "fresh", "https://bsky.app/profile/crete.example"], "bluesky already reads it"),
        (["new", "fresh", "https://a.example/"], "names no account"),
        (["new", "fresh", "nowhere"], "give an account's address"),
        (["record", "nobody", "https://a.example/x"], "no platform is called nobody"),
        (["record", "feed", "https://a.example/feed", "--case", "../x"], "small letters"),
        (["record", "feed", "https://a.example/feed", "--case", "podcast"], "not overwritten"),
        (["record", "feed", "https://a.example/feed", "--file", "none.xml"], "can't be read"),
    ],
)
def test_refusals_say_why(arguments, message, capsys):
    assert __main__.main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_saved_page_becomes_a_case_once(tmp_path, monkeypatch):
    page = tmp_path / "saved.xml"
    page.write_text(RSS, encoding="utf-8")
    given = ["record", "feed", "https://crete.example/feed", "--file", str(page)]
    given += ["--fetched-at", "2026-03-02T12:00:00Z", "--case", "walk"]
    done = run(tmp_path, *given)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["records"] == {"Profile": 1, "Post": 1}
    with cases_at(tmp_path / "cases", monkeypatch):
        found = outcome(casebook.platform_of("feed/walk"), casebook.page_of("feed/walk"))
        assert msgspec.to_builtins(found) == msgspec.to_builtins(casebook.expected_of("feed/walk"))
    again = run(tmp_path, *given)
    assert (again.returncode, "not overwritten" in again.stderr) == (2, True)
