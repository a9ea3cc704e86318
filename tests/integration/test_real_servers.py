"""The whole path on servers that nobody here wrote: a Bluesky network and a WordPress site.

They must run on loopback, seeded; their addresses may be moved by variables. Without
VIGIE_TEST_SERVERS=1 these tests are skipped.
"""

import json
import os
import urllib.request
from datetime import datetime

import polars as pl
import pytest

from crawlers.replay import replay
from data.store import Store
from tests.integration.command import vigie

BLUESKY = os.environ.get("VIGIE_TEST_BLUESKY", "http://127.0.0.1:2584")
PDS = os.environ.get("VIGIE_TEST_PDS", "http://127.0.0.1:2583")
WORDPRESS = os.environ.get("VIGIE_TEST_WORDPRESS", "http://127.0.0.1:8088")
ACTORS = ("acmerun.test", "rivalsports.test", "janetrail.test", "ottolaeuft.test")
CORE = ("posts", "profiles", "metrics", "comments")

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(
        os.environ.get("VIGIE_TEST_SERVERS") != "1",
        reason="needs real servers on loopback; start them and set VIGIE_TEST_SERVERS=1",
    ),
]


def ask(url, token=None, body=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
        return json.load(answer)


def own_feed(actor):
    """uri → (likes, comments, shares) of an actor's own posts, from the server's own API."""
    found, cursor = {}, ""
    while True:
        page = ask(
            f"{BLUESKY}/xrpc/app.bsky.feed.getAuthorFeed?actor={actor}&limit=100"
            f"&filter=posts_with_replies{cursor}"
        )
        for item in page["feed"]:
            if "reason" not in item:
                post = item["post"]
                shares = post["repostCount"] + post["quoteCount"]
                found[post["uri"]] = (post["likeCount"], post["replyCount"], shares)
        if "cursor" not in page:
            return found
        cursor = f"&cursor={page['cursor']}"


@pytest.fixture
def watchlist(tmp_path):
    file = tmp_path / "watchlist.yaml"
    channels = {actor: f"https://bsky.app/profile/{actor}" for actor in ACTORS}
    file.write_text(
        f"""\
market: Loopback
brand: {{name: Acme, channels: ["{channels["acmerun.test"]}"]}}
competitors:
  - name: Rival
    channels: ["{channels["rivalsports.test"]}", {{platform: wordpress, url: "{WORDPRESS}"}}]
influencers:
  - {{name: Jane, channels: ["{channels["janetrail.test"]}"]}}
  - {{name: Otto, channels: ["{channels["ottolaeuft.test"]}"]}}
crawl: {{allow_private_networks: true, delay_s: 0, contact: watch@vigie.example}}
platforms: {{bluesky: {{base_url: "{BLUESKY}"}}}}
"""
    )
    return file


def exported(lake, table):
    done = vigie("export", table, "--format", "json", "--lake", lake)
    return [json.loads(line) for line in done.stdout.splitlines()]


def core(store):
    return {
        table: store.scan(table).sort(store.scan(table).collect_schema().names()[:2]).collect()
        for table in CORE
    }


def test_posts_and_counts_are_those_of_the_servers(watchlist, tmp_path):
    lake = tmp_path / "lake"
    vigie("run", watchlist, "--lake", lake)
    posts = {p["post_id"]: p for p in exported(lake, "posts")}
    metrics = {m["post_id"]: m for m in exported(lake, "metrics")}
    for actor in ACTORS:
        feed = own_feed(actor)
        mine = {
            key.removeprefix("bluesky:")
            for key, post in posts.items()
            if post["channel_id"] == f"bluesky:{actor}" and not post["is_repost"]
        }
        assert mine == set(feed)
        for uri, counts in feed.items():
            row = metrics[f"bluesky:{uri}"]
            assert (row["likes"], row["comments"], row["shares"]) == counts
    served = ask(f"{WORDPRESS}/wp-json/wp/v2/posts?per_page=100")
    stored = [post for post in posts.values() if post["channel_id"].startswith("wordpress:")]
    assert {post["url"] for post in stored} == {post["link"] for post in served}
    assert {
        datetime.fromisoformat(post["published_at"]).replace(tzinfo=None) for post in stored
    } == {datetime.fromisoformat(post["date_gmt"]) for post in served}


def test_running_twice_only_adds_observations_and_replay_needs_no_server(watchlist, tmp_path):
    lake = tmp_path / "lake"
    vigie("run", watchlist, "--lake", lake)
    store = Store(lake)
    first = core(store)
    vigie("run", watchlist, "--lake", lake)
    second = core(store)
    seen = ("last_seen_at", "page_id")
    assert second["posts"].drop(seen).equals(first["posts"].drop(seen))
    assert second["comments"].drop("page_id").equals(first["comments"].drop("page_id"))
    key = ["post_id", "observed_at"]
    assert first["metrics"].join(second["metrics"], on=key, how="anti").is_empty()
    replay(store)
    assert store.scan("restatements").collect().is_empty()
    for table, rows in core(store).items():
        assert rows.equals(second[table]), table


def test_a_post_deleted_on_the_server_is_marked_on_the_next_run(watchlist, tmp_path):
    lake = tmp_path / "lake"
    session = ask(
        f"{PDS}/xrpc/com.atproto.server.createSession",
        body={"identifier": "rivalsports.test", "password": "hunter2!"},
    )
    token, repo = session["accessJwt"], session["did"]
    record = {
        "$type": "app.bsky.feed.post",
        "text": "Soon gone",
        "createdAt": datetime.now().astimezone().isoformat(),
    }
    place = {"repo": repo, "collection": "app.bsky.feed.post"}
    made = ask(f"{PDS}/xrpc/com.atproto.repo.createRecord", token, {**place, "record": record})
    wait_for(lambda: made["uri"] in own_feed("rivalsports.test"))
    vigie("run", watchlist, "--lake", lake)
    rkey = made["uri"].rpartition("/")[2]
    ask(f"{PDS}/xrpc/com.atproto.repo.deleteRecord", token, {**place, "rkey": rkey})
    wait_for(lambda: made["uri"] not in own_feed("rivalsports.test"))
    vigie("run", watchlist, "--lake", lake)
    gone = Store(lake).scan("posts").filter(pl.col("deleted_at").is_not_null()).collect()
    assert gone["post_id"].to_list() == [f"bluesky:{made['uri']}"]


def wait_for(holds, tries=50):
    import time

    for _ in range(tries):
        if holds():
            return
        time.sleep(0.2)
    pytest.fail("the server did not take the change over in time")
