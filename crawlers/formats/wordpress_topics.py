"""Searches, tags and categories of a WordPress site: their addresses and what to ask for them."""

import re
from typing import Final
from urllib.parse import unquote, unquote_plus, urlencode

from crawlers.platform import Fetch

PER_PAGE: Final = 100
"""Most items that wp/v2 gives at once."""
TERMS: Final = {"tag": "tags", "category": "categories"}
TOPIC: Final = re.compile(
    r"(?P<site>https?://[^?#\s]+?)/+(?:\?s=(?P<words>[^&#\s]+)"
    r"|(?P<kind>tag|category)/(?:[^/?#\s]+/)*(?P<slug>[^/?#\s]+)/?$)"
)


def site_of(account: str) -> str:
    """The site that an account is on: a topic's, else itself."""
    topic = TOPIC.match(account)
    return topic["site"] if topic else account


def topic_of(account: str) -> Fetch | None:
    """What to ask first for a topic; None where the account is a whole site.

    A search is asked for its posts, a tag or category for its number.
    """
    topic = TOPIC.match(account)
    if topic is None:
        return None
    if topic["words"]:
        return posts_of(topic["site"], "search", search=unquote_plus(topic["words"]))
    query = urlencode({"slug": unquote(topic["slug"])})
    return Fetch(f"{topic['site']}/wp-json/wp/v2/{TERMS[topic['kind']]}?{query}", kind="term")


def posts_of(site: str, kind: str, **more: str) -> Fetch:
    """The newest posts of a site that `more` leaves over, with comments, tags and pictures."""
    query = urlencode({**more, "per_page": PER_PAGE, "page": 1, "_embed": 1})
    return Fetch(f"{site}/wp-json/wp/v2/posts?{query}", kind=kind)
