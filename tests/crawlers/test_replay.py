"""The archive read again: the same rows from the same parsers, restatements from changed ones."""

from datetime import timedelta

import polars as pl
import pytest

from crawlers import recorder, registry
from crawlers.platform import ParseError
from crawlers.replay import TABLES, replay
from crawlers.run import Run
from data.records import Capture, Metrics, Post
from tests.crawlers.scripted import NOON, Scripted, Site, crawl, plan

LIST = "https://shop.example/list.json"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def scripted(monkeypatch):
    monkeypatch.setitem(registry.platforms(), "scripted", Scripted())


def shown(number, **more):
    return {"id": f"p{number}", "at": f"2026-03-{number:02d}T08:00:00+00:00", "likes": 1, **more}


def visit(store, pages, day=0, **more):
    return crawl(plan(store.root, run_id=f"run {day}", at=NOON + day * DAY, **more), Site(pages))


def core(store):
    frames = {name: store.scan(name).collect() for name in TABLES}
    return {name: frame.sort(frame.columns[:2]).to_dicts() for name, frame in frames.items()}


def history(store):
    """Four days with an edit, a deletion, a return, a missing page, a repost and comments."""
    first = [shown(19, text="a", said=["oui"]), shown(18, repost=True), shown(17), shown(16)]
    visit(store, {LIST: {"posts": first, "name": "Shop", "followers": 3}})
    visit(store, {LIST: {"posts": [shown(19, text="b"), shown(16)], "name": "Shop"}}, 1)
    visit(store, {LIST: {"posts": [shown(19, text="b"), shown(17), shown(16)]}}, 2)
    visit(store, {LIST: {"posts": [shown(24), shown(23)], "next": "list.json?2"}}, 6)


def test_unchanged_parsers_restate_nothing(store):
    history(store)
    before = core(store)
    posts = {row["post_id"].removeprefix("scripted:"): row for row in before["posts"]}
    assert posts["p17"]["deleted_at"] is not None
    assert posts["p19"]["edited_at"] is not None
    report = replay(store)
    assert (report.restated, report.unreadable, report.channels) == ({}, 1, 1)
    assert core(store) == before
    assert store.scan("restatements").collect().is_empty()


def test_the_core_tables_come_back_from_the_archive_alone(store):
    history(store)
    before = core(store)
    for name in TABLES:
        store.replace(name, store.scan(name).head(0).collect())
    report = replay(store)
    assert core(store) == before
    assert report.restated == {name: len(rows) for name, rows in before.items()}


class Corrected(Scripted):
    """A parser that reads likes differently, and leaves p16 out."""

    def parse(self, page):
        for item in super().parse(page):
            if isinstance(item, Post | Metrics) and item.native_id == "p16":
                continue
            yield Metrics(item.native_id, likes=7) if isinstance(item, Metrics) else item


def test_a_changed_parser_restates_value_by_value(store, monkeypatch):
    visit(store, {LIST: {"posts": [shown(19), shown(16)]}})
    monkeypatch.setitem(registry.platforms(), "scripted", Corrected())
    report = replay(store, "scripted", run_id="again")
    rows = store.scan("restatements").sort("table", "key").collect()
    when = "2026-03-20 12:00:00.000001"
    assert rows.select("run_id", "table", "column", "before", "after").rows() == [
        ("again", "metrics", "*", "there", None),
        ("again", "metrics", "likes", "1", "7"),
        ("again", "posts", "*", "there", None),
    ]
    assert rows["key"][1].startswith(f"scripted:p19 {when}")
    assert report.restated == {"posts": 1, "metrics": 2}
    assert store.scan("posts").select("post_id").collect()["post_id"].to_list() == ["scripted:p19"]
    assert store.scan("metrics").select("likes").collect()["likes"].to_list() == [7]
    assert replay(store).restated == {}


class Confused(Scripted):
    def parse(self, page):
        raise ParseError("posts", "never heard of it")
        yield


def test_a_parser_that_can_not_read_any_more_destroys_nothing(store, monkeypatch):
    history(store)
    before = core(store)
    monkeypatch.setitem(registry.platforms(), "scripted", Confused())
    assert replay(store).restated == {}
    assert core(store) == before


def test_other_platforms_and_imports_are_left_alone(store):
    visit(store, {LIST: {"posts": [shown(19)]}})
    imported = Capture(
        "import:shop", "import 1", "file:///x.csv", "not json", NOON, 200, None, b"x"
    )
    (page_id,) = store.archive([imported])
    row = (
        store.scan("posts")
        .collect()
        .with_columns(
            post_id=pl.lit("import:1"), channel_id=pl.lit("import:shop"), page_id=pl.lit(page_id)
        )
    )
    store.merge("posts", row)
    before = core(store)
    assert replay(store).pages == 1
    assert replay(store, "feed").pages == 0
    assert core(store) == before


def cut_short(store, pages, day, monkeypatch):
    """A run that is killed after its pages were archived."""
    with monkeypatch.context() as patch:
        patch.setattr(recorder.Recorder, "_enter", lambda _: None)
        patch.setattr(Run, "close", lambda run: run.recorder.finish())
        visit(store, pages, day)


def test_what_a_killed_run_archived_is_read_by_the_next(store, monkeypatch):
    visit(store, {LIST: {"posts": [shown(19), shown(18), shown(17)]}})
    pages = {LIST: {"posts": [shown(21), shown(19), shown(17)], "next": "list.json?2"}}
    cut_short(store, pages, 1, monkeypatch)
    assert store.scan("posts").collect().height == 3
    summary = visit(store, {LIST: {"posts": [shown(22), shown(21), shown(19)]}}, 2)
    assert summary.new_posts == 1
    rows = store.scan("coverage").sort("run_id").collect().to_dicts()
    assert [row["complete"] for row in rows] == [True, False, True]
    assert rows[1]["reason"].startswith("interrupted")
    assert (rows[1]["posts"], rows[1]["new_posts"], rows[1]["pages"]) == (3, 1, 3)
    posts = {row["post_id"][9:]: row for row in store.scan("posts").collect().to_dicts()}
    assert sorted(posts) == ["p17", "p18", "p19", "p21", "p22"]
    assert posts["p18"]["deleted_at"].date() == (NOON + DAY).date()
    assert posts["p21"]["first_seen_at"].date() == (NOON + DAY).date()
    assert replay(store).restated == {}


def test_a_killed_run_is_listed_through_again(store, monkeypatch):
    visit(store, {LIST: {"posts": [shown(19), shown(18)]}})
    pages = {LIST: {"posts": [shown(19), shown(18)], "next": "list.json?2"}}
    cut_short(store, {LIST: {"posts": [shown(19)]}}, 1, monkeypatch)
    site = Site({**pages, LIST + "?2": {"posts": [shown(3)]}})
    crawl(plan(store.root, run_id="run 2", at=NOON + 2 * DAY), site)
    assert site.urls == [LIST, LIST + "?2"]
