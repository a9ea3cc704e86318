"""Websites: likely articles, clean addresses, walls, and what a page says of itself."""

import json
from datetime import UTC, datetime

import pytest

from crawlers.formats import jsonld
from crawlers.formats.sitemap import articles, canonical
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Fetch, Page
from crawlers.platforms.website import MAPS, MOST, Website
from data.records import Post
from tests.crawlers.casebook import outcome, page_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOME = "https://bivouac.example/"


def page(body, kind="article", url=f"{HOME}recits/nuit", now=NOW):
    return outcome(Website(), Page(Fetch(url, kind), HOME, url, body.encode(), now))


@pytest.mark.parametrize(
    "path",
    [
        "2026/02/14/neige", "actualites/crue", "trois-nuits-au-lac", "a/b/12345-la-crue",
        "monde/article/2011/07/05/une-note_1545237_3234.html", "blog/tarp/", "p/lettre",
    ],
)  # fmt: skip
def test_likely_articles(path):
    assert articles([f"{HOME}{path}"], HOME, listed=False) == [f"{HOME}{path}"]


@pytest.mark.parametrize(
    "path",
    [
        "", "contact", "tag/une-longue-etiquette", "category/trois-mots-ici", "blog/",
        "photo-de-la-nuit.jpg", "2026/02/", "author/une-plume-connue", "page/2",
        "mentions-legales", "tentes",
    ],
)  # fmt: skip
def test_unlikely_articles(path):
    assert articles([f"{HOME}{path}"], HOME, listed=False) == []


def test_only_this_site_and_the_watched_folder_first():
    inside, beside = f"{HOME}crete/une-belle-nuit", f"{HOME}vallon/une-belle-nuit"
    other = "https://autre.example/crete/une-belle-nuit"
    assert articles([beside, other, inside], f"{HOME}crete/", listed=False) == [inside]
    assert articles([beside, other], f"{HOME}crete/", listed=False) == [beside]


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (f"{HOME}a?utm_source=x&id=3&fbclid=y#haut", f"{HOME}a?id=3"),
        ("https://BIVOUAC.example/A", "https://bivouac.example/A"),
        (f"{HOME}a?b=c%20d", f"{HOME}a?b=c%20d"),
        ("https://bivouac.example", HOME),
    ],
)
def test_canonical_addresses(url, clean):
    assert canonical(url) == clean


def test_a_visit_is_bounded():
    links = "".join(f'<a href="/2026/02/une-nuit-{n}">n</a>' for n in range(500))
    body = f"<html><body><p>{'Des récits. ' * 30}</p>{links}</body></html>"
    assert len(page(body, "home", HOME).fetches) == MOST
    rows = "".join(f"<url><loc>{HOME}2026/02/une-nuit-{n}</loc></url>" for n in range(500))
    assert len(page(f"<urlset>{rows}</urlset>", "sitemap").fetches) == MOST
    rows = "".join(f"<sitemap><loc>{HOME}posts-{n}.xml</loc></sitemap>" for n in range(500))
    maps = page(f"<sitemapindex>{rows}</sitemapindex>", "sitemap").fetches
    assert sum(int(fetch.context["most"]) for fetch in maps) == MOST
    assert len(maps) == MAPS


def test_an_index_inside_an_index_is_not_followed():
    url = f"{HOME}post-sitemap.xml"
    index = f"<sitemapindex><sitemap><loc>{HOME}posts-1.xml</loc></sitemap></sitemapindex>"
    fetch = Fetch(url, "sitemap", {"most": "10"})
    found = outcome(Website(), Page(fetch, HOME, url, index.encode(), NOW))
    assert found.fetches == []


def test_no_date_is_guessed_from_the_clock():
    case = page_of("website/article_plain")
    day = datetime(2026, 1, 3, tzinfo=UTC)
    (post,) = outcome(Website(), case).records
    assert post.published_at == day
    early = Page(case.fetch, case.account, case.url, case.body, datetime(2025, 1, 1, tzinfo=UTC))
    # Before that day the page can't mean it: it is no dated article then.
    assert not [r for r in outcome(Website(), early).records if isinstance(r, Post)]
    undated = (
        "<html><body><article><p>" + "Une phrase de plus. " * 40 + "</p></article></body></html>"
    )
    assert page(undated).records == []


def test_a_stranger_s_canonical_address_is_not_believed():
    head = '<meta property="og:type" content="article"><link rel="canonical" href="{}">'
    body = "<html><head>" + head + "</head><body><p>Court.</p></body></html>"
    for named, kept in [
        ("https://autre.example/x/y", f"{HOME}recits/nuit"),
        (HOME, f"{HOME}recits/nuit"),
        ("/recits/nuit-2", f"{HOME}recits/nuit-2"),
        ("http://[", f"{HOME}recits/nuit"),
    ]:
        (post,) = page(body.format(named)).records
        assert post.native_id == kept


def script(value):
    return f'<script type="application/ld+json">{value}</script>'


@pytest.mark.parametrize(
    "value",
    [
        '{"@type": "NewsArticle"}',
        '[{"@type": "Person"}, {"@type": ["Thing", "BlogPosting"]}]',
        '{"@graph": [{"@type": "WebSite"}, {"@type": "Article"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "TechArticle"}}',
        '<!-- {"@type": "Article"} -->',
        '//<![CDATA[\n{"@type": "Article"}\n//]]>',
        '{"@type": "Article"};',
    ],
)
def test_articles_in_json_ld(value):
    assert jsonld.article(list(jsonld.nodes(script(value)))) is not None


@pytest.mark.parametrize(
    "value", ["{broken", "", "[]", "null", '{"@type": "Organization"}', '{"@type": 5}', "[" * 5000]
)
def test_no_article_in_json_ld(value):
    assert jsonld.article(list(jsonld.nodes(script(value)))) is None


def test_counts_in_json_ld():
    counter = {"interactionType": "https://schema.org/CommentAction", "userInteractionCount": "7"}
    assert jsonld.counts({"interactionStatistic": counter}) == {"comments": 7}
    assert jsonld.counts({"interactionStatistic": [counter], "commentCount": 8}) == {"comments": 8}
    assert jsonld.counts({"commentCount": "beaucoup", "interactionStatistic": "x"}) == {}


SHELL = "<!DOCTYPE html><html><head><title>{}</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    ("title", "body", "reason"),
    [
        ("Just a moment...", "", "block_page"),
        ("Refuge", "<div class='g-recaptcha'></div>", "block_page"),
        ("Connexion", "<p>Compte</p>", "login_wall"),
        ("Refuge", "<input type='password'>", "login_wall"),
        ("Avant d’accéder au site", "<p>Vos données</p>", "consent_wall"),
        ("Refuge", "<div id=app></div><script src=a.js></script>", "empty_shell"),
        ("Refuge", "", "empty_shell"),
        ("Refuge", '<p>Closed.</p><script type="application/ld+json">{}</script>', None),
        ("Refuge", "<p>Le refuge est fermé.</p>", None),
        ("Connexion", f"<p>{'Une vraie page. ' * 120}</p>", None),
    ],
)
def test_walls(title, body, reason):
    assert wall(SHELL.format(title, body)) == reason


def test_html_is_told_from_other_markup():
    assert is_html("<!-- c --><!DOCTYPE html><html>")
    assert is_html('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">')
    assert not is_html('<?xml version="1.0"?><rss>')
    assert not is_html(json.dumps({"a": "<html>"}))
    assert not is_html("<!---->\n" * 1000)
