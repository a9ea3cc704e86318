"""What Bluesky's AppView sends: https://docs.bsky.app/docs/category/http-reference."""

import re
from datetime import datetime
from typing import Annotated, Final, Generic, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct, field

from crawlers.fields import Count, decode

FORMATS: Final = {
    "images": "photo", "video": "video", "external": "link", "record": "text",
}  # fmt: skip
REFUSALS: Final = {
    "AuthMissing": "login_wall", "AuthenticationRequired": "login_wall",
    "ExpiredToken": "login_wall", "InvalidToken": "login_wall",
    "RateLimitExceeded": "rate_limited",
    "InternalServerError": "server_error", "UpstreamFailure": "server_error",
    "UpstreamTimeout": "server_error", "NotEnoughResources": "server_error",
    "NotFound": "gone", "ActorNotFound": "gone", "RepoNotFound": "gone",
    "AccountTakedown": "gone", "AccountDeactivated": "gone", "AccountSuspended": "gone",
    "RepoTakendown": "gone", "RepoDeactivated": "gone", "RepoSuspended": "gone",
}  # fmt: skip
NOBODY: Final = re.compile(
    r"profile not found|actor not found|unable to resolve handle", re.IGNORECASE
)

NOTHING: Final = (b"", b"null")
Moment = Annotated[datetime, Meta(tz=True)]
E = TypeVar("E")
P = TypeVar("P")


class Wire(Struct, rename="camel", gc=False):
    """What the AppView sends. Unknown fields are ignored."""


class Typed(Wire):
    """An object that says what it is."""

    type: str = field(name="$type", default="")


class Author(Wire):
    """Who posts."""

    did: str
    handle: str = ""


class Pointer(Wire):
    """An address: of a record, or of a link card's page."""

    uri: str


class Feature(Wire):
    """What a stretch of text is: one of the three."""

    tag: str | None = None
    uri: str | None = None
    did: str | None = None


class Facet(Wire):
    """A marked stretch of text; `index` counts UTF-8 bytes."""

    index: Raw
    features: list[Feature]

    def handle(self, text: str) -> str:
        """The handle written here, without its `@`; empty when none is."""
        index = decode(INDEX, self.index)
        stretch = text.encode()[index.get("byteStart", 0) : index.get("byteEnd", 0)]
        written = stretch.decode(errors="ignore").strip()
        return written[1:] if written.startswith("@") and " " not in written else ""


class Embed(Typed):
    """What hangs on a post, as stored ("app.bsky.embed.video") or as shown ("…video#view")."""

    images: list[Raw] | None = None
    external: Pointer | None = None
    media: "Embed | None" = None

    def form(self) -> tuple[str, int]:
        """Format and number of media."""
        if self.media:
            return self.media.form()
        if self.images:
            return ("carousel" if len(self.images) > 1 else "photo"), len(self.images)
        kind = self.type.removeprefix("app.bsky.embed.").removesuffix("#view")
        return FORMATS.get(kind, "text"), int(kind == "video")

    def card(self) -> str:
        """Address of the link card; empty when there is none."""
        external = self.external or (self.media and self.media.external)
        return external.uri if external else ""


class Written(Wire):
    """A post as its author's software wrote it."""

    created_at: Moment
    text: str = ""
    langs: list[str] | None = None
    facets: list[Facet] | None = None
    tags: list[str] | None = None
    reply: Raw = Raw()
    embed: Raw = Raw()

    def is_reply(self) -> bool:
        """Whether it answers another post."""
        return bytes(self.reply) not in NOTHING

    def hung(self) -> Embed | None:
        """What hangs on it, as stored."""
        return None if bytes(self.embed) in NOTHING else decode(EMBED, self.embed)

    def marks(self) -> tuple[list[str], list[str], list[str]]:
        """Hashtags, mentions and links, by their marks and in their order."""
        tags: list[str] = []
        mentions: list[str] = []
        links: list[str] = []
        for facet in self.facets or ():
            for feature in facet.features:
                if feature.tag:
                    tags.append(feature.tag)
                elif feature.uri:
                    links.append(feature.uri)
                elif feature.did:
                    mentions.append(facet.handle(self.text) or feature.did)
        return tags + (self.tags or []), mentions, links


class Shown(Wire):
    """A post as the AppView shows it."""

    uri: str
    author: Author
    record: Written
    indexed_at: Moment | None = None
    embed: Embed | None = None
    like_count: Count | None = None
    reply_count: Count | None = None
    repost_count: Count | None = None
    quote_count: Count | None = None
    bookmark_count: Count | None = None


class Reason(Typed):
    """Why a post is in a feed where its author is not at home: a repost, or pinned."""

    by: Author | None = None
    uri: str = ""
    indexed_at: Moment | None = None


class Entry(Wire):
    """One line of a feed."""

    post: Shown
    reason: Reason | None = None


class Kept(Wire):
    """One line of a repository listing: no counts."""

    uri: str
    value: Written


class Branch(Typed):
    """A post of a conversation, its answers still encoded."""

    uri: str = ""
    post: Shown | None = None
    replies: list[Raw] | None = None


class Account(Author):
    """A profile."""

    display_name: str | None = None
    description: str | None = None
    followers_count: Count | None = None
    follows_count: Count | None = None
    posts_count: Count | None = None


class Answer(Wire, Generic[E, P]):
    """Any answer; feed entries and posts are typed, or still encoded where one of them is bad."""

    feed: list[E] | None = None
    posts: list[P] | None = None
    records: list[Raw] | None = None
    profiles: list[Account] | None = None
    thread: Branch | None = None
    did: str | None = None
    cursor: str | None = None
    error: str | None = None
    message: str | None = None

    def refusal(self) -> str | None:
        """The reason (a key of REASONS) behind an error that the API names."""
        if self.error in REFUSALS:
            return REFUSALS[self.error]
        return "gone" if NOBODY.search(self.message or "") else None


QUICK: Final = msgspec.json.Decoder(Answer[Entry, Shown])
PATIENT: Final = msgspec.json.Decoder(Answer[Raw, Raw])
ENTRY: Final = msgspec.json.Decoder(Entry)
SHOWN: Final = msgspec.json.Decoder(Shown)
KEPT: Final = msgspec.json.Decoder(Kept)
BRANCH: Final = msgspec.json.Decoder(Branch)
ACCOUNT: Final = msgspec.json.Decoder(Account)
POINTER: Final = msgspec.json.Decoder(Pointer)
EMBED: Final = msgspec.json.Decoder(Embed)
INDEX: Final = msgspec.json.Decoder(dict[str, int])
KEYS: Final = msgspec.json.Decoder(dict[str, Raw])
