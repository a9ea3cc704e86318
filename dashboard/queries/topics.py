"""What is talked about, and what rises and falls."""

import polars as pl

from dashboard.queries.activity import Scope
from dashboard.queries.by_hand import post_types, standing
from dashboard.queries.lake import cached, scan
from dashboard.queries.stats import wilson
from data.vocabulary import ALL


@cached
def type_shares(scope: Scope) -> pl.DataFrame:
    """How often each entity speaks of each type.

    Columns: entity_id, type_id, posts, n (the entity's posts in the scope), share and its 95%
    interval share_low, share_high, lift (median of these posts).
    """
    posts = scan("post_features").filter(scope.where(), scope.on_platform(), scope.within())
    counted = (
        posts.select("post_id", "entity_id", "lift")
        .join(post_types().select("post_id", "type_id"), on="post_id")
        .group_by("entity_id", "type_id")
        .agg(posts=pl.len(), lift=pl.col("lift").median())
        .collect()
    )
    # A type that somebody never speaks of is 0, not unknown.
    everybody = counted.select(pl.col("entity_id").unique())
    grid = everybody.join(counted.select(pl.col("type_id").unique()), how="cross")
    filled = grid.join(counted, on=["entity_id", "type_id"], how="left", nulls_equal=True)
    return (
        filled.with_columns(pl.col("posts").fill_null(0))
        .with_columns(pl.col("posts").sum().over("entity_id").alias("n"))
        .with_columns(wilson("posts", "n"))
        .filter(pl.col("type_id").is_not_null())
        .sort("entity_id", "type_id")
    )


@cached
def trends(platform: str = ALL) -> pl.DataFrame:
    """The contract's columns of `trends` in the latest week, the surest first.

    Types that were merged since the last build are left out.
    """
    here = scan("trends").filter(pl.col("platform") == platform)
    return (
        here.filter(pl.col("week") == pl.col("week").max())
        .filter((pl.col("kind") != "content_type") | standing("key"))
        .collect()
        .sort("q_value", "kind", "key", nulls_last=True)
    )


@cached
def trend_history(platform: str, kind: str, key: str) -> pl.DataFrame:
    """One thing's weeks: week, posts, accounts, ratio, low, high, in order."""
    return (
        scan("trends")
        .filter(pl.col("platform") == platform, pl.col("kind") == kind, pl.col("key") == key)
        .select("week", "posts", "accounts", "ratio", "low", "high")
        .collect()
        .sort("week")
    )
