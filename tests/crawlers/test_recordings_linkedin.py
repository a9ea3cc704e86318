"""Real LinkedIn pages, as a guest sees them."""

from datetime import UTC, datetime

from tests.crawlers.recordings import one, read, tally


def test_a_companys_page(recorded):
    found = read(recorded, "linkedin/company-metascraper.html", account="audiense")
    assert tally(found) == {"Profile": 1, "Post": 10, "Metrics": 4}
    assert found.records[0].followers == 5750
    posts = [record for record in found.records if type(record).__name__ == "Post"]
    assert sum(post.is_repost for post in posts) == 6
    assert [post.format for post in posts] == [
        "video", "photo", "photo", "video", "carousel", "photo", "link", "link", "photo", "link",
    ]  # fmt: skip
    assert all(post.text for post in posts)
    assert one(found, "Metrics", "7247945789950353408").likes == 11


def test_an_id_tells_when_a_post_was_made(recorded):
    found = read(recorded, "linkedin/company-metascraper.html", account="audiense")
    post = one(found, "Post", "7247945789950353408")
    assert post.published_at == datetime(2024, 10, 4, 12, 28, 56, 645000, tzinfo=UTC)
    assert post.published_within_s == 0


def test_an_article_of_2016(recorded):
    found = read(recorded, "linkedin/pulse-metascraper.html", account="in/ramyajoseph")
    assert tally(found) == {"Post": 1, "Metrics": 1}
    article, metrics = found.records
    assert article.format == "article"
    assert article.published_at == datetime(2016, 5, 26, 19, 38, 36, tzinfo=UTC)
    assert (metrics.likes, metrics.comments, metrics.views) == (4, 0, 23)
    assert len(article.text) > 1000
