"""Notes, tags and mutes leave with what they are about, and names leave them."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from data import erasure
from data.store import Store
from flows.erasing import doomed
from tests.features.world import frame

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BY = {"by": "lea@maison.example", "at": NOW}


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "lake")
    old = NOW - timedelta(days=400)
    store.merge("posts", frame("posts", [
        {"post_id": "bluesky:1", "channel_id": "bluesky:a", "published_at": old,
         "last_seen_at": NOW, "page_id": "p", "format": "text"},
        {"post_id": "bluesky:2", "channel_id": "bluesky:b", "published_at": NOW,
         "last_seen_at": NOW, "page_id": "q", "format": "text"},
    ]))  # fmt: skip
    store.merge("channels", frame("channels", [
        {"channel_id": "bluesky:a", "entity_id": "alpine"},
        {"channel_id": "bluesky:b", "entity_id": "crete"},
    ]))  # fmt: skip
    store.merge("post_tags", frame(
        "post_tags", [{"post_id": f"bluesky:{n}", "tag": "bivouac", **BY} for n in (1, 2)]
    ))  # fmt: skip
    store.merge("notes", frame("notes", [
        {"note_id": "1", "day": old.date(), "text": "Soldes", "entity_id": "alpine", **BY},
        {"note_id": "2", "day": date(2026, 11, 1), "text": "Vu par @lea.grimpe", **BY},
    ]))  # fmt: skip
    for number in (1, 2):
        evidence = {"post_ids": [f"bluesky:{number}"], "page_ids": []}
        alert = {"alert_id": f"a{number}", "raised_at": NOW, "kind": "breakout_post",
                 "severity": "info", "title": "t", "evidence": evidence}  # fmt: skip
        store.merge("alerts", pl.DataFrame([alert], schema=store.scan("alerts").collect_schema()))
        store.merge("alert_mutes", frame("alert_mutes", [{
            "alert_id": f"a{number}", "kind": "breakout_post", "until": NOW.date(), **BY,
        }]))  # fmt: skip
    return store


def test_they_leave_with_old_posts_and_with_a_channel(store):
    year = doomed.by_date(store, NOW - timedelta(days=365))
    channel = doomed.by_channel(store, "bluesky:a", {})
    for found in (year, channel):
        taken = {table: found.rows[table].rows() for table in ("post_tags", "alert_mutes", "notes")}
        assert taken == {
            "post_tags": [("bluesky:1", "bivouac")], "alert_mutes": [("a1",)], "notes": [("1",)],
        }  # fmt: skip


def test_names_leave_texts_and_those_who_wrote_them(store):
    assert erasure.unname(store, ["lea.grimpe", "lea@maison.example"]) == 6
    left = store.scan("notes").sort("note_id").collect()
    assert left["text"].to_list() == ["Soldes", "Vu par […]"]
    for table in ("notes", "post_tags", "alert_mutes"):
        frame = store.scan(table).collect()
        assert set(frame["by"]) == {"[…]"}
        assert frame.height == 2
