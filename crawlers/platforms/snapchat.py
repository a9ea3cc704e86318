"""Snapchat: a public profile's Spotlight videos and its story, as its web page embeds them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

import msgspec

from crawlers.fields import count, get, hashtags_of, links_of, maybe, mentions_of, once, tag_of
from crawlers.formats import api, next_data, xml
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Gone, Metrics, Post, Profile, Record

SITE: Final = "https://www.snapchat.com"
IDENTITY: Final = re.compile(r"[\w-]{8,200}")
SPOTLIGHT: Final = re.compile(r"/spotlight/([\w-]{8,200})")
LATEST: Final = 4 * 10**9
"""No time is later, in seconds since 1970; beyond it a number means something else."""
FILLERS: Final = {"", "Spotlight Snap", "Another Spotlight Snap brought to you by Snapchat"}
"""What the site writes where the author wrote nothing."""
COUNTS: Final = (("comments", "commentCount"), ("shares", "shareCount"), ("views", "viewCount"))


class Snapchat(Platform):
    """The account is the user's name. A private or ordinary account shows no posts.

    The page rounds subscribers to hundreds and writes "0" where the account hides them: None
    here. Snapchat's terms restrict automated visits; the run obeys robots.txt, and the lawful
    alternatives are the Public Profile API with the owner's token or an export through
    `vigie import`.
    """

    name = "snapchat"
    title = "Snapchat"
    docs = "https://developers.snap.com/api/marketing-api/Public-Profile-API/GetStarted"
    accounts = re.compile(
        r"https?://(?:www\.|story\.)?snapchat\.com/(?:add/|@)"
        r"(?P<account>[a-zA-Z][\w.-]{1,29})/?(?:[?#]|$)"
    )
    examples = (
        "https://www.snapchat.com/@maisonalpine",
        "https://www.snapchat.com/add/MaisonAlpine?share_id=x",
    )
    access = "page"
    confidence = "thin"
    delay_s = 3.0
    hides = frozenset(
        ("likes", "saves", "language", "sponsored", "edited_at", "following", "posts_total")
    )
    floor: ClassVar[Mapping[str, float]] = {"published_at": 0.9}
    base_url = SITE

    def account_of(self, url: str) -> str | None:
        """Names mean the same in either case."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The account's page."""
        return f"{SITE}/@{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The account's page: its head, its Spotlight videos, its story of the day."""
        yield Fetch(self.url_of(account))

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts of Spotlight videos, one a request; stories show none."""
        for native_id, url in posts:
            if SPOTLIGHT.search(url):
                yield Fetch(url, kind="post", context={"post": native_id})

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A profile or a Spotlight video's page."""
        markup = xml.decoded(page.body, page.content_type)
        if not is_html(markup):
            raise ParseError("", "not an HTML page")
        props = _props(markup)
        if maybe(props, "pageType") == "NOT_FOUND":
            yield from _nobody(page)
        elif page.fetch.kind == "post" or SPOTLIGHT.search(page.url):
            yield from _spotlight_page(props, page)
        else:
            yield from _profile_page(props, page)


def _props(markup: str) -> Any:
    """What the page's script was given.

    Raises:
        Blocked: a wall without it.
        ParseError: cut off or malformed.
    """
    data = next_data.script(markup)
    if data is None:
        if next_data.NAME in markup:
            raise ParseError(next_data.NAME, "not a whole script")
        raise Blocked(wall(markup) or "empty_shell", "no data in the page")
    try:
        return get(msgspec.json.decode(data), "props", "pageProps", of=dict)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise ParseError(next_data.NAME, "not a whole JSON document") from error


def _nobody(page: Page) -> Iterator[Record]:
    if "post" not in page.fetch.context:
        raise Blocked("gone", "no such account")
    yield Gone(page.fetch.context["post"])


def _profile_page(props: Any, page: Page) -> Iterator[Record | Dropped]:
    """The head; each Spotlight video, whose two halves lie in two lists; the story's snaps."""
    user = get(props, "userProfile", of=dict)
    head = maybe(user, "publicProfileInfo", of=dict)
    if head is None:
        if maybe(user, "userInfo", of=dict) is None:
            raise ParseError("userProfile", "neither publicProfileInfo nor userInfo")
        raise Blocked("login_wall", "an ordinary account, without a public profile")
    yield Profile(
        name=maybe(head, "title", of=str) or get(head, "username", of=str),
        followers=count(maybe(head, "subscriberCount")) or None,
        description=maybe(head, "bio", of=str) or None,
    )
    stories = maybe(props, "spotlightHighlights", of=list) or []
    abouts = maybe(props, "spotlightStoryMetadata", of=list) or []
    if maybe(head, "hasSpotlightHighlights") is True and not (stories or abouts):
        raise Blocked("empty_shell", "the profile's videos are left out")
    filled = [(s, a) for s, a in _paired(stories, abouts) if _identity(s, a)]
    yield from each(filled, "spotlightHighlights", lambda pair: video_records(*pair))
    snaps = maybe(props, "story", "snapList", of=list) or []
    yield from each(snaps, "story.snapList", lambda snap: _snap(snap, page))


def _paired(stories: list[Any], abouts: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Each slot of the two lists; either may be shorter."""
    for place in range(max(len(stories), len(abouts))):
        yield (
            stories[place] if place < len(stories) else {},
            abouts[place] if place < len(abouts) else {},
        )


def _identity(story: Any, about: Any) -> str:
    """The video's id; empty in a slot that the page left empty."""
    link = maybe(about, "oneLinkParams", "deepLinkUrl", of=str) or ""
    linked = SPOTLIGHT.search(f"/{link.partition('://')[2] or link}")
    return maybe(story, "storyId", "value", of=str) or (linked[1] if linked else "")


def _spotlight_page(props: Any, page: Page) -> Iterator[Record | Dropped]:
    """The video that was asked for; the page goes on with other people's."""
    match = SPOTLIGHT.search(page.url)
    wanted = page.fetch.context.get("post") or (match[1] if match else "")
    feed = get(props, "spotlightFeed", "spotlightStories", of=list)
    own = [s for s in feed if maybe(s, "story", "storyId", "value") == wanted]
    if not own:
        raise ParseError("spotlightFeed.spotlightStories", "the video is not among them")
    yield from video_records(get(own[0], "story"), get(own[0], "metadata"))


def video_records(story: Any, about: Any) -> Iterator[Record]:
    """One Spotlight video, from its story and its metadata: its Post, and Metrics when shown.

    Raises:
        ParseError: no id.
    """
    native_id = _identity(story, about)
    if not IDENTITY.fullmatch(native_id):
        raise ParseError("storyId.value", "not a video's")
    video = maybe(about, "videoMetadata", of=dict) or {}
    title = _written(maybe(story, "storyTitle", "value")) or _written(video.get("name"))
    text = _written(maybe(about, "description")) or _written(video.get("description"))
    tags = (tag for tag in maybe(about, "hashtags", of=list) or () if isinstance(tag, str))
    taken = maybe(story, "snapList", 0, "timestampInSec", "value")
    sent = _number(video.get("uploadDateMs"))
    yield Post(
        native_id=native_id,
        url=f"{SITE}/spotlight/{native_id}",
        published_at=_moment(sent / 1000 if sent else _number(taken)),
        format="short",
        title=title,
        text=text,
        media_count=1,
        duration_s=(_number(video.get("durationMs")) or 0) / 1000 or None,
        hashtags=once((*hashtags_of(f"{title or ''}\n{text or ''}"), *map(tag_of, tags))),
        mentions=mentions_of(text or ""),
        links=api.addresses(links_of(text or "")),
    )
    counts = maybe(about, "engagementStats", of=dict) or video
    shown = {name: _number(counts.get(key)) for name, key in COUNTS}
    if any(number is not None for number in shown.values()):
        yield Metrics(native_id, **shown)


def _snap(snap: Any, page: Page) -> Iterator[Record]:
    native_id = get(snap, "snapId", "value", of=str)
    if not IDENTITY.fullmatch(native_id):
        raise ParseError("snapId.value", "not a snap's")
    yield Post(
        native_id=native_id,
        url=f"{SITE}/@{page.account}",
        published_at=_moment(_number(maybe(snap, "timestampInSec", "value"))),
        format="story",
        media_count=1,
    )


def _written(value: Any) -> str | None:
    text = value.strip() if isinstance(value, str) else ""
    return None if text in FILLERS else text


def _number(value: Any) -> int | None:
    """A number that the page writes as one or as a text; "-1" is one that it hides."""
    return count(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _moment(seconds: float | None) -> datetime | None:
    """A time since 1970; None for zero, which stands for none."""
    return api.moment(seconds, "") if seconds and seconds < LATEST else None
