"""Real Vimeo documents: feed, video pages, embed."""

from datetime import UTC, datetime

from tests.crawlers.recordings import one, read, tally


def test_a_feed(recorded):
    found = read(recorded, "vimeo/channel-rss.xml")
    assert tally(found) == {"Profile": 1, "Post": 1}
    assert found.records[0].name == "Failla Wines"
    post = one(found, "Post", "1013595996")
    assert (post.duration_s, post.format) == (610, "video")
    assert post.published_at == datetime(2024, 9, 27, 16, 29, 11, tzinfo=UTC)
    assert [fetch.url for fetch in found.fetches] == ["https://vimeo.com/1013595996"]


def test_a_video_page(recorded):
    found = read(recorded, "vimeo/video-metascraper.html", account="vimeocuration")
    assert tally(found) == {"Profile": 1, "Post": 1, "Metrics": 1}
    assert found.records[0].followers == 12613
    post = one(found, "Post", "311983548")
    assert (post.duration_s, post.published_at.year) == (44, 2019)


def test_an_author_who_is_not_watched_is_no_profile(recorded):
    assert tally(read(recorded, "vimeo/video-metascraper.html")) == {"Post": 1, "Metrics": 1}


def test_a_page_of_a_video_that_is_gone(recorded):
    assert read(recorded, "vimeo/video-235352744.html").blocked == "gone"


def test_an_embed_for_chosen_sites_only_says_little(recorded):
    (post,) = read(recorded, "vimeo/oembed-a.json").records
    assert (post.native_id, post.title) == ("235352744", None)
