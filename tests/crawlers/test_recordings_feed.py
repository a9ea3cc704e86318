"""Real feeds: every file reads to as many posts as it has items."""

import re

import pytest

from data.records import Metrics, Post, Profile
from tests.crawlers.recordings import one, read, tally

ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry|news:news)[\s>]")
HELD = {
    "amazonwebservicesblog.xml": 10, "bloomberg.xml": 16, "cnbc.xml": 30, "craigslist.rss": 25,
    "deepmind-2026.xml": 100, "feed-rss-2.0-for-file-mock.xml": 100, "feeder-atom-cowboy.xml": 15,
    "feeder-rdf-slashdot.xml": 15, "feeder-rss-geekpark.xml": 30, "feeder-rss-lemonde.xml": 21,
    "feeder-rss-mediarss.xml": 20, "feeder-rss-nixers-newsletter.xml": 111,
    "feeder-rss-ukrnet.xml": 20, "giantbomb-podcast.rss": 730, "github-releases.atom": 10,
    "google-news.xml": 100, "heise.atom": 15, "huffpostcanada.xml": 2, "intertwingly.atom": 20,
    "itunes-feedburner.xml": 3, "json-feed.json": 20, "many-links.rss": 25, "narro.rss": 1,
    "nnw-489.rss": 10, "nnw-atp.rss": 100, "nnw-daringfireball.atom": 48,
    "nnw-daringfireball.rss": 47, "nnw-emarley.rss": 10, "nnw-livemint.xml": 25,
    "nnw-manton.rss": 10, "nnw-onefoottsunami.atom": 25, "nytimes.xml": 50,
    "pico-bbc-urdu.xml": 53, "pico-fulltextrss.xml": 6, "pico-grotte-barbu.xml": 10,
    "pico-jeux-linux.fr.xml": 20, "pico-lincoln-loop.xml": 10, "pico-pcinpact.xml": 30,
    "pico-podbean.xml": 50, "pico-rue89.xml": 25, "pico-univers-freebox.xml": 30,
    "rss-1.rss": 69, "rss-2.0-bbc.xml": 1, "rss-2.0-element-io.xml": 1, "rss-2.0-heated.xml": 1,
    "rss-2.0-spiegel.xml": 1, "rss-2.0-wirecutter.xml": 1, "smashing.xml": 2,
    "substack-feed.xml": 20, "techcrunch.xml": 20, "tpm.atom": 20, "uolnoticias.rss": 15,
    "wapowellness.xml": 29,
}  # fmt: skip
"""File → items that it has; bloomberg.xml is a news sitemap."""


def posts(recorded, file):
    found = read(recorded, f"feeds/{file}", platform="feed", url="https://feed.example/rss")
    return [record for record in found.records if isinstance(record, Post)]


def test_no_recording_is_left_out(recorded):
    files = {path.name for path in (recorded / "feeds").iterdir()}
    assert {name for name in files if not name.endswith(".meta.json")} == set(HELD)


@pytest.mark.parametrize("file", HELD)
def test_every_item_is_read(recorded, file):
    found = read(recorded, f"feeds/{file}", platform="feed", url="https://feed.example/rss")
    assert tally(found).get("Post") == HELD[file]
    assert found.dropped == []
    body = (recorded / "feeds" / file).read_bytes()
    assert len(ITEM.findall(body)) == HELD[file] or file == "json-feed.json"


@pytest.mark.parametrize("file", HELD)
def test_every_item_is_dated(recorded, file):
    # Every recording dates all its items, Portuguese and bare ones included.
    assert all(post.published_at for post in posts(recorded, file))


@pytest.mark.parametrize("file", HELD)
def test_every_item_leads_to_its_own_page(recorded, file):
    found = posts(recorded, file)
    twice = {"feeder-rss-ukrnet.xml": 1}
    assert len({post.native_id for post in found}) == len(found) - twice.get(file, 0)
    assert not any(post.url == "https://feed.example/rss" for post in found)


@pytest.mark.parametrize(
    ("file", "formats"),
    [
        ("giantbomb-podcast.rss", {"audio"}),
        ("itunes-feedburner.xml", {"audio"}),
        ("rss-2.0-bbc.xml", {"audio"}),
        ("feeder-rss-mediarss.xml", {"video"}),
        ("substack-feed.xml", {"newsletter", "audio"}),
        ("rss-2.0-heated.xml", {"newsletter"}),
        ("huffpostcanada.xml", {"article"}),
        ("feeder-rss-lemonde.xml", {"article"}),
    ],
)
def test_formats(recorded, file, formats):
    assert {post.format for post in posts(recorded, file)} == formats


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("pico-univers-freebox.xml", "révolution #Born2code"),  # ISO-8859-1, declared
        ("uolnoticias.rss", "simulações de 2º turno"),  # ISO-8859-1, not declared
        ("pico-grotte-barbu.xml", "LaGrotteDuBarbu – Episode"),  # UTF-8 with a stray byte
        ("feeder-rss-geekpark.xml", "月"),
    ],
)
def test_letters_of_every_encoding(recorded, file, words):
    assert any(words in f"{post.title} {post.text}" for post in posts(recorded, file))


def test_a_podcast_episode_with_its_length(recorded):
    # <itunes:duration>10475</itunes:duration>
    first = posts(recorded, "giantbomb-podcast.rss")[0]
    assert (first.duration_s, first.media_count, first.language) == (10475, 1, "en")


def test_numbers_of_comments(recorded):
    found = read(recorded, "feeds/feeder-rdf-slashdot.xml", platform="feed")
    counts = [record.comments for record in found.records if isinstance(record, Metrics)]
    body = (recorded / "feeds/feeder-rdf-slashdot.xml").read_text(encoding="latin-1")
    assert counts == [int(n) for n in re.findall(r"<slash:comments>(\d+)</slash:comments>", body)]


def test_relative_addresses_follow_the_document(recorded):
    found = posts(recorded, "intertwingly.atom")
    assert found[0].url == "https://feed.example/blog/2012/07/16/Inhibiting-Suspend"


def test_a_channel_presents_itself(recorded):
    found = read(recorded, "feeds/substack-feed.xml", platform="feed")
    assert found.records[0] == Profile(
        name="Interconnects AI", description=found.records[0].description
    )
    assert found.records[0].description.startswith("The cutting edge of AI")


def test_machine_categories_are_no_hashtags(recorded):
    assert posts(recorded, "many-links.rss")[0].hashtags == ("chris lewis", "code health", "tott")


def test_an_empty_link_is_none(recorded):
    found = {post.native_id: post.url for post in posts(recorded, "nnw-onefoottsunami.atom")}
    page = "http://onefoottsunami.com/?p=14848"
    assert found[page] == page


def test_an_original_address_is_preferred_to_a_counter(recorded):
    found = read(recorded, "feeds/many-links.rss", platform="feed")
    urls = [record.url for record in found.records if isinstance(record, Post)]
    assert not any("feedproxy" in url for url in urls)
    assert one(found, "Metrics", found.records[1].native_id).comments == 2
