"""One video's own page, as YouTube's player and watch answers give it: exact date, all counts."""

import re
from collections.abc import Iterator
from typing import Any, Final

from crawlers.fields import count, find, hashtags_of, instant, links_of, maybe, mentions_of, when
from crawlers.formats.innertube import VIDEO_ID, Node, said, shown, url_of
from crawlers.formats.syndication import seconds
from crawlers.platform import Blocked, Page, ParseError
from data.records import Gone, Metrics, Post, Record

NUMBER: Final = re.compile(r"[0-9][0-9.,\u00a0\u202f ]*[0-9]|[0-9]")
AGE: Final = re.compile(r"\bage\b|âge", re.IGNORECASE)


def records(player: Node, following: Node, page: Page) -> Iterator[Record]:
    """The video's Post and Metrics, or Gone where YouTube says that a known one is no more.

    Args:
        player: the player's answer (ytInitialPlayerResponse), or empty.
        following: the watch page's data (ytInitialData, `next`), or empty.
        page: the page that both come from.

    Raises:
        Blocked: gone, or behind a wall.
        ParseError: neither part names the video.
    """
    details: Node = maybe(player, "videoDetails", of=dict) or {}
    about: Node = maybe(player, "microformat", "playerMicroformatRenderer", of=dict) or {}
    if not about and (reason := _refusal(player)):
        if reason == "gone" and "post" in page.fetch.context:
            yield Gone(native_id=page.fetch.context["post"])
            return
        raise Blocked(reason, maybe(player, "playabilityStatus", "reason", of=str) or "")
    video_id = maybe(details, "videoId") or maybe(
        following, "currentVideoEndpoint", "watchEndpoint", "videoId"
    )
    if not (isinstance(video_id, str) and VIDEO_ID.fullmatch(video_id)):
        raise ParseError("videoDetails.videoId", "missing")
    found = find(following, "videoPrimaryInfoRenderer")
    primary: Node = next((one for one in found if isinstance(one, dict)), {})
    if not (about or details or primary):
        raise ParseError("contents.twoColumnWatchNextResults", "no video on the page")
    yield _post(video_id, (about, details, primary, following), page)
    yield Metrics(
        native_id=video_id,
        likes=_first(count(maybe(about, "likeCount")), _likes(primary)),
        comments=_comments(following),
        views=_first(
            count(maybe(about, "viewCount") or maybe(details, "viewCount")),
            shown(said(next(find(primary.get("viewCount"), "viewCount"), None))),
        ),
    )


def _post(video_id: str, parts: tuple[Node, Node, Node, Node], page: Page) -> Post:
    about, details, primary, following = parts
    exact = instant(maybe(about, "publishDate", of=str) or "")
    dated = None if exact else when(said(primary.get("dateText")) or None, page.fetched_at)
    short = maybe(about, "isShortsEligible") is True or "/shorts/" in page.fetch.url
    live = maybe(details, "isLiveContent") is True or "liveBroadcastDetails" in about
    text = (
        said(about.get("description"))
        or maybe(details, "shortDescription", of=str)
        or said(next(find(following.get("contents"), "attributedDescription"), None))
    )
    title = (
        said(about.get("title")) or maybe(details, "title", of=str) or said(primary.get("title"))
    )
    length = seconds(str(maybe(about, "lengthSeconds") or maybe(details, "lengthSeconds") or ""))
    return Post(
        native_id=video_id,
        url=url_of(video_id, short=short),
        published_at=exact or (dated.at if dated else None),
        published_within_s=dated.within_s if dated else 0,
        format="short" if short else "live" if live else "video",
        title=title or None,
        text=text or None,
        media_count=1,
        duration_s=length,
        hashtags=hashtags_of(f"{title}\n{text or ''}"),
        mentions=mentions_of(text or ""),
        links=links_of(text or ""),
    )


def _refusal(player: Node) -> str | None:
    """Why the player shows nothing, as a reason; None where it has nothing to say."""
    status = maybe(player, "playabilityStatus", "status", of=str)
    why = maybe(player, "playabilityStatus", "reason", of=str) or ""
    if status == "ERROR":
        return "gone"
    if status in {"LOGIN_REQUIRED", "AGE_CHECK_REQUIRED", "AGE_VERIFICATION_REQUIRED"}:
        age = AGE.search(why) or status != "LOGIN_REQUIRED"
        return "age_gate" if age else "block_page" if "bot" in why else "login_wall"
    return None


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _likes(primary: Node) -> int | None:
    """The exact number is in the button's label ("… along with 16,805 other people")."""
    button = next(find(primary, "segmentedLikeDislikeButtonViewModel"), None)
    like: Any = next(find(maybe(button, "likeButtonViewModel"), "defaultButtonViewModel"), None)
    label = next(find(like, "accessibilityText"), "")
    number = NUMBER.search(label) if isinstance(label, str) else None
    return _first(
        count(number[0].strip()) if number else None, count(next(find(like, "title"), None))
    )


def _comments(following: Node) -> int | None:
    """The count over the comments, rounded by YouTube from a thousand on; 0 is "0"."""
    headers = find(following.get("contents"), "commentsEntryPointHeaderRenderer")
    for header in headers:
        if (number := count(said(maybe(header, "commentCount")) or None)) is not None:
            return number
    for panel in find(following.get("engagementPanels"), "engagementPanelSectionListRenderer"):
        if maybe(panel, "panelIdentifier") == "engagement-panel-comments-section":
            info = maybe(panel, "header", "engagementPanelTitleHeaderRenderer", "contextualInfo")
            return count(said(info) or None)
    return None
