"""Newsletters on the web: Substack's public archive, Ghost, and any other that carries a feed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from msgspec import Raw, Struct, field, structs

from crawlers.fields import Count, decode, hashtags_of, mentions_of, once, tag_of, text_of
from crawlers.formats import api, syndication, xml
from crawlers.formats.links import links_in
from crawlers.formats.walls import is_html, wall
from crawlers.formats.xml import Element, first
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Metrics, Post, Profile, Record

LIMIT: Final = 12
"""Posts that Substack's own archive page asks for at once; more may be cut short."""
FORMATS: Final = {"podcast": "audio", "video": "video"}
"""Substack's type of a post → format; all others are sent as letters."""


class Named(Struct, gc=False):
    """A tag."""

    name: str = ""


class Letter(Struct, gc=False):
    """A post of Substack's archive (beginning of its text) or on its own (`body_html`)."""

    title: str
    url: str = field(name="canonical_url")
    date: str = field(name="post_date")
    type: str = "newsletter"
    subtitle: str | None = None
    description: str | None = None
    beginning: str | None = field(name="truncated_body_text", default=None)
    body: str | None = field(name="body_html", default=None)
    reactions: Count | None = field(name="reaction_count", default=None)
    comments: Count | None = field(name="comment_count", default=None)
    restacks: Count | None = None
    seconds: api.Seconds | None = field(name="podcast_duration", default=None)
    tags: list[Named] | None = field(name="postTags", default=None)


class Document(Struct, gc=False):
    """An answer that is an object: a post, or an error in words."""

    url: str | None = field(name="canonical_url", default=None)
    error: Any = None
    errors: Any = None


LETTERS: Final = msgspec.json.Decoder(list[Raw])
LETTER: Final = msgspec.json.Decoder(Letter)
DOCUMENT: Final = msgspec.json.Decoder(Document)


class Newsletter(Platform):
    """The account is the publication's address; a post is known by its own, without scheme."""

    name = "newsletter"
    title = "Newsletters (Substack, Ghost)"
    docs = "https://support.substack.com/hc/en-us/articles/360038239391"
    accounts = re.compile(
        r"(?P<account>https?://(?!www\.|support\.|on\.)[\w-]+\.(?:substack\.com|ghost\.io))"
        r"(?:/(?:archive|about|welcome|subscribe)?)?/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://carnetsdecrete.substack.com",
        "https://carnetsdecrete.substack.com/archive?sort=new",
        "https://leagrimpe.ghost.io/",
    )
    access = "api"
    confidence = "thin"
    hides = frozenset({"views", "saves", "sponsored", "followers", "following", "posts_total"})
    floor: ClassVar[Mapping[str, float]] = {"title": 0.9, "published_at": 0.9}

    def account_of(self, url: str) -> str | None:
        """The address without what stands behind the host."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The address is the account."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """Substack's archive, with counts, and the feed, with whole texts.

        A publication under its own name may be anybody's: there the feed has to answer, and the
        archive only shows counts if there is one.
        """
        at = account.rstrip("/")
        host = urlsplit(at).netloc
        if host.endswith(".ghost.io"):
            yield Fetch(f"{at}/rss/", kind="feed")
            return
        hosted = host.endswith(".substack.com")
        query = urlencode({"sort": "new", "offset": 0, "limit": LIMIT})
        yield Fetch(f"{at}/api/v1/archive?{query}", kind="archive", optional=not hosted)
        yield Fetch(f"{at}/feed", kind="feed", optional=hosted)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:
        """One post a request, on Substack."""
        for native_id, _ in posts:
            slug = native_id.partition("/p/")[2]
            if slug and urlsplit(account).netloc.endswith(".substack.com"):
                url = f"{account.rstrip('/')}/api/v1/posts/{quote(slug, safe='')}"
                yield Fetch(url, kind="post", context={"post": native_id}, optional=True)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """An archive, a post or a feed, by what the document is."""
        start = page.body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start:
            raise Blocked("empty_shell", "an empty answer")
        if start[:1] == b"[":
            yield from _archive(decode(LETTERS, page.body), page)
        elif start[:1] == b"{":
            document = decode(DOCUMENT, page.body)
            if document.url is None and (document.error or document.errors):
                raise Blocked("refused", str(document.error or document.errors)[:200])
            yield from _letter(decode(LETTER, page.body))
        elif is_html(xml.decoded(page.body[:4000], page.content_type)):
            reason = wall(xml.decoded(page.body, page.content_type))
            raise Blocked(reason or "empty_shell", "a web page instead of a feed")
        else:
            yield from _feed(xml.root_of(page.body, page.content_type), page)


def _archive(items: list[Raw], page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A page of the archive; only an empty one is surely the last."""
    yield from each(items, "", lambda raw: _letter(decode(LETTER, raw)))
    if items:
        offset = api.number_of(page.fetch.url, "offset", 0) + len(items)
        yield api.further(page.fetch, offset=offset)


def _letter(letter: Letter) -> Iterator[Record]:
    url = api.address(letter.url, "canonical_url")
    text = text_of(letter.body or "") or letter.beginning or letter.description or ""
    heading = f"{letter.title}\n{letter.subtitle or ''}"
    yield Post(
        native_id=_native(url),
        url=url,
        published_at=api.moment(letter.date, "post_date"),
        format=FORMATS.get(letter.type, "newsletter"),
        title=letter.title,
        text=text or letter.subtitle or None,
        duration_s=letter.seconds or None,
        hashtags=once(
            (*(tag_of(tag.name) for tag in letter.tags or ()), *hashtags_of(f"{heading}\n{text}"))
        ),
        mentions=mentions_of(text),
        links=api.addresses(links_in(letter.body or "", url)),
    )
    yield Metrics(
        native_id=_native(url),
        likes=letter.reactions,
        comments=letter.comments,
        shares=letter.restacks,
    )


def _native(url: str) -> str:
    """Host and path: the same in the archive and in the feed."""
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _feed(root: Element, page: Page) -> Iterator[Record | Dropped]:
    """The publication and its newest posts."""
    head = root if xml.local(root) == "feed" else root.find("{*}channel")
    if head is None:
        raise ParseError("", f"not a feed: its root is <{xml.local(root)[:80]}>")
    about = xml.children(head)
    if title := text_of(first(about, "title")):
        described = text_of(first(about, "description", "subtitle"))
        yield Profile(name=title, description=described or None)
    channel = syndication.channel_of(about, head.get(syndication.LANG), page)
    items = root.iter("{*}item", "{*}entry")
    yield from each(items, "item", lambda entry: _item(entry, channel))


def _item(entry: Element, channel: syndication.Channel) -> Iterator[Record]:
    """One item: a letter unless it is a recording, known by its address."""
    native_id = ""
    for record in syndication.item(entry, channel):
        if isinstance(record, Post):
            native_id = _native(record.url)
            form = "newsletter" if record.format == "article" else record.format
            yield structs.replace(record, native_id=native_id, format=form)
        elif isinstance(record, Metrics):
            yield structs.replace(record, native_id=native_id)
