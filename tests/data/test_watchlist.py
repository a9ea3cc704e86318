import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.watchlist import WatchlistError, load, parse, slug

GOOD = """\
market: Outdoor France
timezone: Europe/Paris
language: fr
brand:
  name: Maison Alpine
  channels: [https://bsky.app/profile/maisonalpine.example]
competitors:
  - name: Crête & Co
    channels:
      - https://mastodon.example/@crete
      - {platform: feed, url: https://crete.example/blog/feed}
topics:
  - name: bivouac
    channels: [{platform: mastodon, url: https://mastodon.example/tags/bivouac}]
crawl: {contact: veille@maisonalpine.example, history_days: 90}
platforms:
  bluesky: {base_url: http://127.0.0.1:2584}
"""


def test_a_watchlist_is_read_with_its_defaults(tmp_path):
    file = tmp_path / "watchlist.yaml"
    file.write_text(GOOD, encoding="utf-8")
    watchlist = load(file)
    assert [(role, e.entity_id) for role, e in watchlist.entities()] == [
        ("brand", "maison-alpine"),
        ("competitor", "crete-co"),
        ("topic", "bivouac"),
    ]
    assert watchlist.crawl.history_days == 90
    assert watchlist.crawl.refresh_days == 30
    assert watchlist.crawl.obey_robots
    assert watchlist.competitors[0].channels[1].platform == "feed"
    assert watchlist.platforms["bluesky"].base_url == "http://127.0.0.1:2584"
    assert str(watchlist.zone) == "Europe/Paris"


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (("timezone: Europe/Paris", "timezone: Paris"), 2, "Europe/Paris"),
        (("language: fr", "language: de"), 3, "'fr' or 'en'"),
        (("market: Outdoor France\n", ""), 1, "“market” is missing; add it"),
        (("  name: Maison Alpine\n", ""), 4, "“brand.name” is missing; add it"),
        (("history_days", "history"), 15, "correct its spelling"),
        (("history_days: 90", "history_days: 0"), 15, "greater than or equal to 1"),
        (("https://mastodon.example/@crete", "mastodon.example/@crete"), 10, "https://"),
        (("name: bivouac", "name: Maison alpine"), 1, "rename one"),
        (("market:", "market: a: b"), 1, "not readable as YAML"),
        (("brand:", "market:"), 4, "not readable as YAML"),
    ],
)
def test_every_mistake_is_named_with_its_line_and_cure(change, line, told):
    text = GOOD.replace(*change)
    assert text != GOOD
    with pytest.raises(WatchlistError) as error:
        parse(text, "w.yaml")
    assert f"w.yaml, line {line}: " in str(error.value)
    assert told in str(error.value)


def test_all_mistakes_are_told_at_once():
    text = GOOD.replace("Europe/Paris", "Paris").replace("history_days", "history")
    with pytest.raises(WatchlistError) as error:
        parse(text)
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["", "- a", "just words", "42"])
def test_what_is_no_mapping_is_said_so(text):
    with pytest.raises(WatchlistError, match="must be a mapping"):
        parse(text)


def test_files_that_can_not_be_read_are_named(tmp_path):
    with pytest.raises(WatchlistError, match="no such file"):
        load(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("market: Crête".encode("latin-1"))
    with pytest.raises(WatchlistError, match="UTF-8"):
        load(tmp_path / "latin.yaml")


@given(st.text(max_size=200))
def test_any_text_is_a_clear_error(text):
    with pytest.raises(WatchlistError, match=r"^w\.yaml"):
        parse(text, "w.yaml")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Crête & Co", "crete-co"), ("  L’Échappée ", "l-echappee"), ("山", ""), ("A1", "a1")],
)
def test_names_become_slugs(name, expected):
    assert slug(name) == expected
