"""What JSON interfaces share, and who claims addresses that look alike."""

from datetime import UTC, datetime

import pytest

from crawlers.formats import api
from crawlers.platform import Fetch, ParseError
from crawlers.registry import claimants


def test_moments():
    assert api.moment("2026-02-26T09:00:00+01:00", "t") == datetime(2026, 2, 26, 8, tzinfo=UTC)
    assert api.moment(1772100000.5, "t").microsecond == 500000
    for text in ("2026-02-26T09:00:00", "demain", ""):
        with pytest.raises(ParseError, match=r"^created: not a time"):
            api.moment(text, "created")


NO_ADDRESSES = [
    "", "https://", "crete.example", "https://[x", "https://a b.example", "ftp://crete.example/",
    "https://crete.example/\n",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_what_is_no_address(url):
    assert not api.is_address(url)
    with pytest.raises(ParseError):
        api.address(url, "url")
    assert api.addresses([url, None, "https://crete.example/"]) == ("https://crete.example/",)


def test_links_of_markdown():
    text = (
        "La [carte](https://crete.example/carte_(été)), [là](https://crete.example/b 'Titre'), "
        "**https://crete.example/c**, <https://crete.example/d> et [ici](/relatif)."
    )
    assert api.markdown_links(text)[:2] == (
        "https://crete.example/carte_(été)",
        "https://crete.example/b",
    )
    assert "https://crete.example/d" in api.markdown_links(text)


def test_the_next_page_differs_by_its_parameters_only():
    first = Fetch("https://a.example/x?tag=a&tag=b&page=1", "posts", {"k": "v"}, optional=True)
    assert api.further(first, page=2) == Fetch(
        "https://a.example/x?tag=a&tag=b&page=2", "posts", {"k": "v"}, more=True, optional=True
    )
    assert api.number_of("https://a.example/?page=7", "page", 1) == 7
    assert api.number_of("https://a.example/?page=-7", "page", 1) == 1


ALIKE = {
    "https://www.youtube.com/c/LeaGrimpe": "youtube",
    "https://video.crete.example/c/carnets": "peertube",
    "https://lemmy.crete.example/c/bivouac": "lemmy",
    "https://lemmy.crete.example/u/crete": "lemmy",
    "https://forum.crete.example/c/bivouac/7": "discourse",
    "https://forum.crete.example/u/crete/summary": "discourse",
    "https://forum.crete.example/category/7/bivouac": "nodebb",
    "https://www.reddit.com/u/crete": "reddit",
    "https://www.reddit.com/r/bivouac/.rss": "feed",
    "https://carnets.substack.com/feed": "feed",
    "https://carnets.substack.com/": "newsletter",
    "https://vimeo.com/crete": "vimeo",
    "https://vimeo.com/900000001": "website",
    "https://www.dailymotion.com/crete": "dailymotion",
    "https://www.dailymotion.com/video/x9aaa1": "website",
    "https://www.twitch.tv/crete": "twitch",
    "https://www.twitch.tv/videos/1": "website",
    "https://t.me/crete_co": "telegram",
    "https://t.me/share/url?url=x": "website",
    "https://blog.crete.example/category/7/": "website",
    "https://www.patreon.com/c/crete": "website",
}


@pytest.mark.parametrize("url", ALIKE)
def test_addresses_that_look_alike(url):
    assert [name for name, _ in claimants(url)] == [ALIKE[url]]
