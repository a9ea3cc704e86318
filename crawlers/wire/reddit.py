"""What Reddit sends as JSON: https://www.reddit.com/dev/api/, listings of things by their kind."""

import re
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Raw, Struct

from crawlers.fields import Count, decode, maybe
from crawlers.formats import api
from crawlers.platform import ParseError

PICTURE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:\?|$)", re.IGNORECASE)
HINTS: Final = {"image": "photo", "hosted:video": "video", "rich:video": "video"}
"""Reddit's own guess of what a link leads to → format."""
NOBODY: Final = "[deleted]"
T = TypeVar("T")
EMPTIED: Final = ("[removed]", "[deleted]")


class Thing(Struct, gc=False):
    """Anything: `kind` says what its data is."""

    kind: str
    data: Raw


class Listing(Struct, gc=False):
    """A page of things."""

    children: list[Thing] | None = None
    things: list[Thing] | None = None
    after: str | None = None


class Media(Struct, gc=False):
    """The items of a gallery."""

    items: list[Raw] = []


class Submission(Struct, gc=False):
    """A post (t3)."""

    id: str
    permalink: str
    title: str
    created_utc: api.Epoch
    subreddit: str = ""
    author: str | None = None
    selftext: str | None = None
    url: str | None = None
    domain: str | None = None
    score: int | None = None
    hide_score: bool = False
    num_comments: Count | None = None
    num_crossposts: Count | None = None
    edited: bool | api.Epoch | None = None
    is_self: bool = False
    is_video: bool = False
    is_gallery: bool | None = None
    gallery_data: Media | None = None
    poll_data: Any = None
    post_hint: str | None = None
    media: Any = None
    crosspost_parent_list: list[Raw] | None = None
    promoted: bool | None = None
    is_created_from_ads_ui: bool | None = None
    removed_by_category: str | None = None

    def removed(self) -> bool:
        """Whether only its place is left: taken down, or deleted by its author."""
        emptied = self.author == NOBODY and self.selftext in EMPTIED
        return self.removed_by_category is not None or emptied

    def form(self) -> tuple[str, int | None]:
        """Format and number of media; of a crosspost, those of what it shows."""
        if self.crosspost_parent_list:
            return decoded(POST, self.crosspost_parent_list[0], "crosspost_parent_list[0]").form()
        if self.is_gallery or self.gallery_data:
            return "carousel", len(self.gallery_data.items) if self.gallery_data else None
        if self.poll_data is not None:
            return "poll", 0
        if self.is_video:
            return "video", 1
        if self.is_self:
            return "text", 0
        form = HINTS.get(self.post_hint or "", "photo" if self.is_picture() else "link")
        return form, 0 if form == "link" else 1

    def is_picture(self) -> bool:
        """Whether the link is a picture's."""
        return self.domain == "i.redd.it" or bool(PICTURE.search(self.url or ""))

    def seconds(self) -> float | None:
        """Length of a video on Reddit itself."""
        length = maybe(self.media, "reddit_video", "duration", of=int)
        return float(length) if length and 0 < length < 10**7 else None

    def likes(self) -> int | None:
        """Up minus down votes; hidden for the first hours in some communities."""
        return shown(self.score, hidden=self.hide_score)


class Remark(Struct, gc=False):
    """A comment (t1)."""

    id: str
    link_id: str
    created_utc: api.Epoch
    body: str
    parent_id: str = ""
    author: str | None = None
    score: int | None = None
    score_hidden: bool = False
    distinguished: str | None = None
    replies: Thing | str | None = None


class About(Struct, gc=False):
    """A community (t5) or a person (t2, with a community of its own inside)."""

    display_name_prefixed: str | None = None
    name: str | None = None
    title: str | None = None
    subscribers: Count | None = None
    public_description: str | None = None
    subreddit: "About | None" = None


class Answer(Struct, gc=False):
    """Any answer that is an object."""

    kind: str | None = None
    data: Raw = Raw()
    provider_name: str | None = None
    error: int | None = None
    reason: str | None = None
    message: str | None = None


class More(Struct, gc=False):
    """What /api/morechildren wraps its things in."""

    data: Listing


class Wrapped(Struct, gc=False):
    """An answer of /api/morechildren."""

    json: More


def shown(score: int | None, *, hidden: bool) -> int | None:
    """A score as a count: None where it is hidden, absurd, or below zero, which no count is."""
    known = not hidden and score is not None and 0 <= score <= 10**12
    return score if known else None


def moment(seconds: float) -> datetime:
    """Epoch seconds as a time in UTC."""
    return api.moment(seconds, "created_utc")


def decoded(decoder: msgspec.json.Decoder[T], raw: Raw, path: str) -> T:
    """A typed part; its errors name the whole path."""
    try:
        return decode(decoder, raw)
    except ParseError as error:
        raise ParseError(f"{path}.{error.path}".rstrip("."), error.problem) from error


ANSWER: Final = msgspec.json.Decoder(Answer)
ANSWERS: Final = msgspec.json.Decoder(list[Thing])
WRAPPED: Final = msgspec.json.Decoder(Wrapped)
LISTING: Final = msgspec.json.Decoder(Listing)
POST: Final = msgspec.json.Decoder(Submission)
REMARK: Final = msgspec.json.Decoder(Remark)
ABOUT: Final = msgspec.json.Decoder(About)
