"""Scrubbing: what goes, what stays, and that twice is once."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.authoring.scrub import scrub

NAMES = st.sampled_from(["zelda.k", "Bob Crane", "stranger1", "crete", "text", "x@y.example", "a"])
TEXTS = st.one_of(
    st.text(max_size=30),
    st.builds("hi @{} and {}".format, NAMES, NAMES),
    st.sampled_from(["Bearer abcdefghijklmnop1234", "https://a.example/?sig=1&key=2", "10.1.2.3"]),
)
KEYS = st.sampled_from(["author", "username", "text", "token", "comments", "user", "name", "id"])
TREES = st.recursive(
    st.one_of(TEXTS, NAMES, st.integers(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=40)
@given(TREES)
def test_json_stays_json_and_twice_is_once(tree):
    body = json.dumps({"all": tree}).encode()
    once, _ = scrub(body, ("crete",))
    json.loads(once)
    assert scrub(once, ("crete",)) == (once, {})


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes_are_scrubbed_once(body):
    once, _ = scrub(body)
    assert scrub(once) == (once, {})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://a.example/?access_token=canary9&x=1", "token"),
        ('{"csrf": "canary9"}', "token"),
        ('<input type="hidden" name="csrf_token" value="canary9">', "token"),
        ("Authorization: Bearer canary9canary9canary9", "token"),
        ("document.cookie = 'canary9=1'", "cookie"),
        ("canary9@a.example", "e-mail"),
        ("call +33 6 12 34 56 78", "phone"),
        ("from 81.2.69.160", "IP address"),
        ("thanks @canary9", "name"),
    ],
)
def test_each_kind_goes_and_is_counted(text, kind):
    body, counts = scrub(text.encode())
    assert counts == {kind: 1}
    assert b"canary9" not in body
    assert b"12 34 56" not in body
    assert b"81.2" not in body


def test_one_stranger_has_one_name_and_the_account_keeps_its_own():
    page = {
        "user": {"username": "crete", "name": "Crete Shop"},
        "comments": [
            {"author": {"username": "zelda", "avatar": "https://a.example/z.png"}, "n": 3},
            {"author": {"username": "bob"}, "text": "@zelda and @crete are right"},
        ],
    }
    body, _ = scrub(json.dumps(page).encode(), ("crete",))
    found = json.loads(body)
    first, second = found["comments"]
    assert found["user"] == page["user"]
    assert first["author"]["username"] != second["author"]["username"]
    assert second["text"] == f"@{first['author']['username']} and @crete are right"
    assert first["author"]["avatar"] == "https://stranger.example/avatar.png"
    assert first["n"] == 3
