import pytest

from crawlers.moves import Move, move_of
from crawlers.plan import PlanChannel
from tests.crawlers.scripted import Scripted, channel

MOVE = Move("https://api.social.example", "http://127.0.0.1:2584/social")


@pytest.mark.parametrize(
    ("public", "actual"),
    [
        ("https://api.social.example/feed?a=1", "http://127.0.0.1:2584/social/feed?a=1"),
        ("https://api.social.example", "http://127.0.0.1:2584/social"),
        ("https://api.social.example?a=1", "http://127.0.0.1:2584/social?a=1"),
    ],
)
def test_addresses_move_there_and_back(public, actual):
    assert MOVE.to_network(public) == actual
    assert MOVE.to_public(actual) == public


@pytest.mark.parametrize(
    "url",
    [
        "https://api.social.example.evil.example/feed",
        "https://api.social.example:8443/feed",
        "http://api.social.example/feed",
        "https://cdn.social.example/x",
    ],
)
def test_other_origins_stay(url):
    assert MOVE.to_network(url) == url


def test_a_neighbour_of_the_moved_server_is_not_taken_for_it():
    assert MOVE.to_public("http://127.0.0.1:2584/socialite") == "http://127.0.0.1:2584/socialite"


@pytest.mark.parametrize(
    ("location", "public"),
    [
        ("/social/feed/2", "https://api.social.example/feed/2"),
        ("2", "https://api.social.example/feed/2"),
        ("http://127.0.0.1:2584/social/x", "https://api.social.example/x"),
        ("http://169.254.169.254/", "http://169.254.169.254/"),
        ("/elsewhere", "http://127.0.0.1:2584/elsewhere"),
    ],
)
def test_redirects_are_read_as_the_moved_server_means_them(location, public):
    assert MOVE.to_public(location, "https://api.social.example/feed/1") == public


class Central(Scripted):
    base_url = "https://api.social.example/v1/"


def test_the_origin_of_a_platform_with_one_address_is_moved():
    moved = PlanChannel("x:a", "a", "x", "a", "https://web.example/@a", "http://localhost:1/")
    assert move_of(moved, Central()) == Move("https://api.social.example", "http://localhost:1")


def test_else_the_origin_of_the_channel_is_moved():
    moved = channel("crete", base_url="http://localhost:1/crete/")
    assert move_of(moved, Scripted()) == Move("https://crete.example", "http://localhost:1/crete")


def test_without_a_base_address_nothing_moves():
    assert move_of(channel("crete"), Scripted()) is None
