"""Posts that a person's own browser collected: the NDJSON of the Zeeschuimer add-on.

One line an item: `source_platform`, `item_id`, `timestamp_collected` (milliseconds) and, in
`data`, the item as the platform's site has it; read by the same code as the platform's own
pages. What tells of the person who browsed, or of other people, is taken out.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from crawlers.fields import get, maybe
from crawlers.formats import instagram_items, linkedin_posts, tiktok_items, x_tweets, x_users
from crawlers.imports.problems import Bad, CellError
from crawlers.platform import ParseError
from crawlers.platforms import threads
from data.records import Metrics, Post, Record

MAX_LINE: Final = 5_000_000
OTHERS: Final = frozenset(
    ("preview_comments", "comments", "edge_media_to_parent_comment", "edge_media_to_comment",
     "edge_media_preview_comment", "facepile_top_likers", "top_likers", "likers",
     "social_context", "commenters", "highlightedComments", "*highlightedComments")
)  # fmt: skip
"""Parts of an item where other people speak or are named; only their counts are kept."""
READER: Final = frozenset(
    ("has_liked", "has_viewer_saved", "viewer_has_liked", "viewer_has_saved", "collected",
     "digged", "bookmarked", "favorited", "retweeted", "following", "friendship_status",
     "followState", "*followingState", "followingState", "relation", "viewer_can_reshare",
     "viewer_edge_facts", "saveAction", "*saveState", "relationship_perspectives",
     "perspectivals")
)  # fmt: skip
"""Keys that tell what the person who browsed did."""
DEEPEST: Final = 60


class Source(Struct, frozen=True):
    """How one platform's items are read: the platform's name here, the author, the records."""

    platform: str
    author: Callable[[Any], str | None]
    records: Callable[[Any, datetime], Iterable[Record]]


class Item(Struct, frozen=True):
    """One collected post. `kept` is the line as it is archived; `at` when it was collected."""

    line: int
    platform: str
    account: str
    at: datetime
    post: Post
    metrics: Metrics | None
    kept: bytes


def _instagram(item: Any) -> str | None:
    return maybe(item, "user", "username", of=str) or maybe(item, "owner", "username", of=str)


def _linkedin(item: Any) -> str | None:
    where = maybe(item, "actor", "navigationContext", "actionTarget", of=str)
    return linkedin_posts.owner_of(where or "")


def _x(item: Any) -> str | None:
    try:
        return x_users.author_of(x_tweets.unwrapped(item))
    except ParseError:
        return None


SOURCES: Final = {
    "tiktok.com": Source(
        "tiktok", tiktok_items.author_of, lambda item, _: tiktok_items.item_records(item)
    ),
    "instagram.com": Source(
        "instagram", _instagram, lambda item, _: instagram_items.item_records(item)
    ),
    "threads.net": Source(
        "threads",
        lambda item: maybe(item, "user", "username", of=str),
        lambda item, _: threads.item_records(item),
    ),
    "twitter.com": Source("x", _x, lambda item, _: x_tweets.item_records(x_tweets.unwrapped(item))),
    "linkedin.com": Source("linkedin", _linkedin, linkedin_posts.item_records),
}
"""The add-on's name of a platform → how its items are read."""


def is_collected(body: bytes) -> bool:
    """Whether a file looks like the add-on's."""
    first = body.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
    return first.startswith(b"{") and b'"source_platform"' in first


def authors_of(body: bytes) -> dict[tuple[str, str], int]:
    """(platform, account) → number of items, the most frequent first."""
    found: dict[tuple[str, str], int] = {}
    for _, line in _lines(body):
        if isinstance(line, dict) and (who := _who(line)):
            found[who] = found.get(who, 0) + 1
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def items_of(body: bytes, wanted: set[tuple[str, str]]) -> Iterator[Item | Bad | None]:
    """The posts of the accounts wanted, in order; lines that can't be read; None for others'.

    `wanted` holds (platform, account) in lower case.
    """
    for number, line in _lines(body):
        if not isinstance(line, dict):
            yield Bad(number, CellError("is no line of the add-on"))
            continue
        who = _who(line)
        if who is None or who not in wanted:
            yield None
            continue
        try:
            yield _item(number, line, *who)
        except ParseError as error:
            yield Bad(number, CellError("{problem}", problem=str(error)))


def _lines(body: bytes) -> Iterator[tuple[int, Any]]:
    """Number and document of each line; None for one that is no JSON."""
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            try:
                yield number, msgspec.json.decode(line) if len(line) <= MAX_LINE else None
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                yield number, None


def _who(line: dict[str, Any]) -> tuple[str, str] | None:
    """Platform and author of an item; None for kinds of item that are not read here."""
    source = SOURCES.get(str(line.get("source_platform")))
    account = source.author(line.get("data")) if source else None
    return (source.platform, account.lower()) if source and account else None


def _item(number: int, line: dict[str, Any], platform: str, account: str) -> Item:
    stamp = get(line, "timestamp_collected")
    try:
        at = datetime.fromtimestamp(int(stamp) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise ParseError("timestamp_collected", "no time") from None
    data = scrubbed(get(line, "data", of=dict))
    source = SOURCES[line["source_platform"]]
    records = list(source.records(data, at))
    post = next((one for one in records if isinstance(one, Post)), None)
    if post is None:
        raise ParseError("data", "no post")
    kept = {
        "source_platform": line["source_platform"], "item_id": line.get("item_id"),
        "timestamp_collected": stamp, "data": data,
    }  # fmt: skip
    return Item(
        number, platform, account, at, post,
        next((one for one in records if isinstance(one, Metrics)), None),
        msgspec.json.encode(kept),
    )  # fmt: skip


def scrubbed(node: Any, depth: int = DEEPEST) -> Any:
    """The item without what other people said and without what its reader did."""
    if depth == 0:
        return None
    if isinstance(node, list):
        return [scrubbed(value, depth - 1) for value in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _counted(value) if key in OTHERS else scrubbed(value, depth - 1)
        for key, value in node.items()
        if key not in READER
    }


def _counted(value: Any) -> Any:
    """Of a list of what people said, how many they are."""
    if isinstance(value, dict):
        counts = {key: inner for key, inner in value.items() if isinstance(inner, int)}
        total = maybe(value, "paging", "total", of=int)
        return counts if total is None else {**counts, "paging": {"total": total}}
    return [] if isinstance(value, list) else value
