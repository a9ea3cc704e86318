"""Regularity of a channel, week by week."""

from datetime import date, datetime
from typing import Final

import polars as pl

from features.frames import monday, week_number

DAY_S: Final = 86_400.0
MIN_GAPS: Final = 5
"""With fewer gaps burstiness says nothing."""


def weeks_of(posts: pl.LazyFrame, asked: pl.LazyFrame, at: datetime, timezone: str) -> pl.LazyFrame:
    """channel_id, entity_id, platform, week: from its first post or comment to the current week.

    Weeks without a publication are rows too.
    """
    who = ["channel_id", "entity_id", "platform"]
    firsts = [
        rows.group_by(who).agg(first=pl.col("week").min()).with_columns(pl.col(who).cast(pl.String))
        for rows in (posts, asked)
    ]
    first = pl.concat(firsts).group_by(who).agg(pl.col("first").min())
    last = week_number(at, timezone)
    return (
        first.with_columns(week=pl.int_ranges("first", last + 1, dtype=pl.Int16))
        .explode("week", empty_as_null=False, keep_nulls=False)
        .select(*who, "week")
    )


def gaps(posts: pl.LazyFrame) -> pl.LazyFrame:
    """channel_id, week, published_at, gap_d (since the channel's post before), by time."""
    gap = pl.col("published_at").diff().over("channel_id")
    return (
        posts.select("channel_id", "week", "published_at")
        .sort("published_at")
        .with_columns(gap_d=gap.dt.total_seconds() / DAY_S)
    )


def weekly(posts: pl.LazyFrame) -> pl.LazyFrame:
    """Per channel and week with posts: counts, sums and what later weeks accumulate."""
    counts = posts.group_by("channel_id", "week").agg(
        posts=pl.len().cast(pl.Int64),
        active_days=pl.col("day").n_unique().cast(pl.Int64),
        engagement=pl.when(pl.col("engagement").count() > 0).then(pl.col("engagement").sum()),
        engagement_rate_median=pl.col("engagement_rate").median(),
    )
    silences = (
        gaps(posts)
        .group_by("channel_id", "week")
        .agg(
            last_at=pl.col("published_at").max(),
            ended=pl.col("gap_d").max(),
            gap_n=pl.col("gap_d").count().cast(pl.Float64),
            gap_sum=pl.col("gap_d").sum(),
            gap_squares=pl.col("gap_d").pow(2).sum(),
        )
    )
    both = counts.join(silences, on=["channel_id", "week"])
    return both.with_columns(pl.col("channel_id").cast(pl.String))


def burstiness() -> pl.Expr:
    """(s - m) / (s + m) of the gaps so far, from their running sums.

    Goh & Barabási (2008): -1 for clockwork, 0 for a Poisson process, towards 1 for bursts.
    """
    n = pl.col("gap_n")
    mean = pl.col("gap_sum") / n
    sd = (pl.col("gap_squares") / n - mean**2).clip(0).sqrt()
    return pl.when((n >= MIN_GAPS) & (mean > 0)).then((sd - mean) / (sd + mean))


def followers_by_week(grid: pl.LazyFrame, seen: pl.LazyFrame, timezone: str) -> pl.LazyFrame:
    """channel_id, week, followers (last seen by the end of the week), follower_growth_pct."""
    ends = monday(pl.col("week") + 1).cast(pl.Datetime("us")).dt.replace_time_zone(timezone)
    levels = (
        grid.select("channel_id", "week", end_at=ends.dt.convert_time_zone("UTC"))
        .sort("end_at")
        .join_asof(
            seen,
            left_on="end_at",
            right_on="observed_at",
            by="channel_id",
            check_sortedness=False,
        )
        .sort("channel_id", "week")
    )
    before = pl.col("followers").shift(1).over("channel_id")
    growth = pl.when(before > 0).then(100 * (pl.col("followers") / before - 1))
    return levels.select("channel_id", "week", "followers", follower_growth_pct=growth)


def silence(at: datetime, timezone: str) -> pl.Expr:
    """Days from the last post to the end of the week or the reference time."""
    end = monday(pl.col("week") + 1).cast(pl.Datetime("us")).dt.replace_time_zone(timezone)
    lasted = pl.min_horizontal(end.dt.convert_time_zone("UTC"), pl.lit(at)) - pl.col("last_at")
    return lasted.dt.total_seconds() / DAY_S


def channel_weeks(
    posts: pl.LazyFrame,
    seen: pl.LazyFrame,
    asked: pl.LazyFrame,
    replied: pl.LazyFrame,
    at: datetime,
    timezone: str,
) -> pl.LazyFrame:
    """The table of the same name.

    In: names as texts or categories; `posts` with channel_id, entity_id, platform, week, day,
    published_at, engagement, engagement_rate; `seen` of `followers.observations`; `asked` of
    `community.questions`; `replied` of `community.replies(asked, [channel_id, week])`.
    """
    grid = weeks_of(posts, asked, at, timezone)
    keys = ["channel_id", "week"]
    answers = replied.rename({"median": "reply_median_min"}).with_columns(
        pl.col("channel_id").cast(pl.String)
    )
    running = [
        pl.col(f"gap_{part}").cum_sum().over("channel_id") for part in ("n", "sum", "squares")
    ]
    return (
        grid.join(weekly(posts), on=keys, how="left")
        .sort(keys)
        .with_columns(
            pl.col("posts", "active_days").fill_null(0),
            pl.col("gap_n", "gap_sum", "gap_squares").fill_null(0.0),
            pl.col("last_at").forward_fill().over("channel_id"),
        )
        .with_columns(*running)
        .with_columns(
            burstiness=burstiness(),
            longest_gap_d=pl.max_horizontal("ended", silence(at, timezone)),
        )
        .join(followers_by_week(grid, seen, timezone), on=keys, how="left")
        .join(answers, on=keys, how="left")
        .with_columns(week=monday(pl.col("week")))
        .sort("channel_id", "week")
    )


def last_complete_monday(at: datetime, timezone: str) -> date:
    """Monday of the last week that was over at the reference time."""
    number = week_number(at, timezone) - 1
    day: date = pl.select(monday(pl.lit(number))).item()
    return day
