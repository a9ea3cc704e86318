"""How each entity stands on each KPI: value, interval, rank with interval, quartiles, verdict.

Entities compare within peer groups: brands with competitors, influencers with influencers. Topics
hold strangers' posts and are not ranked at all.
"""

from datetime import datetime
from typing import Final
from zlib import crc32

import numpy as np
import polars as pl

from data.vocabulary import PERIODS
from features import community, growth, measures, medians, standing, voice
from features.kpis import BETTER
from features.periods import GROUP, by_period, named, with_all

MIN_N: Final = 5
MIN_OBSERVATIONS: Final = 2
DAY_S: Final = 86_400.0
FAMILY: Final = ["peers", "platform", "period", "kpi"]
MEDIANS: Final = {
    "engagement_per_post": "engagement_7d",
    "engagement_rate": "engagement_rate",
    "view_rate": "view_rate",
}
"""KPIs that are medians over posts, and of which column."""
NOT_ENOUGH: Final = "not enough posts"


def watched_days(posts: pl.LazyFrame, at: datetime) -> pl.LazyFrame:
    """GROUP and `days`: those of the period since the entity's first known post on the platform."""
    age = (pl.lit(at) - pl.col("first_at")).dt.total_seconds() / DAY_S
    lengths = pl.LazyFrame(
        {"period": list(PERIODS), "length": [float(days) for days in PERIODS.values()]},
        schema={"period": pl.Categorical, "length": pl.Float64},
    )
    who = ["entity_id", "platform"]
    first = posts.group_by(who).agg(first_at=pl.col("published_at").min())
    known = with_all(named(first)).group_by(who).agg(known=age.max())
    return known.join(lengths, how="cross").select(
        *GROUP, days=pl.min_horizontal("length", "known").clip(1.0)
    )


def values(
    posts: pl.LazyFrame,
    sums: tuple[pl.LazyFrame, pl.LazyFrame, pl.LazyFrame],
    asked: pl.LazyFrame,
    seen: pl.LazyFrame,
    channels: pl.LazyFrame,
    at: datetime,
) -> pl.DataFrame:
    """All KPI values with interval and n, before any comparison.

    In: `posts` of post_features; `cells` of `periods.format_cells` with `peers`; `paces` of
    `measures.daily_dispersion`; `asked` of `community.questions`; `seen` of
    `followers.observations`; `channels` with channel_id, entity_id, platform, peers; `said`
    of `voice.cut` with peers.
    """
    cells, paces, said = sums
    found = medians.medians(named(posts), MEDIANS.values(), at)
    talk = by_period(with_all(named(asked)), at).collect().lazy()
    parts = [
        *measures.activity(paces),
        *[measures.finish(found[column].lazy(), kpi, "log") for kpi, column in MEDIANS.items()],
        measures.share_of_posts(cells),
        measures.share_of_engagement(cells),
        voice.share_of_voice(said),
        measures.format_diversity(cells),
        *measures.replies(community.replies(talk, GROUP).collect().lazy()),
        growth.follower_growth(seen, with_all(named(channels)), at),
    ]
    peers = channels.select(pl.col("entity_id").cast(pl.String), "peers").unique()
    return enough(pl.concat(parts)).join(peers, on="entity_id").sort(*FAMILY, "entity_id").collect()


def enough(found: pl.LazyFrame) -> pl.LazyFrame:
    """The rows, without figures where n is too small for any."""
    needed = pl.when(pl.col("kpi") == "follower_growth_pct").then(MIN_OBSERVATIONS).otherwise(MIN_N)
    shown = (pl.col("n") >= needed) & pl.col("value").is_not_null()
    figures = ("value", "low", "high", "sd")
    return found.with_columns(pl.when(shown).then(pl.col(name)).alias(name) for name in figures)


def seed_of(family: tuple[str, ...]) -> int:
    """A seed of the family's own, the same whatever other families there are."""
    return crc32("/".join(family).encode())


def benchmark(found: pl.DataFrame) -> pl.DataFrame:
    """The table of the same name, from `values(...)`. Seeded: same values, same ranks.

    Rows without a value stay unranked.
    """
    has = pl.col("value").is_not_null()
    ranked = found.filter(has).sort(*FAMILY, "entity_id")
    rest = found.filter(~has).with_columns(verdict=pl.lit(NOT_ENOUGH))
    value = ranked["value"].to_numpy().astype(np.float64)
    sd = ranked["sd"].fill_null(0.0).to_numpy().astype(np.float64)
    families = ranked.group_by([*FAMILY, "scale"], maintain_order=True).agg(size=pl.len())
    start, columns = 0, []
    for *family, scale, size in families.iter_rows():
        part = slice(start, start := start + size)
        draws = standing.draws(value[part], sd[part], scale, seed_of(tuple(family)))
        columns.append(standing.standing(value[part], draws, BETTER[family[-1]]))
    done = ranked.with_columns(
        pl.Series(name, np.concatenate([one[name] for one in columns]), nan_to_null=True)
        for name in (standing.COLUMNS if columns else ())
    )
    rows = pl.concat([done, rest], how="diagonal_relaxed").drop("scale", "sd", "peers")
    return rows.sort("entity_id", "platform", "period", "kpi")


def peers() -> pl.Expr:
    """Name of the group that an entity's `role` compares in; null for topics."""
    return pl.col("role").replace_strict(
        {"brand": "market", "competitor": "market", "influencer": "influencer"},
        default=None,
        return_dtype=pl.String,
    )
