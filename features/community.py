"""How a channel answers the people who comment."""

from datetime import datetime

import polars as pl

from features import survival
from features.frames import week_of


def questions(
    comments: pl.LazyFrame, posts: pl.LazyFrame, at: datetime, timezone: str
) -> pl.LazyFrame:
    """Every comment by somebody else under an own post, with the channel's first answer to it.

    In: `comments` as in the core table; `posts` with post_id, channel_id, entity_id, platform.
    Out: comment_id, post_id, channel_id, entity_id, platform, published_at, week, happened (it was
    answered), duration (minutes to the answer, or to the reference time if unanswered).
    """
    spoken = comments.filter(pl.col("published_at") <= at)
    answers = (
        spoken.filter(pl.col("from_channel"), pl.col("in_reply_to").is_not_null())
        .group_by(comment_id="in_reply_to")
        .agg(answered_at=pl.col("published_at").min())
    )
    end = pl.max_horizontal(pl.col("answered_at").fill_null(pl.lit(at)), "published_at")
    return (
        spoken.filter(~pl.col("from_channel"))
        .select("comment_id", "post_id", "published_at", "text")
        .join(posts.select("post_id", "channel_id", "entity_id", "platform"), on="post_id")
        .join(answers, on="comment_id", how="left")
        .with_columns(
            week=week_of(pl.col("published_at").dt.convert_time_zone(timezone).dt.date()),
            happened=pl.col("answered_at").is_not_null(),
            duration=(end - pl.col("published_at")).dt.total_seconds() / 60,
        )
        .drop("answered_at")
    )


def replies(asked: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
    """Reply rate and median time to an answer of each group.

    In: `questions(...)`. Out: keys, n (comments), events (answered), reply_rate, median,
    median_low, median_high (minutes; the unanswered counted as still waiting).
    """
    found = survival.medians(asked.select(*keys, "duration", "happened"), keys)
    return found.with_columns(reply_rate=pl.col("events") / pl.col("n"))
