"""People and channels in the archive: which pages show them, and what is left of those pages."""

import re
from collections.abc import Collection, Iterator

import polars as pl
from msgspec import Struct, field, structs

from crawlers.archive import captures, listed
from crawlers.privacy import Terms, named
from crawlers.reading import Reading, read
from crawlers.redaction import without
from crawlers.registry import platforms
from crawlers.visit import page_of
from data.names import pattern_of
from data.pseudonyms import pseudonym
from data.records import Capture
from data.store import Store


class Shown(Struct):
    """Where the archive shows those who are looked for.

    `pages` holds, by page_id, the captures and what they say without them; `names` and
    `authors` are the names and pseudonyms that they were found to go by, `posts` the post_ids that
    topics and reposts show of them, `replies` what other people's comments then answer
    (comment_ids).
    """

    pages: dict[str, tuple[Capture, Reading]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    replies: dict[str, str | None] = field(default_factory=dict)


def shown(store: Store, terms: Terms, names: Collection[str] = ()) -> Shown:
    """Read the whole archive for the authors and accounts of `terms`.

    Who is found under one name is looked for under the others too, until no more is found;
    `names` are those that are known before.
    """
    found, known = Shown(names=set(names)), -1
    while known < len(found.names):
        known = len(found.names)
        accounts = {named(name, terms.secret) for name in found.names}
        asked = structs.replace(
            terms, authors=terms.authors | found.authors, accounts=terms.accounts | accounts
        )
        for page_id, capture, reading in _naming(store, asked, pattern_of(found.names)):
            found.pages[page_id] = (capture, reading)
            found.names.update(name for told in reading.heard for name in told if name)
            found.authors.update(
                pseudonym(told[0], terms.secret) for told in reading.heard if told[0]
            )
            found.posts.update(f"{reading.platform}:{native_id}" for native_id in reading.theirs)
    return found


def _naming(
    store: Store, terms: Terms, pattern: re.Pattern[str] | None
) -> Iterator[tuple[str, Capture, Reading]]:
    """The pages that show them: page_id, the capture, what it says without them."""
    for page_id, capture, reading in read_on(store, listed(store), terms):
        if reading.named or (pattern and pattern.search(capture.body.decode(errors="replace"))):
            yield page_id, capture, reading


def left_of(found: Shown, terms: Terms) -> dict[str, bytes]:
    """By page_id, the bytes of the pages without them; empty where they can't be cut out."""
    left = {}
    asked = structs.replace(terms, authors=terms.authors | found.authors)
    for page_id, (capture, reading) in found.pages.items():
        page = page_of(capture, capture.channel_id.partition(":")[2], terms.secret)
        names = found.names | reading.named
        cut, again = without(platforms()[reading.platform], capture, page, reading, asked, names)
        left[page_id] = cut.body
        for one in again.comments:
            above = one.in_reply_to and f"{reading.platform}:{one.in_reply_to}"
            found.replies[f"{reading.platform}:{one.native_id}"] = above
    return left


def read_on(
    store: Store, pages: pl.DataFrame, terms: Terms
) -> Iterator[tuple[str, Capture, Reading]]:
    """Pages (columns of `archive.listed`) with what they say on these terms; imports are not."""
    known = platforms()
    imported = pages["run_id"].str.starts_with("import-")
    for page_id, capture in captures(store, pages.filter(~imported)):
        name, _, account = capture.channel_id.partition(":")
        if name in known:
            page = page_of(capture, account, terms.secret)
            yield page_id, capture, read(known[name], page, capture.channel_id, terms)


def with_comments(store: Store, pages: pl.DataFrame) -> list[str]:
    """page_ids of those pages whose bytes show comments, or may: they can't be read today."""
    return [
        page_id
        for page_id, _, reading in read_on(store, pages, Terms())
        if reading.comments or (reading.reason or "").startswith("not readable")
    ]
