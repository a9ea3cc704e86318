from datetime import UTC, datetime, timedelta

import msgspec
import polars as pl
import pytest

from crawlers.plan import Plan, Summary
from data.records import Capture
from flows import crawl, watched
from flows.words.problems import Unusable
from tests.flows.lakes import WATCHLIST


@pytest.fixture
def market(tmp_path):
    file = tmp_path / "watchlist.yaml"
    file.write_text(WATCHLIST, encoding="utf-8")
    return watched.read(file)


def row(run, channel, **changes):
    line = {
        "run_id": run.run_id, "channel_id": channel.channel_id, "started_at": run.started_at,
        "pages": 1, "posts": 3, "new_posts": 3, "dropped": 0, "errors": 0, "reason": None,
        "complete": True,
    }  # fmt: skip
    return line | changes


def test_run_ids_sort_by_time_and_differ_at_the_same_time():
    moments = ("2026-01-31T06:00:00Z", "2026-01-31T07:00:00+01:00", "2026-02-01T06:00:00Z")
    first, same, later = map(crawl.new_run, moments)
    assert first.started_at == same.started_at == datetime(2026, 1, 31, 6, tzinfo=UTC)
    assert first.run_id != same.run_id
    assert max(first.run_id, same.run_id) < later.run_id
    assert first.simulated
    assert not crawl.new_run().simulated


@pytest.mark.parametrize(
    ("now", "part"), [("today", "write a time like"), ("2026-01-31T06:00:00", "add its zone")]
)
def test_a_simulated_time_needs_a_zone(now, part):
    with pytest.raises(Unusable, match=part):
        crawl.new_run(now)


def test_the_plan_says_what_the_watchlist_says(market, monkeypatch):
    monkeypatch.setenv("VIGIE_CONTACT", "watch@vigie.example")
    watchlist, channels = market
    run = crawl.new_run("2026-01-31T06:00:00Z")
    plan = crawl.plan(run, "/lake", watchlist, channels)
    assert (plan.contact, plan.obey_robots, plan.history_days) == ("watch@vigie.example", True, 365)
    assert plan.frozen_clock
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan
    probe = crawl.plan(run, "/lake", watchlist, channels, probe=True)
    assert probe.history_days == 1


def test_few_groups_part_only_what_needs_a_browser(market):
    _, channels = market
    assert [crawl.name_of(group) for group in crawl.few_groups(channels)] == [
        "bluesky-feed-wordpress"
    ]
    channels[1] = msgspec.structs.replace(channels[1], browser=True)
    groups = crawl.few_groups(channels)
    assert [crawl.name_of(group) for group in groups] == ["bluesky-wordpress", "feed"]
    assert [crawl.name_of(group) for group in crawl.few_groups(groups[1])] == ["feed"]


def test_the_summary_is_the_last_line():
    summary = crawl.summary_of(b'noise\n{"run_id": "r", "posts": 3}\n', b"", 0)
    assert summary == Summary(run_id="r", posts=3)


@pytest.mark.parametrize("out", [b"", b"noise", b"{}"])
def test_a_process_without_summary_died(out):
    with pytest.raises(crawl.CrawlDied, match="code 137: MemoryError: no more"):
        crawl.summary_of(out, b"Traceback:\n  line\nMemoryError: no more\n", 137)


def test_each_platform_has_its_process_and_a_death_is_a_line_in_coverage(
    market, store, monkeypatch
):
    watchlist, channels = market
    run = crawl.new_run()
    asked = []

    def carry_out(plan):
        asked.append([channel.platform for channel in plan.channels])
        if asked[-1] == ["feed"]:
            raise crawl.CrawlDied(137, "killed")
        if asked[-1] == ["bluesky"]:
            store.insert("coverage", pl.DataFrame([row(run, c) for c in plan.channels]))
        return Summary(run_id=run.run_id)

    monkeypatch.setattr(crawl, "AT_ONCE", 1)
    monkeypatch.setattr(crawl, "carry_out", carry_out)
    steps = []
    covered = crawl.crawl(store, run, watchlist, channels, step=steps.append)
    assert asked == [["bluesky"], ["feed"], ["wordpress"]]
    assert steps == ["bluesky", "feed", "wordpress"]
    assert covered["channel_id"].to_list() == [channel.channel_id for channel in channels]
    assert covered["complete"].to_list() == [True, False, False]
    assert covered["reason"].to_list() == [
        None,
        "the crawl's process ended with code 137: killed",
        "the crawl ended before this channel was visited",
    ]


def test_accounting_never_overwrites_what_the_crawl_said(market, store):
    _, channels = market
    run = crawl.new_run()
    store.insert("coverage", pl.DataFrame([row(run, channels[0])]))
    version = store.version()
    crawl.account_for(store, run, channels[:1], "dead")
    assert store.version() == version
    assert crawl.covered(store, run, channels[:1])["posts"].to_list() == [3]


def test_the_latest_run_is_the_reference_time(market, store):
    assert crawl.latest_run(store) is None
    _, channels = market
    for now in ("2026-02-01T06:00:00Z", "2026-01-31T06:00:00Z"):
        store.insert("coverage", pl.DataFrame([row(crawl.new_run(now), channels[0])]))
    began = datetime(2026, 2, 1, 6, tzinfo=UTC)
    assert began <= crawl.latest_run(store) < began + timedelta(seconds=1)


def test_figures_are_built_for_the_newest_page_not_for_the_start_of_its_crawl(store):
    began = datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert crawl.latest_run(store) is None
    page = {
        "channel_id": "feed:a", "run_id": "r", "url": "https://a.example/", "fetch": "{}",
        "status": 200, "content_type": None, "body": b"x",
    }  # fmt: skip
    store.archive([Capture(**page, fetched_at=began + timedelta(seconds=9))])
    assert crawl.latest_run(store) == began + timedelta(seconds=9)


def test_a_file_of_the_folder_one_stands_in_is_no_library(market, tmp_path, monkeypatch):
    told, _ = market
    (tmp_path / "html.py").write_text("raise SystemExit('not the library')")
    monkeypatch.chdir(tmp_path)
    plan = crawl.plan(crawl.new_run(), str(tmp_path / "lake"), told, [])
    assert crawl.carry_out(plan).channels == 0
