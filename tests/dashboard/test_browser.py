"""The app in a real browser: every page opens, and a number leads down to its archived page."""

import os
import re
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
from playwright.sync_api import Page, sync_playwright

from dashboard import i18n
from data.settings import settings

pytestmark = pytest.mark.browser
REPO = i18n.ROOT.parent
START_S = 60


PLACES = ("formats", "content-types", "trends", "posts", "coverage")


@contextmanager
def served(lake: Path) -> Iterator[str]:
    """The address of a server that nobody has visited yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port"]
    app = subprocess.Popen(
        [*command, str(port)],
        cwd=REPO,
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
    tab.on("request", lambda request: tab.asked.append(request.url))
    yield tab
    tab.close()


def settled(tab: Page) -> None:
    tab.wait_for_selector(".v-head h1")
    assert tab.locator("[data-testid=stException]").count() == 0


def test_every_page_opens_and_asks_nobody_else(address, page):
    page.goto(address)
    settled(page)
    page.wait_for_selector(
        "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
    )
    for title in ("Formats & cadence", "Content types", "Trends", "Posts", "Coverage"):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        page.wait_for_function(
            "title => document.querySelector('.v-eyebrow')?.textContent === title", arg=title
        )
        settled(page)
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
    titles = set()
    for place in PLACES:
        page.goto(f"{address}/{place}?lang={lang}")
        settled(page)
        assert page.get_by_role("dialog").count() == 0
        assert urlsplit(page.url).path == f"/{place}"
        titles.add(page.locator(".v-eyebrow").inner_text())
    assert len(titles) == len(PLACES)


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
