"""Facebook: what a page, a post and a video show to a visitor who has not signed in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from crawlers.fields import count, find, maybe, text_of
from crawlers.formats import facebook_pages, facebook_stories, relay, xml
from crawlers.formats.relay import Node
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Gone, Profile, Record

SITE: Final = "https://www.facebook.com"
SYSTEM: Final = (
    "groups|watch|marketplace|gaming|events|login|login\\.php|recover|help|policies|privacy|"
    "settings|messages|notifications|stories|story\\.php|permalink\\.php|photo|photo\\.php|"
    "photos|video|video\\.php|videos|reel|reels|share|sharer|sharer\\.php|dialog|plugins|"
    "hashtag|search|ads|business|careers|legal|terms|terms\\.php|r\\.php|reg|checkpoint|"
    "l\\.php|tr|home\\.php|bookmarks|friends|fundraisers|jobs|games|lite|media|"
    "policy\\.php|legal\\.php|ajax|rsrc\\.php|images|tr\\.php|flx|"
    "pages|profile\\.php|people|public|pg|p|about|directory|consent|cookie|me"
)
"""First parts of addresses that name no page."""
WALLED: Final = re.compile(
    r"https?://[\w.-]*facebook\.com/(?:login|checkpoint|recover|cookie/consent)", re.IGNORECASE
)
SIGN_IN: Final = re.compile(
    r"^\s*(?:facebook\s*[-–—]\s*)?(?:log ?in|sign ?up|connexion|se connecter|connectez-vous|"
    r"inicia|entra|anmelden)", re.IGNORECASE,
)  # fmt: skip
TITLE: Final = re.compile(r"<title[^>]*>([^<]{0,300})", re.IGNORECASE)
GONE: Final = re.compile(
    r"content isn[’']t available|page isn[’']t available|page not found|"
    r"contenu n[’']est pas disponible|cette page n[’']est pas disponible", re.IGNORECASE,
)  # fmt: skip
REFUSED: Final = re.compile(
    r"temporarily blocked|unsupported browser|update your browser|browser isn[’']t supported|"
    r"something went wrong|temporairement bloqué|navigateur non pris en charge", re.IGNORECASE,
)  # fmt: skip
FEW: Final = 600
"""Characters within which a refusal says that it is one."""
FOLLOWERS: Final = re.compile(
    r"([0-9][0-9., \u00a0\u202f]*[KkMm]?)[\u00a0 ]?(?:de )?"
    r"(?:[Ff]ollowers?|abonn[ée](?:e|\(e\))?s?|seguidores|volgers)\b"
)
COUNTED: Final = re.compile(
    r"^[^.]{1,200}\. (?:[^.0-9]{0,40}[0-9](?:[^.]|\.(?=[0-9]))*(?:\. ?|$))?"
)
"""A page's description starts with its name and its counts."""


class Facebook(Platform):
    """The account is a page's name in its address, or its number. Groups are not read.

    Facebook's robots.txt and terms forbid automated visits without its permission: where the
    run is refused, the lawful ways are the Graph API with the page's own token, the Meta
    Content Library for research, or the page's own export through `vigie import`.
    """

    name = "facebook"
    title = "Facebook"
    docs = "https://developers.facebook.com/docs/graph-api/reference/page/feed"
    accounts = re.compile(
        r"https?://(?:(?:www|m|mbasic|web|touch|[a-z]{2}-[a-z]{2})\.)?(?:facebook\.com|fb\.com)/"
        r"(?:pg/|p/[^/?#\s]{0,200}?-(?=[0-9]{5,25}(?:[/?#]|$))|people/[^/?#\s]+/(?=[0-9])|profile\.php\?(?:[^#\s]*&)?id=(?=[0-9])|"
        rf"pages/(?:[^/?#\s]+/)+(?=[0-9])|(?!(?:{SYSTEM})(?:[/?#]|$)))"
        r"(?P<account>[^/?#&\s]{2,120})"
        r"(?:/(?:posts|videos|photos|about|reels|mentions|followers|timeline))?/?(?:[?#&]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://www.facebook.com/maisonalpine",
        "https://m.facebook.com/MaisonAlpine/posts/?ref=page_internal",
        "https://www.facebook.com/profile.php?id=100012345678901",
        "https://www.facebook.com/people/Maison-Alpine/100012345678901/",
        "https://www.facebook.com/p/Maison-Alpine-100012345678901/",
    )
    access = "browser"
    confidence = "thin"
    browser = True
    delay_s = 5.0
    hides = frozenset(
        ("saves", "title", "language", "sponsored", "edited_at", "following", "posts_total")
    )
    floor: ClassVar[Mapping[str, float]] = {"published_at": 0.9, "likes": 0.5}
    base_url = SITE

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case, and with dots or without; they are kept."""
        account = super().account_of(url)
        return unquote(account).lower() if account else None

    def url_of(self, account: str) -> str:
        """The page's address."""
        return f"{SITE}/profile.php?id={account}" if account.isdigit() else f"{SITE}/{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The page: its head and the first of its posts. It shows no more without signing in."""
        yield Fetch(self.url_of(account))

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts and comments, one post a request."""
        for native_id, url in posts:
            yield Fetch(url, kind="post", context={"post": native_id})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Whatever of three forms the page has: Relay's JSON, JSON-LD, or mobile markup."""
        markup = xml.decoded(page.body, page.content_type)
        if not is_html(markup):
            raise ParseError("", "not an HTML page")
        if WALLED.match(page.url):
            raise Blocked("login_wall" if "consent" not in page.url else "consent_wall")
        found = list(relay.documents(markup, *facebook_stories.WORDS))
        stories = [story for node in found for story in facebook_stories.stories(node)]
        tree = LexborHTMLParser(markup)
        if stories:
            yield from _head(tree, found)
            yield from _stories(stories, found, page)
            return
        old = facebook_pages.records(tree, markup, page)
        first = next(old, None)
        if first is None:
            yield from _nothing(markup, page)
            return
        yield first
        yield from old


def _stories(stories: list[Node], found: list[Any], page: Page) -> Iterator[Record | Dropped]:
    """Every post, once, and on a single post's page its comments."""
    seen: set[str] = set()

    def fresh(story: Node) -> Iterator[Record]:
        for record in facebook_stories.story_records(story):
            identity = f"{type(record).__name__} {getattr(record, 'native_id', '')}"
            if identity not in seen:
                seen.add(identity)
                yield record

    yield from each(stories, "comet_sections", fresh)
    if len(stories) == 1:
        root = facebook_stories.native_id_of(stories[0])
        owner = facebook_stories.author_of(stories[0])
        said = [c for node in found for c in relay.having(node, *facebook_stories.COMMENT)]
        yield from each(
            said, "comments", lambda c: facebook_stories.comment_records(c, root, owner, page)
        )


def _head(tree: LexborHTMLParser, found: list[Any]) -> Iterator[Profile]:
    """The page as its head describes it, where the document is a page's and not a post's."""
    name = facebook_pages.meta(tree, "og:title")
    described = facebook_pages.meta(tree, "og:description", "description")
    lines = [context for node in found for context in find(node, "profile_social_context")]
    said = [maybe(text, "text", of=str) or "" for line in lines for text in find(line, "text")]
    shown = next(filter(None, map(FOLLOWERS.search, [*said, described])), None)
    if name and (lines or described.startswith(f"{name}. ")):
        yield Profile(
            name=name,
            followers=count(shown[1].strip()) if shown else None,
            description=COUNTED.sub("", described, count=1) or None,
        )


def _nothing(markup: str, page: Page) -> Iterator[Gone]:
    """What a page without posts is.

    Raises:
        Blocked: a wall, or nobody.
    """
    title = TITLE.search(markup)
    named = title[1] if title else ""
    shown = text_of(markup)
    if GONE.search(shown):
        if "post" not in page.fetch.context:
            raise Blocked("gone", "no such page, or not for everyone")
        yield Gone(page.fetch.context["post"])
    elif match := REFUSED.search(f"{named}\n{shown[:FEW]}"):
        raise Blocked("block_page", match[0])
    elif SIGN_IN.search(named) or "login_form" in markup:
        raise Blocked("login_wall", "no posts without signing in")
    else:
        raise Blocked(wall(markup) or "empty_shell", "no posts in the page")
