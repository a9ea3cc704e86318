"""YouTube: accounts, counts in words, data inside pages."""

from datetime import UTC, datetime

import pytest

from crawlers.formats.innertube import embedded, shown
from crawlers.platform import Fetch, Page, ParseError
from crawlers.platforms.youtube import Youtube
from data.records import Post
from tests.crawlers.casebook import outcome, page_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ID = "UCvigieexample0123456789"


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("https://www.youtube.com/@leagrimpe", "@leagrimpe"),
        ("https://www.youtube.com/@leagrimpe/videos?view=0", "@leagrimpe"),
        (f"https://youtube.com/channel/{ID}/featured", ID),
        (f"https://www.youtube.com/feeds/videos.xml?channel_id={ID}", ID),
        ("https://m.youtube.com/c/LeaGrimpe", "c/LeaGrimpe"),
        ("http://www.youtube.com/user/leagrimpe", "user/leagrimpe"),
        ("https://www.youtube.com/watch?v=lockupaaa01", None),
        ("https://www.youtube.com/channel/short", None),
        ("https://notyoutube.com/@leagrimpe", None),
    ],
)
def test_accounts(url, account):
    assert Youtube().account_of(url) == account


def test_an_id_starts_with_its_feed_and_a_handle_without():
    by_id = [fetch.url for fetch in Youtube().start(ID)]
    assert by_id[0] == f"https://www.youtube.com/channel/{ID}/videos"
    assert by_id[-1] == f"https://www.youtube.com/feeds/videos.xml?channel_id={ID}"
    assert [fetch.kind for fetch in Youtube().start("@leagrimpe")] == ["videos", "shorts"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("26k views", 26_000), ("1,234,567 views", 1_234_567), ("1 view", 1), ("No views", 0),
        ("1.2K views", 1_200), ("1,2 M de vues", 1_200_000), ("1\u202f234 vues", 1_234),
        ("14 M de visualizaciones", 14_000_000), ("16.734.866 visualizaciones", 16_734_866),
        ("5.04m subscribers", 5_040_000), ("938 watching", None), ("12 waiting", None),
        ("12 B görüntüleme", None), ("3,4 Mio. Aufrufe", None), ("2.5 lakh views", None),
        ("3 weeks ago", None), ("", None),
    ],
)  # fmt: skip
def test_counts_in_words(text, number):
    assert shown(text) == number


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('var ytInitialData = {"a": "};"};', {"a": "};"}),
        ('window["ytInitialData"] = {"a": 1};', {"a": 1}),
        (r"var ytInitialData = '\x7b\x22a\x22:\x22\\u00e9\x22\x7d';", {"a": "é"}),
        (r'var ytInitialData = {"a": "\ud83d\ude00 \ud83d"};', {"a": "😀 �"}),
        ("var other = 1;", None),
    ],
)
def test_data_inside_a_page(script, value):
    assert embedded(f"<html><script>{script}</script></html>", "ytInitialData") == value


@pytest.mark.parametrize("script", ["{", '{"a": ', "[1]", '{"a": NaN}'])
def test_data_that_is_cut_off_is_an_error(script):
    page = f"<script>var ytInitialData = {script}"
    if script == "[1]":
        assert embedded(page, "ytInitialData") is None
        return
    with pytest.raises(ParseError):
        embedded(page, "ytInitialData")


def watch(reason, status="LOGIN_REQUIRED", **context):
    state = f'{{"playabilityStatus": {{"status": "{status}", "reason": "{reason}"}}}}'
    body = f"<!DOCTYPE html><html><script>var ytInitialPlayerResponse = {state};</script></html>"
    url = "https://www.youtube.com/watch?v=lockupaaa01"
    fetch = Fetch(url, kind="watch", context=context)
    return outcome(Youtube(), Page(fetch, "@leagrimpe", url, body.encode(), NOW))


@pytest.mark.parametrize(
    ("reason", "wall"),
    [
        ("Sign in to confirm you’re not a bot", "block_page"),
        ("Sign in to confirm your age", "age_gate"),
        ("This video is private", "login_wall"),
    ],
)
def test_a_player_that_refuses_says_why(reason, wall):
    assert watch(reason).blocked == wall


def test_an_unavailable_video_is_gone_only_where_it_was_known():
    assert watch("Video unavailable", "ERROR").blocked == "gone"
    (gone,) = watch("Video unavailable", "ERROR", post="lockupaaa01").records
    assert gone.native_id == "lockupaaa01"


def test_a_short_stays_one_on_its_own_page():
    player = """{"videoDetails": {"videoId": "shortccc_01", "title": "Un jeté"}}"""
    url = "https://www.youtube.com/shorts/shortccc_01"
    page = Page(Fetch(url, kind="watch"), "@leagrimpe", url, player.encode(), NOW)
    (post,) = [r for r in outcome(Youtube(), page).records if isinstance(r, Post)]
    assert (post.format, post.url) == ("short", url)


def test_only_roughly_dated_videos_have_their_own_page_asked_for():
    def asked(case):
        fetches = outcome(Youtube(), page_of(f"youtube/{case}")).fetches
        assert all(fetch.optional for fetch in fetches if fetch.kind == "watch")
        return {fetch.context["post"] for fetch in fetches if fetch.kind == "watch"}

    assert asked("shorts") == {"shortccc_01", "shortccc-02"}  # no date at all
    assert asked("videos_lockup") == {"lockupaaa02", "lockupaaa04"}  # live now; weeks ago
    assert asked("feed") == set()
