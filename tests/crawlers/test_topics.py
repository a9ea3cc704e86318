"""Topics: hashtags, tags and searches, each by its usual public address, on one platform each."""

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.absences import Known, absences
from crawlers.platform import Fetch
from crawlers.reading import Reading
from crawlers.registry import claimants, platforms
from data.records import Post

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = {
    "https://mastodon.example/tags/Bivouac": ("mastodon", "#bivouac@mastodon.example"),
    "https://bsky.app/hashtag/Bivouac": ("bluesky", "#bivouac"),
    "https://bsky.app/search?q=%23bivouac+tarp": ("bluesky", "search/#bivouac tarp"),
    "https://www.youtube.com/hashtag/Bivouac": ("youtube", "#bivouac"),
    "https://www.youtube.com/results?sp=CAI&search_query=bivouac+%26+tarp": (
        "youtube", "search/bivouac & tarp",
    ),
    "https://www.reddit.com/search?type=link&q=Bivouac": ("reddit", "search/bivouac"),
    "https://www.reddit.com/r/bivouac/": ("reddit", "r/bivouac"),
    "https://tube.example/search?search=bivouac": (
        "peertube", "https://tube.example/search?search=bivouac",
    ),
    "https://lemmy.example/search?type=Posts&q=bivouac": (
        "lemmy", "https://lemmy.example/search?q=bivouac",
    ),
    "https://hn.algolia.com/?q=bivouac": ("hackernews", "search/bivouac"),
    "https://forum.crete.example/tag/bivouac/l/latest": (
        "discourse", "https://forum.crete.example/tag/bivouac",
    ),
    "https://refuge.example/wp-json/wp/v2/posts?search=bivouac": (
        "wordpress", "https://refuge.example/?s=bivouac",
    ),
    "https://www.tiktok.com/tag/bivouac": ("tiktok", "tag/bivouac"),
    "https://news.google.com/rss/search?q=bivouac": (
        "feed", "https://news.google.com/rss/search?q=bivouac",
    ),
}  # fmt: skip
FIRST = {
    ("bluesky", "#bivouac"): "/xrpc/app.bsky.feed.searchPosts?q=%23bivouac&sort=latest&limit=100",
    ("youtube", "#été"): "/hashtag/%C3%A9t%C3%A9",
    ("reddit", "search/a b"): "/search.json?q=a+b&sort=new&limit=100&raw_json=1",
    ("peertube", "https://tube.example/search?tagsOneOf=a"): (
        "/api/v1/search/videos?tagsOneOf=a&start=0&count=100&sort=-publishedAt"
    ),
    ("wordpress", "https://refuge.example/?s=a+b"): (
        "/wp-json/wp/v2/posts?search=a+b&per_page=100&page=1&_embed=1"
    ),
    ("wordpress", "https://refuge.example/blog/tag/tentes/"): (
        "/blog/wp-json/wp/v2/tags?slug=tentes"
    ),
    ("wordpress", "https://refuge.example/category/sorties/ete"): (
        "/wp-json/wp/v2/categories?slug=ete"
    ),
    ("discourse", "https://crete.example/tag/bivouac"): "/tag/bivouac.json?order=created",
}  # fmt: skip


@pytest.mark.parametrize("url", TOPICS)
def test_a_topic_is_claimed_by_one_platform(url):
    assert claimants(url) == [TOPICS[url]]


@pytest.mark.parametrize("url", TOPICS)
def test_a_topics_address_leads_back_to_it(url):
    name, account = TOPICS[url]
    platform = platforms()[name]
    address = platform.url_of(account)
    assert address == account or platform.account_of(address) == account


@pytest.mark.parametrize(("name", "account"), FIRST)
def test_a_topic_is_asked_for_its_newest_posts(name, account):
    (fetch,) = platforms()[name].start(account)
    assert fetch.url.split("/", 3)[3] == FIRST[name, account][1:]


@pytest.mark.parametrize(
    "url", ["https://refuge.example/tag/bivouac/", "https://refuge.example/?s=a"]
)
def test_a_blogs_tag_is_not_taken_for_a_forums(url):
    assert [name for name, _ in claimants(url)] == ["website"]


def test_refreshing_a_topics_posts_asks_its_site():
    posts = [("refuge.example/?p=7", "https://refuge.example/p7/")]
    (fetch,) = platforms()["wordpress"].refresh("https://refuge.example/?s=a", posts)
    assert fetch.url.startswith("https://refuge.example/wp-json/wp/v2/posts?include=7")


@pytest.mark.parametrize(("kind", "gone"), [("search", []), ("list", ["old"])])
def test_what_a_search_leaves_out_is_not_taken_for_deleted(kind, gone):
    post = Post("new", "https://a.example/", NOW, "text")
    page = Reading("bluesky:search/a", "bluesky", Fetch("https://a.example/", kind), NOW)
    page.posts.append(post)
    seen = NOW - timedelta(days=1)
    known = {"old": Known("https://a.example/old", seen, 0, seen, is_repost=False, deleted=False)}
    found = absences(platforms()["bluesky"], "search/a", [page], known)
    assert [absence.native_id for absence in found] == gone
