"""What the simulation makes: posts, comments and answers with everything that will ever be true."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Counts(NamedTuple):
    """Public counts; None where the platform does not show one."""

    likes: int | None
    comments: int | None
    shares: int | None
    views: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The channel's reply to a comment."""

    native_id: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Somebody's reply to a post."""

    native_id: str
    author: str
    at: datetime
    text: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What a post says from a moment on."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Post:
    """One publication and its whole fate.

    `native_id` and `url` are as the crawler will know it. `final` is what the counts grow to,
    `half_h` the age at which half of it has come, `round_up` the post's own rounding, so that
    counts never go down. `author` is set where a channel is a crowd. `traits` names incidents;
    `names` is the brand that a stranger speaks of.
    """

    channel_id: str
    number: int
    native_id: str
    url: str
    published_at: datetime
    format: str
    theme: str
    language: str
    text: str
    title: str | None
    hashtags: tuple[str, ...]
    media: int
    duration_s: float | None
    final: Counts
    half_h: float
    round_up: float
    comments: tuple[Comment, ...] = ()
    author: str | None = None
    sponsor: str | None = None
    names: str | None = None
    edit: Edit | None = None
    deleted_at: datetime | None = None
    traits: frozenset[str] = frozenset()

    @property
    def post_id(self) -> str:
        """Key of the post in the lake."""
        return f"{self.channel_id.split(':', 1)[0]}:{self.native_id}"

    def text_at(self, now: datetime) -> str:
        """What it says at that time."""
        return self.edit.text if self.edit and self.edit.at <= now else self.text

    def edited_at(self, now: datetime) -> datetime | None:
        """When it was last changed, as known at that time."""
        return self.edit.at if self.edit and self.edit.at <= now else None

    def alive(self, now: datetime) -> bool:
        """Published and not deleted at that time."""
        gone = self.deleted_at is not None and self.deleted_at <= now
        return self.published_at <= now and not gone

    def answers(self, now: datetime) -> Iterator[tuple[Comment, Answer]]:
        """The channel's answers given by then."""
        for comment in self.comments:
            if comment.answer and comment.answer.at <= now:
                yield comment, comment.answer


@dataclass(frozen=True, slots=True)
class Repost:
    """A channel passes on somebody else's post."""

    channel_id: str
    native_id: str
    at: datetime
    of: Post

    def alive(self, now: datetime) -> bool:
        """Shared, and the original still there, at that time."""
        return self.at <= now and self.of.alive(now)
