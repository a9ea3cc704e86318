"""What WordPress sends: https://developer.wordpress.org/rest-api/reference/, and the reader."""

import re
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Raw, Struct, field

from crawlers.fields import Count, decode, maybe

EMBEDDED_COMMENTS: Final = 10
"""Most comments that come embedded in a post: that many may be all or not."""
MEDIA: Final = re.compile(r"<(?:video|audio|iframe|img(?![^<>]*(?:emoji|smiley)))\b", re.IGNORECASE)
FORMATS: Final = {
    "gallery": "carousel", "image": "photo", "video": "video", "audio": "audio", "link": "link",
}  # fmt: skip
"""WordPress's post format → ours; standard, aside, status, quote and chat are articles."""

Id = Annotated[int, Meta(ge=0)]
Zoned = Annotated[datetime, Meta(tz=True)]


class Rendered(Struct, gc=False):
    """Text as HTML."""

    rendered: str


class Article(Struct, gc=False):
    """A post of wp/v2; its `_gmt` times leave out the zone that they are in."""

    id: Id
    date_gmt: datetime
    link: str
    title: Rendered
    content: Rendered
    modified_gmt: datetime | None = None
    format: str = "standard"
    author: Id | None = None
    featured_media: Id | None = None
    embedded: Raw = field(name="_embedded", default=Raw())

    def tags(self) -> list[str]:
        """Names of its tags, when they came embedded."""
        groups = maybe(self.inside(), "wp:term", of=list) or []
        terms = (term for group in groups if isinstance(group, list) for term in group)
        names = (maybe(t, "name", of=str) for t in terms if maybe(t, "taxonomy") == "post_tag")
        return [name for name in names if name]

    def comments(self) -> int | None:
        """How many comments came embedded, None when there may be more or they are hidden.

        Only to be asked where comments were to be embedded: a post without any leaves them out.
        """
        inside = self.inside()
        if not isinstance(inside, dict):
            return None
        if "replies" not in inside:
            return 0
        replies = maybe(inside, "replies", 0, of=list)
        return len(replies) if replies and len(replies) < EMBEDDED_COMMENTS else None

    def inside(self) -> Any:
        """What came embedded, decoded once asked for."""
        return decode(ANY, self.embedded) if bytes(self.embedded) else None


class Parent(Struct, gc=False):
    """What a comment hangs on."""

    post_type: str = "post"


class Links(Struct, gc=False):
    """Where a comment's neighbours are."""

    up: list[Parent] = []


class Remark(Struct, gc=False):
    """A comment of wp/v2."""

    id: Id
    post: Id
    date_gmt: datetime
    content: Rendered
    parent: Id = 0
    author: Id = 0
    author_name: str = ""
    links: Links = field(name="_links", default_factory=Links)


class Site(Struct, gc=False):
    """The root of the API."""

    name: str
    description: str | None = None


class Discussion(Struct, gc=False):
    """How much a reader's post was talked about."""

    comment_count: Count | None = None


class Read(Struct, gc=False):
    """A post of WordPress.com's reader."""

    id: Id = field(name="ID")
    date: Zoned
    url: str = field(name="URL")
    title: str
    content: str
    site: str = field(name="site_URL", default="")
    modified: Zoned | None = None
    format: str = "standard"
    tags: dict[str, Any] | list[Any] | None = None
    featured_image: str | None = None
    like_count: Count | None = None
    discussion: Discussion = field(default_factory=Discussion)

    def names(self) -> list[str]:
        """Names of its tags; PHP writes none as an empty list."""
        return list(self.tags) if isinstance(self.tags, dict) else []


class Document(Struct, gc=False):
    """Any single answer, by the fields that tell them apart."""

    code: str | None = None
    error: str | None = None
    message: str | None = None
    posts: list[Raw] | None = None
    namespaces: Raw = Raw()
    date_gmt: Raw = Raw()
    post: Raw = Raw()


def form(name: str, content: str, featured: object) -> tuple[str, int]:
    """Our format, and the number of media; a featured picture may be one of the text's."""
    shown = len(MEDIA.findall(content))
    return FORMATS.get(name, "article"), max(shown, 1 if featured else 0)


ANY: Final = msgspec.json.Decoder(Any)
ITEMS: Final = msgspec.json.Decoder(list[Raw])
KEYS: Final = msgspec.json.Decoder(dict[str, Raw])
ARTICLE: Final = msgspec.json.Decoder(Article)
REMARK: Final = msgspec.json.Decoder(Remark)
READ: Final = msgspec.json.Decoder(Read)
SITE: Final = msgspec.json.Decoder(Site)
DOCUMENT: Final = msgspec.json.Decoder(Document)
