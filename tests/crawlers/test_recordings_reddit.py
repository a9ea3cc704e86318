"""Real Reddit listings, conversations, feeds and pages: every file reads to what it holds."""

import pytest

from tests.crawlers.recordings import one, read, tally

HELD = {
    "atom-mediarss-subreddit.xml": {"Post": 25},
    "atom-short.xml": {"Post": 1},
    "atom-subreddit.xml": {"Post": 24, "Metrics": 24},
    "comments-2gmzqe-small.json": {"Post": 1, "Metrics": 1, "Comment": 2},
    "domain-youtube-hot.json": {"Post": 100, "Metrics": 100, "more": 1},
    "html-post-investing.html": {"Post": 1, "Metrics": 1},
    "json-r-anthropic.json": {"Post": 10, "Metrics": 10, "more": 1},
    "morechildren.json": {"Comment": 7},
    "oembed.json": {},
    "rss-2016-subreddit.rss": {"Post": 24, "Metrics": 24},
    "search-all.json": {"Post": 6, "Metrics": 6},
    "subreddit-askreddit-comments.json": {"Comment": 100},
    "subreddit-askreddit-hot.json": {"Post": 102, "Metrics": 102, "more": 1},
    "subreddit-askreddit-top.json": {"Post": 100, "Metrics": 100, "more": 1},
    "subreddits-popular.json": {},
    "user-about.json": {"Profile": 1},
    "user-spez-comments-top.json": {"Comment": 100},
    "user-spez-submitted-new.json": {"Post": 100, "Metrics": 100, "more": 1},
}
FIGURES = [
    ("json-r-anthropic.json", "1orkcqt", 57, 17, 0),
    ("subreddit-askreddit-top.json", "2np694", 38445, 7804, None),
    ("html-post-investing.html", "7pfpeq", 1935, 1248, None),
    ("rss-2016-subreddit.rss", "3skxqc", None, 275, None),
]


@pytest.mark.parametrize("file", HELD)
def test_every_recording_reads_to_what_it_holds(recorded, file):
    assert tally(read(recorded, f"reddit/{file}")) == HELD[file]


@pytest.mark.parametrize(("file", "post", "score", "comments", "crossposts"), FIGURES)
def test_figures(recorded, file, post, score, comments, crossposts):
    metrics = one(read(recorded, f"reddit/{file}"), "Metrics", post)
    assert (metrics.likes, metrics.comments, metrics.shares) == (score, comments, crossposts)


def test_a_page_of_the_old_design_is_a_shell(recorded):
    assert read(recorded, "reddit/html-post-title-only.html").blocked == "empty_shell"


def test_the_account_itself_speaks(recorded):
    found = read(recorded, "reddit/user-spez-comments-top.json", account="u/spez")
    assert all(comment.from_channel for comment in found.records)


def test_languages_of_the_new_page(recorded):
    post = one(read(recorded, "reddit/html-post-investing.html"), "Post", "7pfpeq")
    assert (post.language, post.format) == ("en", "text")
