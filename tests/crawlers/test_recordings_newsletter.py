"""Real feeds of newsletters, read as letters known by their addresses."""

import pytest

from tests.crawlers.recordings import one, read, tally

HELD = {
    "feeds/substack-feed.xml": {"Profile": 1, "Post": 20},
    "feeds/rss-2.0-heated.xml": {"Profile": 1, "Post": 1},
    "feeds/rss-2.0-element-io.xml": {"Profile": 1, "Post": 1},
}


@pytest.mark.parametrize("file", HELD)
def test_every_feed_reads_to_what_it_holds(recorded, file):
    found = read(recorded, file, platform="newsletter")
    assert tally(found) == HELD[file]
    posts = [record for record in found.records if type(record).__name__ == "Post"]
    assert {post.format for post in posts} <= {"newsletter", "audio", "video"}
    assert all(post.title and post.published_at for post in posts)


def test_a_letter_is_known_by_its_address(recorded):
    found = read(recorded, "feeds/substack-feed.xml", platform="newsletter")
    post = one(found, "Post", "www.interconnects.ai/p/latest-open-artifacts-23-laguna-s21")
    assert post.language == "en"
    assert len(post.text) > 1000
