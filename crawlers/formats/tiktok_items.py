"""One TikTok video or set of photos, as TikTok's own JSON has it: pages, web API and embeds."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from crawlers.fields import (
    count,
    get,
    hashtags_of,
    language_of,
    links_of,
    maybe,
    mentions_of,
    once,
    tag_of,
)
from crawlers.formats import api
from crawlers.platform import ParseError
from data.records import Metrics, Post, Profile, Record

Node = dict[str, Any]

SITE: Final = "https://www.tiktok.com"
NATIVE: Final = re.compile(r"[0-9]{5,20}")
NAME: Final = re.compile(r"[\w.-]{1,40}")
YEAR_2014: Final = 1388534400
"""No video is older than the platform."""
DAY: Final = 86400.0
COUNTS: Final = {
    "likes": "diggCount", "comments": "commentCount", "shares": "shareCount",
    "views": "playCount", "saves": "collectCount",
}  # fmt: skip
"""Field of Metrics → TikTok's name."""


def item_records(item: Any, account: str | None = None) -> Iterator[Record]:
    """The Post and, where counts are shown, the Metrics of one item.

    Args:
        item: `itemStruct`, an entry of `itemList` or `ItemModule`, or one of an embed's list.
        account: the author's name, where the item doesn't carry it.

    Raises:
        ParseError: no such item.
    """
    native_id, author = native_id_of(item), author_of(item) or account or ""
    if not NAME.fullmatch(author):
        raise ParseError("author.uniqueId", "missing or no name")
    photos = maybe(item, "imagePost", "images", of=list) or []
    text = (maybe(item, "desc", of=str) or "").strip()
    published_at, within_s = _published(item, native_id)
    yield Post(
        native_id=native_id,
        url=f"{SITE}/@{author}/{'photo' if photos else 'video'}/{native_id}",
        published_at=published_at,
        published_within_s=within_s,
        format="short" if not photos else "carousel" if len(photos) > 1 else "photo",
        text=text or None,
        language=language_of(maybe(item, "textLanguage", of=str)),
        media_count=len(photos) or 1,
        duration_s=None if photos else _seconds(item),
        hashtags=_hashtags(item, text),
        mentions=once((*mentions_of(text), *_marked(item, "userUniqueId"))),
        links=api.addresses(links_of(text)),
        sponsored=_sponsored(item),
    )
    found = metrics_of(item, native_id)
    if found != Metrics(native_id):
        yield found


def native_id_of(item: Any) -> str:
    """The item's number.

    Raises:
        ParseError: none.
    """
    native_id = str(maybe(item, "id", of=str) or "")
    if not NATIVE.fullmatch(native_id) or not native_id.isascii():
        raise ParseError("id", "not an item's")
    return native_id


def author_of(item: Any) -> str | None:
    """The author's name: an object in most documents, a bare text in those of 2022 and 2023."""
    return (
        maybe(item, "author", "uniqueId", of=str)
        or maybe(item, "author", of=str)
        or maybe(item, "authorUniqueId", of=str)
        or None
    )


def metrics_of(item: Any, native_id: str) -> Metrics:
    """Its counts. `statsV2` has them exact, as texts; `stats` rounds large ones."""
    places = [maybe(item, name, of=dict) or {} for name in ("statsV2", "stats")]
    places.append(item)
    shown = {field: _first(places, name) for field, name in COUNTS.items()}
    return Metrics(native_id, **shown)


def profile_of(user: Any, statistics: Any) -> Profile:
    """The account's head, from its `user` and the list of its `stats`, best first.

    Raises:
        ParseError: no name.
    """
    return Profile(
        name=maybe(user, "nickname", of=str) or get(user, "uniqueId", of=str),
        followers=_first(statistics, "followerCount"),
        following=_first(statistics, "followingCount"),
        posts_total=_first(statistics, "videoCount"),
        description=maybe(user, "signature", of=str) or None,
    )


def embedded(video: Any) -> Node:
    """A player's `videoData` in the shape of an item.

    Raises:
        ParseError: no item inside.
    """
    about: Node = get(video, "itemInfos", of=dict)
    return {
        **about,
        "desc": about.get("text"),
        "author": {"uniqueId": maybe(video, "authorInfos", "uniqueId")},
        "video": {"duration": maybe(about, "video", "videoMeta", "duration")},
        "imagePost": {"images": maybe(video, "imagePostInfo", "displayImages")},
    }


def _first(places: Any, name: str) -> int | None:
    """The first true count under this name. Accounts of billions of likes overflow to below 0."""
    values = (maybe(place, name) for place in places)
    counts = (count(v) for v in values if isinstance(v, int | str))
    return next((number for number in counts if number is not None), None)


def _published(item: Any, native_id: str) -> tuple[datetime, float]:
    """(moment, how far off it may be).

    Where no time is told, the id has one: its upper 32 bits count seconds to the start of the
    upload. Of 137 videos of known time, 134 were public within five minutes of it, 136 within
    a day; drafts and planned ones later.
    """
    told = maybe(item, "createTime")
    seconds = count(told) if isinstance(told, int | str) else None
    if seconds and YEAR_2014 < seconds < 4 * 10**9:
        return api.moment(seconds, "createTime"), 0.0
    if told and told != "0":
        raise ParseError("createTime", "not a time")
    seconds = int(native_id) >> 32
    if not YEAR_2014 < seconds < 4 * 10**9:
        raise ParseError("createTime", "missing")
    return api.moment(seconds, "id"), DAY


def _seconds(item: Any) -> float | None:
    length = maybe(item, "video", "duration")
    known = isinstance(length, int | float) and not isinstance(length, bool)
    return float(length) if known and 0 < length < 10**6 else None


def _sponsored(item: Any) -> bool | None:
    """Whether TikTok labels it as an ad or a paid partnership (any label's version but 0)."""
    label = maybe(item, "adLabelVersion", of=int)
    return True if maybe(item, "isAd") is True else None if label is None else label > 0


def _hashtags(item: Any, text: str) -> tuple[str, ...]:
    """Those of the text, then those that TikTok marks in it or lists beside it."""
    listed = maybe(item, "challenges", of=list) or []
    titles = [maybe(challenge, "title", of=str) or "" for challenge in listed]
    return once((*hashtags_of(text), *map(tag_of, (*_marked(item, "hashtagName"), *titles))))


def _marked(item: Any, name: str) -> list[str]:
    """Hashtags or accounts marked in the text; without a space, so that they are names."""
    marks = maybe(item, "textExtra", of=list) or []
    values = (maybe(mark, name, of=str) or "" for mark in marks)
    return [value for value in values if re.fullmatch(r"[^\s#@]{1,150}", value)]
