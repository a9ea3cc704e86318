"""What to publish, when, and whom to answer."""

from datetime import timedelta
from typing import Final

import polars as pl

from dashboard.queries.activity import Scope, nearest
from dashboard.queries.by_hand import standing
from dashboard.queries.lake import cached, scan
from dashboard.queries.market import as_of, timezone
from dashboard.queries.publications import SHOWN, texts_of
from data.vocabulary import EFFECT_PERIODS

CALENDAR_WEEKS: Final = 5
WAITING_D: Final = 28
"""Days after which nobody expects an answer any more."""


def effect_period(period: str) -> str:
    """The window of `effects` that is nearest to a period."""
    return nearest(period, EFFECT_PERIODS)


@cached
def effects(platform: str, period: str) -> pl.DataFrame:
    """The contract's columns of `effects` for one platform (or `all`) and period.

    Types that were merged since the last build are left out.
    """
    here = pl.col("platform") == platform, pl.col("period") == effect_period(period)
    rows = scan("effects").filter(
        *here, (pl.col("dimension") != "content_type") | standing("level")
    )
    return rows.collect().sort("dimension", "level")


def _market() -> pl.LazyFrame:
    """entity_id of everybody but topics, whose posts are strangers'."""
    return scan("entities").filter(pl.col("role") != "topic").select("entity_id")


@cached
def breakouts(scope: Scope, most: int = 6) -> pl.DataFrame:
    """Posts whose whole lift interval lies above 1, the highest lower end first, with texts."""
    best = (
        scan("post_features")
        .filter(scope.where(), scope.on_platform(), scope.within(), pl.col("lift_low") > 1)
        .join(_market(), on="entity_id", how="semi")
        .select(SHOWN)
        .sort("lift_low", "post_id", descending=[True, False])
        .head(most)
        .collect()
    )
    return best.join(texts_of(best).collect(), on="post_id", how="left", maintain_order="left")


@cached
def calendar(scope: Scope) -> pl.DataFrame:
    """Publications of each day of the last five weeks: entity_id, day, posts; zeros included.

    Days are those of the market's zone and end with the lake's reference time. The scope's period
    is not used; topics are left out.
    """
    empty = pl.DataFrame(schema={"entity_id": pl.String, "day": pl.Date, "posts": pl.UInt32})
    if (end := as_of()) is None:
        return empty
    day = pl.col("published_at").dt.convert_time_zone(timezone()).dt.date()
    start = end - timedelta(weeks=CALENDAR_WEEKS)
    counted = (
        scan("post_features")
        .filter(scope.where(), scope.on_platform(), pl.col("published_at") > start)
        .group_by("entity_id", day=day)
        .agg(posts=pl.len())
        .collect()
    )
    here = pl.Series("end", [end]).dt.convert_time_zone(timezone()).dt.date()[0]
    days = pl.DataFrame(
        {"day": [here - timedelta(days=n) for n in range(CALENDAR_WEEKS * 7 - 1, -1, -1)]}
    )
    everybody = scan("channels").filter(scope.where(), scope.on_platform()).select("entity_id")
    who = everybody.unique().join(_market(), on="entity_id", how="semi").collect()
    grid = who.join(days, how="cross")
    return (
        grid.join(counted, on=["entity_id", "day"], how="left")
        .with_columns(pl.col("posts").fill_null(0))
        .sort("entity_id", "day")
    )


@cached
def waiting(scope: Scope) -> pl.DataFrame:
    """Own posts with comments of the last four weeks that the channel has not answered.

    Columns: post_id, comments, unanswered, questions (unanswered ones with a question mark),
    since (of the oldest unanswered), said (the latest question, else the latest comment). Most
    questions first. The scope's period is not used. Answered: the channel's own comment names the
    comment as the one that it replies to, as in `reply_rate`.
    """
    if (end := as_of()) is None:
        return pl.DataFrame(schema={"post_id": pl.String})
    own = scan("post_features").filter(scope.where(), scope.on_platform()).select("post_id")
    spoken = scan("comments").join(own, on="post_id", how="semi")
    answered = spoken.filter(pl.col("from_channel"), pl.col("in_reply_to").is_not_null()).select(
        comment_id="in_reply_to", answered=pl.lit(value=True)
    )
    open_one = pl.col("answered").is_null()
    is_question = open_one & pl.col("text").fill_null("").str.contains("?", literal=True)
    when = pl.col("published_at")
    latest = pl.struct(is_question, when).filter(open_one)
    return (
        spoken.filter(~pl.col("from_channel"), when > end - timedelta(days=WAITING_D))
        .join(answered.unique(), on="comment_id", how="left")
        .group_by("post_id")
        .agg(
            comments=pl.len(),
            unanswered=open_one.sum(),
            questions=is_question.sum(),
            since=when.filter(open_one).min(),
            said=pl.col("text").filter(open_one).sort_by(latest).last(),
        )
        .filter(pl.col("unanswered") > 0)
        .sort("questions", "unanswered", "post_id", descending=[True, True, False])
        .collect()
    )
