"""What Lemmy's API (v3) sends: https://join-lemmy.org/docs/contributors/04-api.html."""

from typing import Final

import msgspec
from msgspec import Raw, Struct

from crawlers.fields import Count


class Person(Struct, gc=False):
    """Somebody; `actor_id` is the same on every server."""

    name: str
    actor_id: str
    display_name: str | None = None
    bio: str | None = None


class Community(Struct, gc=False):
    """A community."""

    name: str
    title: str | None = None
    description: str | None = None


class Counts(Struct, gc=False):
    """What is counted: of a post, a comment, a community or a person."""

    score: int | None = None
    upvotes: Count | None = None
    comments: Count | None = None
    subscribers: Count | None = None
    posts: Count | None = None
    post_count: Count | None = None

    def likes(self) -> int | None:
        """Up votes; of servers that don't tell them apart, the score unless it is below zero."""
        if self.upvotes is not None:
            return self.upvotes
        return self.score if self.score is not None and 0 <= self.score < 10**12 else None


class Written(Struct, gc=False):
    """A post. Its id is the asked server's, its `ap_id` its address at home."""

    id: Count
    name: str
    ap_id: str
    published: str
    url: str | None = None
    body: str | None = None
    updated: str | None = None
    deleted: bool = False
    removed: bool = False


class Shown(Struct, gc=False):
    """A post with what belongs to it."""

    post: Written
    counts: Counts
    creator: Person


class Said(Struct, gc=False):
    """A comment; `path` leads from "0" over its parents to itself."""

    id: Count
    content: str
    published: str
    path: str
    post_id: Count
    deleted: bool = False
    removed: bool = False


class Remark(Struct, gc=False):
    """A comment with what belongs to it."""

    comment: Said
    creator: Person
    counts: Counts
    creator_is_moderator: bool = False


class View(Struct, gc=False):
    """A community or a person with their counts."""

    counts: Counts
    community: Community | None = None
    person: Person | None = None


class Answer(Struct, gc=False):
    """Any answer, by the fields that tell them apart."""

    posts: list[Raw] | None = None
    comments: list[Raw] | None = None
    post_view: Raw = Raw()
    community_view: View | None = None
    person_view: View | None = None
    next_page: str | None = None
    error: str | None = None
    message: str | None = None


ANSWER: Final = msgspec.json.Decoder(Answer)
SHOWN: Final = msgspec.json.Decoder(Shown)
REMARK: Final = msgspec.json.Decoder(Remark)
