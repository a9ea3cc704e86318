"""Real Telegram pages: a channel's preview reads to its posts, cards and shells are told apart."""

import pytest

from tests.crawlers.recordings import one, read, tally


def test_a_preview(recorded):
    found = read(recorded, "telegram/s-feedjam-2023.html", url="https://t.me/s/feedjam")
    # Of its seven messages the first only announces that the channel was created.
    assert tally(found) == {"Profile": 1, "Post": 6, "Metrics": 6}
    assert found.records[0].followers == 1
    assert one(found, "Metrics", "feedjam/2").views == 2
    assert one(found, "Post", "feedjam/2").text == "what’s upp"


def test_a_card_has_the_exact_number_of_subscribers(recorded):
    (profile,) = read(recorded, "telegram/channel-card-diabox-2024.html").records
    assert (profile.name, profile.followers) == ("DiaBox", 5012)


def test_a_card_in_place_of_posts_is_a_wall(recorded):
    found = read(recorded, "telegram/channel-card-diabox-2024.html", url="https://t.me/s/diaboxapp")
    assert found.blocked == "login_wall"


@pytest.mark.parametrize("file", ["post-chollometro.html", "post-teslahunt-a.html"])
def test_the_page_around_a_post_is_a_shell(recorded, file):
    assert read(recorded, f"telegram/{file}").blocked == "empty_shell"
