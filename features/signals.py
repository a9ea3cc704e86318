"""What deserves somebody's attention today: pure detectors over the out tables.

Every detector returns the same frame (`SIGNAL`): kind, entity_id, severity, value, usual (what it
is compared with), post_ids, channel_ids. Wording them is the alerts' business. All are causal:
a day is judged by the days before it only.
"""

from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

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
Z_WARNING: Final = 5.0
Z_CRITICAL: Final = 10.0
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
    """Per entity: today's count, its usual one and how many robust sds it lies above.

    Usual: median of up to 56 days before (silent days count as zero). Spread: 1.4826 × median
    absolute deviation, at least that of a Poisson count of the usual level plus one.
    In: `reputation.daily`. Entities with under 14 days of history are left out.
    """
    start = day - timedelta(days=HISTORY_DAYS)
    first = daily.group_by("entity_id").agg(first=pl.col("day").min())
    calendar = pl.DataFrame({"day": pl.date_range(start, day, eager=True)})
    grid = (
        first.join(calendar, how="cross")
        .filter(pl.col("day") >= pl.col("first"))
        .join(daily.select("entity_id", "day", count=column), on=["entity_id", "day"], how="left")
        .with_columns(pl.col("count").fill_null(0).cast(pl.Float64))
    )
    before = pl.col("count").filter(pl.col("day") < day)
    mad = 1.4826 * (before - before.median()).abs().median()
    spread = pl.max_horizontal("mad", (pl.col("usual") + 1).sqrt())
    return (
        grid.group_by("entity_id")
        .agg(
            value=pl.col("count").filter(pl.col("day") == day).sum(),
            usual=before.median(),
            mad=mad,
            days=before.len(),
        )
        .filter(pl.col("days") >= MIN_HISTORY_DAYS)
        .with_columns(z=(pl.col("value") - pl.col("usual")) / spread)
        .sort("entity_id")
    )


def bad_buzz(daily: pl.DataFrame, day: date) -> pl.DataFrame:
    """Entities whose negative comments burst on `day`.

    Burst: at least five negative comments, five robust sds above the usual, and a larger share of
    the day's comments than usual in the history. In: `reputation.daily`, of the brand's choice
    of entities. Severity critical from ten sds on.
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
            pl.col("z") >= Z_WARNING,
            pl.col("today") > pl.col("share"),
        )
    )
    return _signals(hit, "bad_buzz", severity(pl.col("z"), Z_CRITICAL))


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
