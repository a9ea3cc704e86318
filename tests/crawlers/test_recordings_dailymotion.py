"""Real Dailymotion documents: a video's page and its embed read to the same video."""

from datetime import UTC, datetime

from tests.crawlers.recordings import read


def test_a_video_page(recorded):
    (post,) = read(recorded, "dailymotion/video-xy0wd.html").records
    assert (post.native_id, post.title, post.duration_s) == ("xy0wd", "Chats paresseux", 36)
    assert post.published_at == datetime(2007, 1, 8, 10, 41, 29, tzinfo=UTC)
    assert post.hashtags[0] == "accelere"


def test_an_embed_has_neither_date_nor_counts(recorded):
    (post,) = read(recorded, "dailymotion/oembed.json").records
    assert (post.native_id, post.title) == ("xy0wd", "Chats paresseux")
    assert post.published_at is None
