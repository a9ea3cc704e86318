"""The watchlists that people are given to start with."""

from pathlib import Path

import pytest

from crawlers.registry import claimants
from data.watchlist import load
from flows import watched

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


def test_there_is_one_in_each_language():
    assert {load(path).language for path in EXAMPLES} == {"fr", "en"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_channel_is_read_by_exactly_one_platform(path):
    told, channels = watched.read(path)
    specs = [spec for _, entity in told.entities() for spec in entity.channels]
    assert len(channels) == len(specs)
    for spec, channel in zip(specs, channels, strict=True):
        takers = [name for name, _ in claimants(spec.url)]
        assert takers == [channel.platform]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_all_roles_are_there_and_the_crawl_is_polite(path):
    told = load(path)
    assert told.brand.channels
    assert told.competitors
    assert told.influencers
    assert told.topics
    assert told.crawl.contact
    assert told.crawl.obey_robots
    assert told.crawl.delay_s is None
