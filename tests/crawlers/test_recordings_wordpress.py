"""Real WordPress answers: every list reads to its posts, with the counts that it shows."""

import json

import pytest

from data.records import Comment, Metrics, Post
from tests.crawlers.recordings import read, tally

HELD = {
    "wpcom-reader-posts-success.json": {"Post": 10, "Metrics": 10},
    "wpjson-post-60-comments.json": {"Comment": 3},
    "wpjson-post-60.json": {"Post": 1},
    "wpjson-posts-from-category-7.json": {"Post": 5},
}
NO_POSTS = ("wpcom-stats-visits-week.json", "wpjson-author-list.json")


def found_in(recorded, file, **page):
    return read(recorded, f"wordpress/{file}", **page)


def shown_in(recorded, file):
    return json.loads((recorded / "wordpress" / file).read_text(encoding="utf-8"))


def test_no_recording_is_left_out(recorded):
    files = {path.name for path in (recorded / "wordpress").iterdir()}
    assert {name for name in files if not name.endswith(".meta.json")} == {*HELD, *NO_POSTS}


@pytest.mark.parametrize(("file", "expected"), HELD.items(), ids=list(HELD))
def test_number_of_posts(recorded, file, expected):
    assert tally(found_in(recorded, file)) == expected


@pytest.mark.parametrize("file", NO_POSTS)
def test_entities_that_hold_no_post(recorded, file):
    assert tally(found_in(recorded, file)) == {}


def test_counts_of_the_reader(recorded):
    file = "wpcom-reader-posts-success.json"
    shown = {str(post["ID"]): post for post in shown_in(recorded, file)["posts"]}
    found = [r for r in found_in(recorded, file).records if type(r) is Metrics]
    assert {record.native_id.rpartition("=")[2] for record in found} == set(shown)
    for record in found:
        post = shown[record.native_id.rpartition("=")[2]]
        assert record.likes == post["like_count"]
        assert record.comments == post["discussion"]["comment_count"]


def test_articles(recorded):
    file = "wpjson-posts-from-category-7.json"
    posts = [r for r in found_in(recorded, file).records if type(r) is Post]
    for post, shown in zip(posts, shown_in(recorded, file), strict=True):
        assert post.native_id.endswith(f"/?p={shown['id']}")
        assert post.url == shown["link"]
        assert f"{post.published_at:%Y-%m-%dT%H:%M:%S}" == shown["date_gmt"]
        assert "<" not in post.title
        assert len(post.text) > 200
        names = {
            term["name"].lower()
            for group in shown["_embedded"]["wp:term"]
            for term in group
            if term["taxonomy"] == "post_tag"
        }
        assert set(post.hashtags) == names


def test_embedded_comments_are_counted_where_they_were_asked_for(recorded):
    url = "https://demo.example/wp-json/wp/v2/posts/60?_embed=1"
    metrics = [
        r for r in found_in(recorded, "wpjson-post-60.json", url=url).records if type(r) is Metrics
    ]
    (replies,) = shown_in(recorded, "wpjson-post-60.json")["_embedded"]["replies"]
    assert [record.comments for record in metrics] == [len(replies)]


def test_comments(recorded):
    found = found_in(recorded, "wpjson-post-60-comments.json").records
    for comment, shown in zip(
        found, shown_in(recorded, "wpjson-post-60-comments.json"), strict=True
    ):
        assert type(comment) is Comment
        assert comment.post_native_id.endswith(f"/?p={shown['post']}")
        assert (comment.in_reply_to or "-0").endswith(f"-{shown['parent']}")
        assert shown["author_name"] not in comment.author_key
