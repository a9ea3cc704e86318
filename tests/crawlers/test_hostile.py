"""One real crawl, as a process, against a server that misbehaves in every way it can."""

import json
from itertools import pairwise

import polars as pl
import pytest

from data.store import Store
from tests.crawlers.hostile import POSTS, serving
from tests.crawlers.scripted import channel, plan, start

FELL_SHORT = {
    "forbidden": "robots.txt forbids https://forbidden.example/list.json; lawful alternative: "
    "the official API or the user's own export, see https://scripted.example/docs",
    "brokenrobots": "robots.txt of brokenrobots.example can't be had: the server fails",
    "gone": "gone: the account or page no longer exists (HTTP 404)",
    "wall": "login_wall: the platform asks to sign in",
    "overloaded": "rate_limited: the platform asks to slow down (HTTP 429)",
    "metadata": "private network: 169.254.169.254 is not asked",
    "mapped": "private network: ::ffff:169.254.169.254 is not asked",
    "file": "refused: redirected to what is no web address",
    "loop": "too many redirects",
    "huge": "too large: over 20 MB",
    "endless": "too large: over 20 MB",
    "gzipbomb": "too large: over the limit once decompressed",
    "doublebomb": "too large: over the limit once decompressed",
    "brotlibomb": "too large: over the limit once decompressed",
    "hang": "timeout",
    "garbage": "not readable: posts[0].at: no time",
    "blind": "source looks broken: likes missing on 100 % of posts",
}
FINE = ("ok", "patience", "moved", "crawldelay", "nasty")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    lake = tmp_path_factory.mktemp("hostile") / "lake"
    # A crawl-delay is meant for the whole site: it gets one of its own.
    with serving() as (base, asked), serving() as (slow, slowly):
        accounts = (*FINE, *FELL_SHORT, "drop")
        bases = {name: slow if name == "crawldelay" else base for name in accounts}
        channels = [channel(name, base_url=f"{bases[name]}/{name}") for name in accounts]
        given = plan(lake, channels, allow_private_networks=True, frozen_clock=False)
        process = start(given, "TIMEOUT_S=1.5", "RETRIES=1")
        out, err = process.communicate(timeout=200)
    store = Store(lake)
    rows = store.scan("coverage").collect().to_dicts()
    coverage = {row["channel_id"].partition(":")[2]: row for row in rows}
    return store, coverage, process.returncode, out.decode(), err.decode(), asked + slowly


@pytest.mark.parametrize("account", FELL_SHORT)
def test_each_misbehaviour_ends_as_a_plain_reason(crawled, account):
    row = crawled[1][account]
    assert row["reason"] == FELL_SHORT[account]
    assert not row["complete"]


def test_a_dropped_connection_is_no_answer(crawled):
    assert crawled[1]["drop"]["reason"].startswith("no answer (")


@pytest.mark.parametrize("account", FINE)
def test_the_other_channels_go_on(crawled, account):
    row = crawled[1][account]
    assert (row["complete"], row["reason"]) == (True, None)


def test_every_post_of_a_good_channel_is_stored(crawled):
    posts = crawled[0].scan("posts").filter(pl.col("channel_id") == "scripted:ok").collect()
    assert posts.height == POSTS


def test_the_moved_server_is_known_by_its_public_address_only(crawled):
    pages = crawled[0].scan("pages").filter(pl.col("channel_id") == "scripted:moved")
    urls = pages.select("url").collect()["url"].to_list()
    assert urls[0] == "https://moved.example/list.json?there=1"
    assert not [url for url in urls if "127.0.0.1" in url]


def test_values_that_no_table_takes_are_left_out_and_counted(crawled):
    store, coverage, *_ = crawled
    ids = pl.col("post_id").str.starts_with("scripted:nasty-")
    metrics = store.scan("metrics").filter(ids).sort("post_id").collect()
    assert metrics["post_id"].str.slice(-2).to_list() == ["p3", "p4", "p5", "p6"]
    assert coverage["nasty"]["dropped"] == 2


def test_retry_after_is_waited_for(crawled):
    times = [at for at, path, _ in crawled[5] if path == "/patience/list.json"]
    assert times[1] - times[0] >= 1


def test_a_wait_that_is_too_long_is_not_waited_for(crawled):
    assert sum(path == "/overloaded/list.json" for _, path, _ in crawled[5]) == 1


def test_a_crawl_delay_slows_the_site_down(crawled):
    asked = [at for at, path, _ in crawled[5] if path.startswith("/crawldelay/list.json")]
    assert all(later - earlier >= 0.95 for earlier, later in pairwise(asked))


def test_requests_say_who_asks(crawled):
    assert {headers["User-Agent"].partition("/")[0] for _, _, headers in crawled[5]} == {"Vigie"}
    assert not [headers for _, _, headers in crawled[5] if "Cookie" in headers]


def test_the_summary_is_one_line_and_names_what_fell_short(crawled):
    _, coverage, code, out, err, _ = crawled
    summary = json.loads(out)
    assert code == 1
    short = {entry["channel_id"]: entry["reason"] for entry in summary["incomplete"]}
    assert short == {r["channel_id"]: r["reason"] for r in coverage.values() if not r["complete"]}
    assert summary["posts"] == sum(row["posts"] for row in coverage.values())
    lines = [json.loads(line) for line in err.splitlines()]
    about = {line["channel_id"] for line in lines if line["message"] == "visited"}
    assert about == {row["channel_id"] for row in coverage.values()}


def test_bytes_are_kept_even_when_they_can_not_be_read(crawled):
    pages = crawled[0].scan("pages").filter(pl.col("channel_id") == "scripted:garbage").collect()
    assert pages["body"].to_list() == [b'{"posts": [{"id": 7}]}']


def test_private_networks_are_refused_by_default(tmp_path):
    with serving() as (base, asked):
        given = plan(tmp_path / "lake", [channel("ok", base_url=f"{base}/ok")])
        out, _ = start(given, "RETRIES=0").communicate(timeout=100)
    assert json.loads(out)["incomplete"] == [
        {"channel_id": "scripted:ok", "reason": "private network: 127.0.0.1 is not asked"}
    ]
    assert not asked
