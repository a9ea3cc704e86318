"""YouTube's official API through whole visits: how far it lists, when it stops, what it repeats."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from crawlers.formats.youtube_api import API
from crawlers.plan import PlanChannel
from crawlers.platform import REASONS, Blocked, Fetch, Page
from crawlers.registry import platforms
from crawlers.visit import Answer
from data.settings import settings
from tests.crawlers.scripted import NOON, Site, crawl, plan

DAY = timedelta(days=1)
PAGES = 8
NEWEST = datetime(2026, 3, 19, 8, tzinfo=UTC)
OFFICIAL = {name: p.official for name, p in platforms().items() if p.official}


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("VIGIE_YOUTUBE_API_KEY", "an-invented-key")
    settings.cache_clear()


class Api(Site):
    """Two videos a page, the newest first, one a day; what it is told is `gone` is not shown."""

    def __init__(self):
        super().__init__()
        self.gone = set()

    async def ask(self, fetch, headers, *, browser):
        self.asked.append((fetch.url, dict(headers), browser))
        assert fetch.official
        parts = urlsplit(fetch.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        kind, items, more = getattr(self, parts.path.rpartition("/")[2])(query)
        document = {"kind": f"youtube#{kind}ListResponse", "items": items, **more}
        body = json.dumps(document).encode()
        return Answer(fetch.url, 200, body, "application/json", etag='"e"')

    def channels(self, _):
        playlists = {"relatedPlaylists": {"uploads": "UUx"}}
        snippet = {"title": "Léa", "publishedAt": "2020-01-01T00:00:00Z"}
        return "channel", [{"snippet": snippet, "contentDetails": playlists}], {}

    def playlistItems(self, query):  # noqa: N802 - as the API calls it
        page = int(query.get("pageToken", "0"))
        ids = [f"video{number:06d}" for number in (2 * page, 2 * page + 1)]
        items = [{"contentDetails": {"videoId": video}} for video in ids]
        return "playlistItem", items, {"nextPageToken": str(page + 1)} if page + 1 < PAGES else {}

    def videos(self, query):
        return "video", [self.video(v) for v in query["id"].split(",") if v not in self.gone], {}

    def video(self, video):
        at = NEWEST - int(video[5:]) * DAY
        return {
            "id": video,
            "snippet": {"title": "Bivouac", "publishedAt": at.isoformat()},
            "contentDetails": {"duration": "PT5M"},
            "statistics": {"viewCount": "10", "likeCount": "2", "commentCount": "1"},
        }

    def commentThreads(self, query):  # noqa: N802 - as the API calls it
        about = {"publishedAt": "2026-03-19T09:00:00Z", "authorChannelId": {"value": "UCp"},
                 "textDisplay": "Où ?"}  # fmt: skip
        top = {"id": f"c-{query['videoId']}", "snippet": about}
        return "commentThread", [{"snippet": {"topLevelComment": top}}], {}

    def methods(self):
        return [urlsplit(url).path.rpartition("/")[2] for url in self.urls]


def visit(store, site, day=0, account="@leagrimpe"):
    url = platforms()["youtube"].url_of(account)
    channel = PlanChannel(f"youtube:{account}", "lea", "youtube", account, url)
    given = plan(store.root, [channel], run_id=f"run {day}", at=NOON + day * DAY)
    return crawl(given, site)


def test_the_whole_history_is_listed_and_every_post_counted(store):
    site = Api()
    summary = visit(store, site)
    assert (summary.posts, summary.incomplete) == (2 * PAGES, [])
    assert site.methods().count("playlistItems") == site.methods().count("videos") == PAGES
    comments = store.scan("comments").collect()
    assert comments.height == site.methods().count("commentThreads") == 2 * PAGES
    assert set(comments["author_key"]) == {comments["author_key"][0]}
    assert not comments["author_key"].str.contains("UCp").any()


def test_the_second_visit_stops_at_known_posts_and_is_not_conditional(store):
    site = Api()
    visit(store, site)
    visit(store, site, day=1)
    assert site.methods().count("playlistItems") == 1
    assert all(headers == {} for _, headers, _ in site.asked)


def test_posts_that_are_due_are_asked_for_by_fifties_and_those_missing_are_gone(store):
    site = Api()
    visit(store, site)
    site.gone = {"video000004"}
    visit(store, site, day=7)
    asked = [url for url in site.urls if "video000004" in url and "/videos?" in url]
    assert len(asked) == 1
    posts = store.scan("posts").filter(pl.col("deleted_at").is_not_null()).collect()
    assert posts["post_id"].to_list() == ["youtube:video000004"]


@pytest.mark.parametrize(
    ("account", "query"),
    [
        ("@leagrimpe", {"forHandle": ["@leagrimpe"]}),
        ("c/LeaGrimpe", {"forHandle": ["@LeaGrimpe"]}),
        ("user/leagrimpe", {"forUsername": ["leagrimpe"]}),
        ("UCvigieexample0123456789", {"id": ["UCvigieexample0123456789"]}),
        ("#bivouac", {"q": ["#bivouac"], "order": ["date"]}),
        ("search/bivouac tarp", {"q": ["bivouac tarp"], "order": ["date"]}),
    ],
)
def test_every_kind_of_account_is_asked_for_by_its_own_name(account, query):
    (fetch,) = OFFICIAL["youtube"].start(account)
    asked = parse_qs(urlsplit(fetch.url).query)
    assert {name: asked[name] for name in query} == query
    assert fetch.url.startswith(API)


@pytest.mark.parametrize("name", OFFICIAL)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"{}", b"[]", b'{"error": {}}', b"\xff"])
def test_an_official_refusal_is_said(name, status, body):
    platform = platforms()[name]
    account = platform.account_of(platform.examples[0])
    (fetch, *_) = platform.official.start(account)
    page = Page(fetch, account, fetch.url, body, NOON, status)
    with pytest.raises(Blocked) as wall:
        list(platform.read(page))
    assert wall.value.reason in REASONS


def test_a_shorts_proportions_tell_it():
    def form(**more):
        document = {"kind": "youtube#videoListResponse", "items": [Api().video("video000001")]}
        document["items"][0] |= more
        page = Page(Fetch(API, "videos"), "@a", API, json.dumps(document).encode(), NOON)
        return next(iter(OFFICIAL["youtube"].parse(page))).format

    tall = {"embedWidth": "405", "embedHeight": "720"}
    assert form() == "video"
    assert form(player=tall, contentDetails={"duration": "PT3M"}) == "short"
    assert form(player=tall, contentDetails={"duration": "PT3M1S"}) == "video"
    assert form(player={"embedWidth": 720, "embedHeight": 405}) == "video"
    assert (
        form(player=tall, contentDetails={"duration": "PT50S"}, liveStreamingDetails={}) == "live"
    )
