"""What a platform may yield: one frozen record a row of the core tables.

They are msgspec structs rather than dataclasses: a record costs a third of the time to make,
which a back-fill of millions of posts feels, and each one encodes to a JSON line as it stands.

Everywhere, `None` means that the platform does not show the value and `0` means zero.
Every time is an aware UTC datetime.
"""

from datetime import datetime

from msgspec import Struct


class Profile(Struct, frozen=True, gc=False, tag=True):
    """A channel as its own page presents it at the time of the capture."""

    name: str | None = None
    followers: int | None = None
    following: int | None = None
    posts_total: int | None = None
    description: str | None = None


class Post(Struct, frozen=True, gc=False, tag=True):
    """One publication. `native_id` is the platform's own; `post_id` becomes `<platform>:<it>`.

    `text` is plain text (no HTML). `hashtags` come without `#`, in lower case, in order, once
    each; `mentions` without `@`; `links` are absolute http(s) addresses. `published_within_s` is
    how far off `published_at` may be: 0 where the platform gives the time, 86400 where it says
    "2 days ago".
    """

    native_id: str
    url: str
    published_at: datetime | None
    format: str
    published_within_s: float = 0
    title: str | None = None
    text: str | None = None
    language: str | None = None
    media_count: int | None = None
    duration_s: float | None = None
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    is_repost: bool = False
    is_reply: bool = False
    sponsored: bool | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


class Metrics(Struct, frozen=True, gc=False, tag=True):
    """The public counts of a post at the time of the capture."""

    native_id: str
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None
    saves: int | None = None


class Comment(Struct, frozen=True, gc=False, tag=True):
    """Somebody's answer to a post of a watched channel.

    `author_key` comes from `Page.author_key()`: a keyed hash, never a name. `from_channel` is
    true where the watched channel itself speaks.
    """

    native_id: str
    post_native_id: str
    published_at: datetime | None
    author_key: str
    from_channel: bool
    text: str | None = None
    in_reply_to: str | None = None
    likes: int | None = None


class Gone(Struct, frozen=True, gc=False, tag=True):
    """The platform itself says that a known post no longer exists."""

    native_id: str


Record = Profile | Post | Metrics | Comment | Gone


class Capture(Struct, frozen=True):
    """One page as the archive keeps it; `fetch` is the request as JSON.

    `erased` says why something was cut out of the body; an empty body then is not kept at all.
    """

    channel_id: str
    run_id: str
    url: str
    fetch: str
    fetched_at: datetime
    status: int
    content_type: str | None
    body: bytes
    erased: str | None = None
