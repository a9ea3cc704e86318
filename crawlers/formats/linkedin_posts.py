"""One LinkedIn post: a guest page's card, or an item of the signed-in site as browsers keep it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawlers.fields import (
    When,
    count,
    get,
    hashtags_of,
    links_of,
    maybe,
    mentions_of,
    once,
    tag_of,
    when,
)
from crawlers.formats import api
from crawlers.platform import ParseError
from data.records import Metrics, Post, Record

SITE: Final = "https://www.linkedin.com"
OWNER: Final = re.compile(r"linkedin\.com/((?:company|showcase|school|in)/[^/?#]+)", re.IGNORECASE)
URN: Final = re.compile(r"urn:li:(?:activity|share|ugcPost|groupPost):(?:[0-9]+-)?([0-9]{15,20})")
EDITED: Final = re.compile(
    r"\s*(?:[•·].*|edited|modifi[ée]e?s?|bearbeitet|editado)\s*$", re.IGNORECASE
)
EARLIEST: Final = datetime(2011, 1, 1, tzinfo=UTC)
"""Ids began to carry their time about then."""
ID_TIME_BITS: Final = 22
CARD: Final = "article[data-activity-urn]"
QUOTED: Final = ".feed-reshare-content, [data-test-id='feed-reshare-content']"
MEDIA: Final = (
    ("[data-test-id='feed-native-video-content'], .share-native-video, video", "video"),
    ("[data-test-id*='document'], .feed-document-content, iframe[data-native-document-config]",
     "carousel"),
    ("[data-test-id*='poll'], .feed-poll", "poll"),
    ("[data-test-id*='event'], .feed-event-content", "event"),
)  # fmt: skip
"""What a card holds beside its text → format; pictures and links are looked into."""
COMPONENTS: Final = (
    ("linkedInVideoComponent", "video"), ("externalVideoComponent", "video"),
    ("documentComponent", "carousel"), ("pollComponent", "poll"), ("eventComponent", "event"),
    ("articleComponent", "link"), ("*videoPlayMetadata", "video"), ("navigationContext", "link"),
)  # fmt: skip
"""Part of an item's content → format."""


def native_id(urn: str, path: str) -> str:
    """The number that a post's URN ends in.

    Raises:
        ParseError: no post's URN; with `path`.
    """
    match = URN.search(urn)
    if not match:
        raise ParseError(path, "not a post's URN")
    return match[1]


def moment_of(identity: str, now: datetime) -> datetime | None:
    """When a post was made: its id's first 42 bits count milliseconds since 1970.

    None for an id that would lie before such ids began, or after `now`.
    """
    milliseconds = int(identity) >> ID_TIME_BITS
    try:
        made = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return made if EARLIEST <= made <= now + timedelta(days=1) else None


def owner_of(url: str) -> str | None:
    """The account in an address: a company's name alone, else `in/`, `school/`… and a name."""
    match = OWNER.search(url)
    return unquote(match[1]).lower().removeprefix("company/") if match else None


def author_of(card: LexborNode) -> str | None:
    """The account that a card says it is by."""
    actor = card.css_first("a[data-tracking-control-name*='feed-actor-name']")
    return owner_of((actor.attributes.get("href") or "") if actor else "")


def plain(node: LexborNode | None) -> str:
    """The node's text in one line; empty for no node."""
    return " ".join(node.text().split()) if node else ""


def card_records(card: LexborNode, owner: str | None, now: datetime) -> Iterator[Record]:
    """One update of a guest page, seen at `now`: its Post, and its Metrics when it is `owner`'s.

    Raises:
        ParseError: no id, or neither text nor media.
    """
    identity = native_id(card.attributes.get("data-activity-urn") or "", "data-activity-urn")
    for quoted in card.css(QUOTED):
        quoted.decompose()
    author = author_of(card)
    repost = card.css_first(".main-feed-activity-card__header") is not None
    repost = repost or (None not in {owner, author} and author != owner)
    yield _card_post(card, identity, now, repost=repost)
    likes, comments = _shown(card, "reactions"), _shown(card, "comments")
    if not repost and not likes is comments is None:
        yield Metrics(identity, likes=likes, comments=comments)


def _card_post(card: LexborNode, identity: str, now: datetime, *, repost: bool) -> Post:
    said = card.css_first("[data-test-id='main-feed-activity-card__commentary']")
    for line in said.css("br") if said else ():
        line.replace_with("\n")
    text = said.text().strip() if said else ""
    anchors = [a.attributes.get("href") or "" for a in said.css("a[href]")] if said else []
    kind, media, link = _card_media(card)
    if not text and kind == "text" and not repost:
        raise ParseError("commentary", "neither text nor media")
    moment = _moment(identity, EDITED.sub("", plain(card.css_first("time"))), now)
    overlay = card.parent.css_first("a.main-feed-card__overlay-link") if card.parent else None
    shown = ((overlay.attributes.get("href") or "") if overlay else "").partition("?")[0]
    return Post(
        native_id=identity,
        url=shown if identity in shown and api.is_address(shown) else address_of(identity),
        published_at=moment.at if moment else None,
        published_within_s=moment.within_s if moment else 0,
        format=kind,
        title=plain(card.css_first("[data-test-id='article-content__title']")) or None,
        text=text or None,
        media_count=media,
        hashtags=hashtags_of(text),
        mentions=once((owner_of(href) or "").rpartition("/")[2] for href in anchors),
        links=api.addresses((*links_of(text), link)),
        is_repost=repost,
    )


def address_of(identity: str) -> str:
    """The address of a post whose own is not shown."""
    return f"{SITE}/feed/update/urn:li:activity:{identity}/"


def _moment(identity: str, shown: str, now: datetime) -> When | None:
    """By the id, to the second; else by what is shown, such as "4d"."""
    made = moment_of(identity, now)
    return When(made, 0.0) if made else when(shown, now)


def _card_media(card: LexborNode) -> tuple[str, int | None, str | None]:
    """(format, pieces of media, address linked to) of a card."""
    for selector, kind in MEDIA:
        if card.css_first(selector):
            return kind, 1 if kind == "video" else None, None
    if pictures := len(card.css("[data-test-id='feed-images-content__list-item']")):
        return "photo" if pictures == 1 else "carousel", pictures, None
    if linked := card.css_first("a[data-test-id='article-content']"):
        link = _target(linked.attributes.get("href") or "")
        return _linked(link), None, link
    return "text", None, None


def _linked(link: str) -> str:
    found = re.search(r"linkedin\.com/(pulse|newsletters)/", link)
    return {"pulse": "article", "newsletters": "newsletter"}[found[1]] if found else "link"


def _target(href: str) -> str:
    """The address behind LinkedIn's own redirect, without its tracking."""
    redirected = parse_qs(urlsplit(href).query).get("url", [""])[0] if "/redir/" in href else ""
    return redirected or re.sub(r"[?&]trk=[^&]*$", "", href)


def _shown(card: LexborNode, kind: str) -> int | None:
    node = card.css_first(f"[data-num-{kind}]")
    return count(node.attributes.get(f"data-num-{kind}")) if node else None


def item_records(item: Any, collected_at: datetime) -> Iterator[Record]:
    """One post as the signed-in site's own JSON has it (Voyager), collected by a browser.

    Its Post, and its Metrics unless it was only passed on. `collected_at` dates a post whose id
    does not.

    Raises:
        ParseError: not such an item.
    """
    urn = maybe(item, "updateMetadata", "urn", of=str) or get(item, "preDashEntityUrn", of=str)
    identity = native_id(urn, "updateMetadata.urn")
    author = owner_of(maybe(item, "actor", "navigationContext", "actionTarget", of=str) or "")
    if author is None:
        raise ParseError("actor.navigationContext.actionTarget", "not an account's address")
    text = (maybe(item, "commentary", "text", "text", of=str) or "").strip()
    shown = maybe(item, "actor", "subDescription", "text", of=str) or ""
    moment = _moment(identity, EDITED.sub("", shown), collected_at)
    kind, media, link = _item_media(maybe(item, "content", of=dict) or {})
    repost = bool(maybe(item, "*resharedUpdate") or maybe(item, "resharedUpdate")) and not text
    yield Post(
        native_id=identity,
        url=address_of(identity),
        published_at=moment.at if moment else None,
        published_within_s=moment.within_s if moment else 0,
        format=kind,
        text=text or None,
        media_count=media,
        hashtags=once((*hashtags_of(text), *_item_tags(item))),
        mentions=mentions_of(text),
        links=api.addresses((*links_of(text), link)),
        is_repost=repost,
        sponsored=None if re.search(r"[0-9]", shown) or not shown else True,
    )
    counts = _item_counts(maybe(item, "*socialDetail") or maybe(item, "socialDetail"))
    if not repost and counts:
        yield Metrics(identity, **counts)


def _item_tags(item: Any) -> Iterator[str]:
    """Hashtags that the item names apart from its text."""
    written = maybe(item, "commentary", "text")
    for part in (
        maybe(written, "attributesV2", of=list) or maybe(written, "attributes", of=list) or ()
    ):
        urn = maybe(part, "detailData", "*hashtag", "trackingUrn", of=str) or (
            maybe(part, "type") == "HASHTAG" and maybe(part, "trackingUrn", of=str)
        )
        if urn:
            yield tag_of(urn.rpartition(":")[2])


def _item_media(content: dict[str, Any]) -> tuple[str, int | None, str | None]:
    """(format, pieces of media, address linked to) of an item's content."""
    pictures = maybe(content, "images", of=list) or maybe(
        content, "imageComponent", "images", of=list
    )
    if pictures:
        return "photo" if len(pictures) == 1 else "carousel", len(pictures), None
    kind = next((kind for key, kind in COMPONENTS if content.get(key)), "text")
    where = content.get("articleComponent") or content
    link = maybe(where, "navigationContext", "actionTarget", of=str) if kind == "link" else None
    target = _target(link) if link else None
    return _linked(target) if target else kind, 1 if kind == "video" else None, target


def _item_counts(social: Any) -> dict[str, int]:
    """Counts by field of Metrics, in either of the two shapes that items have them."""
    total = maybe(social, "*totalSocialActivityCounts", of=dict) or maybe(
        social, "totalSocialActivityCounts", of=dict
    )
    found = (
        {"likes": total.get("numLikes"), "comments": total.get("numComments"),
         "shares": total.get("numShares"), "views": total.get("numViews")}
        if total else
        {"likes": maybe(social, "likes", "paging", "total"),
         "comments": maybe(social, "comments", "paging", "total"),
         "shares": maybe(social, "totalShares")}
    )  # fmt: skip
    known = {name: count(value) for name, value in found.items() if isinstance(value, int)}
    return {name: number for name, number in known.items() if number is not None}
