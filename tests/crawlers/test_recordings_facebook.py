"""Real Facebook pages: what they hold is read, and walls are told from pages without posts."""

from datetime import UTC, datetime

import pytest

from tests.crawlers.recordings import one, read, tally


def test_a_page_in_its_present_form(recorded):
    found = read(recorded, "facebook/page-meedan-2023.html", account="heymeedan")
    assert tally(found) == {"Profile": 1, "Post": 1, "Metrics": 1}
    assert found.records[0].followers == 3700
    post = one(found, "Post", "1522700938072473")
    assert post.format == "live"
    assert post.duration_s == pytest.approx(3838.123)
    assert post.published_at == datetime(2021, 5, 3, 13, 32, 1, tzinfo=UTC)
    metrics = one(found, "Metrics", "1522700938072473")
    assert (metrics.likes, metrics.comments, metrics.shares, metrics.views) == (2, 0, 0, 162)


def test_a_post_that_json_ld_describes(recorded):
    found = read(recorded, "facebook/post-littlemix-2023.html", account="littlemix")
    assert tally(found) == {"Profile": 1, "Post": 1, "Metrics": 1, "Comment": 10}
    assert found.records[0].followers == 9_310_657
    metrics = one(found, "Metrics", "567261421429868")
    assert (metrics.likes, metrics.comments, metrics.shares) == (18716, 334, 630)
    assert not any(record.from_channel for record in found.records[3:])


def test_a_video_of_the_mobile_site(recorded):
    found = read(recorded, "facebook/m-video-nintendo-2021.html", account="nintendo")
    assert tally(found) == {"Profile": 1, "Post": 1, "Metrics": 1, "Comment": 6}
    assert one(found, "Post", "387081299304444").duration_s == 18
    metrics = one(found, "Metrics", "387081299304444")
    assert (metrics.likes, metrics.comments, metrics.views) == (356, 408, 29178)
    spoken = [comment.from_channel for comment in found.records[3:]]
    assert spoken == [True, False, False, False, False, False]


def test_the_mobile_sites_list(recorded):
    found = read(recorded, "facebook/m-page-posts-nintendo-2021.html", account="nintendo")
    assert tally(found) == {"Post": 2, "Metrics": 2}
    assert one(found, "Post", "4194934713924283").format == "photo"
    video = one(found, "Post", "4193752747375813")
    assert video.format == "video"
    assert video.published_at == datetime(2021, 6, 4, 15, 11, 22, tzinfo=UTC)
    metrics = one(found, "Metrics", "4193752747375813")
    assert (metrics.likes, metrics.comments, metrics.shares) == (290, 44, 25)


def test_the_mobile_sites_photo_with_its_comments(recorded):
    found = read(recorded, "facebook/m-post-nintendo-a-2021.html", account="nintendo")
    assert tally(found) == {"Post": 1, "Metrics": 1, "Comment": 30}
    metrics = one(found, "Metrics", "4194934713924283")
    assert (metrics.likes, metrics.comments, metrics.shares) == (466, 73, 17)


@pytest.mark.parametrize("file", ["login-wall.html", "post-photo-album-rajoy.html"])
def test_pages_that_ask_to_sign_in(recorded, file):
    assert read(recorded, f"facebook/{file}").blocked == "login_wall"
