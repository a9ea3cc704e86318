"""How soon the dashboard shows something, beside an empty Streamlit page, with many posts kept.

    .venv/bin/python benchmarks/dashboard.py --posts 1000000 [--lake FOLDER]

Builds a seeded lake (or takes one), starts the dashboard and an app of one title, and visits both
by turns in one headless browser, each visit in a new context. Measured from navigation until the
page's title stands: `times_empty_page` is the ratio of the medians, per page and of the slowest.
`filter_ms` is the median from a click on another period until the page says so. A first visit of
each page fills the caches that a lake's version keeps; it is told apart as `first_ms`. The last
line is one JSON object.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import lake
from playwright.sync_api import Browser, Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
AT: Final = datetime(2026, 6, 25, 22, tzinfo=UTC)
ZONE: Final = "Europe/Paris"
START_S: Final = 60.0
HOME: Final = "home"
PAGES: Final = ("", "community", "strategy", "benchmark", "formats", "trends", "posts")
EMPTY: Final = 'import streamlit as st\nst.title("Empty")\n'
OURS: Final = ".v-head h1"
PERIODS: Final = ("90d", "28d")
LEDE: Final = ".v-head .v-lede"


def built(root: str, posts: int) -> None:
    """A lake with all out tables."""
    from data.store import Store
    from flows.build import build_lake

    lake.make(root, posts, AT, days=365)
    build_lake(Store(root), AT, ZONE, full=True)


@contextmanager
def served(script: str, **env: str) -> Iterator[str]:
    """The address of a Streamlit app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    flags = ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    app = subprocess.Popen(
        [*command, *flags],
        cwd=ROOT,
        env={**os.environ, **env},
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


def wait_for(url: str) -> None:
    """Return once the address answers."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")


@contextmanager
def visited(browser: Browser, url: str, shows: str) -> Iterator[tuple[Page, float]]:
    """A new visitor's page, and the milliseconds until its title stood."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    try:
        page = context.new_page()
        page.set_default_timeout(START_S * 1000)
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.wait_for_selector(shows)
        yield page, 1000 * (time.perf_counter() - began)
    finally:
        context.close()


def filtered(browser: Browser, base: str, runs: int) -> list[float]:
    """Milliseconds from a click on a period until the page's first lines speak of it."""
    found = []
    with visited(browser, f"{base}/?lang=en", OURS) as (page, _):
        settle(page)
        for run in range(runs + 1):
            period = PERIODS[run % 2]
            label = {"90d": "90 d", "28d": "28 d"}[period]
            days = period.removesuffix("d")
            began = time.perf_counter()
            page.get_by_role("radio", name=label, exact=True).click()
            page.wait_for_function(
                f"document.querySelector('{LEDE}')?.textContent.includes('{days} days')",
            )
            found.append(1000 * (time.perf_counter() - began))
            settle(page)
    return found[1:]


def settle(page: Page) -> None:
    """Wait until nothing runs any more."""
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(500)


def compared(browser: Browser, ours: str, empty: str, runs: int) -> dict[str, Any]:
    """Milliseconds of every page and of the empty one, by turns."""
    spent: dict[str, list[float]] = {name: [] for name in PAGES}
    plain: list[float] = []
    for run in range(runs + 1):
        for name in PAGES:
            with visited(browser, f"{ours}/{name}?lang=en", OURS) as (_, took):
                spent[name].append(took)
            with visited(browser, empty, "h1") as (_, took):
                plain.append(took)
        print(f"round {run}:", *(f"{name or HOME} {spent[name][-1]:.0f}" for name in PAGES))
    base = statistics.median(plain[len(PAGES) :])
    each = {name or HOME: statistics.median(times[1:]) / base for name, times in spent.items()}
    return {
        "times_empty_page": max(each.values()),
        "pages": each,
        "empty_ms": base,
        "first_ms": max(times[0] for times in spent.values()),
    }


def measured(root: str, runs: int) -> dict[str, Any]:
    """All figures, of a lake that stands."""
    from data.settings import settings

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY)
        browser = play.chromium.launch(
            executable_path=settings().browser_path(), args=["--no-sandbox"]
        )
        env = {"VIGIE_LAKE": root, "VIGIE_LANG": "en"}
        with served("dashboard/app.py", **env) as ours, served(str(script)) as empty:
            found = compared(browser, ours, empty, runs)
            found["filter_ms"] = statistics.median(filtered(browser, ours, 2 * runs))
        browser.close()
    return found


def rounded(value: Any) -> Any:
    """Figures for reading."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return round(value, 2) if isinstance(value, float) else value


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--lake", help="a built lake to take instead")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        root = given.lake or str(Path(folder) / "lake")
        if given.lake is None:
            built(root, given.posts)
        found = measured(root, given.runs)
    print(json.dumps(rounded({"posts": None if given.lake else given.posts, **found})))


if __name__ == "__main__":
    main()
