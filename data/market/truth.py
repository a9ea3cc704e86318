"""What the simulation planted, for checks to compare with what was recovered."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from data.market.cast import CAST, RISING_FORMAT, RISING_HASHTAG
from data.market.simulate import FORMAT_EFFECT
from data.watchlist import slug

if TYPE_CHECKING:
    from data.market.world import Market

FEED_LENGTH: Final = 100
"""Items that a feed of the market shows at most."""
REACH: Final = {"rss": 100, "atom": 100, "podcast": 100, "sitemap": 50, "script": 50}
"""Newest posts that one visit can find where a list is not paged, by dialect: the feed's length,
or as many articles as a visitor asks of a site at once."""


@dataclass(frozen=True)
class Truth:
    """Planted facts.

    Attributes:
        posts: one row an own publication: post_id, channel_id, entity_id, published_at, format,
            theme, language, traits, deleted_at, edited_at, sponsor, names (a brand), and
            `is_shown`: whether any of the crawl dates finds it on its platform.
        channels: one row a channel: channel_id, entity_id, platform, url, followers (at the end),
            posts (shown and not deleted at the end), per_week, register, answers, answer_min,
            silent_d.
        rising: (kind, key) of the planted rises.
        format_effect: effect of a format on log engagement, against text.
        silent: entity_ids that stopped publishing; buzz: entity_ids with a bad buzz.
    """

    posts: pl.DataFrame
    channels: pl.DataFrame
    rising: frozenset[tuple[str, str]]
    format_effect: dict[str, float]
    silent: frozenset[str]
    buzz: frozenset[str]


def truth_of(market: "Market") -> Truth:
    """Collect what the market planted."""
    posts, channels = posts_frame(market), channels_frame(market)
    silent = channels.group_by("entity_id").agg(pl.col("silent_d").min() > 0)
    return Truth(
        posts=posts,
        channels=channels,
        rising=frozenset({("format", RISING_FORMAT), ("hashtag", RISING_HASHTAG)}),
        format_effect=dict(FORMAT_EFFECT),
        silent=frozenset(silent.filter("silent_d")["entity_id"]),
        buzz=frozenset(posts.filter(pl.col("traits").list.contains("buzz"))["entity_id"]),
    )


def posts_frame(market: "Market") -> pl.DataFrame:
    """One row an own publication."""
    shown = _shown(market)
    rows = [
        {
            "post_id": post.post_id, "channel_id": channel.channel_id,
            "entity_id": slug(channel.entity), "published_at": post.published_at,
            "format": post.format, "theme": post.theme, "language": post.language,
            "url": post.url, "traits": sorted(post.traits), "sponsor": post.sponsor,
            "names": post.names,
            "deleted_at": post.deleted_at, "edited_at": post.edit.at if post.edit else None,
            "is_shown": post.post_id in shown,
        }
        for channel in market.channels
        for post in market.posts[channel.channel_id]
    ]  # fmt: skip
    utc = pl.Datetime("us", "UTC")
    types: dict[str, Any] = dict.fromkeys(("published_at", "deleted_at", "edited_at"), utc)
    types |= {"traits": pl.List(pl.String), "sponsor": pl.String, "names": pl.String}
    return pl.DataFrame(rows, schema_overrides=types)


def _shown(market: "Market") -> set[str]:
    """Posts that at least one crawl date finds."""
    found: set[str] = set()
    for channel in market.channels:
        limit = REACH.get(channel.dialect)
        for date in market.crawl_dates():
            found.update(post.post_id for post in market.visible(channel.channel_id, date)[:limit])
    return found


def channels_frame(market: "Market") -> pl.DataFrame:
    """One row a channel."""
    shown = _shown(market)
    weeks = market.days / 7
    roles = {entity.name: entity.role for entity in CAST}
    rows = []
    for channel in market.channels:
        posts = market.posts[channel.channel_id]
        count = sum(post.post_id in shown and post.alive(market.end) for post in posts)
        rows.append(
            {
                "channel_id": channel.channel_id, "entity_id": slug(channel.entity),
                "role": roles[channel.entity], "platform": channel.platform, "url": channel.url,
                "followers": channel.followers, "posts": count, "per_week": count / weeks,
                "register": channel.register, "answers": channel.answers,
                "answer_min": channel.answer_min, "silent_d": channel.silent_d,
            }
        )  # fmt: skip
    return pl.DataFrame(rows)
