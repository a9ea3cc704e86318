"""What scrubbing leaves alone: every case of every platform says the same afterwards."""

import json
from collections import Counter

import pytest
from msgspec import structs

from crawlers.authoring.outcome import outcome
from crawlers.authoring.record import own_names
from crawlers.authoring.scrub import scrub
from data.records import Comment, Metrics, Post, Profile
from tests.crawlers.casebook import cases, page_of, platform_of

COUNTS = {
    Profile: ("followers", "following", "posts_total"),
    Metrics: ("likes", "comments", "shares", "views", "saves"),
    Post: ("published_at", "edited_at", "media_count", "duration_s", "is_repost", "is_reply"),
    Comment: ("published_at", "likes", "from_channel"),
}


def facts(found):
    """Kinds, times and counts of all that was read, without names and texts."""
    told = [
        (type(one).__name__, *(getattr(one, name) for name in COUNTS.get(type(one), ())))
        for one in found.records
    ]
    return told, len(found.fetches), len(found.dropped), found.blocked, found.error


def is_json(body):
    try:
        return isinstance(json.loads(body), dict | list)
    except (ValueError, RecursionError):
        return False


@pytest.mark.parametrize("case", cases())
def test_a_scrubbed_case_says_as_much_and_is_scrubbed_once(case):
    platform, page = platform_of(case), page_of(case)
    own = own_names(page)
    body, counts = scrub(page.body, own)
    again, more = scrub(body, own)
    assert (again, more) == (body, {}), case
    assert (body != page.body) == bool(counts)
    assert is_json(body) == is_json(page.body)
    after = outcome(platform, structs.replace(page, body=body))
    before = outcome(platform, page)
    assert facts(after) == facts(before)
    authors = [
        [r.author_key for r in one.records if isinstance(r, Comment)] for one in (before, after)
    ]
    assert len(set(authors[0])) >= len(set(authors[1]))
    assert Counter(authors[0]).keys() or not authors[1]
