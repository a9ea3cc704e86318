"""Real TikTok documents: profiles of 2021 and 2025, videos of 2022 and 2025, oEmbed."""

from datetime import UTC, datetime

from tests.crawlers.recordings import one, read, tally


def test_a_profile_that_a_browser_rendered(recorded):
    found = read(recorded, "tiktok/profile-illojuan-2025.html", account="illojuan", kind="page")
    assert tally(found) == {"Profile": 1, "Post": 18, "Metrics": 18}
    profile = found.records[0]
    assert (profile.followers, profile.following, profile.posts_total) == (783427, 0, 19)
    post = one(found, "Post", "7437176835944795424")
    assert (post.format, post.hashtags, post.published_within_s) == ("short", ("illojuan",), 86400)
    assert post.text.endswith("#illojuan")
    assert one(found, "Metrics", "7437176835944795424").views == 1_900_000
    assert len(found.fetches) == 18


def test_a_profile_with_its_first_videos(recorded):
    found = read(recorded, "tiktok/profile-tiktok-nextdata-2021.html", account="tiktok")
    assert tally(found) == {"Profile": 1, "Post": 4, "Metrics": 4}
    assert (found.records[0].followers, found.records[0].posts_total) == (50_100_000, 118)
    post = one(found, "Post", "6912598122988326149")
    assert post.published_at == datetime(2021, 1, 1, 1, 31, 21, tzinfo=UTC)
    assert (post.hashtags, post.duration_s) == (("bye2020", "welcome2021"), 59)
    shown = one(found, "Metrics", "6912598122988326149")
    assert (shown.likes, shown.comments, shown.shares, shown.views) == (84900, 16500, 673, 844100)


def test_a_video_page(recorded):
    found = read(recorded, "tiktok/video-illojuan-2025.html", account="illojuan", kind="post")
    assert tally(found) == {"Post": 1, "Metrics": 1, "Profile": 1}
    post = one(found, "Post", "7571863205253778710")
    assert post.mentions == ("burgerking_es", "esperanzagraciaoficial")
    assert (post.sponsored, post.language, post.duration_s) == (True, "es", 64)
    assert post.published_at == datetime(2025, 11, 12, 15, 36, 28, tzinfo=UTC)
    shown = one(found, "Metrics", "7571863205253778710")
    assert (shown.likes, shown.comments, shown.shares) == (25500, 146, 2156)
    assert (shown.views, shown.saves) == (192100, 1311)


def test_an_older_video_page_with_comments(recorded):
    found = read(recorded, "tiktok/video-page-2022.html", kind="post")
    assert tally(found) == {"Post": 1, "Metrics": 1, "Comment": 33}
    shown = one(found, "Metrics", "7134059641968872746")
    assert (shown.likes, shown.comments, shown.shares, shown.views) == (4787, 52, 75, 44500)
    answer = one(found, "Comment", "7134087166444127022")
    assert (answer.from_channel, answer.in_reply_to) == (True, "7134076232289551150")


def test_an_embed_dates_the_video_by_its_id(recorded):
    told = read(recorded, "tiktok/video-page-2022.html", kind="post")
    (roughly,) = read(recorded, "tiktok/oembed-video.json").records
    exact = one(told, "Post", roughly.native_id)
    apart = (exact.published_at - roughly.published_at).total_seconds()
    assert 0 <= apart < 60
    assert roughly.hashtags == exact.hashtags
