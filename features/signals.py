"""What deserves somebody's attention today: pure detectors over the out tables.

Every detector returns the same frame (`SIGNAL`): kind, entity_id, severity, value, usual (what it
is compared with), post_ids, channel_ids. Wording them is the alerts' business. All are causal:
a day is judged by the days before it only.
"""

from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from features.bursts import DAY_S, SEEN_POINTS, bursts

SIGNAL: Final = {
    "kind": pl.String(),
    "entity_id": pl.String(),
    "severity": pl.String(),
    "value": pl.Float64(),
    "usual": pl.Float64(),
    "post_ids": pl.List(pl.String()),
    "channel_ids": pl.List(pl.String()),
}
HISTORY_DAYS: Final = 56
MIN_HISTORY_DAYS: Final = 14
BUZZ: Final = 0.55
"""Burst score of a warning: on simulated overdispersed days a false one a year and entity."""
BUZZ_CRITICAL: Final = 0.75
MIN_NEGATIVE: Final = 5
MIN_GAP_D: Final = 7.0
MIN_GAPS: Final = 8
BREAKOUT: Final = 3.0
BREAKOUT_CRITICAL: Final = 10.0
BREAKOUT_D: Final = 7.0
TOP_POSTS: Final = 10


def nothing() -> pl.DataFrame:
    """No signal."""
    return pl.DataFrame(schema=SIGNAL)


def severity(value: pl.Expr, critical: float) -> pl.Expr:
    """Critical from a threshold on, else warning."""
    return pl.when(value >= critical).then(pl.lit("critical")).otherwise(pl.lit("warning"))


def scores(daily: pl.DataFrame, day: date, column: str) -> pl.DataFrame:
    """Per entity: today's count, its usual one (median of eight weeks) and its burst score.

    The score is that of `bursts.bursts` over up to 400 days (silent ones count as zero), season of
    weekdays and all: 0.5 is as high as the highest ever. In: `reputation.daily`. Entities with
    under 14 days of history are left out.
    """
    start = day - timedelta(days=SEEN_POINTS)
    first = daily.group_by("entity_id").agg(first=pl.col("day").min())
    calendar = pl.DataFrame({"day": pl.date_range(start, day, eager=True)})
    grid = (
        first.join(calendar, how="cross")
        .filter(pl.col("day") >= pl.col("first"))
        .join(daily.select("entity_id", "day", count=column), on=["entity_id", "day"], how="left")
        .with_columns(pl.col("count").fill_null(0).cast(pl.Float64))
        .sort("entity_id", "day")
    )
    before = pl.col("count").filter(pl.col("day") < day)
    return (
        grid.group_by("entity_id", maintain_order=True)
        .agg(
            "count",
            value=pl.col("count").filter(pl.col("day") == day).sum(),
            usual=before.tail(HISTORY_DAYS).median(),
            days=before.len(),
        )
        .filter(pl.col("days") >= MIN_HISTORY_DAYS)
        .with_columns(
            score=pl.col("count").map_elements(
                lambda counts: last_score(counts, day), return_dtype=pl.Float64
            )
        )
    )


def last_score(counts: pl.Series, day: date) -> float:
    """Burst score of the last of the daily counts that end on `day`."""
    back = np.arange(len(counts), dtype=np.float64)[::-1]
    days = day.toordinal() - 1 - back  # day 1 was a Monday
    return float(bursts(days * DAY_S, counts.to_numpy(), DAY_S).score[-1])


def bad_buzz(daily: pl.DataFrame, day: date) -> pl.DataFrame:
    """Entities whose negative comments burst on `day`.

    Burst: at least five negative comments, clearly more than on the worst days before, and a
    larger share of the day's comments than usual in the history. In: `reputation.daily`, of the
    brand's choice of entities. Severity critical from three times the worst days on.
    """
    if daily.is_empty():
        return nothing()
    found = scores(daily, day, "negative")
    usual_share = (
        daily.filter(pl.col("day") < day)
        .group_by("entity_id")
        .agg(share=pl.col("negative").sum() / pl.col("comments").sum().clip(1))
    )
    today = daily.filter(pl.col("day") == day).with_columns(
        today=pl.col("negative") / pl.col("comments").clip(1)
    )
    hit = (
        found.join(today.select("entity_id", "today", "post_ids"), on="entity_id")
        .join(usual_share, on="entity_id")
        .filter(
            pl.col("value") >= MIN_NEGATIVE,
            pl.col("score") >= BUZZ,
            pl.col("today") > pl.col("share"),
        )
    )
    return _signals(hit, "bad_buzz", severity(pl.col("score"), BUZZ_CRITICAL))


def silent(posts: pl.DataFrame, entities: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Entities whose every channel is quiet for longer than ever before.

    An entity is silent when the time since its last post exceeds a week, its longest gap so far
    and three times the 95th percentile of its gaps (all channels together). In: post_features
    (entity_id, channel_id, published_at); `entities` with entity_id, role; topics are left out.
    """
    watched = entities.filter(pl.col("role") != "topic").select("entity_id")
    gap = pl.col("published_at").diff().dt.total_seconds() / 86_400
    now = (pl.lit(at) - pl.col("published_at").max()).dt.total_seconds() / 86_400
    hit = (
        posts.join(watched, on="entity_id", how="semi")
        .sort("entity_id", "published_at")
        .group_by("entity_id", maintain_order=True)
        .agg(
            value=now,
            gaps=gap.count(),
            longest=gap.max(),
            usual=gap.quantile(0.95),
            channel_ids=pl.col("channel_id").unique().sort(),
            post_ids=pl.col("post_id").tail(1),
        )
        .filter(
            pl.col("gaps") >= MIN_GAPS,
            pl.col("value") > MIN_GAP_D,
            pl.col("value") > pl.col("longest"),
            pl.col("value") > 3 * pl.col("usual"),
        )
    )
    return _signals(hit, "competitor_silent", pl.lit("warning"))


def breakouts(posts: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """One signal a post of the last seven days whose lift is surely over three.

    In: post_features. Value: the lift; usual: 1. Critical from ten on.
    """
    young = pl.col("published_at") > at - timedelta(days=BREAKOUT_D)
    hit = (
        posts.filter(young, pl.col("lift_low") > BREAKOUT)
        .sort("lift", "post_id", descending=[True, False])
        .select(
            "entity_id",
            value="lift",
            usual=pl.lit(1.0),
            post_ids=pl.concat_list("post_id"),
            channel_ids=pl.concat_list("channel_id"),
        )
    )
    return _signals(hit, "breakout_post", severity(pl.col("value"), BREAKOUT_CRITICAL))


def rising(trends: pl.DataFrame, week: date) -> pl.DataFrame:
    """One signal a thing that rises over all platforms in the week that starts on `week`.

    In: trends. Value: the ratio; usual: 1. entity_id is null: it is about the market. `title` is
    not formed here, but `key` and `trend` (its kind) are given for it.
    """
    hit = (
        trends.filter(
            pl.col("week") == week, pl.col("platform") == "all", pl.col("status") == "rising"
        )
        .sort("q_value", "kind", "key")
        .select(
            "key",
            trend="kind",
            entity_id=pl.lit(None, dtype=pl.String),
            value="ratio",
            usual=pl.lit(1.0),
            post_ids="examples",
        )
    )
    return _signals(hit, "rising_trend", pl.lit("info"), "key", "trend")


def _signals(hit: pl.DataFrame, kind: str, level: pl.Expr, *more: str) -> pl.DataFrame:
    """The hits in the shape of `SIGNAL`, and any column more."""
    lists = ("post_ids", "channel_ids")
    missing = [name for name in lists if name not in hit.columns]
    empty = pl.lit([], dtype=pl.List(pl.String))
    return (
        hit.with_columns([empty.alias(name) for name in missing])
        .with_columns(kind=pl.lit(kind), severity=level)
        .select(*[pl.col(name).cast(kind_) for name, kind_ in SIGNAL.items()], *more)
    )
