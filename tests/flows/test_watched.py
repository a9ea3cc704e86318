import pytest

from data.said import WatchlistError
from flows import watched
from flows.words.problems import Unusable
from tests.flows.lakes import WATCHLIST


@pytest.fixture
def write(tmp_path):
    def written(text):
        file = tmp_path / "watchlist.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return written


def with_channel(channel):
    return WATCHLIST.replace("https://crete.example/blog/feed", channel)


def test_every_channel_gets_its_platform_and_account(write):
    _, channels = watched.read(write(WATCHLIST))
    assert [(c.channel_id, c.entity_id) for c in channels] == [
        ("bluesky:maisonalpine.example", "maison-alpine"),
        ("feed:https://crete.example/blog/feed", "crete-co"),
        ("wordpress:https://blog.crete.example", "crete-co"),
    ]


def test_moved_platforms_and_browsers_are_handed_on(write):
    text = WATCHLIST.replace("platform: wordpress", "platform: website, browser: true")
    moved = text + "platforms: {bluesky: {base_url: http://127.0.0.1:2584}}\n"
    _, (bluesky, _, website) = watched.read(write(moved))
    assert bluesky.base_url == "http://127.0.0.1:2584"
    assert website.browser


@pytest.mark.parametrize(
    ("channel", "line", "part"),
    [
        ("{platform: nowhere, url: https://x.example/}", 11, "no platform is called “nowhere”"),
        ("{platform: bluesky, url: https://x.example/}", 11, "has no account at https://x.example"),
        ("https://bsky.app/profile/maisonalpine.example", 11, "“maison-alpine” has already"),
    ],
)
def test_unusable_channels_are_named_with_line_and_cure(write, channel, line, part):
    file = write(with_channel(channel))
    with pytest.raises(WatchlistError) as error:
        watched.read(file)
    assert str(error.value).startswith(f"{file}, line {line}: ")
    assert part in str(error.value)


@pytest.mark.parametrize(
    ("takers", "part"),
    [([], "no platform reads"), ([("feed", "a"), ("website", "b")], "read as feed, website")],
)
def test_an_address_needs_exactly_one_platform(write, monkeypatch, takers, part):
    monkeypatch.setattr(watched, "claimants", lambda _: takers)
    with pytest.raises(WatchlistError, match=part) as error:
        watched.read(write(WATCHLIST))
    assert ", line 7: " in str(error.value)
    assert ", line 11: " in str(error.value)


def test_an_unknown_platform_can_not_be_moved(write):
    text = WATCHLIST + "platforms:\n  nowhere: {base_url: http://127.0.0.1:1}\n"
    with pytest.raises(WatchlistError, match=r"line 14: no platform is called “nowhere”"):
        watched.read(write(text))


def test_only_takes_a_platform_or_an_entity(write):
    _, channels = watched.read(write(WATCHLIST))
    assert len(watched.picked(channels, None)) == 3
    assert [c.platform for c in watched.picked(channels, "feed")] == ["feed"]
    assert len(watched.picked(channels, "crete-co")) == 2
    with pytest.raises(Unusable, match="nobody like that is watched; there are bluesky"):
        watched.picked(channels, "x")


def test_registering_twice_writes_once_and_forgets_who_left(write, store):
    watchlist, channels = watched.read(write(WATCHLIST))
    watched.register(store, watchlist, channels)
    version = store.version()
    watched.register(store, watchlist, channels)
    assert store.version() == version
    assert store.state("market") == {
        "market": "Outdoor",
        "timezone": "Europe/Paris",
        "language": "fr",
    }
    watched.register(store, watchlist, channels[:1])
    assert store.scan("channels").collect()["platform"].to_list() == ["bluesky"]
    roles = store.scan("entities").select("entity_id", "role").collect().rows()
    assert roles == [("crete-co", "competitor"), ("maison-alpine", "brand")]


REFERENCE = """\
references:
  - {name: Our panel, kpi: engagement_rate, value: 0.021, source: Panel of members, year: 2025}
"""


def test_references_are_stored_with_their_source(write, store):
    watchlist, channels = watched.read(write(WATCHLIST + REFERENCE))
    watched.register(store, watchlist, channels)
    version = store.version()
    watched.register(store, watchlist, channels)
    assert store.version() == version
    assert store.scan("references").collect().to_dicts() == [
        {"name": "Our panel", "kpi": "engagement_rate", "platform": "all", "value": 0.021,
         "source": "Panel of members", "year": 2025, "url": None}
    ]  # fmt: skip
    watched.register(store, watched.read(write(WATCHLIST))[0], channels)
    assert store.scan("references").collect().is_empty()


def test_references_are_of_kpis_and_given_once(write):
    wrong = REFERENCE.replace("engagement_rate", "fame")
    with pytest.raises(WatchlistError, match=r"line 14: no KPI is called “fame”; there are active"):
        watched.read(write(WATCHLIST + wrong))
    twice = REFERENCE + REFERENCE.partition("\n")[2]
    with pytest.raises(WatchlistError, match="Our panel / engagement_rate / all” is given twice"):
        watched.read(write(WATCHLIST + twice))
