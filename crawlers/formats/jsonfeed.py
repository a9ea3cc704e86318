"""JSON Feed, versions 1 and 1.1, as records."""

from collections.abc import Iterator
from typing import Final

import msgspec

from crawlers.fields import decode, hashtags_of, instant, mentions_of, once, tag_of, text_of, when
from crawlers.formats.links import joined_to, links_in
from crawlers.formats.syndication import (
    Channel,
    Medium,
    format_of,
    language_of,
    native,
)  # fmt: skip
from crawlers.platform import Dropped, Fetch, Page, ParseError, each
from data.records import Post, Profile, Record


class Attachment(msgspec.Struct):
    """One file; the duration is in seconds."""

    url: str | None = None
    mime_type: str | None = None
    duration_in_seconds: float | None = None


class Entry(msgspec.Struct):
    """One item; version 1 allows numbers as ids."""

    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    language: str | None = None
    tags: list[str] | None = None
    attachments: list[Attachment] | None = None


class Document(msgspec.Struct):
    """The whole; its items are read one by one, so that a bad one spoils no other."""

    version: str
    items: list[msgspec.Raw]
    title: str | None = None
    description: str | None = None
    language: str | None = None
    next_url: str | None = None


LONGEST: Final = 1e7
DOCUMENT: Final = msgspec.json.Decoder(Document)
ENTRY: Final = msgspec.json.Decoder(Entry)


def records(page: Page) -> Iterator[Record | Fetch | Dropped]:
    """The profile and the posts of a JSON Feed.

    Raises:
        ParseError: not JSON, or JSON of another kind.
    """
    document = decode(DOCUMENT, page.body.lstrip(b"\xef\xbb\xbf"))
    if "jsonfeed.org/version" not in document.version:
        raise ParseError("version", "not a JSON Feed")
    if document.title or document.description:
        yield Profile(name=document.title or None, description=document.description or None)
    host = page.account.partition("://")[2].partition("/")[0]
    channel = Channel(page.url, host, page.fetched_at, language_of(document.language or ""))
    yield from each(document.items, "items", lambda raw: _post(decode(ENTRY, raw), channel))
    if older := joined_to(channel.base, document.next_url or ""):
        yield Fetch(url=older, more=True, optional=True)


def _length(file: Attachment) -> float | None:
    """Its duration in seconds, where that is one."""
    length = file.duration_in_seconds
    return length if length and 0 < length < LONGEST else None


def _post(entry: Entry, channel: Channel) -> Iterator[Post]:
    url = joined_to(channel.base, entry.url or entry.external_url or "") or None
    body = entry.content_html or ""
    text = text_of(body) or entry.content_text or entry.summary or ""
    published = when(entry.date_published, channel.now)
    edited = instant(entry.date_modified or "")
    files = [
        Medium(file.url, (file.mime_type or "").partition("/")[0], _length(file), enclosed=True)
        for file in entry.attachments or ()
        if file.url
    ]
    tags = (tag_of(tag) for tag in entry.tags or ())
    yield Post(
        native_id=native("" if entry.id is None else str(entry.id), url, channel),
        url=url or channel.base,
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format=format_of(files, newsletter=False),
        title=entry.title or None,
        text=text or None,
        language=language_of(entry.language or "") or channel.language,
        media_count=len(files) or None,
        duration_s=next((f.seconds for f in files if f.seconds), None),
        hashtags=once((*tags, *hashtags_of(text))),
        mentions=mentions_of(text),
        links=links_in(body, channel.base),
        edited_at=edited if edited and published and edited > published.at else None,
    )
