"""Real Hacker News answers of both APIs, its pages and feeds: every file reads to what it holds."""

from datetime import UTC, datetime

import pytest

from tests.crawlers.recordings import one, read, tally

HELD = {
    "algolia-a.json": {"Post": 30, "Metrics": 30, "more": 1},
    "algolia-b.json": {"Post": 6, "Metrics": 6},
    "firebase-askstories.json": {},
    "firebase-beststories.json": {},
    "firebase-item-1000.json": {"Post": 1, "Metrics": 1},
    "firebase-jobstories.json": {},
    "firebase-newstories.json": {},
    "firebase-showstories.json": {},
    "firebase-topstories.json": {},
    "firebase-updates.json": {},
    "hnapp-atom.xml": {"Post": 30, "Metrics": 30},
    "hnrss-best.xml": {"Post": 30, "Metrics": 30},
    "html-6374031.html": {"Post": 1, "Metrics": 1},
    "html-index.html": {"Post": 29, "Metrics": 29},
    "html-newest.html": {"Post": 30, "Metrics": 30},
}
FIGURES = [
    ("algolia-a.json", "49148159", 37, 32),
    ("algolia-b.json", "46221321", 3, 1),
    ("firebase-item-1000.json", "1000", 21, 3),
    ("hnapp-atom.xml", "16381978", 37, 1),
    ("hnrss-best.xml", "36678375", 447, 522),
    ("html-index.html", "7469115", 869, 573),
    ("html-6374031.html", "6374031", 48, None),
]


@pytest.mark.parametrize("file", HELD)
def test_every_recording_reads_to_what_it_holds(recorded, file):
    assert tally(read(recorded, f"hackernews/{file}")) == HELD[file]


@pytest.mark.parametrize(("file", "story", "points", "comments"), FIGURES)
def test_figures(recorded, file, story, points, comments):
    metrics = one(read(recorded, f"hackernews/{file}"), "Metrics", story)
    assert (metrics.likes, metrics.comments) == (points, comments)


def test_a_story(recorded):
    post = one(read(recorded, "hackernews/algolia-a.json"), "Post", "49148159")
    assert post.published_at == datetime(2026, 8, 2, 20, 48, 28, tzinfo=UTC)
    assert post.links == ("https://seanhelvey.com/tools-and-their-tools/",)
