"""Threads posts as others read them: the fields that they found, in the shape that they came in."""

import json
from datetime import UTC, datetime

from crawlers.platforms.threads import item_records
from tests.crawlers.validity import check


def served(thread):
    """A thread of a derived file, as the site's JSON would have it."""
    names = ("id", "pk", "code", "like_count")
    return {name: thread[name] for name in names} | {
        "taken_at": thread["published_on"],
        "caption": {"text": thread["text"]},
        "user": {"username": thread["username"]},
        "text_post_app_info": {"direct_reply_count": thread["reply_count"]},
    }


def threads(recorded, file):
    return json.loads((recorded / "derived" / file).read_text(encoding="utf-8"))


def test_every_post_of_a_profile_can_be_read(recorded):
    shown = threads(recorded, "scrapfly-threads-profile.json")["threads"]
    for thread in shown:
        post, metrics = item_records(served(thread))
        check(post)
        assert post.url.endswith(f"/@{thread['username']}/post/{thread['code']}")
        assert post.published_at == datetime.fromtimestamp(thread["published_on"], UTC)
        assert (metrics.likes, metrics.comments) == (thread["like_count"], thread["reply_count"])
    assert len(shown) >= 10


def test_every_reply_can_be_read(recorded):
    found = threads(recorded, "scrapfly-threads-thread.json")
    for thread in (found["thread"], *found["replies"]):
        assert next(item_records(served(thread))).native_id == thread["pk"]
