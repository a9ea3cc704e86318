"""YouTube's Data API (v3), asked instead of its pages where the user has a key."""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from crawlers.fields import count, decode, hashtags_of, links_of, mentions_of, text_of
from crawlers.formats import api
from crawlers.formats.innertube import VIDEO_ID, url_of
from crawlers.platform import Blocked, Dropped, Fetch, Official, Page, ParseError, each
from crawlers.wire import youtube as wire
from data.records import Comment, Gone, Metrics, Post, Profile, Record

API: Final = "https://www.googleapis.com"
BATCH: Final = 50
"""Most items of a list, and most videos that one request names."""
REMARKS: Final = 100
YOUNG: Final = timedelta(days=30)
"""Conversations under older videos have ended: they are not asked for."""
SHORT_S: Final = 180.0
"""YouTube calls an upright or square video of at most this length a Short."""
LENGTH: Final = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?")
OVER: Final = frozenset(
    ("quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded")
)
SILENT: Final = frozenset(("commentsDisabled", "playlistNotFound", "videoNotFound"))
"""What is not there without anything being wrong: comments, uploads, a video that just went."""
SHUT: Final = frozenset(("channelClosed", "channelSuspended", "channelNotFound"))
KEY: Final = re.compile(
    r"api.?key|accessNotConfigured|forbidden|blocked|unauthorized", re.IGNORECASE
)


class YoutubeApi(Official):
    """Channel → list of uploads → videos by fifties → comments; each request costs one unit."""

    origin = API
    needs = ("youtube_api_key",)
    header = ("X-Goog-Api-Key", "{youtube_api_key}")

    def start(self, account: str) -> Iterator[Fetch]:
        """The channel, by its id, handle or old user name; it names the list of its uploads.

        A topic is searched for, newest first: that costs a hundred units a page.
        """
        if is_topic(account):
            words = account.removeprefix("search/")
            yield _call("search", "uploads", part="id", type="video", order="date", q=words)
            return
        name = {"forHandle": "@" + account.rpartition("/")[2].lstrip("@")}
        if account.startswith("user/"):
            name = {"forUsername": account.removeprefix("user/")}
        elif account.startswith("UC"):
            name = {"id": account}
        yield _call("channels", "channel", part="snippet,statistics,contentDetails", **name)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Present counts, fifty videos a request; those not in the answer are gone."""
        ids = [native_id for native_id, _ in posts]
        for first in range(0, len(ids), BATCH):
            yield _videos(ids[first : first + BATCH], "refresh", {})

    def refused(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The API names its reasons."""
        try:
            error = decode(wire.ANSWER, page.body).error
        except ParseError:
            error = None
        if error is None:
            return super().refused(page)
        reasons = {reason.reason for reason in error.errors}
        said = " ".join((*sorted(reasons), error.message))[:200]
        if reasons & SILENT and page.fetch.kind != "channel":
            return iter(())
        if reasons & OVER:
            raise Blocked("rate_limited", "the quota of VIGIE_YOUTUBE_API_KEY is used up for today")
        if reasons & SHUT:
            raise Blocked("gone", said)
        if KEY.search(f"{said} {error.status}"):
            raise Blocked("needs_token", f"VIGIE_YOUTUBE_API_KEY is refused: {said}")
        return super().refused(page)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A channel, uploads, videos or comments, by what the answer says that it is."""
        answer = decode(wire.ANSWER, page.body)
        match answer.kind.removeprefix("youtube#").removesuffix("ListResponse"):
            case "channel":
                yield from _channel(answer)
            case "playlistItem" | "search" | "activity":
                yield from _entries(answer, page)
            case "video":
                yield from _listed(answer, page)
            case "commentThread":
                yield from _said(answer, page)
            case _:
                raise ParseError("kind", "not an answer about channels, videos or comments")


def is_topic(account: str) -> bool:
    """Whether the account is a hashtag or a search: what strangers publish."""
    return account.startswith(("#", "search/"))


def _call(method: str, kind: str, **query: str) -> Fetch:
    url = f"{API}/youtube/v3/{method}?{urlencode({**query, 'maxResults': BATCH})}"
    return Fetch(url, kind=kind, official=True)


def _more(fetch: Fetch, token: str = "") -> Fetch:
    """A request as part of a list; with a token, that of its next page."""
    further = api.further(fetch, pageToken=token) if token else fetch
    return msgspec.structs.replace(further, more=True, official=True)


def _videos(ids: Sequence[str], kind: str, context: dict[str, str]) -> Fetch:
    """Videos by their ids. The size asked for the player tells their proportions."""
    query = {
        "part": "snippet,statistics,contentDetails,liveStreamingDetails,player",
        "id": ",".join(ids),
        "maxWidth": "1000",
    }
    url = f"{API}/youtube/v3/videos?{urlencode(query)}"
    context = {**context, "ids": " ".join(ids)}
    return Fetch(url, kind=kind, context=context, official=True)


def _channel(answer: wire.Answer) -> Iterator[Record | Fetch]:
    if not answer.items:
        raise Blocked("gone", "the API knows no such channel")
    channel = decode(wire.CHANNEL, answer.items[0])
    numbers = channel.statistics
    yield Profile(
        name=channel.snippet.title,
        followers=count(numbers.subscribers),
        posts_total=count(numbers.videos),
        description=channel.snippet.description or None,
    )
    if channel.details.lists:
        uploads = channel.details.lists.uploads
        yield _call("playlistItems", "uploads", part="contentDetails", playlistId=uploads)


def _entries(answer: wire.Answer, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """A page of a list: a request for its videos, which then asks for the next page.

    Where nobody asked for it with a key (a saved answer), what it shows of each video.
    """
    if not page.fetch.official:
        yield from each(answer.items, "items", lambda raw: _shown(decode(wire.ENTRY, raw)))
        return
    lines = list(each(answer.items, "items", lambda raw: (_id(decode(wire.ENTRY, raw).video()),)))
    yield from (line for line in lines if isinstance(line, Dropped))
    ids = [line for line in lines if isinstance(line, str)]
    if ids:
        more = {"list": page.fetch.url, "next": answer.next or ""}
        yield _more(_videos(ids, "videos", more))


def _shown(entry: wire.Entry) -> Iterator[Post]:
    """A video as a list shows it; other things that lists hold are left out."""
    if entry.video() is None and entry.snippet:
        return
    native_id, texts = _id(entry.video()), entry.snippet
    if texts is None:
        raise ParseError("snippet", "missing")
    title, about = html.unescape(texts.title), html.unescape(texts.description)
    published = (entry.details and entry.details.published) or texts.published
    yield Post(
        native_id=native_id,
        url=url_of(native_id, short=False),
        published_at=api.moment(published, "publishedAt"),
        format="video" if texts.live == "none" else "live",
        title=title or None,
        text=about or None,
        media_count=1,
        hashtags=hashtags_of(f"{title}\n{about}"),
        mentions=mentions_of(about),
        links=links_of(about),
    )


def _id(text: str | None) -> str:
    if not (text and text.isascii() and VIDEO_ID.fullmatch(text)):
        raise ParseError("contentDetails.videoId", "not a video's id")
    return text


def _listed(answer: wire.Answer, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """Videos, the list's next page, and what is said under the young ones."""
    asked = page.fetch.context
    found = list(each(answer.items, "items", lambda raw: _video(decode(wire.VIDEO, raw), page)))
    yield from (item for item in found if not isinstance(item, Fetch))
    if page.fetch.kind == "refresh":
        # A video that is shown but could not be read is not gone.
        shown = b" ".join(map(bytes, answer.items)).decode("utf-8", "replace")
        yield from (Gone(id_) for id_ in asked.get("ids", "").split() if id_ not in shown)
    elif asked.get("next") and asked.get("list"):
        further = Fetch(asked["list"], kind="uploads", official=True)
        yield _more(further, asked["next"])
    yield from (item for item in found if isinstance(item, Fetch))


def _video(video: wire.Video, page: Page) -> Iterator[Record | Fetch]:
    """One video, its counts, and a request for its comments; planned ones are left out."""
    texts, numbers = video.snippet, video.statistics
    if texts.live == "upcoming":
        return
    native_id, duration = _id(video.id), _seconds(video.details.duration)
    short = _is_short(video, duration)
    published = api.moment(texts.published, "snippet.publishedAt")
    words = f"{texts.title}\n{texts.description}"
    yield Post(
        native_id=native_id,
        url=url_of(native_id, short=short),
        published_at=published,
        format="short" if short else "live" if bytes(video.streamed) else "video",
        title=texts.title or None,
        text=texts.description or None,
        media_count=1,
        duration_s=duration,
        hashtags=hashtags_of(words),
        mentions=mentions_of(texts.description),
        links=links_of(texts.description),
    )
    comments = count(numbers.comments)
    found = Metrics(
        native_id, likes=count(numbers.likes), comments=comments, views=count(numbers.views)
    )
    if found != Metrics(native_id):
        yield found
    own = page.fetch.kind == "videos" and not is_topic(page.account)
    if own and comments and page.fetched_at - published < YOUNG:
        query = {"part": "snippet,replies", "videoId": native_id, "order": "time",
                 "textFormat": "plainText", "maxResults": REMARKS}  # fmt: skip
        url = f"{API}/youtube/v3/commentThreads?{urlencode(query)}"
        context = {"post": native_id}
        yield Fetch(url, "comments", context, optional=True, official=True)


def _is_short(video: wire.Video, duration: float | None) -> bool:
    """Whether YouTube shows it as a Short: brief, and not wider than high."""
    width, height = count(video.player.width), count(video.player.height)
    upright = width is not None and height is not None and width <= height
    brief = duration is not None and duration <= SHORT_S
    return upright and brief and not bytes(video.streamed)


def _seconds(text: str) -> float | None:
    """An ISO 8601 length, such as PT1H2M3S; None for none or zero."""
    match = LENGTH.fullmatch(text)
    if not match:
        return None
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float(86400 * days + 3600 * hours + 60 * minutes + rest) or None


def _said(answer: wire.Answer, page: Page) -> Iterator[Comment | Fetch | Dropped]:
    """Conversations under one video, newest first, while they go on."""
    yield from each(answer.items, "items", lambda raw: _talk(decode(wire.CONVERSATION, raw), page))
    if answer.items and answer.next:
        further = api.further(page.fetch, pageToken=answer.next)
        yield msgspec.structs.replace(further, more=False, official=True)


def _talk(talk: wire.Conversation, page: Page) -> Iterator[Comment]:
    top = talk.snippet.top
    yield _comment(top, talk, page)
    yield from (_comment(reply, talk, page) for reply in talk.replies.comments)


def _comment(remark: wire.Remark, talk: wire.Conversation, page: Page) -> Comment:
    words, top = remark.snippet, talk.snippet.top
    author = words.channel.value or words.author
    video = page.fetch.context.get("post") or _id(talk.snippet.video)
    if not remark.id.strip() or not author:
        raise ParseError("id" if author else "snippet.authorChannelId", "missing")
    plain = words.original is not None or "textFormat=plainText" in page.fetch.url
    text = words.text if words.original is None else words.original
    return Comment(
        native_id=remark.id,
        post_native_id=video,
        published_at=api.moment(words.published, "snippet.publishedAt"),
        author_key=page.author_key(author, words.author or author),
        from_channel=bool(talk.snippet.channel) and author == talk.snippet.channel,
        text=text if plain or text is None else text_of(text),
        in_reply_to=None if remark is top else top.id,
        likes=count(words.likes),
    )
