"""The app in a real browser: every page opens, and a number leads down to its archived page."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from dashboard import i18n
from data.records import Capture
from data.settings import settings
from data.store import Store
from tests.dashboard import sample

pytestmark = pytest.mark.browser
REPO = i18n.ROOT.parent
START_S = 60


PLACES = (
    "community",
    "strategy",
    "benchmark",
    "formats",
    "content-types",
    "trends",
    "posts",
    "coverage",
)


DRAWN = """[...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
    .every(chart => chart.querySelector('svg, canvas'))"""
"""No chart is left without a picture."""
IDLE = "!document.querySelector('[data-test-script-state=running]')"
"""The page is done: nothing that opens on it is closed by what still comes."""


@contextmanager
def served(lake: Path) -> Iterator[str]:
    """The address of a server that nobody has visited yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app_file = str(REPO / "dashboard" / "app.py")
    command = [sys.executable, "-P", "-m", "streamlit", "run", app_file, "--server.port"]
    app = subprocess.Popen(
        [*command, str(port)],
        cwd=lake,  # the app's settings hold wherever it is started
        env={**os.environ, "VIGIE_LAKE": str(lake), "VIGIE_LANG": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/_stcore/health")
        yield base
    finally:
        app.terminate()
        app.wait(10)


@pytest.fixture(scope="module")
def address(sample_lake):
    with served(sample_lake) as base:
        yield base


def wait_for(url: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"{url} does not answer")


@pytest.fixture(scope="module")
def browser():
    path = settings().browser_path()
    if path is None:
        pytest.skip("no Chrome or Chromium on the path; set VIGIE_CHROMIUM")
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    tab = browser.new_page(viewport={"width": 1440, "height": 1000})
    tab.set_default_timeout(60_000)
    tab.asked = []
    tab.refused = []
    tab.broken = []
    tab.on("pageerror", lambda error: tab.broken.append(str(error)))
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.on("requestfailed", lambda request: tab.refused.append((request.url, request.failure)))
    yield tab
    tab.close()


def settled(tab: Page) -> None:
    tab.wait_for_selector(".v-head h1")
    tab.wait_for_function(IDLE)
    assert tab.locator("[data-testid=stException]").count() == 0


def listed(tab: Page, field: str, option: str) -> Locator:
    """The first option of a field's list by these words; a list that closes is opened again."""
    found = tab.get_by_role("option", name=option).first
    for _ in range(5):
        tab.get_by_label(field, exact=True).first.click()
        try:
            found.wait_for(timeout=10_000)
        except PlaywrightTimeout:
            continue
        return found
    return pytest.fail(f"the list of {field} doesn't offer {option}")


def test_every_page_opens_and_asks_nobody_else(address, page):
    page.goto(address)
    settled(page)
    page.wait_for_selector(
        "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
    )
    for title in (
        "Community manager",
        "Strategist",
        "Benchmark",
        "Formats & cadence",
        "Content types",
        "Trends",
        "Posts",
        "Coverage",
    ):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        page.wait_for_function(
            "title => document.querySelector('.v-eyebrow')?.textContent === title", arg=title
        )
        settled(page)
        page.wait_for_function(DRAWN)
    assert page.broken == []
    strangers = [
        url for url in page.asked if not re.match(rf"{address}/|ws://127|data:|blob:", url)
    ]
    assert strangers == []


@pytest.mark.parametrize("first", ["content-types", "posts"])
def test_the_first_visit_by_address_finds_its_page(sample_lake, page, first):
    with served(sample_lake) as base:
        page.goto(f"{base}/{first}?lang=fr")
        settled(page)
        page.get_by_text("Plateforme", exact=True).first.wait_for()
        assert page.get_by_role("dialog").count() == 0
        assert urlsplit(page.url).path == f"/{first}"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_address_finds_its_page(address, page, lang):
    titles, tabs = set(), set()
    for place in PLACES:
        page.goto(f"{address}/{place}?lang={lang}")
        page.wait_for_selector(".v-head h1")
        assert page.get_by_role("dialog").count() == 0
        assert urlsplit(page.url).path == f"/{place}"
        titles.add(page.locator(".v-eyebrow").inner_text())
        # The tab, which a screen reader names first, says the page too.
        expect(page).to_have_title(re.compile(r".+ · Vigie$"))
        tabs.add(page.title())
    assert len(tabs) == len(titles) == len(PLACES)


def test_from_a_number_to_the_page_it_was_read_on(address, page):
    page.goto(address)
    settled(page)
    page.get_by_role("link", name="See the posts behind these figures").click()
    page.wait_for_selector("[data-testid=stDataFrame] canvas")
    assert "entity=maison-alpine" in page.url
    page.goto(f"{page.url}&view=cards")
    page.get_by_role("link", name="Open the post").first.click()
    page.get_by_text("Counts over time").wait_for()
    page.get_by_role("link", name="Open the page").first.click()
    page.get_by_text("The whole page, as text").wait_for()
    assert page.locator("pre.v-source mark").count() > 0
    assert "Captured 20 Nov 2026, 18:00 (Europe/Paris)" in page.locator(".v-lede").inner_text()
    settled(page)


def test_a_type_is_renamed_for_good(sample_lake, tmp_path, page):
    shutil.copytree(sample_lake, tmp_path / "lake")
    with served(tmp_path / "lake") as base:
        page.goto(f"{base}/content-types")
        settled(page)
        page.get_by_text("Rename and merge types").click()
        page.get_by_label("New name").fill("Nuits dehors")
        page.get_by_role("button", name="Rename", exact=True).click()
        page.locator("td b", has_text="Nuits dehors").wait_for()
        page.reload()
        settled(page)
        page.locator("td b", has_text="Nuits dehors").wait_for()
        page.goto(f"{base}/posts")
        settled(page)
        listed(page, "Content type", "Nuits dehors")


@pytest.fixture
def sink():
    """A port that notes who connects."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        yield listener


def callers(listener: socket.socket) -> int:
    count = 0
    while True:
        try:
            listener.accept()[0].close()
        except TimeoutError:
            return count
        count += 1


def greedy(url: str) -> bytes:
    """A page that tries every way to reach an address, and to run."""
    return f"""<!doctype html><html><head><meta charset=utf-8><title>x</title>
        <link rel=stylesheet href={url}/a.css><link rel=preconnect href={url}>
        <LINK rel=dns-prefetch href={url}><link rel=prefetch href={url}/b><base href={url}/c>
        <meta http-equiv=refresh content="0;url={url}/d"><style>@import url({url}/e.css);
        @font-face {{ font-family: f; src: url({url}/f) }} h1 {{ font-family: f }}
        body {{ background: url({url}/g.png) }}</style><script src={url}/h.js></script></head>
        <body onload="document.body.textContent='ran'"><h1>Sentier éteint</h1>
        <a href={url}/i ping={url}/j>a way out</a><a href={url}/k target=_top>another</a>
        <img src={url}/l.png srcset="{url}/m.png 2x"><video src={url}/n poster={url}/o></video>
        <iframe src={url}/p></iframe><object data={url}/q></object><embed src={url}/r>
        <svg><image href={url}/s /></svg><form action={url}/t><button>send</button></form>
        <script>document.body.textContent = 'ran'; fetch('{url}/u')</script></body></html>
        """.encode()  # fmt: skip


def drawn(tab: Page, base: str, page_id: str) -> Frame:
    """The frame of an archived page that was asked to be drawn."""
    tab.goto(f"{base}/posts?page={page_id}")
    settled(tab)
    tab.get_by_text("Draw the page").click()
    inner = tab.frame_locator("[data-testid=stIFrame]").frame_locator("iframe")
    inner.locator("h1").wait_for()
    return tab.main_frame.child_frames[-1].child_frames[0]


def test_a_drawn_page_shows_its_text_and_reaches_nobody(address, sample_lake, page, sink):
    url = f"http://127.0.0.1:{sink.getsockname()[1]}"
    capture = Capture(
        "website:granit", "run-2", url, "{}", sample.END, 200, "text/html; charset=utf-8",
        greedy(url),
    )  # fmt: skip
    page_id = Store(sample_lake).archive([capture])[0]
    frame = drawn(page, address, page_id)
    assert frame.locator("h1").inner_text() == "Sentier éteint"
    assert "ran" not in frame.locator("body").inner_text().split()
    for way in frame.locator("a").all():
        way.click(force=True, timeout=5000)
    frame.locator("button").click(force=True, timeout=5000)
    page.wait_for_timeout(1500)
    assert frame.locator("h1").inner_text() == "Sentier éteint"
    # Chromium's log also names a request that the policy refused; then it says so.
    left = [asked for asked in page.asked if asked.startswith(url)]
    assert set(left) == {asked for asked, why in page.refused if why == "csp" and asked in left}
    assert callers(sink) == 0
    socket.create_connection(sink.getsockname()).close()
    assert callers(sink) == 1, "the port takes note of those who come"
