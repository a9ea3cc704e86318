"""Real article pages: each reads to one post, with its title, its text and its date."""

from datetime import UTC, datetime

import pytest

from data.records import Post
from tests.crawlers.recordings import read

DATES = {
    "20minutes-authors.html": "2018-06-01T21:03:11",
    "alistapart.html": "2025-07-23T14:10:22",
    "bbc-news-54222286.html": "2020-09-20T06:33:33",
    "indiehackers.html": "2017-10-11T00:00:00",
    "lemonde-date.html": "2011-07-05T20:09:18",
    "lemonde-readability.html": "2015-05-04T11:36:31",
    "liberation-readability.html": "2015-04-30T07:19:58",
    "medium-a.html": "2016-10-19T14:30:56",
    "medium-metascraper.html": "2017-06-19T17:23:28",
    "onlinemarketing-de.html": "2023-11-06T11:45:20",
    "radio-canada.html": "2017-03-13T19:18:46",
    "techcrunch.html": "2016-01-12T17:00:44",
    "theflip.html": "2021-01-14T05:06:00",
    "wordpress-com-blog.html": "2022-05-19T09:51:05",
    "wordpress-datatherapy.html": "2019-03-13T15:34:11",
    "wordpress-surfguard.html": "2016-11-01T09:00:42",
    "wordpress-tv.html": "2013-09-06T10:43:21",
}
"""Page → when it came out (UTC), as its markup says."""
IMPRECISE = {"indiehackers.html", "liberation-readability.html"}
"""The one shows a day only, the other a time without its zone."""
TITLES = {
    "bbc-news-54222286.html": "Coronavirus: £10,000 fines for failing to self-isolate and lockdown"
    " life in photos",
    "lemonde-date.html": "Moody's abaisse la note du Portugal de quatre crans",
    "radio-canada.html": "Affaire KPMG : un juge se récuse",
    "theflip.html": "Digitizing Healthcare with Helium Health's Goke Olubusi",
    "wordpress-surfguard.html": "Ich las, sah, hörte: Medien im Oktober 2016",
}
LANGUAGES = {"lemonde-date.html": "fr", "onlinemarketing-de.html": "de", "alistapart.html": "en"}


def article(recorded, file, kind="list"):
    found = read(
        recorded, f"articles/{file}", "website", "https://site.example/",
        "https://site.example/some/page", kind,
    )  # fmt: skip
    (post,) = [record for record in found.records if isinstance(record, Post)]
    return post


@pytest.mark.parametrize("kind", ["list", "article"])
@pytest.mark.parametrize("file", DATES)
def test_an_article_is_one_post_of_its_date(recorded, file, kind):
    post = article(recorded, file, kind)
    assert post.published_at.replace(microsecond=0) == datetime.fromisoformat(DATES[file]).replace(
        tzinfo=UTC
    )
    assert (post.published_within_s > 0) == (file in IMPRECISE)
    assert post.format == "article"
    assert post.title
    assert len(post.text) > 90
    assert "<p" not in post.text


@pytest.mark.parametrize("file", TITLES)
def test_titles(recorded, file):
    assert article(recorded, file).title == TITLES[file]


@pytest.mark.parametrize("file", LANGUAGES)
def test_languages(recorded, file):
    assert article(recorded, file).language == LANGUAGES[file]


def test_text_is_the_article_and_not_what_surrounds_it(recorded):
    text = article(recorded, "lemonde-date.html").text
    assert "Moody's" in text
    assert "cookies" not in text.lower()


def test_a_sitemap_leads_to_its_pages(recorded):
    home = "https://www.sitemaps.org/"
    found = read(recorded, "articles/sitemap.xml", "website", home, f"{home}sitemap.xml")
    assert found.records == []
    assert len(found.fetches) == 26
    assert {fetch.kind for fetch in found.fetches} == {"article"}
    assert found.fetches[0].url == f"{home}protocol.html"


@pytest.mark.parametrize("file", ["substack-media.json", "wired-wp-json-oembed.json"])
def test_what_is_no_page_is_an_error(recorded, file):
    found = read(recorded, f"articles/{file}", "website", "https://site.example/")
    assert found.error is not None
