"""LinkedIn: what a company's, a post's and an article's page show to a guest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final
from urllib.parse import quote, unquote

from msgspec import structs
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.fields import count, hashtags_of, links_of, maybe, text_of, when
from crawlers.formats import api, jsonld, linkedin_posts, xml
from crawlers.formats.jsonld import Node
from crawlers.formats.linkedin_posts import SITE, owner_of, plain
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Comment, Metrics, Post, Profile, Record

WALLED: Final = re.compile(
    r"https?://[\w.-]*linkedin\.com/(?:authwall|uas/|login|signup|checkpoint)", re.IGNORECASE
)
REDIRECTED: Final = re.compile(r"""location\.(?:href|replace)[^;]{0,200}/authwall""", re.DOTALL)
SCRIPT_ONLY: Final = 5000
"""A page that is nothing but the way to the wall is shorter."""
NUMBER: Final = r"([0-9][0-9., \u00a0\u202f'’]*[KkM]?)"
FOLLOWERS: Final = re.compile(
    rf"\| {NUMBER} [^\W\d]+ (?:on|sur|en|auf|su|op|no|på|na) LinkedIn|"
    rf"{NUMBER} (?:[Ff]ollowers?|abonn[ée]e?s?|seguidores|volgers)\b"
)
SUFFIX: Final = re.compile(r"\s*[|·]\s*LinkedIn\s*$")
PULSE: Final = re.compile(r"linkedin\.com/(?:pulse|today/post/article)/([^/?#]+)", re.IGNORECASE)
SINGLE: Final = re.compile(
    r"linkedin\.com/(?:posts/|feed/update/)[^?#]*?(?:activity|share|ugcPost)[:-]([0-9]{15,20})",
    re.IGNORECASE,
)
HEADS: Final = {"Organization", "Corporation", "EducationalOrganization", "Person"}
POSTS: Final = {"SocialMediaPosting", "DiscussionForumPosting", "VideoObject", "Article"}
OLD_COUNTS: Final = (("likes", "likes"), ("comments", "comments"), ("views", "views"))


class Linkedin(Platform):
    """The account is a company's name in its address, or `in/`, `school/`, `showcase/` and a name.

    LinkedIn's terms and robots.txt forbid automated visits without its permission: where the
    run is refused, the lawful ways are its API with a token of the page's administrator, or the
    page's own export through `vigie import`. A post's id tells when it was made, to the
    millisecond; a repost has its own id and no counts.
    """

    name = "linkedin"
    title = "LinkedIn"
    docs = "https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api"
    accounts = re.compile(
        r"https?://(?:(?:www|m|[a-z]{2})\.)?linkedin\.com/"
        r"(?P<account>(?:company|showcase|school|in)/[^/?#\s]{1,120})"
        r"(?:/(?:about|posts|life|jobs|people|mycompany|recent-activity)(?:/all)?)?/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://www.linkedin.com/company/maison-alpine",
        "https://fr.linkedin.com/company/maison-alpine/?trk=guest",
        "https://www.linkedin.com/school/ecole-alpine/",
        "https://www.linkedin.com/in/lea-grimpe",
    )
    access = "page"
    confidence = "thin"
    delay_s = 5.0
    hides = frozenset(("shares", "saves", "sponsored", "language", "following", "posts_total"))
    floor: ClassVar[Mapping[str, float]] = {"published_at": 1.0, "text": 0.5}
    base_url = SITE

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case; a company's stands alone."""
        account = super().account_of(url)
        return unquote(account).lower().removeprefix("company/") if account else None

    def url_of(self, account: str) -> str:
        """The page of the company, school or person."""
        return f"{SITE}/{quote(account if '/' in account else f'company/{account}')}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The guest page: its head and about ten newest updates. It goes no further."""
        yield Fetch(self.url_of(account))

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts and comments, one post or article a request."""
        for native_id, url in posts:
            yield Fetch(url, kind="post", context={"post": native_id})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """An article, a single post, or a page with its updates."""
        markup = xml.decoded(page.body, page.content_type)
        if WALLED.match(page.url) or REDIRECTED.search(markup[:SCRIPT_ONLY]):
            raise Blocked("login_wall", "authwall")
        if not is_html(markup):
            raise ParseError("", "not an HTML page")
        tree, found = LexborHTMLParser(markup), list(jsonld.nodes(markup))
        own = _address(tree, found, page)
        cards = [card for card in tree.css(linkedin_posts.CARD) if not _inside_another(card)]
        if match := PULSE.search(own):
            yield from _article(tree, found, unquote(match[1]), page)
        elif match := SINGLE.search(own):
            yield from _single(cards, found, match[1], page)
        else:
            yield from _company(tree, found, cards, page)


def _meta(tree: LexborHTMLParser, *names: str) -> str:
    """The first of the meta elements of these names or properties that says something."""
    for name in names:
        for node in tree.css(f"meta[property='{name}'], meta[name='{name}']"):
            if content := (node.attributes.get("content") or "").strip():
                return content
    return ""


def _address(tree: LexborHTMLParser, found: list[Node], page: Page) -> str:
    """The page's own address, as its head names it; else the one that it came from."""
    canonical = tree.css_first("link[rel='canonical']")
    named = (_meta(tree, "og:url"), (canonical.attributes.get("href") or "") if canonical else "")
    if own := next((url for url in named if "linkedin.com/" in url), ""):
        return own
    article = jsonld.article(found)
    return (jsonld.text(article, "url", "@id") if article else None) or page.url


def _inside_another(card: LexborNode) -> bool:
    """Whether the card is a quoted post."""
    node = card.parent
    while node is not None and node.tag != "article":
        node = node.parent
    return node is not None


def _unread(page: Page, path: str, problem: str) -> Blocked | ParseError:
    """What to raise for a page without its content: a wall that it is, else that it is unknown."""
    reason = wall(xml.decoded(page.body, page.content_type))
    return Blocked(reason) if reason else ParseError(path, problem)


def _company(
    tree: LexborHTMLParser, found: list[Node], cards: list[LexborNode], page: Page
) -> Iterator[Record | Dropped]:
    """The head of a page, and its updates."""
    owner = owner_of(_meta(tree, "og:url"))
    profile = _profile(tree, found) if owner else None
    if not (profile or cards):
        raise _unread(page, "article", "neither a head nor updates")
    if profile:
        yield profile
    yield from each(
        cards,
        "article",
        lambda card: linkedin_posts.card_records(card, owner or page.account, page.fetched_at),
    )


def _profile(tree: LexborHTMLParser, found: list[Node]) -> Profile | None:
    node = next((node for node in found if str(node["@type"]) in HEADS), {})
    name = jsonld.text(node, "name") or SUFFIX.sub("", _meta(tree, "og:title"))
    shown = FOLLOWERS.search(_meta(tree, "og:description", "description")) or FOLLOWERS.search(
        plain(tree.css_first(".top-card-layout__first-subline"))
    )
    if not name:
        return None
    return Profile(
        name=name,
        followers=count((shown[1] or shown[2]).strip()) if shown else None,
        description=jsonld.text(node, "description", "slogan"),
    )


def _single(
    cards: list[LexborNode], found: list[Node], identity: str, page: Page
) -> Iterator[Record]:
    """One post's page: its card, what JSON-LD adds to it, and its comments."""
    identity = page.fetch.context.get("post", identity)
    node = next((node for node in found if str(node["@type"]) in POSTS), None)
    card = cards[0] if cards else None
    if card is None and node is None:
        raise _unread(page, "article", "neither a card nor JSON-LD")
    owner = page.account if "post" in page.fetch.context else None
    read = list(linkedin_posts.card_records(card, owner, page.fetched_at)) if card else []
    post = next((record for record in read if isinstance(record, Post)), None)
    metrics = next((record for record in read if isinstance(record, Metrics)), None)
    node = node or {}
    post = structs.replace(post, native_id=identity) if post else _posting(node, identity, page)
    yield structs.replace(post, duration_s=jsonld.length(node))
    counts = jsonld.counts(node)
    shown = {
        name: number
        for name in ("likes", "comments")
        if (number := getattr(metrics, name, None)) is not None
        or (number := counts.get(name)) is not None
    }
    if shown and not post.is_repost:
        yield Metrics(identity, **shown)
    yield from _comments(node, identity, page)


def _posting(node: Node, identity: str, page: Page) -> Post:
    """A post that only JSON-LD describes."""
    text = text_of(jsonld.text(node, "articleBody", "text", "description") or "")
    shown = jsonld.text(node, "datePublished", "uploadDate", "dateCreated")
    made = linkedin_posts.moment_of(identity, page.fetched_at) if identity.isdigit() else None
    moment = when(shown, page.fetched_at)
    if not (text or moment):
        raise ParseError("articleBody", "missing")
    pictures = node.get("image")
    photo = "photo" if pictures else "text"
    return Post(
        native_id=identity,
        url=linkedin_posts.address_of(identity),
        published_at=moment.at if moment else made,
        published_within_s=moment.within_s if moment else 0,
        format="video" if node["@type"] == "VideoObject" else photo,
        text=text or None,
        hashtags=hashtags_of(text),
        links=api.addresses(links_of(text)),
    )


def _comments(node: Node, identity: str, page: Page) -> Iterator[Comment]:
    """The comments that JSON-LD shows; they carry no id, so that author, time and text make one."""
    comments = node.get("comment")
    for comment in comments if isinstance(comments, list) else ():
        if not isinstance(comment, dict):
            continue
        text = text_of(jsonld.text(comment, "text") or "")
        author = maybe(comment, "author", "url", of=str) or maybe(comment, "author", "name", of=str)
        moment = when(jsonld.text(comment, "datePublished", "dateCreated"), page.fetched_at)
        if not (text and author):
            continue
        dated = moment.at.isoformat() if moment else ""
        yield Comment(
            native_id=page.author_key(f"{identity} {author} {dated} {text}"),
            post_native_id=identity,
            published_at=moment.at if moment else None,
            author_key=page.author_key(author),
            from_channel=owner_of(author) == page.account,
            text=text,
            likes=jsonld.counts(comment).get("likes"),
        )


def _article(
    tree: LexborHTMLParser, found: list[Node], slug: str, page: Page
) -> Iterator[Record | Dropped]:
    """An article of LinkedIn's blog (Pulse), by JSON-LD or, until 2018, by its markup."""
    identity = page.fetch.context.get("post", f"pulse:{slug}")
    node = jsonld.article(found) or {}
    title = jsonld.text(node, "headline", "name") or _meta(tree, "og:title")
    written = tree.css_first("time[itemprop='datePublished'], time[datetime]")
    shown = (
        jsonld.text(node, "datePublished")
        or ((written.attributes.get("datetime") or "") if written else "")
        or _meta(tree, "article:published_time")
    )
    moment = when(shown, page.fetched_at)
    changed = when(jsonld.text(node, "dateModified"), page.fetched_at)
    if not title:
        raise _unread(page, "headline", "missing")
    described = jsonld.text(node, "articleBody") or _meta(tree, "og:description")
    text = text_of(_article_text(tree) or described)
    yield Post(
        native_id=identity,
        url=f"{SITE}/pulse/{slug}",
        published_at=moment.at if moment else None,
        published_within_s=moment.within_s if moment else 0,
        format="article",
        title=" ".join(title.split()),
        text=text or None,
        hashtags=hashtags_of(text),
        links=api.addresses(links_of(text)),
        edited_at=changed.at if changed and moment and changed.at > moment.at else None,
    )
    if counts := {**_article_counts(tree), **jsonld.counts(node)}:
        yield Metrics(identity, **{name: counts[name] for name in sorted(counts)})
    yield from _comments(node, identity, page)


def _article_text(tree: LexborHTMLParser) -> str:
    body = tree.css_first(
        "[itemprop='articleBody'], [data-test-id='article-content-blocks'], "
        ".article-main__content, .article-body"
    )
    return (body.html or "") if body else ""


def _article_counts(tree: LexborHTMLParser) -> dict[str, int]:
    """Counts that an article's markup shows, in its present and its old form."""
    shown = {}
    for name, kind in (("likes", "reactions"), ("comments", "comments")):
        node = tree.css_first(f"[data-num-{kind}]")
        shown[name] = node.attributes.get(f"data-num-{kind}") if node else None
    for name, kind in OLD_COUNTS:
        node = tree.css_first(f".activity-counts li.{kind} .count")
        shown[name] = shown.get(name) or (plain(node) if node else None)
    return {name: number for name, text in shown.items() if (number := count(text)) is not None}
