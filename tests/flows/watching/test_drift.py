"""Drift on a lake: raised once as a broken source, with its posts and pages, in both languages."""

from datetime import timedelta

import polars as pl
import pytest

from dashboard import alerted
from flows.alerts import raise_alerts
from tests.data.rows import T0, frame, metric, post
from tests.flows.lakes import rows

BROKEN_ON = 8
POSTS = 15


def bring(lake, days, *, likes=3, run="r", posts=POSTS):
    """The crawls of some days, each with new posts and their counts."""
    pages, listed, counts, runs = [], [], [], []
    for day in days:
        at = T0 + timedelta(days=day)
        seen, page_id = at + timedelta(minutes=1), f"page-{day}"
        run_id = f"{run}{day:02}"
        pages.append({
            "page_id": page_id, "channel_id": "feed:crete", "run_id": run_id, "fetch": "{}",
            "url": "https://crete.example/feed", "fetched_at": seen, "status": 200,
            "bytes": 50_000, "content_hash": page_id,
        })  # fmt: skip
        told = {"published_at": at, "first_seen_at": seen, "last_seen_at": seen}
        numbers = range(day * 100, day * 100 + posts)
        listed += [post(n, **told, page_id=page_id) for n in numbers]
        counts += [metric(n, seen, likes=likes, page_id=page_id) for n in numbers]
        runs.append({"run_id": run_id, "channel_id": "feed:crete", "started_at": at, "pages": 1,
                     "posts": posts, "new_posts": posts, "dropped": 0, "errors": 0,
                     "complete": True})  # fmt: skip
    lake.insert("pages", rows("pages", *pages))
    lake.insert("coverage", rows("coverage", *runs))
    if listed:
        lake.insert("posts", frame("posts", *listed))
        lake.insert("metrics", frame("metrics", *counts))


def crawl(lake, day, **more):
    """One more day's crawl; what it raises."""
    bring(lake, [day], **more)
    return raise_alerts(lake, T0 + timedelta(days=day, minutes=2))


@pytest.fixture
def lake(store):
    store.set_state("market", {"language": "en", "timezone": "Europe/Paris"})
    entity = {"entity_id": "crete-co", "name": "Crête & Co", "role": "competitor"}
    store.merge("entities", rows("entities", entity))
    store.merge("channels", rows("channels", {
        "channel_id": "feed:crete", "entity_id": "crete-co", "platform": "feed",
        "account": "crete", "url": "https://crete.example/blog/feed",
    }))  # fmt: skip
    bring(store, range(BROKEN_ON))
    assert raise_alerts(store, T0 + timedelta(days=BROKEN_ON - 1, minutes=2)).is_empty()
    return store


def test_a_field_that_goes_missing_is_raised_at_the_next_run_once(lake):
    (alert,) = crawl(lake, BROKEN_ON, likes=None).to_dicts()
    assert alert["title"] == "RSS feed: likes on 0% of 15 posts, usually on 100% of 120"
    assert (alert["kind"], alert["key"], alert["entity_id"]) == ("source_broken", "feed", None)
    assert (alert["value"], alert["usual"], alert["severity"]) == (0.0, 1.0, "warning")
    assert alert["evidence"]["page_ids"] == [f"page-{BROKEN_ON}"]
    assert sorted(alert["evidence"]["post_ids"]) == [f"feed:{n}" for n in range(800, 815)]
    french = alerted.said_in("fr", alert, {}, {})
    assert french.startswith("Flux RSS") and "j’aime sur 0" in french  # noqa: PT018 - one sentence
    for day in (BROKEN_ON + 1, BROKEN_ON + 2):
        assert crawl(lake, day, likes=None).is_empty(), day


def test_a_list_that_gives_nothing_on_a_large_page_is_raised_with_its_pages(lake):
    (alert,) = crawl(lake, BROKEN_ON, posts=0).to_dicts()
    assert alert["title"] == (
        "feed:crete: 0 posts a list page, usually 15: its reader may be broken"
    )
    assert (alert["key"], alert["entity_id"]) == ("feed:crete", "crete-co")
    assert alert["evidence"] == {"post_ids": [], "page_ids": [f"page-{BROKEN_ON}"]}
    assert crawl(lake, BROKEN_ON + 1, posts=0).is_empty()


def test_a_file_that_was_imported_is_no_crawl(lake):
    assert crawl(lake, BROKEN_ON, likes=None, run="import-").is_empty()


def test_a_muted_source_is_left_alone(lake):
    until = (T0 + timedelta(days=30)).date()
    mute = {"alert_id": "x", "kind": "source_broken", "entity_id": None, "key": "feed", "by": "b",
            "until": until, "at": T0}  # fmt: skip
    lake.merge("alert_mutes", rows("alert_mutes", mute))
    assert crawl(lake, BROKEN_ON, likes=None).is_empty()
    assert lake.scan("alerts").select(pl.len()).collect().item() == 0
