import json
from datetime import timedelta

import polars as pl
import pytest

from crawlers.columns import batch
from crawlers.platform import Dropped, Fetch, Page
from crawlers.reading import Reading, read
from data.ledger import SIGHTING
from data.records import Comment, Gone, Metrics, Post, Profile
from data.tables import CORE
from tests.crawlers.scripted import NOON, Scripted


def page(body, *, status=200, kind="list", **context):
    fetch = Fetch("https://shop.example/list.json", kind=kind, context=context)
    return Page(fetch, "shop", fetch.url, body, NOON, status, secret=b"key")


def shown(number, **more):
    return {"id": f"p{number}", "at": "2026-03-01T08:00:00Z", "likes": number, **more}


def reading_of(*posts, **more):
    body = json.dumps({"posts": posts, **more}).encode()
    found = read(Scripted(), page(body), "scripted:shop")
    found.page_id = "page"
    return found


def test_records_and_requests_are_filed():
    found = reading_of(shown(1), shown(2, said=["oui"]), name="Shop", next="list.json?from=2")
    assert [post.native_id for post in found.posts] == ["p1", "p2"]
    assert [metrics.likes for metrics in found.metrics] == [1, 2]
    assert [profile.name for profile in found.profiles] == ["Shop"]
    assert [comment.text for comment in found.comments] == ["oui"]
    assert [fetch.more for fetch in found.fetches] == [True]
    assert found.reason is None


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"<html>", 200, "login_wall: the platform asks to sign in"),
        (b"nothing", 200, "not readable: no JSON"),
        (b'{"posts": [{"id": "p1"}]}', 200, "not readable: posts[0].at: no time"),
        (b'{"posts": 7}', 200, "not readable: TypeError: 'int' object is not iterable"),
        (b"", 404, "gone: the account or page no longer exists (HTTP 404)"),
        (b"", 500, "server_error: the platform's server failed (HTTP 500)"),
    ],
)
def test_what_can_not_be_read_is_a_plain_reason(body, status, reason):
    assert read(Scripted(), page(body, status=status), "scripted:shop").reason == reason


def test_half_a_page_is_no_page():
    found = reading_of(shown(1), {"id": "p2"})
    assert (found.posts, found.metrics, found.fetches) == ([], [], [])


def test_a_missing_page_of_one_post_says_that_it_is_gone():
    found = read(Scripted(), page(b"", status=404, post="p9"), "scripted:shop")
    assert (found.reason, found.gone) == (None, [Gone("p9")])


class Patchy(Scripted):
    def parse(self, page):
        yield Dropped("posts[3].at", "no time")
        yield Dropped("posts[4].at", "no time")


def test_dropped_items_are_counted_and_the_first_is_remembered():
    found = read(Patchy(), page(b""), "scripted:shop")
    assert (found.dropped, found.first_dropped) == (2, "posts[3].at: no time")


def test_columns_are_those_of_the_contracts():
    rows = batch([reading_of(shown(1, said=["oui"]), name="Shop")])
    assert dict(rows.sightings.schema) == SIGHTING
    for table in ("metrics", "profiles", "comments"):
        frame = getattr(rows, table)
        assert frame.schema == CORE[table].create_empty().schema
        CORE[table].validate(frame)
    assert rows.gone.schema == {"post_id": pl.String, "at": pl.Datetime("us", "UTC")}


def test_no_page_gives_no_rows_but_every_column():
    rows = batch([])
    assert dict(rows.sightings.schema) == SIGHTING
    assert rows.comments.schema == CORE["comments"].create_empty().schema


def test_every_value_arrives():
    post = Post(
        native_id="p1", url="https://shop.example/p1", published_at=NOON - timedelta(hours=1),
        format="photo", published_within_s=60, title="T", text="été", language="fr", media_count=2,
        duration_s=1.5, hashtags=("a", "b"), mentions=("c",), links=("https://x.example/",),
        is_reply=True, sponsored=True, edited_at=NOON, deleted_at=NOON,
    )  # fmt: skip
    reading = Reading("scripted:shop", "scripted", Fetch("u", kind="one"), NOON, page_id="page")
    reading.posts.append(post)
    row = batch([reading]).sightings.row(0, named=True)
    for name in Post.__struct_fields__:
        if name != "native_id":
            value = getattr(post, name)
            assert row[name] == (list(value) if isinstance(value, tuple) else value), name
    assert (row["post_id"], row["channel_id"], row["page_id"], row["kind"]) == (
        "scripted:p1",
        "scripted:shop",
        "page",
        "one",
    )


def test_rows_know_the_page_that_they_came_from():
    first, second = reading_of(shown(1)), reading_of(shown(2), shown(3))
    second.page_id, second.fetched_at = "other", NOON + timedelta(seconds=1)
    rows = batch([first, second])
    assert rows.metrics["page_id"].to_list() == ["page", "other", "other"]
    assert rows.sightings["observed_at"].to_list() == [NOON, *[second.fetched_at] * 2]


def test_a_post_twice_on_one_page_is_one_row():
    rows = batch([reading_of(shown(1, likes=1), shown(1, likes=2))])
    assert rows.sightings.height == 1
    assert rows.metrics["likes"].to_list() == [2]


def test_hostile_values_become_harmless():
    reading = Reading("scripted:shop", "scripted", Fetch("u"), NOON, page_id="page")
    reading.posts.append(Post("a\ud800", "u", None, "text", hashtags=("x\udfff", "y")))
    reading.metrics.append(Metrics("b", likes=1 << 80, views=3))
    reading.profiles.append(Profile(followers=-(1 << 80)))
    reading.comments.append(Comment("c", "b", None, "k", from_channel=False, text="\ud83d!"))
    rows = batch([reading])
    assert rows.sightings["post_id"].to_list() == ["scripted:a?"]
    assert rows.sightings["hashtags"].to_list() == [["x?", "y"]]
    assert rows.metrics.select("likes", "views").row(0) == (-1, 3)
    assert rows.profiles["followers"].to_list() == [-1]
    assert rows.comments["text"].to_list() == ["?!"]
    assert rows.comments["in_reply_to"].to_list() == [None]
