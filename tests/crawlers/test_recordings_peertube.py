"""Real PeerTube answers: every file reads to what it holds."""

import pytest

from tests.crawlers.recordings import one, read, tally

HELD = {
    "account-framasoft-channels.json": {},
    "account-framasoft-videos-p1.json": {"Post": 12, "Metrics": 12, "more": 1},
    "account-framasoft-videos-p2.json": {"Post": 12, "Metrics": 12, "more": 1},
    "account-framasoft.json": {"Profile": 1},
    "channel-chatsceptique.json": {"Profile": 1},
    "comments-p1.json": {"Comment": 6, "more": 1},
    "comments-thread-nested.json": {"Comment": 2},
    "search-by-tag-framatube.json": {"Post": 8, "Metrics": 8, "more": 1},
    "search-internet-p1.json": {"Post": 12, "Metrics": 12, "more": 1},
    "trending-framatube.json": {"Post": 12, "Metrics": 12, "more": 1},
    "video-framatube.json": {"Post": 1, "Metrics": 1},
    "video-tilvids.json": {"Post": 1, "Metrics": 1},
}


@pytest.mark.parametrize("file", HELD)
def test_every_recording_reads_to_what_it_holds(recorded, file):
    assert tally(read(recorded, f"peertube/{file}")) == HELD[file]


def test_figures_of_a_video(recorded):
    uuid = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
    found = read(recorded, "peertube/video-framatube.json")
    metrics, post = one(found, "Metrics", uuid), one(found, "Post", uuid)
    assert (metrics.views, metrics.likes, metrics.comments, metrics.shares) == (
        143684,
        31,
        10,
        None,
    )
    assert (post.duration_s, post.language, post.format) == (113, "en", "video")
    assert "https://joinpeertube.org" in post.links


def test_comments_belong_to_the_video_behind_the_short_id(recorded):
    found = read(recorded, "peertube/comments-p1.json")
    assert {c.post_native_id for c in found.records} == {"9c9de5e8-0a1e-484a-b099-e80766180a6d"}


def test_followers(recorded):
    account = read(recorded, "peertube/account-framasoft.json").records[0]
    channel = read(recorded, "peertube/channel-chatsceptique.json").records[0]
    assert (account.followers, channel.followers) == (980, 853)
