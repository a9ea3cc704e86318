"""The layouts of TikTok's public pages and embeds, from 2021 to today."""

import re
from collections.abc import Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.fields import count, get, maybe
from crawlers.formats import api
from crawlers.formats.tiktok_items import (
    SITE,
    Node,
    author_of,
    embedded,
    item_records,
    native_id_of,
    profile_of,
)  # fmt: skip
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, each
from data.records import Comment, Gone, Record

POST: Final = re.compile(r"/(?:@([\w.-]*)/(?:video|photo)|embed(?:/v2)?|v)/([0-9]{5,20})\b")
CREDIT: Final = " created by "
"""Ends the video's text in a tile's alternative text, in English."""
PRIVATE: Final = re.compile(r"private|secret|login", re.IGNORECASE)
MISSING: Final = re.compile(r"exist|not.?found|deleted|removed|ban", re.IGNORECASE)
AGE: Final = re.compile(r"\bage\b|classified|mature", re.IGNORECASE)
PRIVATE_CODES: Final = {10216, 10222}
GONE_CODES: Final = {10202, 10221, 10223, 404}
DETAILS: Final = ("webapp.video-detail", "webapp.reflow.video.detail", "webapp.photo-detail")


def visit(native_id: str, *, optional: bool) -> Fetch:
    """A request for the video's player: all counts but the saves, without a browser."""
    url = f"{SITE}/embed/v2/{native_id}"
    return Fetch(url, kind="post", context={"post": native_id}, optional=optional)


def embed(document: Any, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """An embed of a video, or of an account's or hashtag's newest."""
    routes = maybe(document, "source", "data", of=dict) or {}
    names = ("videoData", "userInfo", "embedInfo", "videoList", "isError")
    route = next((r for r in routes.values() if any(maybe(r, n) is not None for n in names)), None)
    if route is None:
        raise ParseError("source.data", "no embed")
    if maybe(route, "videoData", "itemInfos", of=dict):
        yield from single(embedded(route["videoData"]), page)
        return
    user = maybe(route, "userInfo", of=dict) or {}
    codes = (maybe(user, "code"), maybe(route, "errorStatus"), maybe(route, "errorCode"))
    code = next((code for code in codes if isinstance(code, int) and code), None)
    if route.get("isError") is True or code or "videoData" in route:
        yield from refusal(code or 404, "", page)
        return
    if "uniqueId" in user:
        yield profile_of(user, [user])
    elif "embedInfo" not in route and not page.account.startswith("tag/"):
        raise ParseError("source.data.userInfo.uniqueId", "missing")
    videos = maybe(route, "videoList", of=list)
    if videos is None:
        raise ParseError("source.data.videoList", "missing")
    yield from each(videos, "videoList", lambda item: _listed(item, user.get("uniqueId")))


def _listed(item: Any, owner: str | None) -> Iterator[Record | Fetch]:
    """An item of a list and, where the list tells views alone, a request for the rest."""
    records = tuple(item_records(item, owner))
    yield from records
    if maybe(item, "createTime") is None:
        yield visit(native_id_of(item), optional=True)


def universal(scope: Node, markup: str, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """Layout since 2023: one part for each kind of page."""
    video = next((scope[name] for name in DETAILS if maybe(scope, name, of=dict)), None)
    if video is not None:
        item = maybe(video, "itemInfo", "itemStruct", of=dict)
        if item is None:
            code = maybe(video, "statusCode", of=int) or 0
            yield from refusal(code, maybe(video, "statusMsg", of=str) or "", page)
            return
        yield from single(item, page)
        return
    user = maybe(scope, "webapp.user-detail", of=dict)
    if user is not None:
        info = maybe(user, "userInfo", of=dict) or {}
        yield from _account(info, maybe(info, "itemList", of=list) or [], user, page)
        if maybe(info, "itemList", of=list):
            return
    elif "webapp.challenge-detail" not in scope:
        raise Blocked("empty_shell", "the page says nothing of an account or a video")
    yield from each(_tiles(markup), "tile", _tile)


def next_data(props: Node, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """Layout until 2021."""
    code = maybe(props, "statusCode", of=int) or 0
    item = maybe(props, "itemInfo", "itemStruct", of=dict)
    if item is not None:
        yield from single(item, page)
    elif code or not maybe(props, "userInfo", "user", of=dict):
        if not code and "challengeInfo" not in props:
            raise ParseError("props.pageProps", "neither account nor video")
        yield from refusal(code, maybe(props, "statusMsg", of=str) or "", page) if code else ()
        yield from each(maybe(props, "items", of=list) or [], "items", item_records)
    else:
        items = maybe(props, "items", of=list) or maybe(props, "itemList", of=list) or []
        yield from _account(props["userInfo"], items, props, page)


def sigi(document: Any, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """Layout of 2022 and 2023: items and users by key, beside lists of keys."""
    items = maybe(document, "ItemModule", of=dict) or {}
    users = maybe(document, "UserModule", "users", of=dict) or {}
    lists = maybe(document, "ItemList", of=dict) or {}
    for part in ("VideoPage", "UserPage"):
        code = maybe(document, part, "statusCode", of=int)
        if code and not items:
            yield from refusal(code, maybe(document, part, "statusMsg", of=str) or "", page)
            return
    match = POST.search(page.url)
    shown = maybe(lists, "video", "list", 0, of=str) or (match[2] if match else None)
    if shown and shown in items:
        yield from single(items[shown], page)
        yield from _comments(document, shown, author_of(items[shown]), page)
        return
    name = maybe(document, "UserPage", "uniqueId", of=str) or next(iter(users), "")
    statistics = maybe(document, "UserModule", "stats", name, of=dict)
    if name in users:
        info = {"user": users[name], "stats": statistics}
        own = [item for item in items.values() if author_of(item) in {name, None}]
        yield from _account(info, own, {}, page)
    elif "ChallengePage" in document or items:
        yield from each(items.values(), "ItemModule", item_records)
    else:
        raise ParseError("ItemModule", "neither account nor video")


def single(item: Node, page: Page) -> Iterator[Record]:
    """A page's own video and, where its author is watched, the author's head."""
    yield from item_records(item, page.account)
    statistics = [item.get(name) for name in ("authorStatsV2", "authorStats")]
    if (author_of(item) or "").lower() == page.account and any(statistics):
        user = item["author"] if isinstance(item["author"], dict) else item
        yield profile_of({**user, "uniqueId": page.account}, statistics)


def refusal(code: int, said: str, page: Page) -> Iterator[Gone]:
    """What a status other than 0 means: Gone for a known video that no longer exists.

    Raises:
        Blocked: everything else.
    """
    detail = f"{said[:200]} ({code})" if said else f"status {code}"
    if code in PRIVATE_CODES or PRIVATE.search(said):
        raise Blocked("login_wall", detail)
    if AGE.search(said):
        raise Blocked("age_gate", detail)
    if code not in GONE_CODES and not MISSING.search(said):
        raise Blocked("refused", detail)
    if "post" not in page.fetch.context:
        raise Blocked("gone", detail)
    yield Gone(page.fetch.context["post"])


def _account(
    info: Any, items: list[Any], status: Any, page: Page
) -> Iterator[Record | Fetch | Dropped]:
    """An account's head and the items beside it."""
    code, user = maybe(status, "statusCode", of=int) or 0, maybe(info, "user", of=dict)
    if code or not user:
        yield from refusal(code or 404, maybe(status, "statusMsg", of=str) or "", page)
        return
    if user.get("privateAccount") is True and not items:
        raise Blocked("login_wall", "a private account")
    yield profile_of(user, [maybe(info, name) for name in ("statsV2", "stats")])
    name = maybe(user, "uniqueId", of=str)
    yield from each(items, "items", lambda item: item_records(item, name))


def _tiles(markup: str) -> Iterator[LexborNode]:
    """The videos that a browser had loaded into the page."""
    if "video-views" in markup:
        for link in LexborHTMLParser(markup).css("a[href*='/video/'], a[href*='/photo/']"):
            if link.css_first("[data-e2e='video-views']"):
                yield link


def _tile(link: LexborNode) -> Iterator[Record | Fetch]:
    """One of them: its address and rounded views."""
    match = POST.search(link.attributes.get("href") or "")
    if not match or not match[1]:
        raise ParseError("href", "not a video's")
    shown = link.css_first("[data-e2e='video-views']")
    views = count(shown.text(strip=True)) if shown else None
    picture = link.css_first("img[alt]")
    text, credited, _ = ((picture and picture.attributes.get("alt")) or "").rpartition(CREDIT)
    item = {"id": match[2], "authorUniqueId": match[1], "playCount": views}
    yield from _listed({**item, "desc": text if credited else None}, None)


def _comments(
    document: Any, native_id: str, author: str | None, page: Page
) -> Iterator[Comment | Dropped]:
    """The comments and answers that a page of 2022 came with."""
    found = maybe(document, "CommentItem", of=dict) or {}
    own = [c for c in found.values() if maybe(c, "aweme_id", of=str) in {native_id, None}]
    yield from each(own, "CommentItem", lambda comment: _comment(comment, native_id, author, page))


def _comment(comment: Any, native_id: str, author: str | None, page: Page) -> Iterator[Comment]:
    name = maybe(comment, "user", of=str) or get(comment, "user", "unique_id", of=str)
    seconds = count(get(comment, "create_time", of=int))
    if not seconds or seconds >= 4 * 10**9:
        raise ParseError("create_time", "not a time")
    parent = maybe(comment, "reply_id", of=str)
    yield Comment(
        native_id=native_id_of({"id": maybe(comment, "cid")}),
        post_native_id=native_id,
        published_at=api.moment(seconds, "create_time"),
        author_key=page.author_key(name.lower()),
        from_channel=name == author,
        text=maybe(comment, "text", of=str) or None,
        in_reply_to=parent if parent and parent != "0" else None,
        likes=count(maybe(comment, "digg_count", of=int)),
    )
