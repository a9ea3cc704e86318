"""Real reviews: a page of Trustpilot's, and what Google Maps answers to its own page."""

from datetime import UTC, datetime

import pytest

from tests.crawlers.recordings import one, read, tally

HELD = {
    "google_reviews/maps-place-panic.json": {"Profile": 1, "Post": 8},
    # The ninth, beside a photo, comes without its rating.
    "google_reviews/maps-place-raw.json": {"Profile": 1, "Post": 8, "dropped": 1},
    "google_reviews/review-native-no-text.json": {"Post": 1},
    "google_reviews/review-native-with-reply.json": {"Post": 1, "Comment": 1},
    "trustpilot/html-uk-reviews.html": {"Post": 1},
}


@pytest.mark.parametrize("file", HELD)
def test_every_recording_reads_to_what_it_holds(recorded, file):
    assert tally(read(recorded, file, "reviews")) == HELD[file]


def test_a_review_on_trustpilot(recorded):
    found = read(recorded, "trustpilot/html-uk-reviews.html", "reviews")
    post = one(found, "Post", "581cf1892ae760087cadbf17")
    assert post.title == "5/5 · Gousto has changed my life...."
    assert post.published_at == datetime(2016, 11, 4, 20, 37, 27, tzinfo=UTC)
    assert post.edited_at == datetime(2016, 11, 4, 20, 39, 47, tzinfo=UTC)
    assert post.text.startswith("I cannot thank Gousto enough.")


@pytest.mark.parametrize(
    ("file", "name", "total", "average"),
    [
        ("maps-place-panic.json", "Happy Island Restaurant", 518, "4.7/5"),
        ("maps-place-raw.json", "Kipriakon", 396, "4.2/5"),
    ],
)
def test_a_place(recorded, file, name, total, average):
    profile = read(recorded, f"google_reviews/{file}", "reviews").records[0]
    assert (profile.name, profile.posts_total, profile.description) == (name, total, average)


def test_a_review_and_its_reply(recorded):
    post, reply = read(recorded, "google_reviews/review-native-with-reply.json", "reviews").records
    assert (post.title, post.language, post.published_at.year) == ("1/5", "de", 2026)
    assert (reply.post_native_id, reply.from_channel) == (post.native_id, True)
    assert reply.text.endswith("Ihr Praxisteam")


def test_a_rating_without_a_word(recorded):
    (post,) = read(recorded, "google_reviews/review-native-no-text.json", "reviews").records
    assert (post.title, post.text) == ("5/5", None)
