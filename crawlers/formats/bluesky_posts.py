"""Bluesky's posts and accounts, as records."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec import Raw, structs

from crawlers.fields import decode, is_web, language_of, once, tag_of, utc
from crawlers.platform import Fetch, ParseError
from crawlers.wire import bluesky as wire
from data.records import Gone, Metrics, Post, Profile, Record

PARTS: Final = len(("at:", "", "did", "collection", "key"))
NAMELESS: Final = ("", "handle.invalid")
"""Handles that no longer lead to their account."""
CLOCK_SKEW: Final = timedelta(minutes=5)


def posted(item: wire.Shown | Raw) -> tuple[Post, Metrics]:
    """A post as the API shows it, with its counts."""
    shown = item if isinstance(item, wire.Shown) else decode(wire.SHOWN, item)
    written = post(shown.uri, shown.author, shown.record, shown.indexed_at, shown.embed)
    return written, metrics(shown)


def kept(item: Raw) -> Iterator[Record]:
    """A post as its author's own server keeps it: without counts."""
    kept = decode(wire.KEPT, item)
    author = wire.Author(did=kept.uri.removeprefix("at://").partition("/")[0])
    yield post(kept.uri, author, kept.value, None, None)


def vanished(posts: list[wire.Shown | Raw], fetch: Fetch) -> Iterator[Gone]:
    """Posts that were asked for by address and are not in the answer."""
    if asked := fetch.context.get("uris", "").split():
        shown = {
            item.uri if isinstance(item, wire.Shown) else decode(wire.POINTER, item).uri
            for item in posts
        }
        yield from (Gone(native_id=uri) for uri in asked if uri not in shown)


def post(
    uri: str,
    author: wire.Author,
    written: wire.Written,
    indexed_at: datetime | None,
    view: wire.Embed | None,
) -> Post:
    """One post; `view` is its embed as shown, else the one stored with it counts."""
    embed = view or written.hung()
    format_, media = embed.form() if embed else ("text", 0)
    tags, mentions, links = written.marks()
    if embed and (card := embed.card()):
        links.append(card)
    return Post(
        native_id=uri,
        url=address(uri, author),
        published_at=moment(written.created_at, indexed_at),
        format=format_,
        text=written.text,
        language=language_of(written.langs[0]) if written.langs else None,
        media_count=media,
        hashtags=once(map(tag_of, tags)) if tags else (),
        mentions=once(mentions) if mentions else (),
        links=once(filter(is_web, links)) if links else (),
        is_reply=written.is_reply(),
    )


def repost(shown: wire.Shown, reason: wire.Reason) -> Post:
    """Somebody else's post as shared here: its own id, so that it never meets the original's."""
    sharer = reason.by.did if reason.by else ""
    original = post(shown.uri, shown.author, shown.record, shown.indexed_at, shown.embed)
    native_id = reason.uri or f"{sharer}/repost/{shown.uri}"
    shared_at = utc(reason.indexed_at) if reason.indexed_at else None
    return structs.replace(
        original, native_id=native_id, published_at=shared_at, is_repost=True, is_reply=False
    )


def address(uri: str, author: wire.Author) -> str:
    """The post's page in Bluesky's web client.

    Raises:
        ParseError: no address of a post.
    """
    parts = uri.split("/")
    if parts[0] != "at:" or parts[1:2] != [""] or len(parts) != PARTS:
        raise ParseError("uri", "not the at:// address of a post")
    named = author.handle if author.handle not in NAMELESS else author.did
    address = f"https://bsky.app/profile/{named}/post/{parts[-1]}"
    if " " in address or not address.isprintable():
        raise ParseError("author.handle", "not a handle")
    return address


def moment(created_at: datetime, indexed_at: datetime | None) -> datetime:
    """When a post was published: as its author's software says, but never after it was seen.

    The AppView sorts alike; a post dated into the future would else stay the newest for ever.
    """
    late = indexed_at and created_at - indexed_at > CLOCK_SKEW
    moment = indexed_at if indexed_at and late else created_at
    return utc(moment)


def metrics(shown: wire.Shown) -> Metrics:
    """The counts of a post; quotes are shares too."""
    reposts, quotes = shown.repost_count, shown.quote_count
    return Metrics(
        native_id=shown.uri,
        likes=shown.like_count,
        comments=shown.reply_count,
        shares=reposts if quotes is None else quotes + (reposts or 0),
        saves=shown.bookmark_count,
    )


def profile(account: wire.Account) -> Profile:
    """An account as it presents itself."""
    return Profile(
        name=account.display_name or account.handle or None,
        followers=account.followers_count,
        following=account.follows_count,
        posts_total=account.posts_count,
        description=account.description,
    )
