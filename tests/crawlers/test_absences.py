"""Deletions seen by what a list leaves out, where the list's address comes from the profile."""

import json
from datetime import UTC, datetime, timedelta

from crawlers.absences import Known, absences
from crawlers.platform import Fetch, Page
from crawlers.reading import read
from crawlers.registry import platforms

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACCOUNT = "crete@mastodon.example"


def reading(platform, fetch, document):
    page = Page(fetch, ACCOUNT, fetch.url, json.dumps(document).encode(), NOW)
    return read(platform, page, f"mastodon:{ACCOUNT}")


def status(number):
    return {
        "id": str(number),
        "created_at": f"2026-02-{number:02}T08:00:00Z",
        "content": "<p>Neige</p>",
        "account": {"id": "1", "acct": "crete"},
        "replies_count": 0,
    }


def known(number):
    at = datetime(2026, 2, number, 8, tzinfo=UTC)
    return Known("https://mastodon.example/", at, 0, NOW - timedelta(days=1), False, False)


def visit(*numbers):
    platform = platforms()["mastodon"]
    (lookup,) = platform.start(ACCOUNT)
    profile = reading(platform, lookup, {"id": "1", "acct": "crete", "username": "crete"})
    (first,) = profile.fetches
    page = reading(platform, first, [status(number) for number in numbers])
    ledger = {f"mastodon.example/{number}": known(number) for number in range(1, 10)}
    return absences(platform, ACCOUNT, [profile, page], ledger)


def test_a_status_missing_between_others_is_gone():
    assert [absence.native_id for absence in visit(9, 7, 6, 5)] == ["mastodon.example/8"]


def test_statuses_older_than_the_list_are_not():
    assert visit(9, 8, 7) == []


def test_an_answer_to_a_conversation_is_no_list():
    platform = platforms()["mastodon"]
    fetch = Fetch("https://mastodon.example/api/v1/statuses/9/context", kind="context")
    thread = reading(platform, fetch, {"ancestors": [], "descendants": [status(9)]})
    assert absences(platform, ACCOUNT, [thread], {"mastodon.example/8": known(8)}) == []
