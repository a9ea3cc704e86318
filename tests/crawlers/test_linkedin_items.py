"""LinkedIn posts as a browser keeps the signed-in site's JSON."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from crawlers.formats.linkedin_posts import item_records, moment_of
from crawlers.platform import ParseError
from data.records import Metrics, Post
from tests.crawlers.validity import check

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
IDENTITY = "7433073406771212345"
URN = f"urn:li:activity:{IDENTITY}"
COUNTS = {"numLikes": 40, "numComments": 5, "numShares": 2}


def item(**changes):
    """An item in the shape of 2023 and later."""
    return {
        "preDashEntityUrn": f"urn:li:fs_feedUpdate:(V2&EMPTY,{URN})",
        "actor": {
            "name": {"text": "Maison Alpine"},
            "subDescription": {"text": "2d • Edited • "},
            "navigationContext": {
                "actionTarget": "https://www.linkedin.com/company/maison-alpine/"
            },
        },
        "commentary": {"text": {"text": "Nouvelle tente #Bivouac https://maison-alpine.example/t"}},
        "content": {},
        "*socialDetail": {"*totalSocialActivityCounts": COUNTS},
        **changes,
    }


def records(document):
    found = list(item_records(document, NOW))
    for record in found:
        check(record)
    return found


def test_an_item_is_a_post_and_its_counts():
    post, metrics = records(item())
    assert post == Post(
        native_id=IDENTITY,
        url=f"https://www.linkedin.com/feed/update/{URN}/",
        published_at=datetime(2026, 2, 27, 9, tzinfo=UTC),
        format="text",
        text="Nouvelle tente #Bivouac https://maison-alpine.example/t",
        hashtags=("bivouac",),
        links=("https://maison-alpine.example/t",),
    )
    assert metrics == Metrics(IDENTITY, likes=40, comments=5, shares=2)


def test_an_item_of_the_older_shape():
    post, metrics = records(
        item(
            updateMetadata={"urn": URN},
            commentary={
                "text": {
                    "text": "Le guide",
                    "attributes": [
                        {"type": "HASHTAG", "trackingUrn": "urn:li:hashtag:Bivouac"},
                        {"type": "PROFILE_MENTION"},
                    ],
                }
            },
            **{
                "*socialDetail": {
                    "likes": {"paging": {"total": 7}},
                    "comments": {"paging": {"total": 0}},
                    "totalShares": 1,
                }
            },
        )
    )
    assert post.hashtags == ("bivouac",)
    assert metrics == Metrics(IDENTITY, likes=7, comments=0, shares=1)


@pytest.mark.parametrize(
    ("content", "kind", "media", "links"),
    [
        ({"images": [{}]}, "photo", 1, ()),
        ({"imageComponent": {"images": [{}, {}]}}, "carousel", 2, ()),
        ({"linkedInVideoComponent": {"x": 1}}, "video", 1, ()),
        ({"documentComponent": {"x": 1}}, "carousel", None, ()),
        ({"pollComponent": {"x": 1}}, "poll", None, ()),
        (
            {"articleComponent": {"navigationContext": {"actionTarget": "https://a.example/g"}}},
            "link", None, ("https://a.example/g",),
        ),
        (
            {"navigationContext": {"actionTarget": "https://www.linkedin.com/pulse/x"}},
            "article", None, ("https://www.linkedin.com/pulse/x",),
        ),
    ],
)  # fmt: skip
def test_what_a_post_holds_decides_its_format(content, kind, media, links):
    text = {"text": {"text": "Voir"}}
    post = records(item(content=content, commentary=text))[0]
    assert (post.format, post.media_count, post.links) == (kind, media, links)


def test_what_is_only_passed_on_has_no_counts():
    (post,) = records(item(commentary=None, **{"*resharedUpdate": {"x": 1}}))
    assert post.is_repost


def test_an_advertisement_shows_no_time():
    actor = item()["actor"] | {"subDescription": {"text": "Promoted"}}
    assert records(item(actor=actor))[0].sponsored is True
    assert records(item())[0].sponsored is None


def test_an_old_id_leaves_the_time_that_is_shown():
    old = item(preDashEntityUrn="urn:li:activity:123456789012345678")
    post = records(old)[0]
    assert post.published_at == datetime(2026, 2, 27, 12, tzinfo=UTC)
    assert structs.asdict(post)["published_within_s"] == 86400


@pytest.mark.parametrize(
    "broken", [None, [], {}, {"preDashEntityUrn": "urn:li:member:1"}, {"preDashEntityUrn": URN}]
)
def test_what_is_no_item_is_said(broken):
    with pytest.raises(ParseError):
        records(broken)


def test_an_id_of_the_future_dates_nothing():
    assert moment_of(str((1 << 63) - 1), NOW) is None
