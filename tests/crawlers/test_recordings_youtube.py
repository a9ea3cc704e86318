"""Real YouTube pages and answers: every list reads to the videos that it holds."""

import json
import re
from datetime import UTC, datetime

import pytest

from data.records import Metrics, Post, Profile
from tests.crawlers.recordings import one, read, tally

LISTS = {
    "html-channel-videos-pytube.html": 30,
    "innertube-channel-livestreams.json": 30,
    "innertube-channel-shorts.json": 48,
    "innertube-channel-videos-captaindisillusion.json": 30,
    "innertube-channel-videos-creativecommons-page2.json": 30,
    "innertube-channel-videos-creativecommons.json": 30,
    "innertube-channel-videos-interactive-header.json": 72,
    "innertube-channel-videos-kurzgesagt-page2.json": 30,
    "innertube-channel-videos-kurzgesagt.json": 30,
    "innertube-channel-videos-localized-a.json": 30,
    "innertube-channel-videos-pronouns.json": 30,
    "innertube-uploads-playlist-items.json": 100,
    "ivmocks-martingarrix_page1.json": 60,
    "rss-feedjira.xml": 15,
    "rss-kurzgesagt-2026.xml": 15,
}
LIVE_NOW = {"innertube-channel-videos-interactive-header.json": 12}
"""Live at the time: what they show is how many watch, which is no number of views."""
WALLS = {
    "channel-meta-coasterfan.html": "empty_shell",
    "html-channel-onebox.html": "empty_shell",
    "html-consent-wall-channel.html": "consent_wall",
    "innertube-channel-terminated-a.json": "gone",
    "innertube-channel-terminated-b.json": "gone",
    "innertube-resolve-404.json": "gone",
    "rss-404.html": "gone",
    "watch-meta-head.html": "empty_shell",
}
OTHERS = (
    "charts-trending-music.json", "innertube-comments-pinned.json",
    "innertube-uploads-playlist-header.json", "oembed.json", "oembed-embed.json",
)  # fmt: skip
WATCHED = {
    "html-watch-embed.html": ("eiHXASgRTcA", 14397946, 145775, 18000),
    "innertube-player-meta-collaborators.json": ("3sbYbckT1VY", 4821905, 31009, None),
    "innertube-player-meta-pewdiepie.json": ("7PIMiDcwNvc", 41613595, 5471574, None),
    "innertube-watch-next-collaborators.json": ("3sbYbckT1VY", 4821905, 31009, 365),
    "innertube-watch-next-pewdiepie.json": ("7PIMiDcwNvc", 41613595, 5471574, 501000),
    "innertube-watch-next-pinned.json": ("bjFtFMilb34", 1055622, 16805, 5100),
    "ivmocks-regular_mrbeast.next.json": ("2isYuQZMbdU", 220226287, 6870691, 228000),
    "ivmocks-regular_mrbeast.player.json": ("2isYuQZMbdU", 220226287, None, None),
}
"""File → video, views, likes, comments."""
URL = "https://www.youtube.com/@leagrimpe/videos"
SEARCHED = "https://www.youtube.com/results?search_query=bivouac"
EXACT = re.compile(r'"viewCountText":\{"simpleText":"([\d,]+) views?"')
SCALES = {"": 1, "k": 1_000, "m": 1_000_000, "K": 1_000, "M": 1_000_000}


def youtube(recorded, file):
    return read(recorded, f"youtube/{file}", url=URL)


@pytest.mark.parametrize("file", LISTS)
def test_every_video_of_a_list_is_read(recorded, file):
    found = youtube(recorded, file)
    posts = [record for record in found.records if isinstance(record, Post)]
    assert len({post.native_id for post in posts}) == len(posts) == LISTS[file]
    assert all(post.title for post in posts)
    assert found.dropped == []


@pytest.mark.parametrize("file", LISTS)
def test_every_number_of_views_is_read(recorded, file):
    found = youtube(recorded, file)
    views = [record.views for record in found.records if isinstance(record, Metrics)]
    assert len(views) == LISTS[file] - LIVE_NOW.get(file, 0)
    assert None not in views


@pytest.mark.parametrize("file", [n for n in LISTS if "-videos-" in n and n not in LIVE_NOW])
def test_views_are_those_that_the_page_writes(recorded, file):
    text = (recorded / "youtube" / file).read_text(encoding="utf-8")
    exact = [int(number.replace(",", "")) for number in EXACT.findall(text)]
    rounded = re.findall(r'"content":"([\d.]+)([km]?) views?"', text)
    shown = exact or [round(float(number) * SCALES[scale]) for number, scale in rounded]
    records = youtube(recorded, file).records
    views = [record.views for record in records if isinstance(record, Metrics)]
    assert views[: len(shown)] == shown


@pytest.mark.parametrize("file", WALLS)
def test_walls_are_said(recorded, file):
    found = youtube(recorded, file)
    assert (found.blocked, found.records) == (WALLS[file], [])


@pytest.mark.parametrize("file", OTHERS)
def test_what_is_no_list_of_a_channel_is_an_error(recorded, file):
    found = youtube(recorded, file)
    assert found.error is not None
    assert found.records == []


@pytest.mark.parametrize("file", WATCHED)
def test_a_video_page_gives_all_counts(recorded, file):
    video, views, likes, comments = WATCHED[file]
    found = youtube(recorded, file)
    assert tally(found) == {"Post": 1, "Metrics": 1}
    assert one(found, "Metrics", video) == Metrics(
        native_id=video, views=views, likes=likes, comments=comments
    )


def test_a_playlists_tab_holds_no_video(recorded):
    assert tally(youtube(recorded, "innertube-channel-playlists.json")) == {
        "Profile": 1, "more": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "name", "followers", "videos"),
    [
        ("innertube-channel-videos-creativecommons.json", "Creative Commons", 8_840, 258),
        ("innertube-channel-videos-localized-a.json", "NBC News", 11_700_000, 89_000),
        ("innertube-channel-videos-pronouns.json", "Shemp", 7_780, 135),
        ("html-channel-videos-pytube.html", "ProgrammingKnowledge", 1_660_000, 3_400),
    ],
)
def test_the_channel_presents_itself(recorded, file, name, followers, videos):
    profile = youtube(recorded, file).records[0]
    assert isinstance(profile, Profile)
    assert (profile.name, profile.followers, profile.posts_total) == (name, followers, videos)


def test_a_search_gives_its_videos_and_where_it_goes_on(recorded):
    file = "youtube/innertube-search-videos-with-shorts.json"
    found = read(recorded, file, url=SEARCHED)
    posts = [record for record in found.records if isinstance(record, Post)]
    assert len(posts) == len({post.native_id for post in posts}) == 20
    (further,) = [fetch for fetch in found.fetches if fetch.more]
    assert further.url == "https://www.youtube.com/youtubei/v1/search?prettyPrint=false"
    assert found.dropped == []


def test_channels_that_a_search_finds_are_no_posts(recorded):
    found = read(recorded, "youtube/innertube-search-channels.json", url=SEARCHED)
    assert tally(found) == {"more": 1}


OFFICIAL = {
    "dataapi-activities-activities-by-channel-p1.json": {},
    "dataapi-comment-threads-comment-threads-by-video-paged-1.json": {"Comment": 5},
    "dataapi-playlist-items-playlist-items-paged-1.json": {"Post": 10},
    "dataapi-search-search-by-developer.json": {"Post": 5},
    "dataapi-search-search-by-event.json": {"Post": 25},
    "dataapi-search-search-by-keywords-p1.json": {"Post": 25},
    "dataapi-search-search-by-location.json": {"Post": 5},
    "dataapi-search-search-by-related-video.json": {"Post": 5},
    "dataapi-search-search-videos-by-channel.json": {"Post": 5},
    "dataapi-videos-videos-chart-paged-1.json": {"Post": 5},
}
"""Answers of the Data API → what they hold. Those activities name no video, those videos were
asked for without their counts."""


@pytest.mark.parametrize("file", OFFICIAL)
def test_saved_answers_of_the_official_api_are_read(recorded, file):
    found = youtube(recorded, file)
    assert tally(found) == OFFICIAL[file]
    assert found.dropped == []


def test_shorts_are_told_from_videos(recorded):
    tab = youtube(recorded, "innertube-channel-shorts.json")
    assert {record.format for record in tab.records if isinstance(record, Post)} == {"short"}
    feed = (recorded / "youtube/rss-kurzgesagt-2026.xml").read_text(encoding="utf-8")
    shorts = set(re.findall(r'href="https://www.youtube.com/shorts/([\w-]{11})"', feed))
    found = youtube(recorded, "rss-kurzgesagt-2026.xml").records
    read_as = {r.native_id for r in found if isinstance(r, Post) and r.format == "short"}
    assert read_as == shorts


def test_past_streams_are_live(recorded):
    found = youtube(recorded, "innertube-channel-livestreams.json").records
    assert {record.format for record in found if isinstance(record, Post)} == {"live"}


def test_the_feed_is_exact(recorded):
    found = youtube(recorded, "rss-kurzgesagt-2026.xml")
    post, metrics = one(found, "Post", "zg40FHOAqC0"), one(found, "Metrics", "zg40FHOAqC0")
    assert post.published_at == datetime(2026, 1, 22, 15, 1, 42, tzinfo=UTC)
    assert post.published_within_s == 0
    assert (metrics.likes, metrics.views) == (58314, 1086938)


def test_continuations_are_asked_for_as_the_page_would(recorded):
    found = youtube(recorded, "innertube-channel-videos-kurzgesagt.json")
    (further,) = [fetch for fetch in found.fetches if fetch.more]
    page2 = "youtube/innertube-channel-videos-kurzgesagt-page2.json.meta.json"
    asked = json.loads((recorded / page2).read_text(encoding="utf-8"))
    body = json.loads(further.body)
    assert (further.method, further.url) == (asked["method"], asked["url"])
    assert body.keys() <= asked["request_body"].keys()
    assert body["context"]["client"].keys() <= asked["request_body"]["context"]["client"].keys()
    client = asked["request_body"]["context"]["client"]
    assert body["context"]["client"]["clientName"] == client["clientName"]
    assert body["context"]["client"]["clientVersion"] == client["clientVersion"]


def test_a_handle_leads_to_the_feed_of_its_id(recorded):
    found = youtube(recorded, "innertube-channel-videos-kurzgesagt.json")
    feeds = [fetch.url for fetch in found.fetches if fetch.kind == "feed"]
    assert feeds == ["https://www.youtube.com/feeds/videos.xml?channel_id=UCsXVk37bltHxD1rDPwtNM8Q"]
