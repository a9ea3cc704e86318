"""Shared pure cleaners: what platforms write into what records hold.

Strict throughout: a text that is not surely a count, a time or an address gives None, because
a wrong figure is worse than a missing one.
"""

from crawlers.fields.access import Count, decode, find, get, maybe
from crawlers.fields.counts import count
from crawlers.fields.text import (
    hashtags_of,
    hrefs_of,
    is_web,
    language_of,
    links_of,
    mentions_of,
    once,
    tag_of,
    text_of,
)
from crawlers.fields.times import When, instant, utc, when

__all__ = [
    "Count",
    "When",
    "count",
    "decode",
    "find",
    "get",
    "hashtags_of",
    "hrefs_of",
    "instant",
    "is_web",
    "language_of",
    "links_of",
    "maybe",
    "mentions_of",
    "once",
    "tag_of",
    "text_of",
    "utc",
    "when",
]
