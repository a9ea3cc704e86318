"""Plays one channel through time: what it publishes, how people take it, what it answers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from data.market import chatter, ids, writing
from data.market.cast import BLOGS, RISING_FORMAT, RISING_HASHTAG, Channel
from data.market.growth import HALF_H, age_of, followers_at
from data.market.records import Answer, Comment, Counts, Post
from data.market.rhythm import PARIS, deck, dice, times

FORMAT_EFFECT: Final = {
    "text": 0.0, "link": -0.3, "photo": 0.3, "carousel": 0.5, "poll": 0.2, "video": 0.7,
    "short": 0.4, "article": 0.0, "audio": 0.0,
}  # fmt: skip
"""Planted effect of a format on the log of engagement, against text."""
NOISE: Final = 0.45
"""Standard deviation of a post's luck on the log of engagement."""
RISE: Final = ((7.0, 0.38, 0.4), (14.0, 0.16, 0.15), (21.0, 0.08, 0.06))
"""(days before the end, share of posts in the rising format, with the rising hashtag)."""
SPOKEN_OF: Final = {
    "Maison Alpine": 0.14,
    "Crête & Co": 0.09,
    "Refuge Nord": 0.06,
    "Vallon Outdoor": 0.05,
}
"""Share of strangers' posts that name a brand."""
DISCLOSED_EVERY: Final = 11
"""An influencer's every eleventh post is paid for and says so."""


@dataclass(frozen=True, slots=True)
class Stage:
    """When the play takes place."""

    seed: int
    end: datetime
    days: int


def perform(channel: Channel, stage: Stage, *, is_voice: bool) -> list[Post]:
    """All posts of the channel, oldest first."""
    first = (stage.end - timedelta(days=stage.days)).astimezone(PARIS).date()
    moments = times(channel, first, stage.days, dice(stage.seed, channel.channel_id, "times"))
    count = len(moments)
    rng = dice(stage.seed, channel.channel_id, "plans")
    themes = deck(channel.themes, count, rng)
    formats = deck(channel.formats, count, rng)
    english = deck((("en", channel.english), ("fr", 1 - channel.english)), count, rng)
    waves = [_wave(channel, moment, stage.end, rng) for moment in moments]
    people = dice(stage.seed, channel.channel_id, "people")
    pen = dice(stage.seed, channel.channel_id, "words")
    tongue = dice(stage.seed, channel.channel_id, "names")
    posts = []
    for turn, moment in enumerate(moments):
        is_rising, is_tagged = waves[turn]
        post = _write(channel, turn, moment, themes[turn], english[turn], pen)
        form = RISING_FORMAT if is_rising else formats[turn]
        post = _dress(post, channel, form, tagged=is_tagged, rng=pen)
        if channel.is_topic:
            post = _speak_of(post, tongue)
        if is_voice and turn % DISCLOSED_EVERY == DISCLOSED_EVERY - 1:
            post = _disclose(post)
        posts.append(_meet(post, channel, stage, people))
    return posts


def _wave(
    channel: Channel, moment: datetime, end: datetime, rng: np.random.Generator
) -> tuple[bool, bool]:
    """Whether a post takes the rising format and the rising hashtag."""
    draws = rng.random(2)
    if not channel.rising:
        return False, False
    age_d = (end - moment).total_seconds() / 86_400
    for days, formats, tags in RISE:
        if age_d <= days:
            return bool(draws[0] < formats), bool(draws[1] < tags)
    return False, bool(draws[1] < 0.01)  # noqa: PLR2004 - the hashtag exists, barely


def _write(
    channel: Channel, turn: int, moment: datetime, theme: str, language: str,
    rng: np.random.Generator,
) -> Post:  # fmt: skip
    """A post with its words and address; its format and its fate come later."""
    voice = writing.Voice(language, channel.register)
    is_titled = channel.platform not in {"bluesky", "mastodon"}
    title = writing.title(voice, theme, rng) if is_titled else None
    compose = writing.long_text if is_titled else writing.short_text
    author = str(rng.choice(chatter.FIRST_NAMES)) if channel.is_topic else None
    native_id, url = _address(channel, turn, moment, title or "", author)
    return Post(
        channel_id=channel.channel_id, number=turn, native_id=native_id, url=url,
        published_at=moment, format="", theme=theme, language=language,
        text=compose(voice, theme, rng), title=title,
        hashtags=writing.hashtags(voice, theme, turn) if not is_titled else (),
        media=0, duration_s=None, final=Counts(None, None, None, None),
        half_h=HALF_H.get(channel.platform, 20.0) * math.exp(0.25 * rng.normal()),
        round_up=float(rng.random()), author=author,
    )  # fmt: skip


def _address(
    channel: Channel, turn: int, moment: datetime, title: str, author: str | None
) -> tuple[str, str]:
    """Native id and address of a post, in the platform's own form."""
    if channel.platform == "bluesky":
        key = ids.tid(moment, turn)
        uri = f"at://{ids.did(channel.handle)}/app.bsky.feed.post/{key}"
        return uri, f"{channel.url}/post/{key}"
    if channel.platform == "mastodon":
        host = channel.account.rpartition("@")[2]
        status = ids.snowflake(moment, ids.number(channel.channel_id, turn))
        return f"{host}/{status}", f"https://{host}/@{author or channel.handle}/{status}"
    if channel.platform == "youtube":
        video = ids.video_id(channel.channel_id, turn)
        return video, f"https://www.youtube.com/watch?v={video}"
    home = channel.url.removesuffix("feed.xml").rstrip("/")
    url = f"{home}/{moment.astimezone(PARIS):%Y/%m}/{ids.slug(title)}-{turn}/"
    if channel.platform == "wordpress":
        return f"{home.removeprefix('https://')}/?p={wordpress_id(turn)}", url
    if channel.dialect == "atom":
        return f"tag:{BLOGS.removeprefix('https://')},2026:{channel.entity}/{turn}", url
    return (f"{home}/?p={wordpress_id(turn)}" if channel.dialect == "rss" else url), url


def wordpress_id(turn: int) -> int:
    """Number of a post in WordPress's own table."""
    return 60 + 4 * turn


def _dress(
    post: Post, channel: Channel, form: str, *, tagged: bool, rng: np.random.Generator
) -> Post:
    """The post in its format, with what is attached to it and its hashtags in the text."""
    media = {"photo": 1, "carousel": int(rng.integers(2, 5)), "video": 1, "short": 1, "audio": 1}
    length = {"video": 45 + 300 * rng.random(), "short": 15 + 40 * rng.random(), "audio": 1800.0}
    if channel.platform == "youtube" and form == "video":
        length["video"] *= 5
    tags = post.hashtags + ((RISING_HASHTAG,) if tagged else ())
    if channel.is_topic:
        tags = (*tags, channel.handle)
    words = " ".join(f"#{tag}" for tag in tags)
    url = post.url.replace("watch?v=", "shorts/") if form == "short" else post.url
    changes = {
        "format": form, "url": url, "hashtags": tags, "media": media.get(form, 0),
        "text": f"{post.text} {words}".strip(),
        "duration_s": float(round(length[form])) if form in length else None,
    }  # fmt: skip
    return replaced(post, changes)


def _speak_of(post: Post, rng: np.random.Generator) -> Post:
    """The post, naming a brand or none."""
    draw, way = rng.random(2)
    for name, share in SPOKEN_OF.items():
        if (draw := draw - share) < 0:
            ways = chatter.PRAISED[post.language]
            words = ways[int(way * len(ways))].format(name=name)
            return replaced(post, {"text": f"{words} {post.text}", "names": name})
    return post


def _disclose(post: Post) -> Post:
    sponsor = "Maison Alpine" if post.number % 2 else "Refuge Nord"
    words = chatter.DISCLOSURE[post.language].format(sponsor=sponsor)
    return replaced(post, {"text": f"{words} {post.text}", "sponsor": sponsor})


def _meet(post: Post, channel: Channel, stage: Stage, rng: np.random.Generator) -> Post:
    """The post with what people will make of it."""
    crowd = followers_at(channel, post.published_at, stage.end) or 300
    rate = 0.02 * (crowd / 10_000) ** -0.35
    luck = math.exp(FORMAT_EFFECT[post.format] + NOISE * float(rng.normal()))
    expected = crowd * rate * luck
    likes, comments, shares = (int(rng.poisson(expected * part)) for part in (0.85, 0.012, 0.138))
    final = {
        "bluesky": Counts(likes, comments, shares, None),
        "mastodon": Counts(likes, comments, shares, None),
        "wordpress": Counts(None, int(rng.poisson(2.5 * luck)), None, None),
        "youtube": Counts(likes, comments, None, int(crowd * 0.12 * luck) + likes),
    }.get(channel.platform, Counts(None, None, None, None))
    post = replaced(post, {"final": final})
    return replaced(post, {"comments": discussion(post, channel, final.comments or 0, rng)})


def discussion(
    post: Post, channel: Channel, count: int, rng: np.random.Generator, *, angry: bool = False
) -> tuple[Comment, ...]:
    """The comments that a post will get, in order of time, with the channel's answers."""
    voice = writing.Voice(post.language, channel.register)
    comments = []
    draws = rng.random((count, 4))
    for place in range(count):
        share = (place + 1 - post.round_up) / count
        at = post.published_at + timedelta(hours=age_of(share, post.half_h), seconds=place)
        name = chatter.FIRST_NAMES[int(draws[place, 0] * len(chatter.FIRST_NAMES))]
        author = f"{name}{int(draws[place, 0] * 9973) % 97}"
        is_question = draws[place, 1] < 0.3  # noqa: PLR2004 - three in ten ask something
        pool = (chatter.QUESTIONS if is_question else chatter.PRAISE)[post.language]
        pool = chatter.ANGER if angry else pool
        answer = None
        if not angry and draws[place, 3] < channel.answers:
            delay = channel.answer_min * math.exp(1.1 * float(rng.normal()))
            when = at + timedelta(minutes=max(1.0, delay))
            words = voice.pick(chatter.ANSWERS[post.language], rng)
            answer = Answer(_reply_id(channel, post, place, when), when, words)
        comments.append(
            Comment(
                native_id=_comment_id(channel, post, place, at, author), author=author, at=at,
                text=pool[int(draws[place, 2] * len(pool))], answer=answer,
            )
        )  # fmt: skip
    return tuple(comments)


def _comment_id(channel: Channel, post: Post, place: int, at: datetime, author: str) -> str:
    if channel.platform == "bluesky":
        name = ids.did(f"{author}.example")
        return f"at://{name}/app.bsky.feed.post/{ids.tid(at, post.number * 7 + place)}"
    if channel.platform == "mastodon":
        host = channel.account.rpartition("@")[2]
        return f"{host}/{ids.snowflake(at, ids.number(post.native_id, place))}"
    return str(1000 * (post.number + 1) + 2 * place)


def _reply_id(channel: Channel, post: Post, place: int, at: datetime) -> str:
    if channel.platform == "bluesky":
        key = ids.tid(at, post.number * 11 + place)
        return f"at://{ids.did(channel.handle)}/app.bsky.feed.post/{key}"
    if channel.platform == "mastodon":
        return _comment_id(channel, post, place + 500, at, "")
    return str(1000 * (post.number + 1) + 2 * place + 1)


def replaced(post: Post, changes: Mapping[str, object]) -> Post:
    """The post with some fields changed."""
    return replace(post, **changes)  # type: ignore[arg-type]
