"""Where a platform lets no robot in, the lawful way is named; nowhere a way around a wall."""

import re

import pytest

from crawlers import alternatives
from crawlers.guard import RefusedError
from crawlers.platform import REASONS
from crawlers.registry import platforms
from crawlers.visit import plain_reason
from data.settings import Settings
from data.vocabulary import ACCESS, CONFIDENCE, FORBIDDEN, LAWFUL, WALLS, reason_key


def test_every_platform_has_a_way_and_no_text_is_left_over():
    assert set(alternatives.NAMED) <= set(platforms())
    for name in platforms():
        assert alternatives.alternative(name)
    assert alternatives.alternative("unheard-of") == alternatives.ELSEWHERE


def test_the_settings_that_are_named_exist_and_official_apis_name_theirs():
    named = {name: set(re.findall(r"VIGIE_(\w+)", alternatives.alternative(name)))
             for name in platforms()}  # fmt: skip
    assert {setting.lower() for one in named.values() for setting in one} <= set(
        Settings.model_fields
    )
    for platform in platforms().values():
        if official := getattr(platform, "official", None):
            assert {need.upper() for need in official.needs} == named[platform.name]


def test_platforms_speak_of_themselves_in_closed_lists():
    assert set(WALLS) <= set(REASONS)
    assert {platform.access for platform in platforms().values()} <= set(ACCESS)
    assert {platform.confidence for platform in platforms().values()} <= set(CONFIDENCE)


@pytest.mark.parametrize(
    ("reason", "way"),
    [
        *((f"{key}: {REASONS[key]} (HTTP 403)", alternatives.NAMED["reddit"]) for key in WALLS),
        ("robots.txt forbids https://www.reddit.com/r/bivouac/new.json; lawful alternative: …",
         alternatives.NAMED["reddit"]),
        ("gone: the account or page no longer exists (HTTP 404)", alternatives.CHECK),
        ("server_error: the platform's server failed", alternatives.LATER),
        ("rate_limited: the platform asks to slow down", alternatives.LATER),
        ("timeout", alternatives.LATER),
        ("no answer (DNS)", alternatives.LATER),
        ("data.children[0].data.id: missing", None),
        ("login_walls: no such reason", None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_what_to_do_depends_on_why_a_channel_fell_short(reason, way):
    assert alternatives.instead(reason, "reddit") == way


def test_a_visit_that_robots_txt_refuses_says_so_as_readers_expect():
    for platform in platforms().values():
        said = plain_reason(RefusedError("robots.txt forbids https://x.example/a"), platform)
        assert said.partition(LAWFUL)[0] == "robots.txt forbids https://x.example/a"
        assert LAWFUL in said
        assert alternatives.instead(said, platform.name)


def test_reasons_keep_their_key():
    assert reason_key("robots.txt forbids https://x.example/a: b") == FORBIDDEN
    assert reason_key("robots.txt of x.example can't be had: the server fails") not in WALLS
    assert reason_key("gone: it is (and 2 more)") == "gone"
