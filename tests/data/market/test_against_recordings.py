"""The market's documents have every field that all real recorded ones have."""

import json
from collections.abc import Iterable, Iterator

import pytest
from lxml import etree

from data.market import Market
from data.market.server import respond
from data.market.wire.http import Request

SIGNED_IN = {"viewer", "favourited", "reblogged", "muted", "bookmarked", "pinned", "filtered"}
"""Shown to those who signed in only."""
DECORATION = {
    "trackingParams", "menu", "menuOnTap", "menuOnTapA11yLabel", "richThumbnail", "ownerBadges",
    "rendererContext", "loggedInOnLongPress", "itemPlayback", "inlinePlaybackEndpoint",
    "loggingDirectives", "thumbnail", "thumbnailViewModel", "stackedFrameData",
    "titleTruncationStyle", "badges",
}  # fmt: skip
"""Pictures, menus and tracking."""
PLUGINS = {"latest", "yoast_meta", "content_media", "acf", "meta", "custom_fields"}
"""Not WordPress's own."""


@pytest.fixture(scope="module")
def market():
    return Market(seed=1)


def served(market, path, **query):
    request = Request(path, {name: [value] for name, value in query.items()})
    return respond(market, request, market.end).body


def always(items: Iterable[dict]) -> set[str]:
    """Fields that every item has."""
    found = [set(item) for item in items]
    assert found
    return set.intersection(*found)


def every(node, key: str) -> Iterator[dict]:
    """Every value of a key in a document."""
    if isinstance(node, dict):
        if isinstance(node.get(key), dict):
            yield node[key]
        for value in node.values():
            yield from every(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from every(value, key)


def read(recorded, name):
    return json.loads((recorded / name).read_bytes())


def test_bluesky_posts(market, recorded):
    real = read(recorded, "bluesky/author-feed-chriskenny.json")
    ours = json.loads(
        served(
            market, "/xrpc/app.bsky.feed.getAuthorFeed", actor="maisonalpine.example", limit="100"
        )
    )
    assert set(real) <= set(ours)
    views = [line["post"] for line in ours["feed"]]
    assert always(line["post"] for line in real["feed"]) - SIGNED_IN <= always(views)
    records = [view["record"] for view in views]
    assert always(line["post"]["record"] for line in real["feed"]) <= always(records)
    authors = always(line["post"]["author"] for line in real["feed"]) - SIGNED_IN
    assert authors <= always(view["author"] for view in views)
    kinds = {view["embed"]["$type"] for view in views if "embed" in view}
    assert {"app.bsky.embed.images#view", "app.bsky.embed.external#view"} <= kinds
    shared = [line["reason"] for line in ours["feed"] if "reason" in line]
    assert always(line["reason"] for line in real["feed"] if "reason" in line) <= always(shared)


def test_bluesky_profile_and_thread(market, recorded):
    (real,) = read(recorded, "bluesky/profiles-chriskenny.json")["profiles"]
    ours = json.loads(served(market, "/xrpc/app.bsky.actor.getProfile", actor="vallon.example"))
    assert set(real) - SIGNED_IN - {"banner"} <= set(ours)
    post = next(p for p in market.posts["bluesky:vallon.example"] if "buzz" in p.traits)
    thread = json.loads(served(market, "/xrpc/app.bsky.feed.getPostThread", uri=post.native_id))
    real_thread = read(recorded, "bluesky/post-thread-bskyr.json")
    assert set(real_thread["thread"]) <= set(thread["thread"])
    assert len(thread["thread"]["replies"]) == thread["thread"]["post"]["replyCount"]


def test_mastodon_statuses_and_account(market, recorded):
    real = read(recorded, "mastodon/statuses-fosstodon-p1.json")
    account = json.loads(served(market, "/api/v1/accounts/lookup", acct="crete"))
    ours = json.loads(served(market, f"/api/v1/accounts/{account['id']}/statuses", limit="40"))
    assert always(real) - SIGNED_IN <= always(ours)
    assert set(read(recorded, "mastodon/account-fosstodon.json")) <= set(account)
    media = [medium for status in ours for medium in status["media_attachments"]]
    real_media = [medium for status in real for medium in status["media_attachments"]]
    assert always(real_media) <= always(media)
    context = read(recorded, "mastodon/context-fosstodon-ancestors.json")
    number = next(status["id"] for status in ours if status["replies_count"])
    assert set(context) == set(json.loads(served(market, f"/api/v1/statuses/{number}/context")))


def test_wordpress_posts_and_comments(market, recorded):
    real = read(recorded, "wordpress/wpjson-post-60.json")
    real = real[0] if isinstance(real, list) else real
    ours = json.loads(
        served(market, "/crete-and-co/wp-json/wp/v2/posts", per_page="100", _embed="1")
    )
    assert set(real) - PLUGINS <= always(ours)
    remarks = read(recorded, "wordpress/wpjson-post-60-comments.json")
    comments = json.loads(served(market, "/crete-and-co/wp-json/wp/v2/comments", per_page="50"))
    assert always(remarks) - PLUGINS <= always(comments)


@pytest.mark.parametrize(
    ("recording", "key", "path"),
    [
        ("innertube-channel-videos-kurzgesagt.json", "videoRenderer", "/@maisonalpine/videos"),
        ("innertube-channel-videos-creativecommons.json", "lockupViewModel", "/@leagrimpe/videos"),
        ("innertube-channel-shorts.json", "shortsLockupViewModel", "/@leagrimpe/shorts"),
    ],
)
def test_youtube_tabs(recording, key, path, market, recorded):
    real = read(recorded, f"youtube/{recording}")
    page = served(market, path).decode()
    start = page.index("var ytInitialData = ") + len("var ytInitialData = ")
    ours, _ = json.JSONDecoder().raw_decode(page, start)
    assert always(every(real, key)) - DECORATION <= always(every(ours, key))
    assert {"contents", "header", "metadata"} <= set(ours)


def test_youtube_feed(market, recorded):
    real = etree.parse(recorded / "youtube" / "rss-kurzgesagt-2026.xml").getroot()
    url = next(c for c in market.channels if c.account == "@leagrimpe")
    page = served(market, f"/{url.account}/videos").decode()
    channel = page.partition("feeds/videos.xml?channel_id=")[2][:24]
    ours = etree.fromstring(served(market, "/feeds/videos.xml", channel_id=channel))
    assert [child.tag for child in real.find("{*}entry").iter()] == [
        child.tag for child in ours.find("{*}entry").iter()
    ]
    assert len(ours.findall("{*}entry")) == len(real.findall("{*}entry"))
