"""What servers speaking Mastodon's client API send: https://docs.joinmastodon.org/entities/.

Pleroma, Akkoma, GoToSocial, Pixelfed and Friendica speak it too, with fields left out, numbers
for ids and, where PHP is inside, `[]` for an empty object: such fields stay encoded until read.
"""

import mimetypes
from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Raw, Struct

from crawlers.fields import Count, decode, text_of
from crawlers.platform import ParseError

Id = Annotated[str, Meta(pattern=r"^[^\s/?#]+$")] | int
Moment = Annotated[datetime, Meta(tz=True)]
ABSENT: Final = (b"", b"null", b"[]", b"{}", b"false")
KINDS: Final = {"image": "photo", "video": "video", "gifv": "video", "audio": "audio"}


class Named(Struct, gc=False):
    """A hashtag."""

    name: str


class Mention(Struct, gc=False):
    """An account named in the text: `user`, or `user@host` when it lives elsewhere."""

    acct: str


class Hides(Struct, gc=False):
    """What a Pleroma account keeps to itself: its counts then read 0."""

    hide_followers_count: bool = False
    hide_follows_count: bool = False


class Account(Struct, gc=False):
    """Who posts."""

    id: Id
    acct: str
    username: str = ""
    url: str | None = None
    display_name: str | None = None
    note: str | None = None
    followers_count: Count | None = None
    following_count: Count | None = None
    statuses_count: Count | None = None
    pleroma: Hides | None = None


class Times(Struct, gc=False):
    """What a server measured of a recording."""

    duration: Annotated[float, Meta(ge=0)] | None = None


class Measures(Times):
    """The same, one level up."""

    original: Times | None = None


class Medium(Struct, gc=False):
    """One attachment."""

    type: str = ""
    url: str | None = None
    remote_url: str | None = None
    meta: Raw = Raw()

    def form(self) -> str:
        """Its format; a server that has not looked at it says "unknown": then by its name."""
        if self.type in KINDS:
            return KINDS[self.type]
        guess, _ = mimetypes.guess_type(self.remote_url or self.url or "")
        return KINDS.get((guess or "").partition("/")[0], "text")

    def duration(self) -> float | None:
        """Seconds that it plays, where the server says so."""
        if absent(self.meta):
            return None
        try:
            measures = decode(MEASURES, self.meta)
        except ParseError:
            return None  # a server's own notation: the post is worth more than its length
        return (measures.original and measures.original.duration) or measures.duration


class Card(Struct, gc=False):
    """Preview of a linked page."""

    url: str = ""


class Status(Struct, gc=False):
    """One post."""

    id: Id
    created_at: Moment
    account: Account
    content: str | None = None
    text: str | None = None
    url: str | None = None
    uri: str = ""
    in_reply_to_id: Id | None = None
    in_reply_to_account_id: Id | None = None
    spoiler_text: str | None = None
    language: str | None = None
    replies_count: Count | None = None
    reblogs_count: Count | None = None
    quotes_count: Count | None = None
    favourites_count: Count | None = None
    edited_at: Moment | None = None
    media_attachments: list[Medium] | None = None
    tags: list[Named] | None = None
    mentions: list[Mention] | None = None
    reblog: Raw = Raw()
    poll: Raw = Raw()
    card: Raw = Raw()

    def words(self) -> str:
        """Plain text under its content warning; a deleted status comes as it was typed."""
        wordless = self.media_attachments or not absent(self.poll)
        if self.content is None and self.text is None and not wordless:
            raise ParseError("content", "missing")
        body = self.text or "" if self.content is None else text_of(self.content)
        return f"{self.spoiler_text}\n\n{body}".strip() if self.spoiler_text else body

    def is_reply(self) -> bool:
        """Whether it answers a post, be it one that is gone by now."""
        return (self.in_reply_to_id or self.in_reply_to_account_id) is not None

    def linked(self) -> str:
        """Address of the previewed page; empty when there is none."""
        return "" if absent(self.card) else decode(CARD, self.card).url

    def form(self) -> tuple[str, float | None]:
        """Format, and seconds that it plays."""
        media = self.media_attachments or ()
        if not absent(self.poll):
            return "poll", None
        if len(media) > 1:
            return "carousel", None
        if media:
            return media[0].form(), media[0].duration()
        return ("text" if absent(self.card) else "link"), None


class Mark(Struct, gc=False):
    """Any entity, for its id."""

    id: Id


class Document(Struct, gc=False):
    """Any single answer, by the fields that tell them apart."""

    error: str | None = None
    error_description: str | None = None
    created_at: Raw = Raw()
    acct: Raw = Raw()
    quoted_status: Raw = Raw()
    ancestors: list[Raw] | None = None
    descendants: list[Raw] | None = None


def absent(raw: Raw) -> bool:
    """Whether a field that stayed encoded holds nothing."""
    return bytes(raw) in ABSENT


STATUS: Final = msgspec.json.Decoder(Status)
STATUSES: Final = msgspec.json.Decoder(list[Status])
ITEMS: Final = msgspec.json.Decoder(list[Raw])
MARK: Final = msgspec.json.Decoder(Mark)
ACCOUNT: Final = msgspec.json.Decoder(Account)
DOCUMENT: Final = msgspec.json.Decoder(Document)
KEYS: Final = msgspec.json.Decoder(dict[str, Raw])
MEASURES: Final = msgspec.json.Decoder(Measures)
CARD: Final = msgspec.json.Decoder(Card)
