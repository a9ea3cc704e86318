"""What PeerTube's public API sends: https://docs.joinpeertube.org/api-rest-reference.html."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta, Raw, Struct, field

from crawlers.fields import Count
from crawlers.formats import api

Uuid = Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{8,40}$")]


class Speaker(Struct, gc=False):
    """An account or channel: in short beside a video, in full on its own."""

    name: str
    host: str
    url: str = ""
    display_name: str | None = field(name="displayName", default=None)
    description: str | None = None
    followers: Count | None = field(name="followersCount", default=None)
    following: Count | None = field(name="followingCount", default=None)


class Label(Struct, gc=False):
    """A choice out of a list of the server's."""

    id: str | int | None = None


class Video(Struct, gc=False):
    """A video of a list (description cut short) or on its own."""

    uuid: Uuid
    url: str
    name: str
    published: str = field(name="publishedAt")
    account: Speaker
    live: bool = field(name="isLive", default=False)
    description: str | None = None
    duration: api.Seconds | None = None
    language: Label | None = None
    tags: list[str] | None = None
    likes: Count | None = None
    views: Count | None = None
    comments: Count | None = None


class Remark(Struct, gc=False):
    """A comment; a deleted one keeps its place, without words and author."""

    id: int
    created: str = field(name="createdAt")
    text: str | None = None
    thread: int = field(name="threadId", default=0)
    parent: int | None = field(name="inReplyToCommentId", default=None)
    deleted: bool = field(name="isDeleted", default=False)
    replies: Count = field(name="totalReplies", default=0)
    account: Speaker | None = None


class Document(Struct, gc=False):
    """Any answer, by the fields that tell them apart."""

    data: list[Raw] | None = None
    total: Count | None = None
    uuid: str | None = None
    comment: Raw = Raw()
    children: list["Document"] | None = None
    name: str | None = None
    host: str | None = None
    status: int | None = None
    detail: str | None = None
    error: str | None = None


DOCUMENT: Final = msgspec.json.Decoder(Document)
KEYS: Final = msgspec.json.Decoder(dict[str, Raw])
VIDEO_ITEM: Final = msgspec.json.Decoder(Video)
REMARK: Final = msgspec.json.Decoder(Remark)
SPEAKER: Final = msgspec.json.Decoder(Speaker)
