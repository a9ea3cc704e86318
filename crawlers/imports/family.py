"""What a kind of export is: how it is recognised, and what its columns are called."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

FIELDS: Final = {
    "id": "the post's own id",
    "url": "the post's address",
    "account": "the account that published, where a file holds several",
    "day": "the day that the figures are of",
    "published_at": "when the post was published",
    "title": "title",
    "text": "text",
    "format": "form of the post",
    "duration_s": "length of the video, seconds",
    "likes": "likes or all reactions",
    "comments": "comments",
    "shares": "shares and reposts",
    "views": "views",
    "saves": "saves",
    "reach": "people reached",
    "impressions": "times shown",
    "clicks": "clicks",
    "visits": "visits of the site",
    "conversions": "conversions",
    "spend": "money spent",
    "paid": "advertised, yes or no",
    "campaign": "campaign, where a day has one line each",
}
"""Own name of a column → what it holds. docs/imports.md documents them as the generic form."""
COUNTS: Final = ("likes", "comments", "shares", "views", "saves")
FIGURES: Final = ("reach", "impressions", "clicks", "visits", "conversions", "spend", "paid")
WHOLE: Final = (*COUNTS, "reach", "impressions", "clicks", "visits", "conversions")


class Family(Struct, frozen=True):
    """One kind of export.

    Attributes:
        name: becomes `insights.source`.
        title: as people call it.
        platform: whose posts it lists; None where the user has to say.
        columns: own name → headers, the best first, as `names.plain` writes them.
        marks: sets of headers; a table that has all of one set is of this family.
        order: of day and month where no cell tells ("mdy"), None where both occur.
        form: format of posts whose line names none; None where a line must.
        ids: finds the platform's id of a post in its address or id (group 1).
        constants: own name → value of every line.
        url: address of a post by its id, where the export has no column for it.
    """

    name: str
    title: str
    platform: str | None
    columns: Mapping[str, tuple[str, ...]]
    marks: tuple[frozenset[str], ...] = ()
    order: str | None = None
    form: str | None = None
    ids: re.Pattern[str] | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None

    def native_id(self, given: str, url: str) -> str:
        """The platform's id of a post: from its address where it shows one, else as given."""
        for text in (given, url):
            if self.ids is not None and (match := self.ids.search(text)):
                return match[1]
        return given or re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")


def marks(*sets: str) -> tuple[frozenset[str], ...]:
    """Sets of headers, each written as one text with commas."""
    return tuple(frozenset(name.strip() for name in one.split(",")) for one in sets)
