"""Runs against a network in memory: what is asked for, and what the lake holds afterwards."""

from datetime import timedelta

import polars as pl
import pytest
from scrapy.exceptions import DownloadTimeoutError

from crawlers import itinerary, registry
from crawlers.guard import RefusedError
from crawlers.visit import Answer
from tests.crawlers.scripted import NOON, Scripted, Site, channel, crawl, plan

LIST = "https://shop.example/list.json"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def scripted(monkeypatch):
    monkeypatch.setitem(registry.platforms(), "scripted", Scripted())


def shown(number, **more):
    """Post p<number>, published on day <number> of March."""
    return {"id": f"p{number}", "at": f"2026-03-{number:02d}T08:00:00+00:00", "likes": 1, **more}


def listing(*numbers, **more):
    posts = [shown(number) if isinstance(number, int) else number for number in numbers]
    return {"posts": posts, **more}


def table(store, name, *columns):
    frame = store.scan(name).collect()
    return frame.sort(frame.columns[0], *frame.columns[1:2]).select(columns or pl.all()).rows()


def deleted(store):
    posts = store.scan("posts").filter(pl.col("deleted_at").is_not_null()).sort("post_id")
    return posts.select("post_id").collect()["post_id"].str.strip_prefix("scripted:").to_list()


def visit(store, pages, *, day=0, **more):
    """One run at noon of March 20 plus `day`; the site and the summary."""
    site = pages if isinstance(pages, Site) else Site(pages)
    given = plan(store.root, run_id=f"run {day}", at=NOON + day * DAY, **more)
    return site, crawl(given, site)


def test_a_run_fills_the_tables(store):
    pages = {LIST: listing(shown(3, said=["oui"]), 2, name="Shop", followers=7)}
    _, summary = visit(store, pages)
    assert table(store, "posts", "post_id") == [("scripted:p2",), ("scripted:p3",)]
    assert table(store, "metrics", "post_id", "likes") == [("scripted:p2", 1), ("scripted:p3", 1)]
    assert table(store, "profiles", "name", "followers") == [("Shop", 7)]
    assert table(store, "comments", "comment_id", "text") == [("scripted:p3-0", "oui")]
    assert table(store, "coverage", "posts", "new_posts", "pages", "complete") == [(2, 2, 1, True)]
    assert (summary.posts, summary.new_posts, summary.incomplete) == (2, 2, [])


def test_the_second_run_stops_at_known_posts(store):
    more = LIST + "?2"
    pages = {LIST: listing(9, 8, next="list.json?2"), more: listing(7, 6, next="list.json?3")}
    pages[LIST + "?3"] = listing(5, 4, 3, 2, 1)
    site, _ = visit(store, pages)
    assert site.urls == [LIST, more, LIST + "?3"]
    site, summary = visit(store, pages, day=1)
    assert site.urls == [LIST]
    assert (summary.posts, summary.new_posts) == (2, 0)


def test_a_gap_is_listed_through_on_the_next_run(store):
    pages = {LIST: listing(9, 8, next="list.json?2")}
    pages[LIST + "?2"] = DownloadTimeoutError("slow")
    _, summary = visit(store, pages)
    assert summary.incomplete[0].reason == "timeout"
    pages[LIST + "?2"] = listing(7, 6, next="list.json?3")
    pages[LIST + "?3"] = listing(5)
    site, summary = visit(store, pages, day=1)
    assert site.urls == [LIST, LIST + "?2", LIST + "?3"]
    assert (summary.new_posts, summary.incomplete) == (3, [])


def test_the_whole_list_is_read_again_after_refresh_days(store):
    pages = {LIST: listing(9, 8, 7, next="list.json?2"), LIST + "?2": listing(6, 5, 4, 3, 2)}
    visit(store, pages)
    assert visit(store, pages, day=29)[0].urls[:2] == [LIST, "https://shop.example/p6"]
    assert visit(store, pages, day=31)[0].urls[:2] == [LIST, LIST + "?2"]


def test_posts_older_than_the_history_are_not_looked_for(store):
    pages = {LIST: listing(9, 8, next="list.json?2"), LIST + "?2": listing(7, next="list.json?3")}
    site, _ = visit(store, pages, history_days=12)
    assert site.urls == [LIST, LIST + "?2"]


def test_counts_of_young_posts_are_asked_for_on_schedule(store):
    urls = [f"https://shop.example/p{number}" for number in (19, 12)]
    new = {LIST: listing(25, 24, 23, next="list.json?2")}
    visit(store, {LIST: listing(19, 12, 1)})
    site, _ = visit(store, new, day=6, history_days=1)
    assert site.urls[:1] == [LIST]
    assert set(site.urls[1:]) >= set(urls[:1])
    assert "https://shop.example/p1" not in site.urls[1:]


def test_a_page_about_a_missing_post_marks_it_deleted(store):
    visit(store, {LIST: listing(19, 18)})
    site = Site({LIST: listing(26, 25, 24, next="list.json?2"), LIST + "?2": 500})
    visit(store, site, day=6)
    assert "https://shop.example/p19" in site.urls
    assert deleted(store) == ["p18", "p19"]


def test_a_post_missing_inside_the_span_is_deleted(store):
    visit(store, {LIST: listing(9, 8, 7, 6)})
    visit(store, {LIST: listing(9, 7, 6)}, day=1)
    assert deleted(store) == ["p8"]
    assert table(store, "posts", "deleted_at")[2] == (NOON + DAY + timedelta(microseconds=1),)


def test_the_newest_and_the_oldest_post_can_be_missed_too(store):
    visit(store, {LIST: listing(9, 8, 7, 6)})
    visit(store, {LIST: listing(8, 7)}, day=1)
    assert deleted(store) == ["p6", "p9"]


def test_a_post_that_comes_back_is_not_deleted(store):
    visit(store, {LIST: listing(9, 8, 7)})
    visit(store, {LIST: listing(9, 7)}, day=1)
    visit(store, {LIST: listing(9, 8, 7)}, day=2)
    assert deleted(store) == []


def test_posts_before_the_span_are_not_deleted(store):
    visit(store, {LIST: listing(12, 11, 10, 5, 4, 3, 2, 1)})
    site, _ = visit(store, {LIST: listing(12, 11, next="list.json?2"), LIST + "?2": 404}, day=1)
    assert deleted(store) == []
    assert site.urls[0] == LIST


def test_one_more_page_is_read_when_it_would_show_all_that_is_left(store):
    visit(store, {LIST: listing(9, 8, 7, 6)})
    pages = {LIST: listing(9, 8, 7, next="list.json?2"), LIST + "?2": listing()}
    site, _ = visit(store, pages, day=1)
    assert site.urls == [LIST, LIST + "?2"]
    assert deleted(store) == ["p6"]


@pytest.mark.parametrize(
    "top", [shown(1), shown(1, id="r1", repost=True)], ids=["pinned", "reposted"]
)
def test_an_old_post_at_the_top_does_not_stretch_the_span(store, top):
    visit(store, {LIST: listing(top, 9, 8, 7, 5, 4, 3)})
    visit(store, {LIST: listing(top, 9, 8, next="list.json?2"), LIST + "?2": 404}, day=1)
    assert deleted(store) == []


def test_an_empty_list_of_an_account_with_history_is_not_believed(store):
    visit(store, {LIST: listing(9, 8, 7, 6, 5)})
    visit(store, {LIST: listing()}, day=1)
    assert deleted(store) == []


def test_reposts_are_not_missed(store):
    visit(store, {LIST: listing(9, shown(8, repost=True), 7)})
    visit(store, {LIST: listing(9, 7)}, day=1)
    assert deleted(store) == []


def test_a_platform_with_partial_lists_shows_no_deletions(store, monkeypatch):
    monkeypatch.setattr(Scripted, "complete_lists", False)
    visit(store, {LIST: listing(9, 8, 7)})
    visit(store, {LIST: listing(9, 7)}, day=1)
    assert deleted(store) == []


def test_unchanged_pages_are_asked_for_with_their_validators(store):
    body = b'{"posts": [{"id": "p19", "at": "2026-03-19T08:00:00+00:00", "likes": 1}]}'
    fresh = Answer(LIST, 200, body, "application/json", etag='"a"', last_modified="Fri")
    site = Site({LIST: [fresh, Answer(LIST, 304, b"")]})
    visit(store, site)
    assert site.asked[0][1] == {}
    _, summary = visit(store, site, day=1)
    assert site.asked[0][1] == {"If-None-Match": '"a"', "If-Modified-Since": "Fri"}
    assert (summary.pages, summary.posts, summary.incomplete) == (1, 0, [])
    assert len(table(store, "pages")) == 1
    # What is not served again is not seen again.
    assert table(store, "posts", "last_seen_at") == [(NOON + timedelta(microseconds=1),)]


def test_a_page_that_could_not_be_read_is_asked_for_again_in_full(store):
    site = Site({LIST: [Answer(LIST, 200, b"oops", etag='"a"'), listing(1)]})
    visit(store, site)
    visit(store, site, day=1)
    assert site.asked[0][1] == {}


def test_an_edited_text_is_noticed(store):
    visit(store, {LIST: listing(shown(9, text="avant"))})
    visit(store, {LIST: listing(shown(9, text="après"))}, day=1)
    edited = table(store, "posts", "text", "edited_at")
    assert edited == [("après", NOON + DAY + timedelta(microseconds=1))]


def test_running_twice_changes_nothing_but_observations(store):
    pages = {LIST: listing(shown(9, text="a", said=["oui"]), 8, name="Shop")}
    visit(store, pages)
    before = {name: store.scan(name).collect() for name in ("posts", "comments")}
    visit(store, pages, day=1)
    for name, frame in before.items():
        after = store.scan(name).collect()
        fixed = [column for column in frame.columns if column not in {"last_seen_at", "page_id"}]
        assert after.select(fixed).sort(fixed[0]).equals(frame.select(fixed).sort(fixed[0]))
    assert len(table(store, "metrics")) == 4


def test_pages_about_known_posts_are_asked_for_when_due_only(store):
    pages = {LIST: listing(19, 1, details=["p19", "p1", "p17"])}
    pages |= {f"https://shop.example/p{number}": listing(number) for number in (1, 17, 19)}
    site, _ = visit(store, pages)
    assert site.urls == [LIST, *(f"https://shop.example/{name}" for name in ("p19", "p1", "p17"))]
    site, _ = visit(store, pages, day=1)
    assert site.urls == [LIST]
    site, _ = visit(store, pages, day=2)
    assert site.urls == [LIST, "https://shop.example/p19"]


def test_one_channel_does_not_stop_another(store):
    accounts = ("shop", "other")
    pages = {LIST: RefusedError("private network: 10.0.0.1 is not asked")}
    pages["https://other.example/list.json"] = listing(9)
    _, summary = visit(store, pages, accounts=accounts)
    assert [short.channel_id for short in summary.incomplete] == ["scripted:shop"]
    assert summary.posts == 1


def test_servers_that_ask_to_slow_down_are_waited_for_within_bounds(store):
    wait = Answer(LIST, 429, b"", retry_after_s=50)
    site = Site({LIST: [wait, wait, wait]})
    _, summary = visit(store, site)
    assert site.paused == [(LIST, 50), (LIST, 50)]
    assert summary.incomplete[0].reason.startswith("rate_limited")


def test_a_browser_is_not_used_for_what_is_no_document(store):
    site = Site({LIST: listing(9)})
    given = [channel("shop", browser=True)]
    _, summary = visit(store, site, accounts=given)
    assert [browser for _, _, browser in site.asked] == [True, False]
    assert summary.incomplete == []


def test_a_run_without_end_is_ended(store, monkeypatch):
    monkeypatch.setattr(itinerary, "MAX_PAGES", 3)
    numbers = range(3, 9)
    pages = {f"{LIST}?{n}": listing(n, next=f"list.json?{n + 1}") for n in numbers}
    site, summary = visit(store, {LIST: listing(2, next="list.json?3"), **pages})
    assert len(site.urls) == 3
    assert summary.incomplete[0].reason.startswith("stopped after")


def test_a_topic_does_not_take_a_post_from_its_channel(store):
    roles = {"entity_id": ["tag", "shop"], "name": ["tag", "shop"], "role": ["topic", "brand"]}
    store.merge("entities", pl.DataFrame(roles))
    rows = [
        {
            "channel_id": f"scripted:{name}",
            "entity_id": name,
            "platform": "scripted",
            "account": name,
            "url": f"https://{name}.example/",
        }
        for name in ("tag", "shop")
    ]
    store.merge("channels", pl.DataFrame(rows))
    pages = {LIST: listing(9), "https://tag.example/list.json": listing(9)}
    visit(store, pages, accounts=("tag",))
    assert table(store, "posts", "channel_id") == [("scripted:tag",)]
    visit(store, pages, accounts=("shop", "tag"), day=1)
    assert table(store, "posts", "channel_id") == [("scripted:shop",)]
