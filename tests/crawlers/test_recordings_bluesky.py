"""Real Bluesky answers: every list reads to its posts, with the counts that it shows."""

import json

import pytest

from data.records import Metrics, Post, Profile
from tests.crawlers.recordings import read, tally

HELD = {
    "author-feed-chriskenny.json": {"Post": 50, "Metrics": 43, "more": 1},
    "feed-bsky-team.json": {"Post": 7, "Metrics": 7, "more": 1},
    "list-feed.json": {"Post": 10, "Metrics": 10, "more": 1},
    "post-thread-bskyr.json": {"Post": 1, "Metrics": 1},
    "posts-single.json": {"Post": 1, "Metrics": 1},
    "profiles-chriskenny.json": {"Profile": 1},
    "quotes-of-post.json": {"Post": 2, "Metrics": 2},
    "repo-list-records-posts.json": {"Post": 50},
    "search-posts-redistricting.json": {"Post": 25, "Metrics": 25, "more": 1},
}
NO_POSTS = (
    "actors-typeahead.json", "likes-of-post.json", "reposted-by.json", "resolve-handle.json",
    "starter-pack.json",
)  # fmt: skip
WEB_CLIENT = ("html-post-stephenking-2026.html", "html-profile-stephenking-2026.html")
FORMATS = {"images": ("photo", "carousel"), "video": ("video",), "external": ("link",)}


def found_in(recorded, file):
    return read(recorded, f"bluesky/{file}")


def shown_in(recorded, file):
    """The posts as the answer writes them, reposts left out, by their address."""
    answer = json.loads((recorded / "bluesky" / file).read_text(encoding="utf-8"))
    if "thread" in answer:
        return {answer["thread"]["post"]["uri"]: answer["thread"]["post"]}
    entries = answer.get("feed") or [{"post": post} for post in answer["posts"]]
    return {e["post"]["uri"]: e["post"] for e in entries if "Repost" not in str(e.get("reason"))}


def test_no_recording_is_left_out(recorded):
    files = {path.name for path in (recorded / "bluesky").iterdir()}
    named = {name for name in files if not name.endswith(".meta.json")}
    assert named == {*HELD, *NO_POSTS, *WEB_CLIENT}


@pytest.mark.parametrize(("file", "expected"), HELD.items(), ids=list(HELD))
def test_number_of_posts(recorded, file, expected):
    assert tally(found_in(recorded, file)) == expected


@pytest.mark.parametrize("file", NO_POSTS)
def test_answers_that_hold_no_post(recorded, file):
    assert tally(found_in(recorded, file)) == {}


@pytest.mark.parametrize("file", WEB_CLIENT)
def test_the_web_client_is_an_empty_shell(recorded, file):
    assert found_in(recorded, file).blocked == "empty_shell"


@pytest.mark.parametrize("file", [name for name, held in HELD.items() if "Metrics" in held])
def test_every_count_is_the_one_shown(recorded, file):
    shown = shown_in(recorded, file)
    metrics = [record for record in found_in(recorded, file).records if type(record) is Metrics]
    assert {record.native_id for record in metrics} == set(shown)
    for record in metrics:
        post = shown[record.native_id]
        assert record.likes == post["likeCount"]
        assert record.comments == post["replyCount"]
        assert record.shares == post["repostCount"] + post["quoteCount"]
        assert record.saves == post.get("bookmarkCount")


@pytest.mark.parametrize("file", [name for name, held in HELD.items() if "Metrics" in held])
def test_texts_formats_and_tags_are_those_shown(recorded, file):
    shown = shown_in(recorded, file)
    for record in found_in(recorded, file).records:
        if type(record) is Post and not record.is_repost:
            written = shown[record.native_id]["record"]
            kind = str(shown[record.native_id].get("embed", {}).get("$type")).split(".")[-1]
            assert record.text == written["text"]
            assert record.is_reply == ("reply" in written)
            assert record.format in FORMATS.get(kind.partition("#")[0], [record.format])
            tags = {
                feature["tag"].lower()
                for facet in written.get("facets", [])
                for feature in facet["features"]
                if "tag" in feature
            }
            assert set(record.hashtags) == tags


def test_totals_of_an_author_feed(recorded):
    found = found_in(recorded, "author-feed-chriskenny.json").records
    metrics = [record for record in found if type(record) is Metrics]
    posts = [record for record in found if type(record) is Post]
    assert sum(record.likes for record in metrics) == 146
    assert sum(record.comments for record in metrics) == 29
    assert sum(post.is_reply for post in posts) == 24
    assert sum(post.is_repost for post in posts) == 7


def test_profile(recorded):
    (profile,) = found_in(recorded, "profiles-chriskenny.json").records
    (shown,) = json.loads((recorded / "bluesky/profiles-chriskenny.json").read_bytes())["profiles"]
    assert profile == Profile(
        name=shown["displayName"],
        followers=shown["followersCount"],
        following=shown["followsCount"],
        posts_total=shown["postsCount"],
        description=shown["description"],
    )
