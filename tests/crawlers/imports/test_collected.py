import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.imports import collected
from crawlers.imports.collected import Item, items_of, scrubbed
from crawlers.imports.problems import Bad

AT = 1780000000000
TIKTOK = {
    "id": "7300000000000000001", "desc": "Nuit au lac #bivouac", "createTime": 1779900000,
    "author": {"uniqueId": "Crete.Co", "relation": 1}, "video": {"duration": 31},
    "stats": {"diggCount": 20, "commentCount": 4, "shareCount": 6, "playCount": 1234,
              "collectCount": 2},
    "digged": True, "collected": False,
}  # fmt: skip
INSTAGRAM = {
    "code": "Cx_Abc123", "pk": "3300000000000000001", "taken_at": 1779900000, "media_type": 1,
    "caption": {"text": "Nuit au lac"}, "like_count": 12, "comment_count": 3,
    "user": {"username": "crete", "friendship_status": {"following": True}}, "has_liked": True,
    "image_versions2": {"candidates": []},
    "preview_comments": [{"text": "Bravo", "user": {"username": "sacha"}}],
    "facepile_top_likers": [{"username": "sacha"}],
}  # fmt: skip
THREADS = {
    "pk": "3300000000000000002", "code": "Dx_Abc123", "taken_at": 1779900000, "like_count": 5,
    "caption": {"text": "Nuit au lac"}, "user": {"username": "crete"}, "media_type": 19,
    "text_post_app_info": {"direct_reply_count": 2},
}  # fmt: skip
LINKEDIN = {
    "updateMetadata": {"urn": "urn:li:activity:7200000000000000001"},
    "actor": {"navigationContext": {"actionTarget": "https://www.linkedin.com/company/crete/posts"},
              "subDescription": {"text": "2 h •"}},
    "commentary": {"text": {"text": "Nuit au lac"}},
    "*socialDetail": {"*totalSocialActivityCounts": {"numLikes": 9, "numComments": 1,
                                                     "numShares": 0}},
}  # fmt: skip
X = {
    "__typename": "Tweet", "rest_id": "2065000000000000001", "id": "2065000000000000001",
    "core": {"user_results": {"result": {
        "__typename": "User", "rest_id": "12", "core": {"screen_name": "Crete", "name": "Crête"},
        "legacy": {"following": True},
        "relationship_perspectives": {"following": True},
    }}},
    "views": {"count": "500", "state": "EnabledWithCount"},
    "legacy": {
        "created_at": "Mon May 11 06:00:00 +0000 2026", "full_text": "Nuit au lac",
        "favorite_count": 20, "reply_count": 4, "retweet_count": 6, "quote_count": 1,
        "bookmark_count": 3, "favorited": True, "retweeted": False, "bookmarked": True,
        "id_str": "2065000000000000001", "entities": {}, "lang": "fr",
        "conversation_id_str": "2065000000000000001", "user_id_str": "12",
    },
}  # fmt: skip
KINDS = {
    "twitter.com": (X, ("x", "crete")),
    "tiktok.com": (TIKTOK, ("tiktok", "crete.co")),
    "instagram.com": (INSTAGRAM, ("instagram", "crete")),
    "threads.net": (THREADS, ("threads", "crete")),
    "linkedin.com": (LINKEDIN, ("linkedin", "crete")),
}


def line(platform, data, at=AT):
    return json.dumps({
        "nav_index": "1:1:1", "item_id": "1", "timestamp_collected": at, "last_updated": at,
        "source_platform": platform, "source_platform_url": f"https://www.{platform}/",
        "source_url": "https://x.example/u/reader", "user_agent": "Mozilla/5.0 Reader",
        "data": data,
    })  # fmt: skip


def file(*lines):
    return "\n".join((*lines, "")).encode()


@pytest.mark.parametrize("platform", KINDS)
def test_items_are_read_as_on_their_platform(platform):
    data, who = KINDS[platform]
    body = file(line(platform, data))
    assert collected.is_collected(body)
    assert collected.authors_of(body) == {who: 1}
    (item,) = items_of(body, {who})
    assert isinstance(item, Item)
    assert (item.platform, item.account) == who
    assert item.at == datetime.fromtimestamp(AT / 1000, UTC)
    assert item.post.text.startswith("Nuit au lac")
    assert item.post.published_at < item.at
    assert item.metrics.likes in {20, 12, 5, 9}


@pytest.mark.parametrize("platform", KINDS)
def test_neither_the_reader_nor_other_people_are_kept(platform):
    data, who = KINDS[platform]
    (item,) = items_of(file(line(platform, data)), {who})
    for trace in (
        b"Reader",
        b"reader",
        b"sacha",
        b"Bravo",
        b"digged",
        b"has_liked",
        b"friendship",
        b"following",
    ):
        assert trace not in item.kept
    (again,) = items_of(item.kept, {who})
    assert (again.post, again.metrics, again.kept) == (item.post, item.metrics, item.kept)


def test_counts_of_comments_outlive_the_comments():
    edge = {"edge_media_to_parent_comment": {"count": 3, "edges": [{"node": {"text": "Bravo"}}]}}
    assert scrubbed(edge) == {"edge_media_to_parent_comment": {"count": 3}}
    social = {"comments": {"paging": {"total": 4}, "elements": ["Bravo"]}}
    assert scrubbed(social) == {"comments": {"paging": {"total": 4}}}
    assert scrubbed({"comments": 4}) == {"comments": 4}


def test_other_accounts_and_other_kinds_of_item_are_left_out():
    body = file(line("tiktok.com", TIKTOK), line("tiktok-comments", {"text": "Bravo"}))
    assert list(items_of(body, {("tiktok", "lagrimpe")})) == [None, None]


def test_lines_that_can_not_be_read_are_named():
    broken = {**TIKTOK, "id": "none"}
    body = file("{", line("tiktok.com", broken), line("tiktok.com", TIKTOK, at="soon"), "[1]")
    found = list(items_of(body, {("tiktok", "crete.co")}))
    assert [(bad.line, str(bad.problem)) for bad in found if isinstance(bad, Bad)] == [
        (1, "is no line of the add-on"), (2, "id: not an item's"),
        (3, "timestamp_collected: no time"), (4, "is no line of the add-on"),
    ]  # fmt: skip


def test_other_files_are_none_of_the_add_on():
    assert not collected.is_collected(b"id,likes\n")
    assert not collected.is_collected(b'{"id": 1}\n')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
)


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_any_change_of_an_item_is_an_item_or_named(platform, data):
    item, who = KINDS[platform]
    key = data.draw(st.sampled_from(sorted(item)))
    changed = {**item, key: data.draw(JSON)}
    for found in items_of(file(line(platform, changed)), {who}):
        assert found is None or isinstance(found, Item | Bad)
