"""Feeds: which addresses they claim, and what their formats leave open."""

from datetime import UTC, datetime

import pytest

from crawlers.formats.syndication import language_of, seconds
from crawlers.platform import Fetch, Page
from crawlers.platforms.feed import Feed
from data.records import Metrics, Post
from tests.crawlers.casebook import outcome

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://journal.example/feed"


def read(body, content_type=None, encoding="utf-8"):
    body = body.encode(encoding) if isinstance(body, str) else body
    return outcome(Feed(), Page(Fetch(URL), URL, URL, body, NOW, content_type=content_type))


def item(inner, channel=""):
    found = read(
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel>{channel}<item><guid>urn:1</guid>{inner}</item></channel></rss>"
    )
    (post,) = [record for record in found.records if isinstance(record, Post)]
    return post


@pytest.mark.parametrize(
    "url",
    [
        "https://site.example/feed/",
        "https://site.example/feed.json",
        "https://site.example/blog?feed=rss2",
        "https://site.example/actu/rss/une",
        "https://site.example/index.xml",
        "https://medium.example/feed/@auteur",
        "https://feeds.site.example/podcast",
        "http://rss.site.example/une",
    ],
)
def test_a_feed_is_known_by_its_address(url):
    assert Feed().account_of(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://site.example/",
        "https://site.example/feedback",
        "https://site.example/sitemap.xml",
        "https://site.example/wp-json/wp/v2/posts?feed=rss2",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCvigieexample0123456789",
        "https://bsky.app/profile/crete.example/rss",
        "https://site.example/article?p=feed",
    ],
)
def test_other_addresses_are_left_to_others(url):
    assert Feed().account_of(url) is None


def test_a_fragment_is_no_part_of_the_account():
    assert Feed().account_of("https://site.example/feed#suite") == "https://site.example/feed"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("1:02:03", 3723), ("45:10", 2710), ("2710", 2710), ("00:00", None), ("", None),
        ("1h 2m", None), ("12.5", 12), ("-5", None),
    ],
)  # fmt: skip
def test_lengths(text, length):
    assert seconds(text) == length


@pytest.mark.parametrize(
    ("text", "code"),
    [("fr-FR", "fr"), ("en_us", "en"), ("DE", "de"), ("français", None), ("", None)],
)
def test_languages(text, code):
    assert language_of(text) == code


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Seg, 24 Set 2018 19:42:40 -0300", datetime(2018, 9, 24, 22, 42, 40, tzinfo=UTC)),
        ("Do, 05 Mär 2026 10:00:00 +0100", datetime(2026, 3, 5, 9, tzinfo=UTC)),
        ("2026-02-03T04:05:06Z", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("un jour", None),
        ("", None),
    ],
)
def test_dates_in_words_of_other_languages(date, at):
    assert item(f"<pubDate>{date}</pubDate>").published_at == at


def test_text_comes_from_the_fullest_element():
    full = "<content:encoded>&lt;p&gt;Tout&lt;/p&gt;</content:encoded>"
    assert item(f"<description>Un bout</description>{full}").text == "Tout"
    assert item("<description>Un bout</description><content:encoded/>").text == "Un bout"
    assert item("").text is None


def test_a_clip_among_pictures_makes_no_video():
    clip = '<media:content url="https://a.example/c.mp4" type="video/mp4"/>'
    picture = '<media:content url="https://a.example/p.jpg" medium="image"/>'
    assert item(clip).format == "video"
    assert item(clip + picture).format == "article"
    assert item(clip + picture).media_count == 2


def test_a_player_stands_for_its_video():
    player = '<media:content><media:player url="https://a.example/play/1"/></media:content>'
    assert item(player).format == "video"


def test_numbers_that_are_none_are_not_shown():
    slash = 'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    for written, shown in [("12", 12), ("0", 0), ("many", None), ("", None)]:
        found = read(
            f"<rss {slash}><channel><item><guid>urn:1</guid>"
            f"<slash:comments>{written}</slash:comments></item></channel></rss>"
        )
        counts = [record.comments for record in found.records if isinstance(record, Metrics)]
        assert counts == ([] if shown is None else [shown])


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", None),
        ("utf-16", None),
        ("iso-8859-1", "text/xml; charset=ISO-8859-1"),
        ("cp1252", None),
    ],
)
def test_encodings_declared_and_not(encoding, content_type):
    found = read("<rss><channel><title>Été à l’aube</title></channel></rss>".replace(
        "’", "'" if encoding == "iso-8859-1" else "’"), content_type, encoding)  # fmt: skip
    assert found.records[0].name.startswith("Été à l")


def test_nothing_outside_the_document_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    found = read(f"<?xml version='1.0'?>{doctype}<rss><channel><title>&x;</title></channel></rss>")
    assert found.error is not None
    assert found.records == []


def test_harmless_entities_are_no_reason_to_refuse():
    doctype = '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>'
    found = read(f"<?xml version='1.0'?>{doctype}<rss><channel><title>Ici</title></channel></rss>")
    assert found.records[0].name == "Ici"


@pytest.mark.parametrize("body", ["", " \n", "\ufeff"])
def test_an_empty_answer_is_a_shell(body):
    assert read(body).blocked == "empty_shell"


def test_all_items_bad_is_an_error():
    found = read("<rss><channel><item><title>a</title></item><item/></channel></rss>")
    assert found.error == "item[0].guid"
