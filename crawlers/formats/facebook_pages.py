"""Facebook's pages without Comet: JSON-LD on posts and videos, and the mobile site until 2022."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.fields import count, hashtags_of, links_of, maybe, mentions_of, text_of, when
from crawlers.formats import api, jsonld
from crawlers.formats.jsonld import Node
from crawlers.platform import Dropped, Page, ParseError, each
from data.records import Comment, Metrics, Post, Profile, Record

SITE: Final = "https://www.facebook.com"
POSTING: Final = re.compile(r"(?:^|/)(?:SocialMediaPosting|DiscussionForumPosting)$")
NUMBER: Final = re.compile(r"[0-9]{5,25}")
LIVE: Final = re.compile(
    r"ft_ent_identifier:\"?([0-9]{5,25})\"?,comment_count:([0-9]+),share_count:([0-9]+)"
    r".{0,200}?[{,]like_count:([0-9]+)"
)
"""A post's counts, as the mobile site's script sets them."""
HIDDEN: Final = re.compile(r"<code[^>]*><!--|--></code>")
"""Around markup that the mobile site's script was to show."""
PERMALINK: Final = re.compile(r"/(?:posts|photos|videos)/(?:[^?#]*/)?([0-9]{5,25})(?:[/?#]|$)")
STYLES: Final = (
    ("photo", "photo"), ("album", "carousel"), ("video", "video"), ("share", "link"),
    ("event", "event"), ("live", "live"), ("poll", "poll"),
)  # fmt: skip
"""Part of a mobile post's attachment style → format; the first that fits."""


def meta(tree: LexborHTMLParser, *names: str) -> str:
    """The first of the meta elements of these names or properties that says something."""
    for name in names:
        for node in tree.css(f"meta[property='{name}'], meta[name='{name}']"):
            if content := (node.attributes.get("content") or "").strip():
                return content
    return ""


def records(tree: LexborHTMLParser, markup: str, page: Page) -> Iterator[Record | Dropped]:
    """Everything that a page of either kind holds; nothing from any other page.

    Raises:
        ParseError: no post of its list can be read.
    """
    found = list(jsonld.nodes(markup))
    posting = next((node for node in found if POSTING.search(str(node["@type"]))), None)
    if posting:
        yield from _posting(posting, found, tree, page)
        return
    shown = LexborHTMLParser(HIDDEN.sub("", markup)) if "<code" in markup else tree
    counts = {match[1]: match for match in LIVE.finditer(markup)}
    articles = shown.css("[data-ft*='top_level_post_id']")
    if len(articles) == 1 or (counts and not articles):
        native_id = _single(tree, articles, counts, page)
        if native_id:
            yield from _permalink(shown, articles, native_id, counts, page)
    else:
        seen: set[str] = set()
        yield from each(articles, "article", lambda article: _article(article, counts, seen))


def _single(
    tree: LexborHTMLParser,
    articles: list[LexborNode],
    counts: dict[str, re.Match[str]],
    page: Page,
) -> str | None:
    """The number of the one post that a mobile page is about."""
    if articles:
        return _article_id(articles[0])[0]
    urls = (meta(tree, "og:url"), page.url)
    named = [match[1] for url in urls if (match := PERMALINK.search(url))]
    known = [number for number in named if number in counts] or (named and list(counts))
    return known[0] if known else None


def _posting(
    node: Node, found: list[Node], tree: LexborHTMLParser, page: Page
) -> Iterator[Record | Dropped]:
    """A post or video that JSON-LD describes, its author's followers and its comments."""
    owner, native_id = _identity(jsonld.text(node, "identifier") or "")
    native_id = page.fetch.context.get("post", native_id)
    video = next((other for other in found if str(other["@type"]) == "VideoObject"), None)
    moment = when(jsonld.text(node, "dateCreated", "datePublished"), page.fetched_at)
    text = text_of(jsonld.text(node, "articleBody") or "")
    followers = _followers(node)
    if followers is not None:
        name = maybe(node, "author", "name", of=str) or meta(tree, "og:title") or None
        yield Profile(name=name, followers=followers)
    url = jsonld.text(node, "url", "@id") or meta(tree, "og:url")
    yield Post(
        native_id=native_id,
        url=url if api.is_address(url) else f"{SITE}/{native_id}",
        published_at=moment.at if moment else None,
        published_within_s=moment.within_s if moment else 0,
        format="video" if video else "photo" if node.get("image") else "text",
        text=text or None,
        media_count=1 if video else None,
        duration_s=jsonld.length(video) if video else None,
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=api.addresses(links_of(text)),
    )
    if counts := {**(jsonld.counts(video) if video else {}), **jsonld.counts(node)}:
        yield Metrics(native_id, **counts)
    named = (maybe(node, "author", key, of=str) for key in ("identifier", "url"))
    own = {_bare(name) for name in (*named, owner, f"{SITE}/{page.account}") if name}
    said = [c for c in node.get("comment") or () if isinstance(c, dict)]
    yield from each(said, "comment", lambda c: _comment(c, native_id, own, page))


def _identity(identifier: str) -> tuple[str | None, str]:
    """(owner, post) of "100044380451196;567261421429868;;9" and "387081299304444:9:0"."""
    numbers = NUMBER.findall(identifier)
    if not numbers:
        raise ParseError("identifier", "not a post's")
    return (
        (numbers[0], numbers[1]) if ";" in identifier and len(numbers) > 1 else (None, numbers[0])
    )


def _followers(node: Node) -> int | None:
    for counter in node.get("interactionStatistic") or ():
        if str(maybe(counter, "interactionType")).endswith("FollowAction"):
            return count(maybe(counter, "userInteractionCount"))
    return None


def _bare(name: str) -> str:
    """A number or an address of a page, always written alike."""
    return name.rstrip("/").lower()


def _comment(comment: Node, root: str, own: set[str], page: Page) -> Iterator[Record]:
    native_id = jsonld.text(comment, "identifier")
    names = [maybe(comment, "author", key, of=str) for key in ("identifier", "url", "name")]
    author = next(filter(None, names), None)
    if not native_id or not author:
        raise ParseError("identifier" if not native_id else "author", "missing")
    moment = when(jsonld.text(comment, "dateCreated"), page.fetched_at)
    yield Comment(
        native_id=native_id.rpartition("_")[2] or native_id,
        post_native_id=root,
        published_at=moment.at if moment else None,
        author_key=page.author_key(author, *filter(None, names)),
        from_channel=any(_bare(name) in own for name in names[:2] if name),
        text=jsonld.text(comment, "text"),
        likes=jsonld.counts(comment).get("likes"),
    )


def _article_id(article: LexborNode) -> tuple[str, Any]:
    """(number, everything else that is said) of a mobile post."""
    about = _json(article.attributes.get("data-ft"), "data-ft")
    native_id = str(maybe(about, "top_level_post_id") or "")
    if not NUMBER.fullmatch(native_id):
        raise ParseError("data-ft.top_level_post_id", "not a post's")
    return native_id, about


def _article(
    article: LexborNode, counts: dict[str, re.Match[str]], seen: set[str]
) -> Iterator[Record]:
    """One post of the mobile site's list; one that is shown twice, once."""
    native_id, about = _article_id(article)
    if native_id in seen:
        return
    seen.add(native_id)
    insights = maybe(about, "page_insights", of=dict) or {}
    stamps = (maybe(i, "post_context", "publish_time", of=int) for i in insights.values())
    said = article.css_first("._5rgt, [data-gt*='\"*s\"']")
    style = str(maybe(about, "story_attachment_style") or "")
    kind = next((kind for part, kind in STYLES if part in style), "text")
    published = next(filter(None, stamps), None)
    yield _post(native_id, published, kind, text_of(said.html or "") if said else "")
    if native_id in counts:
        yield _counted(native_id, counts)


def _post(native_id: str, published: int | None, kind: str, text: str) -> Post:
    return Post(
        native_id=native_id,
        url=f"{SITE}/{native_id}",
        published_at=_moment(published),
        format=kind,
        text=text or None,
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=api.addresses(links_of(text)),
    )


def _json(text: str | None, path: str) -> Any:
    try:
        return dict(msgspec.json.decode(text or ""))
    except (
        msgspec.DecodeError,
        UnicodeEncodeError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise ParseError(path, "not a JSON object") from error


def _moment(stamp: int | None) -> datetime | None:
    return api.moment(stamp, "") if stamp and 0 < stamp < 4 * 10**9 else None


def _counted(native_id: str, counts: dict[str, re.Match[str]]) -> Metrics:
    comments, shares, likes = (count(counts[native_id][place]) for place in (2, 3, 4))
    return Metrics(native_id, likes=likes, comments=comments, shares=shares)


def _permalink(
    tree: LexborHTMLParser,
    articles: list[LexborNode],
    native_id: str,
    counts: dict[str, re.Match[str]],
    page: Page,
) -> Iterator[Record | Dropped]:
    """The mobile site's page of one post or photo, with its first comments."""
    if articles:
        yield from _article(articles[0], counts, set())
    else:
        stamped = tree.css_first("abbr[data-store*='\"time\"']")
        store = _json(stamped.attributes.get("data-store"), "abbr") if stamped else None
        kind = "photo" if "/photos/" in meta(tree, "og:url") else "text"
        yield _post(native_id, maybe(store, "time", of=int), kind, meta(tree, "og:description"))
        if native_id in counts:
            yield _counted(native_id, counts)
    said = tree.css("[data-sigil='comment'], [data-sigil='comment inline-reply']")
    yield from each(said, "comment", lambda node: _mobile_comment(node, native_id, page))


def _mobile_comment(node: LexborNode, root: str, page: Page) -> Iterator[Record]:
    native_id = node.attributes.get("data-uniqueid") or node.attributes.get("id") or ""
    ring = re.search(r"feed_story_ring([0-9]{3,25})", node.html or "")
    body = node.css_first("[data-sigil='comment-body']")
    if not NUMBER.fullmatch(native_id) or not ring or body is None:
        raise ParseError("data-uniqueid", "not a comment's")
    written = node.css_first("abbr")
    moment = when(written.text() if written else None, page.fetched_at)
    yield Comment(
        native_id=native_id,
        post_native_id=root,
        published_at=moment.at if moment else None,
        author_key=page.author_key(ring[1]),
        from_channel=False,
        text=text_of(body.html or "") or None,
    )
