"""Somebody edits the watchlist on a page, starts a run, watches it, and opens the new posts."""

import os
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from data import lock
from data.store import Store
from tests.dashboard.test_browser import browser, page, served, settled  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
LONG_MS = 240_000
"""A busy machine's time for a whole run; nothing here depends on how long it takes."""
SHOTS = os.environ.get("VIGIE_TEST_SHOTS")
"""A folder that pictures of the pages go to, for whoever wants to look."""

WATCHLIST = """\
market: Outdoor
timezone: Europe/Paris
brand:
  name: Maison Alpine
  channels: [{{platform: feed, url: "{site}/maison.xml"}}]
crawl: {{allow_private_networks: true, delay_s: 0}}
"""
RIVAL = """\
competitors:
  - name: Granit
    channels: [{{platform: feed, url: "{site}/granit.xml"}}]
  - name: Sommet
    channels: [{{platform: feed, url: "{site}/gone.xml"}}]
"""


def feed(who):
    """Three posts of the last days."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>{who} {number}</title><link>https://{who}.example/{number}</link>"
        f"<guid>{who}-{number}</guid>"
        f"<pubDate>{format_datetime(now - timedelta(days=number))}</pubDate></item>"
        for number in range(1, 4)
    )
    return f'<rss version="2.0"><channel><title>{who}</title>{items}</channel></rss>'.encode()


@contextmanager
def site():
    """Two feeds; the second one is not answered before it is let go."""
    go = threading.Event()

    class Feeds(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            who = self.path.strip("/").removesuffix(".xml")
            if who == "granit":
                go.wait(300)
            body = feed(who) if who in {"maison", "granit"} else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Feeds) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", go
        finally:
            go.set()
            server.shutdown()


def picture(tab, name):
    if SHOTS:
        tab.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_from_the_edited_watchlist_to_the_new_posts(page, tmp_path, monkeypatch):  # noqa: F811
    lake, file = tmp_path / "lake", tmp_path / "watchlist.yaml"
    lake.mkdir()
    page.set_viewport_size({"width": 1440, "height": 1500})
    with site() as (address, go):
        text = WATCHLIST.format(site=address)
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv("VIGIE_WATCHLIST", str(file))
        with served(lake) as base:
            page.goto(f"{base}/watchlist")
            settled(page)
            page.get_by_label("Watchlist (YAML)").fill(text + RIVAL.format(site=address))
            page.get_by_role("button", name="Save", exact=True).click()
            page.get_by_text("Saved. The version before").wait_for()
            assert file.read_text(encoding="utf-8") == text + RIVAL.format(site=address)
            page.get_by_role("button", name="Run now").click()
            page.get_by_text("2 of 3 channels · 3 new posts").wait_for(timeout=LONG_MS)
            page.get_by_text("the account or page no longer exists").wait_for()
            picture(page, "live-en")
            page.goto(f"{base}/watchlist?lang=fr")
            page.get_by_text("2 sur 3 canaux · 3 nouvelles publications").wait_for()
            assert page.get_by_role("button", name="Lancer la collecte").is_disabled()
            picture(page, "live-fr")
            go.set()
            page.get_by_text("mais quelque chose a manqué").wait_for(timeout=LONG_MS)
            picture(page, "done-fr")
            page.goto(f"{base}/watchlist?lang=en")
            page.get_by_text("3 of 3 channels · 6 new posts · exit code 1").wait_for()
            page.get_by_label("Watchlist (YAML)").wait_for()
            page.get_by_text("Who changed it").click()
            page.get_by_role("cell", name="+2 −0", exact=True).wait_for()
            picture(page, "done-en")
            page.get_by_role("link", name="See the new posts").click()
            page.get_by_text("First seen by the run of").wait_for()
            page.get_by_text("6 posts").wait_for()
            page.wait_for_selector("[data-testid=stDataFrame] canvas")
            picture(page, "posts-en")
            assert page.broken == []
    assert not lock.is_running(str(lake))
    assert Store(lake).scan("posts").collect().height == 6
