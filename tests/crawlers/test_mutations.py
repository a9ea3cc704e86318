"""Broken pages: whatever happens to the bytes, reading ends in a named error or valid records.

`make mutate` tries VIGIE_TEST_EXAMPLES of each kind on each platform (docs/security.md).
"""

import json
import os
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from crawlers.platform import REASONS
from crawlers.registry import platforms
from tests.crawlers.casebook import cases, outcome, page_of
from tests.crawlers.validity import check

VALUES = st.sampled_from(
    [
        None, True, -1, 0, 1.5, 10**30, "", " ", "x", "<b>", "\x00", "é" * 3, "12:00", "1 234",
        "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "https://", "at://", [], {}, [None],
        [[]], {"a": {}}, [{}],
    ]
)  # fmt: skip
EXAMPLES = int(os.environ.get("VIGIE_TEST_EXAMPLES", "70"))
many = settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
every_platform = pytest.mark.parametrize("platform", platforms().values(), ids=platforms())


@cache
def pages(name):
    return [page_of(case) for case in cases(name)]


def hold(platform, page):
    """Read the page; anything but a ParseError, a Blocked or valid records fails the test."""
    found = outcome(platform, page)
    for item in (*found.records, *found.fetches, *found.dropped):
        check(item)
    assert found.blocked is None or found.blocked in REASONS


@st.composite
def bruised(draw, body):
    """The bytes after a few flips, cuts, repeats and swaps."""
    for _ in range(draw(st.integers(1, 4))):
        ends = st.integers(0, len(body))
        start, stop = sorted((draw(ends), draw(ends)))
        match draw(st.sampled_from(["flip", "cut", "keep", "repeat", "swap"])):
            case "flip":
                body = body[:start] + draw(st.binary(min_size=1, max_size=3)) + body[start + 1 :]
            case "cut":
                body = body[:start] + body[min(stop, start + 200) :]
            case "keep":
                body = body[:stop]
            case "repeat":
                body = body[:stop] + body[max(start, stop - 200) :]
            case "swap":
                body = body[stop:] + body[start:stop] + body[:start]
    return body


def places(node, path=()):
    """Every place inside a JSON document."""
    yield path
    for key, value in (
        node.items()
        if isinstance(node, dict)
        else enumerate(node if isinstance(node, list) else ())
    ):
        yield from places(value, (*path, key))


def put(node, path, value):
    """The document with another value at one place."""
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = put(node[path[0]], path[1:], value)
    return copy


@every_platform
@many
@given(data=st.data())
def test_bruised_bytes(platform, data):
    page = data.draw(st.sampled_from(pages(platform.name)))
    hold(platform, structs.replace(page, body=data.draw(bruised(page.body))))


@every_platform
@many
@given(data=st.data())
def test_other_values_in_json(platform, data):
    documents = [page for page in pages(platform.name) if page.body.lstrip()[:1] in {b"{", b"["}]
    if not documents:
        pytest.skip("none of its pages is JSON")
    page = data.draw(st.sampled_from(documents))
    document = json.loads(page.body)
    for _ in range(data.draw(st.integers(1, 3))):
        document = put(
            document, data.draw(st.sampled_from(list(places(document)))), data.draw(VALUES)
        )
    hold(platform, structs.replace(page, body=json.dumps(document).encode()))


def test_what_thousands_of_other_values_found():
    page = page_of("youtube/watch_next")
    path = ("contents", "twoColumnWatchNextResults", "results", "results", "contents", 0)
    document = put(json.loads(page.body), (*path, "videoPrimaryInfoRenderer"), True)
    hold(platforms()["youtube"], structs.replace(page, body=json.dumps(document).encode()))


@every_platform
@many
@given(
    body=st.binary(max_size=300)
    | st.recursive(
        VALUES, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner)
    ).map(lambda value: json.dumps(value).encode())
)
def test_random_bytes(platform, body):
    hold(platform, structs.replace(pages(platform.name)[0], body=body))


@every_platform
@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"<p>" * 100_000])
def test_bottomless_nesting(platform, body):
    hold(platform, structs.replace(pages(platform.name)[0], body=body))
