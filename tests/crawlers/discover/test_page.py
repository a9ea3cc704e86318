"""What counts as a site's own channel and what does not, on invented pages."""

import pytest

from crawlers.discover.findings import Found, Site, confidence, joined, merged
from crawlers.discover.page import discover, pages_to_visit
from crawlers.registry import claimants

HOME = "https://www.crete.example/"
TITLE = "<title>Crête &amp; Co | Bivouac</title>"
HANDLE = '<a href="https://www.instagram.com/atelierbivouac/">Instagram</a>'
LD = '<script type="application/ld+json">{}</script>'


def names(markup, url=HOME):
    page = f"<!DOCTYPE html><html><head>{TITLE}</head><body>{markup}</body></html>"
    return [f"{c.platform}:{c.account}" for c in discover(page.encode(), url).channels]


@pytest.mark.parametrize(
    "markup",
    [
        f"<footer>{HANDLE}</footer>",
        f"<header>{HANDLE}</header>",
        f'<div id="colophon">{HANDLE}</div>',
        f'<div class="SiteFooter_social__a1"><p>{HANDLE}</p></div>',
        f'<nav class="mobile-menu">{HANDLE}</nav>',
        f'<div class="footer section">{HANDLE}<a href="https://x.com/abc">X</a></div>',
        f"<section><h3>Suivez-nous</h3>{HANDLE}</section>",
        HANDLE.replace(">Instagram", ">Notre Instagram"),
        f'<ul class="social-icons"><li>{HANDLE}</li></ul>',
        f'<div><span>{HANDLE}</span><a href="https://discord.gg/abc">Discord</a></div>',
        '<a rel="me" href="https://www.instagram.com/atelierbivouac">moi</a>',
        '<link rel="me" href="https://m.instagram.com/AtelierBivouac?hl=fr">',
        LD.format('{"@type": "Store", "sameAs": "https://instagram.com/atelierbivouac"}'),
        LD.format(
            '{"@graph": [{"@type": "WebPage", "publisher": {"@type": "Brand", "url": '
            '"https://shop.crete.example", "sameAs": ["https://instagram.com/atelierbivouac"]}}]}'
        ),
        LD.format(
            '{"@type": "Person", "url": "https://crete.example", '
            '"sameAs": ["https://instagram.com/atelierbivouac"]}'
        ),
    ],
)
def test_where_a_site_names_its_own(markup):
    assert "instagram:atelierbivouac" in names(markup)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fcrete.example",
        "https://twitter.com/intent/tweet?text=bivouac",
        "https://twitter.com/share?url=https://crete.example",
        "https://pinterest.com/pin/create/button/?url=https://crete.example",
        "https://www.linkedin.com/shareArticle?mini=true&url=https://crete.example",
        "https://www.linkedin.com/sharing/share-offsite/?url=",
        "https://t.me/share/url?url=https://crete.example",
        "https://www.reddit.com/submit?url=https://crete.example",
        "https://wa.me/33600000000",
        "https://api.whatsapp.com/send?text=bivouac",
        "mailto:bonjour@crete.example",
        "https://www.facebook.com/privacy/explanation",
        "https://www.facebook.com/policies/cookies",
        "https://help.instagram.com/",
        "https://www.instagram.com/about/legal",
        "https://support.twitter.com/articles/1",
        "https://twitter.com/privacy",
        "https://www.pinterest.com/policy",
        "https://www.tiktok.com/legal/privacy-policy",
        "https://www.youtube.com/t/terms",
        "https://www.youtube.com/watch?v=abcdefghijk",
        "https://www.instagram.com/p/abcdefghijk/",
        "https://x.com/crete/status/1234567890",
        "https://bsky.app/hashtag/bivouac",
        "https://apps.apple.com/fr/app/crete/id123456789",
        "https://play.google.com/store/apps/details?id=crete",
        "https://facebook.com/wordpress",
        "https://twitter.com/username",
        "https://www.facebook.com/",
        "https://www.crete.example/@equipe",
        "https://billetterie.crete.example/a/offres",
        "http://[broken",
    ],
)
def test_buttons_policies_posts_and_templates_are_no_channels(link):
    assert names(f'<footer><a href="{link}">Crete</a></footer>') == []


@pytest.mark.parametrize(
    "markup",
    [
        f'<div class="author-box">{HANDLE}</div>',
        f'<span class="byline">{HANDLE}</span>',
        '<footer><a rel="author" href="https://www.instagram.com/atelierbivouac">x</a></footer>',
        f"<article><p>{HANDLE}</p></article>",
        f'<article><header>{HANDLE}<a href="https://x.com/abc">X</a></header></article>',
        f'<div class="entry-content"><p>{HANDLE}</p></div>',
        f'<p>Une autre marque, {HANDLE}, sa <a href="https://www.facebook.com/rival">page</a></p>',
        f'<ol class="comment-list"><li>{HANDLE}</li></ol>',
        f"<footer><p>Site réalisé par {HANDLE}</p></footer>",
        f"<footer>Site by <b>{HANDLE}</b></footer>",
        '<footer><a href="https://www.instagram.com/pixel">Website by Pixel</a></footer>',
        f"<footer>Photos : {HANDLE}</footer>",
        f'<footer><blockquote class="twitter-tweet">{HANDLE}</blockquote></footer>',
        f'<div class="instagram-embed">{HANDLE}</div>',
        f'<section class="partners"><ul class="social"><li>{HANDLE}</li></ul></section>',
        f"<main><p>{HANDLE}</p></main>",
        '<footer><a href="https://www.linkedin.com/in/jean-pixel">Jean</a></footer>',
        LD.format(
            '{"@type": "Organization", "url": "https://rival.example", '
            '"sameAs": ["https://instagram.com/rival"]}'
        ),
        LD.format(
            '{"@type": "Article", "author": {"@type": "Person", '
            '"sameAs": ["https://instagram.com/jean"]}}'
        ),
        LD.format('{"@type": "Person", "sameAs": ["https://instagram.com/jean"]}'),
    ],
)
def test_authors_agencies_embeds_and_others_are_no_channels(markup):
    assert names(markup) == []


def test_a_directory_of_people_is_left_out_and_the_sites_own_name_stays():
    people = "".join(
        f'<div><b>{name}</b><a href="https://x.com/{name}">X</a>'
        f'<a href="https://instagram.com/{name}">I</a></div>'
        for name in ("jolanta", "alberte", "creteco")
    )
    assert names(f"<main>{people}</main>") == ["instagram:creteco", "x:creteco"]


def test_the_writer_in_an_articles_header_is_not_the_site():
    header = (
        '<meta property="og:type" content="article"><meta name="twitter:site" content="@creteco">'
        '<header><a href="https://x.com/jeanpixel">Jean</a></header>'
    )
    assert names(header, f"{HOME}2026/tarp") == ["x:creteco"]


def test_a_network_that_hosts_the_site_is_not_the_site():
    head = '<meta name="twitter:site" content="@Medium">'
    assert names(head, "https://medium.com/crete/tarp-123") == []
    assert names(head, "https://medium.com/") == ["x:medium"]
    assert names(head.replace("Medium", "creteco"), "https://medium.com/crete/tarp") == [
        "x:creteco"
    ]


def test_feeds_and_wordpress_of_the_site():
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/feed/" title="Journal">'
        '<link rel="alternate" type="application/atom+xml" href="/comments/feed/" title="x">'
        '<link rel="alternate" type="application/rss+xml" href="/a/feed" title="Commentaires">'
        '<link rel="alternate" type="application/json+oembed" href="/oembed?url=/feed">'
        '<link rel="alternate" type="application/feed+json" href="/feed.json">'
        '<link rel="alternate" hreflang="fr" href="/fr/feed/">'
        '<link rel="https://api.w.org/" href="https://www.crete.example/wp-json/">'
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">'
        '<footer><a href="/podcast.xml">Podcast</a> <a href="/rss/">RSS</a></footer>'
    )
    assert sorted(names(head)) == [
        "feed:https://www.crete.example/feed.json",
        "feed:https://www.crete.example/feed/",
        "feed:https://www.crete.example/podcast.xml",
        "wordpress:https://www.crete.example",
    ]


def test_an_articles_own_feed_holds_the_answers_to_it():
    head = (
        '<meta property="og:type" content="article">'
        '<link rel="alternate" type="application/rss+xml" href="feed/">'
    )
    assert names(head, f"{HOME}2026/tarp/") == []
    assert names(head.replace("article", "blog"), f"{HOME}blog/") != []


def test_twitter_site_unless_it_is_the_authors():
    site = '<meta name="twitter:site" content="@{}"><meta name="twitter:creator" content="@{}">'
    assert names(site.format("bivouacfr", "jean")) == ["x:bivouacfr"]
    assert names(site.format("jean", "jean")) == []
    assert names(site.format("CreteCo", "creteco")) == ["x:creteco"]
    publisher = '<meta property="article:{}" content="https://www.facebook.com/{}">'
    assert names(publisher.format("publisher", "abc")) == ["facebook:abc"]
    assert names(publisher.format("publisher", "WordPressCom")) == []
    assert names(publisher.format("author", "jean.pixel")) == []
    assert names(publisher.format("author", "crete")) == ["facebook:crete"]


def test_one_channel_however_it_is_written():
    links = (
        "http://facebook.com/CreteCo", "https://m.facebook.com/creteco/",
        "//www.facebook.com/creteco",
        "https://fr-fr.facebook.com/creteco?ref=page", " https://twitter.com/creteco ",
        "https://x.com/CreteCo/", "https://twitter.com/intent/follow?screen_name=creteco",
        "https://www.youtube.com/CreteCo", "https://www.youtube.com/c/CreteCo/videos",
    )  # fmt: skip
    anchors = "".join(f'<a href="{link}">Crete</a>' for link in links)
    (facebook, x, youtube) = names(f"<footer>{anchors}</footer>")
    assert (facebook, x, youtube) == ("facebook:creteco", "x:creteco", "youtube:c/CreteCo")


def test_every_channel_is_read_by_the_platform_that_it_is_said_to_be_of():
    page = f'<footer>{HANDLE}<a href="https://social.example/@crete">Mastodon</a></footer>'
    for one in discover(page.encode(), HOME).channels:
        assert claimants(one.url) == [(one.platform, one.account)]


def test_networks_that_nobody_reads_are_listed_apart():
    links = ("https://discord.gg/abc", "https://open.spotify.com/show/abc",
             "https://medium.com/policy", "https://flipboard.com/@crete")  # fmt: skip
    page = "<footer>" + "".join(f'<a href="{link}">x</a>' for link in links) + "</footer>"
    site = discover(page.encode(), HOME)
    assert [one.network for one in site.unsupported] == ["Discord", "Spotify", "Flipboard"]
    assert site.channels == ()


def test_a_page_on_a_network_is_its_own_account_and_nothing_else():
    assert names(f"<footer>{HANDLE}</footer>", "https://x.com/crete") == ["x:crete"]
    assert names(f"<footer>{HANDLE}</footer>", "https://youtu.be/abc") == []


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="Crête">', "Crête"),
        (LD.format('{"@type": "Organization", "name": "Crête SAS"}'), "Crête SAS"),
        ("<title>Crête &amp; Co | Bivouac</title>", "Crête & Co"),
        ("", "crete.example"),
    ],
)
def test_what_the_site_calls_itself(head, name):
    assert discover(f"<!DOCTYPE html><html>{head}</html>".encode(), HOME).name == name


def test_pages_worth_a_second_look():
    anchors = "".join(
        f'<a href="{link}">x</a>'
        for link in ("/fr/contact.html", "/contact-us", "/a-propos/#equipe", "/blog?p=1", "/prix",
                     "https://other.example/about", "javascript:contact")
    )  # fmt: skip
    assert pages_to_visit(anchors.encode(), HOME) == (
        f"{HOME}fr/contact.html", f"{HOME}a-propos/", f"{HOME}blog?p=1",
    )  # fmt: skip


def test_evidence_adds_up_and_never_to_certainty():
    assert confidence(["footer"]) == 0.8
    assert confidence(["footer", "footer"]) == 0.8
    assert confidence(["footer", "name"]) == 0.91
    assert confidence(["sameAs", "rel=me", "footer", "feed"]) == 0.99
    assert merged([]) == ()


def test_pages_of_one_site_are_joined():
    home = Site(HOME, "Crête", (Found("x", "crete", "u", 0.8, ("footer",)),), problems=("a",))
    other = Site(f"{HOME}blog", "", (Found("x", "crete", "u", 0.9, ("sameAs", "footer")),
                                     Found("feed", "f", "f", 0.95, ("feed",))))  # fmt: skip
    site = joined([home, other])
    assert (site.url, site.name, site.problems) == (HOME, "Crête", ("a",))
    assert [(c.platform, c.confidence) for c in site.channels] == [("x", 0.98), ("feed", 0.95)]
