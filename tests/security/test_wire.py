"""One run, many hostile channels: each ends as a reason, in bounded time and memory."""

import json
import re
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from crawlers.plan import PlanChannel
from crawlers.platform import Fetch, Page, Platform
from crawlers.reading import read
from data.settings import settings
from data.store import Store
from tests.crawlers.hostile import POSTS, serving
from tests.crawlers.scripted import NOON, channel, plan, start
from tests.security.wire import Wire

MOST_MB = 600
MOST_S = 40
LARGE = "too large: over 20 MB"
REASONS = {
    "drip": "timeout",
    "dripheaders": "timeout",
    "zstdbomb": "too large: over the limit once decompressed",
    "longline": LARGE,
    "longrobots": LARGE,
    "storm": "server_error",
    "stormlater": "rate_limited",
    "deep": "not readable: RecursionError",
    "badutf": "not readable: no JSON",
    "badgzip": "no answer (error: ",
    **dict.fromkeys(
        ("short", "negative", "nohttp", "reset", "bigheader", "bigcookie", "manyheaders", "tls"),
        "no answer (",
    ),
}
FEEDS = {"laughs": "not readable: ", "entity": "not readable: ", "parameter": "not readable: "}


def feed(name, base):
    url = f"https://{name}.example/feed"
    return PlanChannel(f"feed:{url}", name, "feed", url, url, base_url=f"{base}/{name}")


def peak_of(process):
    """The most memory in kB that a process held by its end; 0 where the system does not say.

    Not `ru_maxrss`: that remembers the process which it was started from.
    """
    status, peak_kb = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        held = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
        peak_kb = max(peak_kb, int(held[1]) if held else 0)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=0.2)
    return peak_kb


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    lake = tmp_path_factory.mktemp("wire") / "lake"
    with serving(Wire) as (base, asked):
        secure = base.replace("http:", "https:")
        channels = [
            channel(name, base_url=f"{secure if name == 'tls' else base}/{name}")
            for name in ("ok", "wrongtype", *REASONS)
        ] + [feed(name, base) for name in FEEDS]
        given = plan(lake, channels, allow_private_networks=True, frozen_clock=False)
        limits = ("TIMEOUT_S=1.5", "RETRIES=0", "visit.MAX_WAIT_S=2", "visit.DEFAULT_WAIT_S=1")
        began = time.monotonic()
        peak_mb = peak_of(start(given, *limits)) / 1024
        took = time.monotonic() - began
    rows = Store(lake).scan("coverage").collect().to_dicts()
    named = {row["channel_id"].partition(".")[0].rpartition("/")[2]: row for row in rows}
    named = {name.removeprefix("scripted:"): row for name, row in named.items()}
    return named, Store(lake), peak_mb, took, asked


@pytest.mark.parametrize("manner", [*REASONS, *FEEDS])
def test_each_ends_as_a_reason(crawled, manner):
    row = crawled[0][manner]
    assert row["reason"].startswith({**REASONS, **FEEDS}[manner]), row["reason"]
    assert len(row["reason"]) < 400
    assert not row["complete"]


@pytest.mark.parametrize("manner", ["ok", "wrongtype"])
def test_the_good_channels_of_the_same_run_are_complete(crawled, manner):
    assert crawled[0][manner]["complete"]
    posts = crawled[1].scan("posts").filter(pl.col("channel_id") == f"scripted:{manner}")
    assert posts.collect().height == POSTS


def test_it_takes_bounded_memory_and_time(crawled):
    assert crawled[2] < MOST_MB
    assert crawled[3] < MOST_S


def test_nothing_of_the_machine_comes_in_by_an_entity(crawled):
    assert not [path for _, path, _ in crawled[4] if path.startswith("/stolen")]
    titles = crawled[1].scan("posts").collect()["title"].drop_nulls().to_list()
    assert not [title for title in titles if "root:" in title or "haha" in title]


def test_a_name_that_stands_for_a_private_address_is_refused(tmp_path):
    with serving(Wire) as (base, asked):
        named = base.replace("127.0.0.1", "localhost")
        given = plan(tmp_path / "lake", [channel("ok", base_url=f"{named}/ok")])
        out, _ = start(given, "RETRIES=0").communicate(timeout=100)
    (short,) = json.loads(out)["incomplete"]
    assert short["reason"].startswith("private network: ")
    assert not asked


class Wild(Platform):
    """Reads with an expression that backtracks for ever."""

    name = "wild"

    def parse(self, page):
        assert re.match(r"(a+)+$", page.body.decode())
        yield Fetch("https://wild.example/")


def test_a_page_on_which_an_expression_runs_wild_is_given_up(monkeypatch):
    monkeypatch.setattr("crawlers.reading.LIMIT_S", 0.2)
    page = Page(
        fetch=Fetch("https://wild.example/"), account="wild", url="https://wild.example/",
        body=b"a" * 60 + b"!", fetched_at=NOON, status=200, content_type=None, secret=b"",
    )  # fmt: skip
    began = time.monotonic()
    reading = read(Wild(), page, "wild:wild")
    assert reading.reason == "not readable: it takes over 0 s"
    assert time.monotonic() - began < 5


@pytest.mark.browser
def test_pages_that_play_tricks_in_the_browser_stop_nobody(tmp_path):
    if (chromium := settings().browser_path()) is None:
        pytest.skip("no Chromium or Chrome on the path; set VIGIE_CHROMIUM")
    tricks = ("popups", "leaving", "headless", "download", "scripted")
    with serving(Wire) as (base, _):
        channels = [channel(name, base_url=f"{base}/{name}", browser=True) for name in tricks]
        channels.append(channel("ok", base_url=f"{base}/ok"))
        given = plan(tmp_path / "lake", channels, allow_private_networks=True, chromium=chromium)
        before = set(tmp_path.rglob("*.crdownload"))
        out, err = start(given, "TIMEOUT_S=8", "RETRIES=0").communicate(timeout=200)
    short = {one["channel_id"][9:]: one["reason"] for one in json.loads(out)["incomplete"]}
    assert set(short) == {"headless", "download"}, (short, err)
    assert short["headless"].startswith("login_wall")
    posts = Store(tmp_path / "lake").scan("posts").collect()
    assert posts.filter(pl.col("channel_id") == "scripted:ok").height == POSTS
    assert set(tmp_path.rglob("*.crdownload")) == before
