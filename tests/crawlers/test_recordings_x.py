"""Real answers and pages of X: every file reads to the posts that it holds, or is its wall."""

import pytest

from tests.crawlers.recordings import one, read, tally

HELD = {
    "fx-tweetresultbyrestid-1841206275088290279.json": {"Post": 1, "Metrics": 1},
    "fx-tweetresultbyrestid-1848831595014459513.json": {"Post": 1, "Metrics": 1},
    "fx-tweetresultbyrestid-20.json": {"Post": 1, "Metrics": 1},
    "fx-userbyscreenname-x.json": {"Profile": 1},
    "fx-usertweets-783214.json": {"Post": 1, "Metrics": 1},
    "graphql-tweet-detail.json": {"Post": 1, "Metrics": 1, "Comment": 36},
    "graphql-user-about.json": {"Profile": 1},
    "graphql-user-by-screen-name-xdevelopers.json": {"Profile": 1},
    # Of its 21 posts 16 only repeat others' and have no counts of their own.
    "graphql-user-tweets-xdevelopers.json": {"Profile": 1, "Post": 21, "Metrics": 5},
    "html-post-2025.html": {"Post": 1, "Metrics": 1},
    "html-profile-kikobeats-2025.html": {"Profile": 1, "Post": 3, "Metrics": 3},
    "html-status-old.html": {"Post": 1, "Metrics": 1, "Comment": 10},
    "oembed-publish-twitter.json": {"Post": 1},
    "syndication-tweet-result-0-1641086480675225601.json": {"Post": 1, "Metrics": 1},
}
FIGURES = [
    ("fx-tweetresultbyrestid-1841206275088290279.json", "1841206275088290279",
     (296, 2, 69, 4186, 7)),
    ("fx-tweetresultbyrestid-20.json", "20", (263922, 15818, 126765, None, 10651)),
    ("graphql-tweet-detail.json", "1649191520250245121", (426, 93, 320, 979440, 73)),
    ("graphql-user-tweets-xdevelopers.json", "2019881223666233717",
     (5569, 783, 1405, 2525462, 2810)),
    ("html-post-2025.html", "1222907250383245320", (76091, 18151, 15635, None, 49)),
    ("html-profile-kikobeats-2025.html", "1987508451887784324", (6027, 785, 890, 788311, 476)),
    ("html-status-old.html", "745276948213968896", (282, None, 79, None, None)),
    (
        "syndication-tweet-result-0-1641086480675225601.json", "1641086480675225601",
        (226, 1, None, None, None),
    ),
]  # fmt: skip
FORMS = [
    ("fx-tweetresultbyrestid-1841206275088290279.json", "1841206275088290279", "video", 1),
    ("fx-tweetresultbyrestid-1848831595014459513.json", "1848831595014459513", "carousel", 3),
    ("graphql-user-tweets-xdevelopers.json", "2019881223666233717", "link", None),
    ("graphql-user-tweets-xdevelopers.json", "2072126677535346779", "photo", 1),
    ("html-profile-kikobeats-2025.html", "1987508451887784324", "carousel", 3),
]


@pytest.mark.parametrize("file", HELD)
def test_every_recording_reads_to_what_it_holds(recorded, file):
    assert tally(read(recorded, f"x/{file}", account="xdevelopers")) == HELD[file]


@pytest.mark.parametrize(("file", "post", "counts"), FIGURES)
def test_figures(recorded, file, post, counts):
    found = one(read(recorded, f"x/{file}"), "Metrics", post)
    assert (found.likes, found.comments, found.shares, found.views, found.saves) == counts


@pytest.mark.parametrize(("file", "post", "form", "pieces"), FORMS)
def test_forms(recorded, file, post, form, pieces):
    found = one(read(recorded, f"x/{file}"), "Post", post)
    assert (found.format, found.media_count) == (form, pieces)


@pytest.mark.parametrize(
    ("file", "followers", "posts"),
    [
        ("fx-userbyscreenname-x.json", 68941492, 15550),
        ("graphql-user-by-screen-name-xdevelopers.json", 695695, 4319),
        ("html-profile-kikobeats-2025.html", 3893, 23961),
    ],
)
def test_accounts(recorded, file, followers, posts):
    profile = read(recorded, f"x/{file}").records[0]
    assert (profile.followers, profile.posts_total) == (followers, posts)


def test_who_answers_in_a_conversation(recorded):
    found = read(recorded, "x/graphql-tweet-detail.json").records
    comments = [record for record in found if type(record).__name__ == "Comment"]
    assert sum(comment.from_channel for comment in comments) == 3
    assert sum(comment.in_reply_to is not None for comment in comments) == 2


def test_the_head_of_a_page_is_no_timeline(recorded):
    assert read(recorded, "x/html-profile-og-2025.html").blocked == "empty_shell"


def test_trends_are_no_posts(recorded):
    assert read(recorded, "x/graphql-trends.json").error == "data"
