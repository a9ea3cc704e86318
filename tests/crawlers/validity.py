"""What every record and request must be, whichever platform gave it."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from crawlers.platform import Dropped, Fetch
from data.records import Comment, Gone, Metrics, Post, Profile
from data.vocabulary import COUNTS, FORMATS

TEXTS = ("title", "text", "language", "name", "description", "in_reply_to")
TIMES = ("published_at", "edited_at", "deleted_at")
NUMBERS = (*COUNTS, "followers", "following", "posts_total", "media_count")
LISTS = ("hashtags", "mentions", "links")


def check(item):
    """Assert that one thing that `parse` yielded keeps the contract."""
    assert isinstance(item, Profile | Post | Metrics | Comment | Gone | Fetch | Dropped)
    if isinstance(item, Fetch):
        check_fetch(item)
    elif not isinstance(item, Dropped):
        check_record(item)


def check_record(record):
    for name in TEXTS:
        value = getattr(record, name, None)
        assert value is None or value.encode() is not None, name
    for name in TIMES:
        value = getattr(record, name, None)
        assert value is None or is_utc(value), (name, value)
    for name in NUMBERS:
        value = getattr(record, name, None)
        assert value is None or (type(value) is int and 0 <= value < 1 << 63), (name, value)
    for name in LISTS:
        check_list(name, getattr(record, name, ()))
    for name in ("native_id", "post_native_id"):
        assert getattr(record, name, "-").strip(), name
    if isinstance(record, Post):
        check_post(record)
    if isinstance(record, Comment):
        assert re.fullmatch(r"[0-9a-f]{24}", record.author_key)


def check_post(post):
    assert post.format in FORMATS
    assert is_address(post.url), post.url
    assert post.published_within_s >= 0
    assert post.duration_s is None or 0 <= post.duration_s < 1e9
    assert all(tag == tag.lower() and not tag.startswith("#") for tag in post.hashtags)
    assert not any(name.startswith("@") for name in post.mentions)
    assert all(is_address(link) for link in post.links), post.links


def check_list(name, values):
    assert isinstance(values, tuple), name
    assert all(isinstance(value, str) and value.encode() for value in values), name
    assert len(set(values)) == len(values), name


def check_fetch(fetch):
    assert is_address(fetch.url), fetch.url
    assert fetch.method in {"GET", "POST"}
    assert (fetch.body is None) == (fetch.method == "GET")
    assert msgspec.json.decode(msgspec.json.encode(fetch), type=Fetch) == fetch


def is_utc(moment):
    return isinstance(moment, datetime) and moment.utcoffset() == timedelta(0)


def is_address(url):
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", url)
