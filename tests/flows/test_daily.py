"""The flow without a server (its body and its tasks as plain functions)."""

from types import SimpleNamespace
from uuid import uuid4

import polars as pl
import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from crawlers.plan import Summary
from data.store import Store
from flows import crawl, daily
from tests.flows.lakes import WATCHLIST

NOW = "2026-11-03T06:00:00Z"


class Done:
    """A future whose task has ended."""

    def __init__(self, result):
        self.state = SimpleNamespace(result=lambda raise_on_failure: result)

    def wait(self):
        return None


@pytest.fixture
def quiet(monkeypatch):
    """The flow's tasks as plain functions, and what it would have kept as artifacts."""
    kept = {}
    asked = []

    def submit(name, plan):
        asked.append(name)
        try:
            return Done(daily.crawl_platform.fn(name, plan))
        except crawl.CrawlDied as death:
            return Done(death)

    def keep(**artifact):
        kept[artifact.pop("key")] = artifact

    monkeypatch.setattr(
        daily, "crawl_platform", SimpleNamespace(submit=submit, fn=daily.crawl_platform.fn)
    )
    monkeypatch.setattr(daily, "build_tables", lambda *_: {"posts": 3})
    monkeypatch.setattr(daily, "raise_alerts", daily.raise_alerts.fn)
    for name in ("create_table_artifact", "create_markdown_artifact", "create_link_artifact"):
        monkeypatch.setattr(daily, name, keep)
    return SimpleNamespace(kept=kept, asked=asked)


@pytest.fixture
def watchlist(tmp_path):
    file = tmp_path / "watchlist.yaml"
    file.write_text(WATCHLIST, encoding="utf-8")
    return str(file)


def complete(plan):
    """A crawl that gave three posts of every channel."""
    rows = [
        {
            "run_id": plan.run_id, "channel_id": channel.channel_id, "posts": 3, "new_posts": 2,
            "started_at": plan.started_at, "pages": 1, "dropped": 0, "errors": 0,
            "reason": None, "complete": True,
        }
        for channel in plan.channels
    ]  # fmt: skip
    Store(plan.lake).insert("coverage", pl.DataFrame(rows, schema_overrides={"reason": pl.String}))
    return Summary(run_id=plan.run_id)


def test_every_platform_is_a_task_and_the_run_leaves_its_artifacts(
    quiet, watchlist, store, monkeypatch
):
    monkeypatch.setattr(crawl, "carry_out", complete)
    run_id = daily.daily.fn(watchlist, store.root, now=NOW)
    assert quiet.asked == ["bluesky", "feed", "wordpress"]
    assert set(quiet.kept) == {"coverage", "summary", "dashboard"}
    assert len(quiet.kept["coverage"]["table"]) == 3
    assert (
        "3 channels, 9 posts read, 6 of them new; 0 channels" in quiet.kept["summary"]["markdown"]
    )
    covered = store.scan("coverage").collect()
    assert set(covered["run_id"]) == {run_id}


def test_platforms_that_share_a_process_share_a_task(quiet, watchlist, store, monkeypatch):
    monkeypatch.setattr(crawl, "carry_out", complete)
    daily.daily.fn(watchlist, store.root, now=NOW, together=True)
    assert quiet.asked == ["bluesky-feed-wordpress"]
    assert len(quiet.kept["coverage"]["table"]) == 3


def test_only_what_is_asked_for_is_crawled(quiet, watchlist, store, monkeypatch):
    monkeypatch.setattr(crawl, "carry_out", complete)
    daily.daily.fn(watchlist, store.root, only="feed", now=NOW)
    assert quiet.asked == ["feed"]
    assert store.scan("channels").collect().height == 3


def test_a_dead_process_is_a_line_in_coverage_and_an_alert(quiet, watchlist, store, monkeypatch):
    def carry_out(plan):
        if plan.channels[0].platform == "feed":
            raise crawl.CrawlDied(137, "killed")
        return complete(plan)

    monkeypatch.setattr(crawl, "carry_out", carry_out)
    daily.daily.fn(watchlist, store.root, now=NOW)
    (short,) = store.scan("coverage").filter(~pl.col("complete")).collect()["reason"]
    assert short == "the crawl's process ended with code 137: killed"
    (alert,) = store.scan("alerts").collect()["kind"]
    assert alert == "source_broken"
    assert "137" in quiet.kept["summary"]["markdown"]


def test_nothing_that_a_server_says_becomes_markup(quiet, watchlist, store, monkeypatch):
    def carry_out(_):
        raise crawl.CrawlDied(1, "[sign in](https://evil.example) <img src=x>")

    monkeypatch.setattr(crawl, "carry_out", carry_out)
    daily.daily.fn(watchlist, store.root, only="feed", now=NOW)
    (row,) = quiet.kept["coverage"]["table"]
    assert "sign in" in row["reason"]
    assert not set("[]()<>") & set(row["reason"])
    (kept,) = store.scan("coverage").filter(channel_id=row["channel_id"]).collect()["reason"]
    assert kept.endswith("[sign in](https://evil.example) <img src=x>")


@pytest.mark.parametrize(
    ("fault", "again"), [(crawl.CrawlDied(137, "killed"), True), (ValueError("no"), False)]
)
def test_only_process_faults_are_tried_again(fault, again):
    state = SimpleNamespace(result=lambda raise_on_failure: fault)
    assert daily._is_process_fault(None, None, state) is again


def test_nothing_of_a_post_becomes_markup():
    assert (
        daily._plain("[x](javascript:1) <b>“été”, 3 %</b>") == " x  javascript:1   b  été , 3 % /b "
    )


def test_a_server_that_ended_has_no_history_to_wait_for(monkeypatch):
    monkeypatch.setattr(daily, "SETTLE_S", 0.3)
    gone = {PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(gone):
        assert daily.settle(uuid4()) is False
