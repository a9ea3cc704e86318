"""Real Instagram documents: JSON of 2020 to 2023, post and profile pages of 2021 to 2025."""

from datetime import UTC, datetime

import pytest

from tests.crawlers.recordings import one, read, tally


def test_the_posts_of_an_account(recorded):
    found = read(recorded, "instagram/graphql-medias.json")
    assert tally(found) == {"Post": 12, "Metrics": 12}
    post = one(found, "Post", "B7eUksNFA-K")
    assert post.published_at == datetime(2020, 1, 18, 20, 9, 56, tzinfo=UTC)
    assert (post.format, post.hashtags[:2]) == ("video", ("happybirthday", "berlin"))
    shown = one(found, "Metrics", "B7eUksNFA-K")
    assert (shown.likes, shown.comments, shown.views) == (695047, 1939, 2726827)
    formats = [record.format for record in found.records if hasattr(record, "format")]
    assert sorted(set(formats)) == ["carousel", "photo", "video"]
    assert [r.media_count for r in found.records if getattr(r, "format", "") == "carousel"] == [
        5, 3, 2,
    ]  # fmt: skip


def test_the_reels_of_an_account(recorded):
    found = read(recorded, "instagram/clips-user.json")
    assert tally(found) == {"Post": 12, "Metrics": 12}
    post = one(found, "Post", "CPv3UqsBFvg")
    assert (post.format, post.duration_s, post.sponsored) == ("short", 20.433, False)
    assert sum(getattr(record, "sponsored", None) is True for record in found.records) == 2
    shown = one(found, "Metrics", "CPv3UqsBFvg")
    assert (shown.likes, shown.comments, shown.views) == (16965, 80, 401421)


def test_an_account(recorded):
    (profile,) = read(recorded, "instagram/graphql-profile.json").records
    assert profile.name == "Robert Downey Jr. Official"
    assert (profile.followers, profile.following, profile.posts_total) == (52979346, 5, 419)


@pytest.mark.parametrize(
    ("file", "code", "likes", "comments", "views", "kind"),
    [
        ("media-info-a.json", "CAnqPB-Jzcj", 820750, 4647, None, "carousel"),
        ("media-info-b.json", "CAG3E8-A3wf", 600190, 6741, 4048603, "video"),
        ("post-api-items.json", "Chm_-tPJqpd", 113, 0, None, "carousel"),
    ],
)
def test_one_post(recorded, file, code, likes, comments, views, kind):
    found = read(recorded, f"instagram/{file}", kind="post")
    assert tally(found) | {"Comment": 0} == {"Post": 1, "Metrics": 1, "Comment": 0}
    shown = one(found, "Metrics", code)
    assert (shown.likes, shown.comments, shown.views) == (likes, comments, views)
    assert one(found, "Post", code).format == kind
    said = [record for record in found.records if hasattr(record, "author_key")]
    assert len(said) == (0 if comments == 0 else 2)


def test_a_post_page_with_its_data(recorded):
    found = read(recorded, "instagram/post-metascraper-integration.html", kind="post")
    assert tally(found) == {"Post": 1, "Metrics": 1, "Comment": 28}
    post, shown = (one(found, kind, "BWUDBntl3_Z") for kind in ("Post", "Metrics"))
    assert post.published_at == datetime(2017, 7, 9, 4, 58, 10, tzinfo=UTC)
    assert (shown.likes, shown.comments) == (159071, 1747)
    watched = read(
        recorded, "instagram/post-metascraper-integration.html", account="teslamotors", kind="post"
    )
    assert (watched.records[0].followers, watched.records[0].posts_total) == (8808002, 683)


def test_a_post_page_without_counts(recorded):
    found = read(recorded, "instagram/post-page-2022.html", kind="post")
    assert tally(found) == {"Post": 1}
    told = one(read(recorded, "instagram/post-api-items.json"), "Post", "Chm_-tPJqpd")
    post = found.records[0]
    assert (post.native_id, post.format) == ("Chm_-tPJqpd", "carousel")
    assert post.text.split() == told.text.split()
    assert abs((post.published_at - told.published_at).total_seconds()) < 60


def test_a_reel_page(recorded):
    found = read(recorded, "instagram/reel-jaimelorente-2025.html", kind="post")
    assert tally(found) == {"Post": 1, "Metrics": 1}
    post, shown = found.records
    assert (post.native_id, post.format) == ("CN2VQ1yI_MA", "short")
    assert post.published_at.date().isoformat() == "2021-04-19"
    assert (shown.likes, shown.comments, shown.views) == (152_000, 784, None)


def test_a_profile_page_that_shows_its_head_alone(recorded):
    (profile,) = read(recorded, "instagram/profile-pluto-travel-2025.html", kind="page").records
    assert (profile.name, profile.followers, profile.posts_total) == ("Pluto", 2362, 224)
    assert profile.description.startswith("Home of travel")


def test_the_front_page_is_a_wall(recorded):
    assert read(recorded, "instagram/home-2020.html").blocked == "login_wall"
