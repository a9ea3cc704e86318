"""Who speaks under the posts and of whom, and whether an account's figures look usual."""

import polars as pl

from dashboard.queries.activity import Scope
from dashboard.queries.lake import cached, scan


@cached
def community(entity_id: str, platform: str, period: str) -> pl.DataFrame:
    """The contract's columns of `communities`: one row, or none."""
    here = (pl.col("entity_id") == entity_id, pl.col("platform") == platform)
    return scan("communities").filter(*here, pl.col("period") == period).collect()


@cached
def members(entity_id: str, platform: str, period: str) -> pl.DataFrame:
    """The contract's columns of `members`, the most active first."""
    here = (pl.col("entity_id") == entity_id, pl.col("platform") == platform)
    return scan("members").filter(*here, pl.col("period") == period).sort("rank").collect()


@cached
def audits(entity_id: str) -> pl.DataFrame:
    """The contract's columns of `audits` of all platforms, what wants a look first."""
    asks = (pl.col("status") != "watch").cast(pl.Int8)
    found = scan("audits").filter(pl.col("entity_id") == entity_id)
    return found.sort(asks, "platform", "check").collect()


@cached
def tones(platform: str, period: str) -> pl.DataFrame:
    """The contract's columns of `tones`: how the comments of each entity sound."""
    here = (pl.col("platform") == platform, pl.col("period") == period)
    return scan("tones").filter(*here).sort("entity_id").collect()


@cached
def models(name: str) -> pl.DataFrame:
    """The contract's columns of `models`: how well a model reads, a row a language, best first."""
    found = scan("models").filter(pl.col("model") == name)
    return found.sort("value", "language", descending=[True, False]).collect()


@cached
def said_of(scope: Scope) -> pl.DataFrame:
    """Posts of others that name the scope's entities, newest first.

    Columns of `mentions`, and `name` of whose channel each was seen on.
    """
    by = scan("entities").select(by_entity_id="entity_id", name="name")
    rows = scan("mentions").filter(scope.where(), scope.on_platform(), scope.within())
    named = rows.join(by, on="by_entity_id", how="left").collect()
    return named.sort("published_at", "post_id", descending=[True, False])
