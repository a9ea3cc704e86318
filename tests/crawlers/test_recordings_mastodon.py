"""Real answers of Mastodon and its kin: every list reads to its posts, with the counts shown."""

import json
from itertools import pairwise

import pytest

from data.records import Metrics, Post
from tests.crawlers.recordings import read, tally

ONE = {"Post": 1, "Metrics": 1}
PAGE = {"Post": 20, "Metrics": 20, "more": 1}
HELD = {
    "account-fosstodon.json": {"Profile": 1},
    "bigbone-status-after-deleting.json": ONE,
    "bigbone-status.json": ONE,
    "bigbone-statuses.json": ONE | {"more": 1},
    "context-fosstodon-ancestors.json": ONE,
    "context-mastodon-social.json": {"Comment": 59},
    "hashtag-rstats-mastodon-social.json": {"Post": 5, "Metrics": 5, "more": 1},
    "mastodon4j-statuses-2017.json": ONE | {"more": 1},
    "public-mastodon-social.json": PAGE,
    "status-card.json": ONE,
    "status-custom-emoji.json": ONE,
    "status-fosstodon-anonymous.json": ONE,
    "status-media.json": ONE,
    "status-plain.json": ONE,
    "statuses-fosstodon-default.json": PAGE,
    "statuses-fosstodon-p1.json": PAGE,
    "statuses-fosstodon-p2.json": PAGE,
    "statuses-fosstodon-p3.json": PAGE | {"Metrics": 19},
    "statuses-fosstodon-p4.json": PAGE,
    "tootsdk-account-mastodon-official.json": {"Profile": 1},
    "tootsdk-account.json": {"Profile": 1},
    "tootsdk-post-edited.json": ONE,
    "tootsdk-post-with-emojis-and-attachments.json": ONE,
    "tootsdk-quote.json": ONE,
}
NO_POSTS = (
    "account-search-fosstodon.json", "bigbone-account-search.json", "instance-activity.json",
    "instance-mastodon-hk.json", "instance-tchncs.json", "instance-v2-mastodon-social.json",
    "nodeinfo-2.0.json", "poll-fosstodon.json", "tootsdk-instance-akkoma.json",
    "tootsdk-instance-iceshrimpnet.json", "tootsdk-instance-sharkey-contact-removed.json",
    "tootsdk-instancev2-firefish.json", "tootsdk-instancev2-friendica.json",
    "tootsdk-mastodon.json", "tootsdk-nodeinfo-akkoma.json", "tootsdk-nodeinfo-pleroma.json",
    "tootsdk-nodeinfo-sharkey.json", "trends-tags.json", "trends-tchncs.json",
)  # fmt: skip
HISTORY = "bigbone-status-edit-history.json"
REFUSED = "error-401.json"
FORMATS = {"image": "photo", "video": "video", "gifv": "video", "audio": "audio"}


def found_in(recorded, file):
    return read(recorded, f"mastodon/{file}")


def shown_in(recorded, file):
    """The statuses as the answer writes them, reposts left out, by their id."""
    answer = json.loads((recorded / "mastodon" / file).read_text(encoding="utf-8"))
    if isinstance(answer, dict):
        answer = answer.get("ancestors") or [answer.get("quoted_status") or answer]
    return {str(status["id"]): status for status in answer if not status.get("reblog")}


def test_no_recording_is_left_out(recorded):
    files = {path.name for path in (recorded / "mastodon").iterdir()}
    named = {name for name in files if not name.endswith(".meta.json")}
    assert named == {*HELD, *NO_POSTS, HISTORY, REFUSED}


@pytest.mark.parametrize(("file", "expected"), HELD.items(), ids=list(HELD))
def test_number_of_posts(recorded, file, expected):
    assert tally(found_in(recorded, file)) == expected


@pytest.mark.parametrize("file", NO_POSTS)
def test_entities_that_hold_no_post(recorded, file):
    assert tally(found_in(recorded, file)) == {}


def test_an_edit_history_is_no_list_of_posts(recorded):
    assert found_in(recorded, HISTORY).error == "[0].id"


def test_a_closed_api_is_a_login_wall(recorded):
    assert found_in(recorded, REFUSED).blocked == "login_wall"


@pytest.mark.parametrize("file", [name for name, held in HELD.items() if "Metrics" in held])
def test_every_count_is_the_one_shown(recorded, file):
    shown = shown_in(recorded, file)
    metrics = [record for record in found_in(recorded, file).records if type(record) is Metrics]
    assert {record.native_id.rpartition("/")[2] for record in metrics} == set(shown)
    for record in metrics:
        status = shown[record.native_id.rpartition("/")[2]]
        assert record.likes == status.get("favourites_count")
        assert record.comments == status.get("replies_count")
        assert record.shares == status["reblogs_count"] + status.get("quotes_count", 0)


@pytest.mark.parametrize("file", [name for name, held in HELD.items() if "Metrics" in held])
def test_media_tags_and_replies_are_those_shown(recorded, file):
    shown = shown_in(recorded, file)
    for record in found_in(recorded, file).records:
        status = shown.get(getattr(record, "native_id", "").rpartition("/")[2])
        if type(record) is Post and status:
            kinds = [medium["type"] for medium in status["media_attachments"]]
            assert record.media_count == len(kinds)
            if len(kinds) == 1 and not status.get("poll"):
                assert record.format == FORMATS[kinds[0]]
            assert set(record.hashtags) == {tag["name"].lower() for tag in status["tags"]}
            answers = status.get("in_reply_to_id") or status.get("in_reply_to_account_id")
            assert record.is_reply == (answers is not None)


def test_four_pages_follow_each_other_without_overlap(recorded):
    pages = [found_in(recorded, f"statuses-fosstodon-p{number}.json") for number in (1, 2, 3, 4)]
    posts = [record for page in pages for record in page.records if type(record) is Post]
    assert len({post.native_id for post in posts}) == 80
    assert sorted(posts, key=lambda post: post.published_at, reverse=True) == posts
    for page, following in pairwise(pages):
        (more,) = [fetch for fetch in page.fetches if fetch.more]
        last = [record for record in page.records if type(record) is Post][-1]
        assert more.url.endswith(f"max_id={last.native_id.rpartition('/')[2]}")
        assert following.records[0].published_at < last.published_at


def test_comments_of_a_conversation(recorded):
    comments = found_in(recorded, "context-mastodon-social.json").records
    file = recorded / "mastodon/context-mastodon-social.json"
    shown = {status["id"]: status for status in json.loads(file.read_bytes())["descendants"]}
    assert {comment.native_id.rpartition("/")[2] for comment in comments} == set(shown)
    (root,) = {comment.post_native_id.rpartition("/")[2] for comment in comments}
    for comment in comments:
        answered = shown[comment.native_id.rpartition("/")[2]]["in_reply_to_id"]
        parent = comment.in_reply_to.rpartition("/")[2] if comment.in_reply_to else root
        assert parent == answered
