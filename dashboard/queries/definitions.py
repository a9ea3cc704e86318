"""Engagement rate under every definition, and what others published of it and other figures."""

import polars as pl

from dashboard.queries.lake import cached, scan


@cached
def rates(entity_id: str, platform: str, period: str) -> pl.DataFrame:
    """`definitions` joined with the entity's row of `rates`, largest value first.

    Definitions for which it has no post are left out.
    """
    return (
        scan("rates")
        .filter(
            pl.col("entity_id") == entity_id,
            pl.col("platform") == platform,
            pl.col("period") == period,
        )
        .join(scan("definitions"), on="definition")
        .sort("value", "definition", descending=[True, False], nulls_last=True)
        .collect()
    )


@cached
def references() -> pl.DataFrame:
    """The contract's columns of `references`: the watchlist's published figures, latest first."""
    rows = scan("references").collect()
    return rows.sort("kpi", "platform", "year", "name", descending=[False, False, True, False])
