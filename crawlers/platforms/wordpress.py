"""WordPress through the REST API that every site carries (wp/v2), and WordPress.com's reader."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from msgspec import Raw

from crawlers.fields import decode, hrefs_of, is_web, once, tag_of, text_of, utc
from crawlers.formats.wordpress_topics import PER_PAGE, posts_of, site_of, topic_of
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from crawlers.wire import wordpress as wire
from data.records import Comment, Gone, Metrics, Post, Profile, Record

YOUNG: Final = timedelta(days=30)
"""Comments under older posts are not counted beyond what comes embedded."""
END: Final = "rest_post_invalid_page_number"
"""What asking beyond the last page brings: an end, not an error."""
REFUSALS: Final = {
    "rest_no_route": "gone", "rest_post_invalid_id": "gone", "rest_disabled": "block_page",
    "rest_forbidden": "login_wall", "rest_not_logged_in": "login_wall",
    "rest_cannot_access": "login_wall", "rest_login_required": "login_wall",
    "rest_user_cannot_view": "login_wall", "rest_forbidden_context": "login_wall",
    "unknown_blog": "gone", "unknown_post": "gone", "unauthorized": "login_wall",
}  # fmt: skip
OTHERS: Final = ({"slug", "avatar_urls"}, {"taxonomy", "slug"}, {"unit", "fields", "data"})
"""Keys of entities of the same API that hold no posts: author, term, figures."""


class Wordpress(Platform):
    """An account is the address of a site, or of a search, tag or category on it.

    Ids are numbers of that site. Like the site, they need `{platform: wordpress, url: …}`.
    """

    name = "wordpress"
    title = "WordPress"
    docs = "https://developer.wordpress.org/rest-api/reference/posts/"
    accounts = re.compile(r"(?P<account>https?://[^?#\s]+?)/+wp-json(?:[/?#]|$)")
    examples = (
        "https://blog.crete.example/wp-json/",
        "https://blog.crete.example/wp-json/wp/v2/posts?search=bivouac+tarp",
    )
    access = "api"
    confidence = "solid"
    hides = frozenset(
        ("views", "saves", "shares", "language", "duration_s", "sponsored", "followers",
         "following", "posts_total")
    )  # fmt: skip
    floor: ClassVar[Mapping[str, float]] = {"published_at": 1.0, "title": 0.5}
    complete_lists = True

    def account_of(self, url: str) -> str | None:
        """The site; where the address searches its posts, the search's page on it."""
        site = super().account_of(url)
        words = parse_qs(urlsplit(url).query).get("search")
        return f"{site}/?{urlencode({'s': words[0]})}" if site and words else site

    def url_of(self, account: str) -> str:
        """The site's home page. It does not say by which program it is made: the watchlist does."""
        return account

    def start(self, account: str) -> Iterator[Fetch]:
        """The site's own name and its newest posts, or what leads to a topic's."""
        if topic := topic_of(account):
            yield topic
            return
        query = urlencode({"_fields": "name,description,namespaces"})
        yield Fetch(f"{account}/wp-json/?{query}", kind="profile", optional=True)
        yield posts_of(account, "list")

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:
        """Present comment counts, a hundred posts a request; what is missing is gone."""
        ids = [native_id.rpartition("?p=")[2] for native_id, _ in posts]
        for first in range(0, len(ids), PER_PAGE):
            batch = ids[first : first + PER_PAGE]
            query = urlencode({"include": ",".join(batch), "per_page": PER_PAGE, "_embed": 1})
            url = f"{site_of(account)}/wp-json/wp/v2/posts?{query}"
            yield Fetch(url, kind="posts", context={"ids": " ".join(batch)})

    def refused(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The API names its reasons; a page beyond the last one is an end."""
        try:
            answer = decode(wire.DOCUMENT, page.body)
        except ParseError:
            return super().refused(page)
        code = answer.code or answer.error or ""
        if code == END:
            return iter(())
        if "post" in page.fetch.context or code not in REFUSALS:
            return super().refused(page)
        raise Blocked(REFUSALS[code], answer.message or code)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """Any answer that holds posts, comments or the site's name, told apart by its keys."""
        body = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")
        if body[:1] == b"<":
            raise Blocked("empty_shell", "a web page instead of the API")
        yield from _listed(body, page) if body[:1] == b"[" else _single(body, page)


def _site(page: Page) -> str:
    """Address of the site whose ids these are: the account, else what stands before the API."""
    account = page.account if is_web(page.account) else page.fetch.url.partition("/wp-json")[0]
    return site_of(account).rstrip("/")


def _term(items: list[Raw], page: Page) -> Iterator[Fetch]:
    """The posts of a tag or category, now that its number is known."""
    number = bytes(_keys(items[0]).get("id", b"")).decode() if items else ""
    if not number.isdecimal():
        raise Blocked("gone", "the site has no such tag or category")
    path = urlsplit(page.fetch.url).path.rstrip("/").rpartition("/")[2]
    yield posts_of(_site(page), "topic", **{path: number})


def _native(site: str, number: int) -> str:
    """`host/path/?p=id`: the same whether the site is asked by http or https."""
    return f"{site.partition('://')[2] or site}/?p={number}".lower()


def _remark_id(site: str, number: int) -> str:
    return f"{site.partition('://')[2] or site}/#comment-{number}".lower()


def _query(fetch: Fetch, key: str) -> str:
    return parse_qs(urlsplit(fetch.url).query, keep_blank_values=True).get(key, ["absent"])[0]


def _listed(body: bytes, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """Posts or comments, newest first, and where they go on."""
    items = decode(wire.ITEMS, body)
    if page.fetch.kind == "term":
        yield from _term(items, page)
    elif items and all("post" in _keys(item) for item in items):
        yield from _comments(items, page)
    elif not items or not all(map(_is_other, items)):
        yield from each(items, "", lambda item: _article(item, page))
        yield from _vanished(items, page)
        yield from _talk(items, page)
        yield from _next(page.fetch, len(items), more=True)


def _comments(items: list[Raw], page: Page) -> Iterator[Record | Fetch | Dropped]:
    """Comments; they go on while they are young, or while those of one post are counted."""
    comments = tuple(each(items, "", lambda item: _comment(item, page)))
    yield from comments
    yield from _counted(items, page.fetch)
    times = [c.published_at for c in comments if isinstance(c, Comment) and c.published_at]
    young = times and page.fetched_at - min(times) < YOUNG
    if young or "counts" in page.fetch.context:
        yield from _next(page.fetch, len(items), more=False)


def _counted(items: list[Raw], fetch: Fetch) -> Iterator[Metrics]:
    """The number of comments of the post whose comments were asked for, known at their end."""
    number, size = _query(fetch, "page"), _query(fetch, "per_page")
    if "counts" not in fetch.context or not (number.isdecimal() and size.isdecimal()):
        return
    if len(items) < int(size):
        total = (int(number) - 1) * int(size) + len(items)
        yield Metrics(native_id=fetch.context["counts"], comments=total)


def _keys(item: Raw) -> Mapping[str, Raw]:
    try:
        return decode(wire.KEYS, item)
    except ParseError:
        return {}


def _is_other(item: Raw) -> bool:
    """Whether this is an entity that holds no post, rather than a broken post."""
    keys = _keys(item).keys()
    return "content" not in keys and any(known <= keys for known in OTHERS)


def _next(fetch: Fetch, count: int, *, more: bool) -> Iterator[Fetch]:
    """The next page, where this one was full."""
    number, size = _query(fetch, "page"), _query(fetch, "per_page")
    if number.isdecimal() and size.isdecimal() and count == int(size):
        address, _, query = fetch.url.partition("?")
        kept = [(key, value) for key, value in parse_qsl(query) if key != "page"]
        url = f"{address}?{urlencode([*kept, ('page', int(number) + 1)])}"
        yield Fetch(url, kind=fetch.kind, context=fetch.context, more=more, optional=not more)


def _single(body: bytes, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """One entity: error, reader's list, root, post, comment."""
    answer = decode(wire.DOCUMENT, body)
    code = answer.code or answer.error
    if code == END:
        return
    if code is not None:
        raise Blocked(REFUSALS.get(code, "refused"), answer.message or code)
    if answer.posts is not None:
        yield from each(answer.posts, "posts", _read)
    elif answer.date_gmt:
        yield from _comment(Raw(body), page) if answer.post else _article(Raw(body), page)
    elif answer.namespaces:
        site = decode(wire.SITE, body)
        about = text_of(site.description) if site.description is not None else None
        yield Profile(name=text_of(site.name), description=about)
    elif not _is_other(Raw(body)):
        raise ParseError("", "neither posts, comments nor a site's root")


def _article(item: Raw, page: Page) -> Iterator[Record | Fetch]:
    """One post, and its number of comments where the answer shows all of them."""
    article, site = decode(wire.ARTICLE, item), _site(page)
    native_id = _native(site, article.id)
    published, content = utc(article.date_gmt), article.content.rendered
    format_, media = wire.form(article.format, content, article.featured_media)
    modified = utc(article.modified_gmt) if article.modified_gmt else published
    if not is_web(article.link):
        raise ParseError("link", "not an address")
    yield Post(
        native_id=native_id,
        url=article.link,
        published_at=published,
        format=format_,
        title=text_of(article.title.rendered),
        text=text_of(content),
        media_count=media,
        hashtags=once(map(tag_of, article.tags())),
        links=hrefs_of(content),
        edited_at=modified if modified > published else None,
    )
    asked = _query(page.fetch, "_embed") in {"1", "true", ""}
    comments = article.comments() if asked else None
    if comments is not None:
        yield Metrics(native_id=native_id, comments=comments)
    elif asked and page.fetched_at - published < YOUNG:
        query = urlencode({"post": article.id, "per_page": PER_PAGE, "page": 1})
        url = f"{site}/wp-json/wp/v2/comments?{query}"
        context = {"counts": native_id, "authors": str(article.author or "")}
        yield Fetch(url, kind="comments", context=context, optional=True)


def _vanished(items: list[Raw], page: Page) -> Iterator[Gone]:
    """Posts that were asked for by id and are not in the answer."""
    if asked := page.fetch.context.get("ids", "").split():
        shown = {bytes(_keys(item).get("id", b"")).decode() for item in items}
        site = _site(page)
        yield from (Gone(_native(site, int(id_))) for id_ in asked if id_ not in shown)


def _talk(items: list[Raw], page: Page) -> Iterator[Fetch]:
    """The site's newest comments, asked for once: with those who write its posts."""
    if page.fetch.kind == "list" and items and _query(page.fetch, "page") == "1":
        writers = {bytes(_keys(item).get("author", b"")).decode() for item in items}
        query = urlencode({"per_page": PER_PAGE, "page": 1, "order": "desc"})
        url = f"{_site(page)}/wp-json/wp/v2/comments?{query}"
        context = {"authors": " ".join(sorted(writers))}
        yield Fetch(url, kind="comments", context=context, optional=True)


def _comment(item: Raw, page: Page) -> Iterator[Comment]:
    """One comment of a post; those of other pages hang on nothing that is watched."""
    remark, site = decode(wire.REMARK, item), _site(page)
    if any(parent.post_type != "post" for parent in remark.links.up):
        return
    author = str(remark.author) if remark.author else f"guest {remark.author_name}"
    yield Comment(
        native_id=_remark_id(site, remark.id),
        post_native_id=_native(site, remark.post),
        published_at=utc(remark.date_gmt),
        author_key=page.author_key(f"{site} {author}", remark.author_name or author),
        from_channel=author in page.fetch.context.get("authors", "").split(),
        text=text_of(remark.content.rendered),
        in_reply_to=_remark_id(site, remark.parent) if remark.parent else None,
    )


def _read(item: Raw) -> Iterator[Record]:
    """One post of the reader: the only place where WordPress shows likes."""
    read = decode(wire.READ, item)
    if not is_web(read.url):
        raise ParseError("URL", "not an address")
    native_id = _native(read.site or "/".join(read.url.split("/")[:3]), read.id)
    published = utc(read.date)
    modified = utc(read.modified) if read.modified else published
    format_, media = wire.form(read.format, read.content, read.featured_image)
    yield Post(
        native_id=native_id,
        url=read.url,
        published_at=published,
        format=format_,
        title=text_of(read.title),
        text=text_of(read.content),
        media_count=media,
        hashtags=once(map(tag_of, read.names())),
        links=hrefs_of(read.content),
        edited_at=modified if modified > published else None,
    )
    yield Metrics(native_id, likes=read.like_count, comments=read.discussion.comment_count)
