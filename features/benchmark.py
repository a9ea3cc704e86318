"""How each entity stands on each KPI: value, interval, rank with interval, quartiles, verdict.

Entities compare within peer groups: brands with competitors, influencers with influencers. Topics
hold strangers' posts and are not ranked at all.
"""

from datetime import datetime
from typing import Final
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from data.vocabulary import PERIODS
from features import community, growth, measures
from features.formats import by_period, named, with_all
from features.kpis import BETTER

MIN_N: Final = 5
MIN_OBSERVATIONS: Final = 2
DAY_S: Final = 86_400.0
DRAWS: Final = 500
FAMILY: Final = ["peers", "platform", "period", "kpi"]
SURE: Final = 0.975
NOT_ENOUGH: Final = "not enough posts"

Array = NDArray[np.float64]


def watched_days(posts: pl.LazyFrame, at: datetime) -> pl.LazyFrame:
    """GROUP and `days`: those of the period since the entity's first known post on the platform."""
    age = (pl.lit(at) - pl.col("published_at")).dt.total_seconds() / DAY_S
    lengths = pl.LazyFrame(
        {"period": list(PERIODS), "length": [float(days) for days in PERIODS.values()]},
        schema={"period": pl.Categorical, "length": pl.Float64},
    )
    first = posts.group_by("entity_id", "platform").agg(known=age.max())
    return first.join(lengths, how="cross").select(
        *measures.GROUP, days=pl.min_horizontal("length", "known").clip(1.0)
    )


def values(
    posts: pl.LazyFrame,
    asked: pl.LazyFrame,
    seen: pl.LazyFrame,
    channels: pl.LazyFrame,
    at: datetime,
) -> pl.DataFrame:
    """All KPI values with interval and n, before any comparison.

    In: `posts` of post_features with `peers` and `day`; `asked` of `community.questions`; `seen`
    of `followers.observations`; `channels` with channel_id, entity_id, platform, peers.
    """
    columns = ["entity_id", "platform", "peers", "published_at", "day", "format"]
    figures = ["engagement_7d", "engagement_rate", "view_rate"]
    everywhere = with_all(named(posts.select(*columns, *figures))).collect().lazy()
    rows = by_period(everywhere, at).collect().lazy()
    talk = by_period(with_all(named(asked)), at)
    parts = [
        *measures.activity(rows, watched_days(everywhere, at)),
        measures.median_of(rows, "engagement_7d", "engagement_per_post"),
        measures.median_of(rows, "engagement_rate", "engagement_rate"),
        measures.median_of(rows, "view_rate", "view_rate"),
        measures.share_of_posts(rows),
        measures.share_of_engagement(rows),
        measures.format_diversity(rows),
        *measures.replies(community.replies(talk, measures.GROUP)),
        growth.follower_growth(seen, with_all(named(channels)), at),
    ]
    peers = channels.select("entity_id", "peers").unique()
    needed = pl.when(pl.col("kpi") == "follower_growth_pct").then(MIN_OBSERVATIONS).otherwise(MIN_N)
    shown = (pl.col("n") >= needed) & pl.col("value").is_not_null()
    return (
        pl.concat(parts)
        .join(peers, on="entity_id")
        .with_columns(
            pl.when(shown).then(pl.col(name)).alias(name) for name in ("value", "low", "high", "sd")
        )
        .sort(*FAMILY, "entity_id")
        .collect()
    )


def draws(rows: pl.DataFrame, seed: int) -> Array:
    """Values that the KPI might as well have taken: entities × draws, log-normal or normal."""
    log = (rows["scale"] == "log").to_numpy()[:, None]
    value = rows["value"].to_numpy().astype(np.float64)[:, None]
    sd = rows["sd"].fill_null(0.0).to_numpy().astype(np.float64)[:, None]
    noise = np.random.default_rng(seed).standard_normal((rows.height, DRAWS))
    floor = np.maximum(value, measures.LEAST)
    return np.asarray(np.where(log, floor * np.exp(sd * noise), value + sd * noise))


def ranks_of(values: Array, *, lower_is_better: bool) -> NDArray[np.int64]:
    """1 = best, ties share the better rank; along the first axis."""
    signed = values if lower_is_better else -values
    return np.asarray(stats.rankdata(signed, method="min", axis=0), dtype=np.int64)


def median_of_others(sample: Array) -> Array:
    """Median of each column without each of its entries, from one sort of the column."""
    n = sample.shape[0]
    ordered = np.sort(sample, axis=0)
    half = n // 2
    at = ordered[half]
    below, above = ordered[max(half - 1, 0)], ordered[min(half + 1, n - 1)]
    if n % 2 == 0:
        return np.asarray(np.where(sample < at, at, below))
    rest = np.where(sample < at, (at + above) / 2, (below + at) / 2)
    return np.asarray(np.where(sample == at, (below + above) / 2, rest))


def verdicts(sample: Array, better: str) -> list[str]:
    """Ahead or behind when 97.5 % of the draws lie on one side of the others' median."""
    if sample.shape[0] == 1 or better == "neither":
        return ["level"] * sample.shape[0]
    difference = sample - median_of_others(sample)
    wins, losses = np.mean(difference > 0, axis=1), np.mean(difference < 0, axis=1)
    if better == "lower":
        wins, losses = losses, wins
    return list(np.where(wins >= SURE, "ahead", np.where(losses >= SURE, "behind", "level")))


def quartiles(value: Array) -> dict[str, list[float | None]]:
    """Quartiles of the others, for each entity; None where it has no peer."""
    names = ("peer_p25", "peer_median", "peer_p75")
    n = value.size
    if n == 1:
        return {name: [None] for name in names}
    others = np.broadcast_to(value, (n, n))[~np.eye(n, dtype=bool)].reshape(n, n - 1)
    cuts = np.quantile(others, [0.25, 0.5, 0.75], axis=1)
    return {name: cut.tolist() for name, cut in zip(names, cuts, strict=True)}


def compared(family: pl.DataFrame, seed: int) -> pl.DataFrame:
    """One peer group's values of one KPI, ranked; rows without a value stay unranked."""
    kpi = family["kpi"][0]
    ranked = family.filter(pl.col("value").is_not_null())
    rest = family.filter(pl.col("value").is_null()).with_columns(verdict=pl.lit(NOT_ENOUGH))
    if ranked.is_empty():
        return rest
    value = ranked["value"].to_numpy().astype(np.float64)
    sample = draws(ranked, seed)
    lower = BETTER[kpi] == "lower"
    spread = np.quantile(ranks_of(sample, lower_is_better=lower), [0.025, 0.975], axis=1)
    rank = ranks_of(value[:, None], lower_is_better=lower)[:, 0]
    done = ranked.with_columns(
        pl.Series("rank", rank),
        pl.Series("rank_low", np.minimum(np.floor(spread[0]), rank)).cast(pl.Int64),
        pl.Series("rank_high", np.maximum(np.ceil(spread[1]), rank)).cast(pl.Int64),
        *[pl.Series(name, cuts, dtype=pl.Float64) for name, cuts in quartiles(value).items()],
        pl.Series("verdict", verdicts(sample, BETTER[kpi]), dtype=pl.String),
    )
    return pl.concat([done, rest], how="diagonal_relaxed")


def seed_of(family: pl.DataFrame) -> int:
    """A seed of the family's own, the same whatever other families there are."""
    return crc32("/".join(family.select(FAMILY).row(0)).encode())


def benchmark(found: pl.DataFrame) -> pl.DataFrame:
    """The table of the same name, from `values(...)`. Seeded: same values, same ranks."""
    families = found.partition_by(FAMILY, maintain_order=True)
    if not families:
        return found.drop("scale", "sd", "peers")
    done = [compared(family, seed_of(family)) for family in families]
    return pl.concat(done, how="diagonal_relaxed").sort("entity_id", "platform", "period", "kpi")


def peers() -> pl.Expr:
    """Name of the group that an entity's `role` compares in; null for topics."""
    return pl.col("role").replace_strict(
        {"brand": "market", "competitor": "market", "influencer": "influencer"},
        default=None,
        return_dtype=pl.String,
    )
