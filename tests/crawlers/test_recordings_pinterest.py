"""Real Pinterest documents: a pin's page and an oEmbed answer."""

from datetime import UTC, datetime

from tests.crawlers.recordings import one, read, tally

PIN = "106890191127977979"


def test_a_pin(recorded):
    found = read(recorded, f"pinterest/pin-{PIN}.html")
    assert tally(found) == {"Post": 1, "Metrics": 1}
    post, metrics = one(found, "Post", PIN), one(found, "Metrics", PIN)
    assert post.published_at == datetime(2012, 12, 30, 15, 35, 39, tzinfo=UTC)
    assert (post.title, post.text, post.format) == ("Pourparler", "Jack", "photo")
    assert post.links == ("http://pajaz.tumblr.com/post/26349943364",)
    assert (metrics.saves, metrics.comments, metrics.shares) == (9, 0, 0)


def test_the_watched_account_is_told_by_its_pin(recorded):
    found = read(recorded, f"pinterest/pin-{PIN}.html", account="thesearchguru/icons")
    assert (found.records[0].name, found.records[0].followers) == ("Leslie Carruthers", 197)


def test_an_embed(recorded):
    found = read(recorded, "pinterest/oembed.json")
    assert tally(found) == {"Post": 1}
    assert one(found, "Post", PIN).title == "Pourparler"
