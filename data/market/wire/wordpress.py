"""WordPress's REST API, in a sub-folder: the root, posts with _embed, comments."""

import html
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from data.market.cast import BLOGS, CAST, Channel
from data.market.records import Comment, Post
from data.market.rhythm import PARIS
from data.market.simulate import wordpress_id
from data.market.wire.http import Reply, Request, as_json
from data.market.wire.markup import paragraphs
from data.market.world import Market

ABOUT: Final = {entity.name: entity.about for entity in CAST}
EMBEDDED_REPLIES: Final = 10
"""WordPress embeds the first page of comments only."""
AVATAR: Final = "https://secure.gravatar.example/avatar/0000?s="


def answer(market: Market, request: Request, now: datetime) -> Reply | None:
    """Any endpoint of a WordPress site of the market, or None."""
    match = re.fullmatch(r"(/[\w-]+)/wp-json(/.*)?", request.path)
    channels = (channel for channel in market.channels if channel.platform == "wordpress")
    channel = match and next((c for c in channels if c.url == f"{BLOGS}{match[1]}"), None)
    if not match or not channel:
        return None
    for pattern, endpoint in ENDPOINTS:
        if found := re.fullmatch(pattern, match[2] or "/"):
            return endpoint(market, channel, request, now, *found.groups())
    return _refused("rest_no_route", "No route was found matching the URL.", 404)


def _refused(code: str, message: str, status: int) -> Reply:
    return as_json({"code": code, "message": message, "data": {"status": status}}, status)


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(PARIS):%Y-%m-%dT%H:%M:%S}"


def _gmt(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _root(_market: Market, channel: Channel, _request: Request, _now: datetime) -> Reply:
    return as_json(
        {
            "name": html.escape(channel.entity), "description": html.escape(ABOUT[channel.entity]),
            "url": channel.url, "home": channel.url, "gmt_offset": "1",
            "timezone_string": "Europe/Paris", "namespaces": ["oembed/1.0", "wp/v2"],
            "authentication": {}, "routes": {"/": {}, "/wp/v2": {}, "/wp/v2/posts": {},
            "/wp/v2/comments": {}}, "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
        }
    )  # fmt: skip


def post_entity(channel: Channel, post: Post, now: datetime, *, embed: bool) -> dict[str, Any]:
    """A post as wp/v2 gives it."""
    number, api = wordpress_id(post.number), f"{channel.url}/wp-json/wp/v2"
    body, changed = paragraphs(post.text_at(now)), post.edited_at(now) or post.published_at
    excerpt = paragraphs(post.text_at(now).split("\n\n")[0])
    document = {
        "id": number, "date": _local(post.published_at), "date_gmt": _gmt(post.published_at),
        "guid": {"rendered": f"{channel.url}/?p={number}"}, "modified": _local(changed),
        "modified_gmt": _gmt(changed), "slug": post.url.rstrip("/").rpartition("/")[2],
        "status": "publish", "type": "post", "link": post.url,
        "title": {"rendered": html.escape(post.title or "", quote=False).replace("'", "&#8217;")},
        "content": {"rendered": f"{body}\n", "protected": False},
        "excerpt": {"rendered": f"{excerpt}\n", "protected": False}, "author": 1,
        "featured_media": 0, "comment_status": "open", "ping_status": "open", "sticky": False,
        "template": "", "format": "standard", "meta": [], "categories": [1], "tags": [],
        "_links": {
            "self": [{"href": f"{api}/posts/{number}"}], "collection": [{"href": f"{api}/posts"}],
            "replies": [{"embeddable": True, "href": f"{api}/comments?post={number}"}],
            "author": [{"embeddable": True, "href": f"{api}/users/1"}],
        },
    }  # fmt: skip
    if embed:
        document["_embedded"] = _embedded(channel, post, now)
    return document


def _embedded(channel: Channel, post: Post, now: datetime) -> dict[str, Any]:
    category = {
        "id": 1, "link": f"{channel.url}/category/journal/", "name": "Non classé",
        "slug": "non-classe", "taxonomy": "category",
    }  # fmt: skip
    author = {
        "id": 1, "name": channel.entity, "url": channel.url, "description": "",
        "link": f"{channel.url}/author/equipe/", "slug": "equipe",
    }  # fmt: skip
    embedded: dict[str, Any] = {"author": [author], "wp:term": [[category], []]}
    if replies := entities(channel, post, now)[:EMBEDDED_REPLIES]:
        embedded["replies"] = [replies]
    return embedded


def entities(channel: Channel, post: Post, now: datetime) -> list[dict[str, Any]]:
    """The comments of a post, newest first, the channel's answers among them."""
    found: list[tuple[datetime, dict[str, Any]]] = []
    for comment in post.comments:
        if comment.at > now:
            break
        found.append((comment.at, _comment(channel, post, comment)))
        if comment.answer and comment.answer.at <= now:
            found.append((comment.answer.at, _answer(channel, post, comment)))
    return [entity for _, entity in sorted(found, key=lambda row: row[0], reverse=True)]


def _comment(channel: Channel, post: Post, comment: Comment) -> dict[str, Any]:
    return {
        "id": int(comment.native_id), "post": wordpress_id(post.number), "parent": 0, "author": 0,
        "author_name": comment.author.capitalize(), "author_url": "", "date": _local(comment.at),
        "date_gmt": _gmt(comment.at),
        "content": {"rendered": f"{paragraphs(comment.text)}\n"},
        "link": f"{post.url}#comment-{comment.native_id}", "status": "approved",
        "type": "comment", "author_avatar_urls": {"24": f"{AVATAR}24", "96": f"{AVATAR}96"},
        "meta": [],
        "_links": {"up": [{"embeddable": True, "post_type": "post",
                  "href": f"{channel.url}/wp-json/wp/v2/posts/{wordpress_id(post.number)}"}]},
    }  # fmt: skip


def _answer(channel: Channel, post: Post, comment: Comment) -> dict[str, Any]:
    said = comment.answer
    assert said is not None
    return _comment(channel, post, comment) | {
        "id": int(said.native_id), "parent": int(comment.native_id), "author": 1,
        "author_name": channel.entity, "date": _local(said.at), "date_gmt": _gmt(said.at),
        "content": {"rendered": f"{paragraphs(said.text)}\n"},
        "link": f"{post.url}#comment-{said.native_id}",
    }  # fmt: skip


def _paged(rows: list[Any], request: Request) -> Reply | tuple[list[Any], dict[str, str]]:
    size, page = request.number("per_page", 10, 100), request.number("page", 1, 10_000)
    pages = -(-len(rows) // size)
    if page > 1 and page > pages:
        return _refused(
            "rest_post_invalid_page_number",
            "The page number requested is larger than the number of pages available.", 400,
        )  # fmt: skip
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
    if page < pages:
        headers["Link"] = f'<{BLOGS}{request.path}?page={page + 1}&per_page={size}>; rel="next"'
    return rows[(page - 1) * size : page * size], headers


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=PARIS)


def _posts(market: Market, channel: Channel, request: Request, now: datetime) -> Reply:
    posts = market.visible(channel.channel_id, now)
    if after := _moment(request.one("after")):
        posts = [post for post in posts if post.published_at > after]
    if wanted := request.one("include"):
        numbers = {int(part) for part in wanted.split(",") if part.isdecimal()}
        posts = [post for post in posts if wordpress_id(post.number) in numbers]
    page = _paged(posts, request)
    if isinstance(page, Reply):
        return page
    rows, headers = page
    embed = "_embed" in request.query
    return as_json([post_entity(channel, post, now, embed=embed) for post in rows], headers=headers)


def _post(market: Market, channel: Channel, request: Request, now: datetime, number: str) -> Reply:
    for post in market.visible(channel.channel_id, now):
        if wordpress_id(post.number) == int(number):
            return as_json(post_entity(channel, post, now, embed="_embed" in request.query))
    return _refused("rest_post_invalid_id", "Invalid post ID.", 404)


def _comments(market: Market, channel: Channel, request: Request, now: datetime) -> Reply:
    wanted = {int(part) for part in request.one("post").split(",") if part.isdecimal()}
    rows = [
        entity
        for post in market.visible(channel.channel_id, now)
        if not wanted or wordpress_id(post.number) in wanted
        for entity in entities(channel, post, now)
    ]
    if after := _moment(request.one("after")):
        limit = _local(after)
        rows = [row for row in rows if row["date"] > limit]
    rows.sort(key=lambda row: row["date_gmt"], reverse=request.one("order", "desc") == "desc")
    page = _paged(rows, request)
    return page if isinstance(page, Reply) else as_json(page[0], headers=page[1])


ENDPOINTS: Final[tuple[tuple[str, Callable[..., Reply]], ...]] = (
    (r"/", _root),
    (r"/wp/v2/posts", _posts),
    (r"/wp/v2/posts/(\d+)", _post),
    (r"/wp/v2/comments", _comments),
)
