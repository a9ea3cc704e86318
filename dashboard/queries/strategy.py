"""What pays and where: formats by content type; who the influencers are."""

from typing import Final

import polars as pl

from dashboard.queries.activity import Scope
from dashboard.queries.by_hand import post_types
from dashboard.queries.lake import cached, scan
from dashboard.queries.market import as_of
from dashboard.queries.stats import student, wilson
from data.vocabulary import ALL

FLOOR: Final = 5
"""Posts under which there is no figure (design rule)."""


@cached
def grid(scope: Scope) -> pl.DataFrame:
    """What each format brings with each content type, within account.

    Columns: format, type_id, posts, accounts, lift, lift_low, lift_high. Lift is the geometric
    mean of engagement at seven days over the same account's usual post of the scope, whatever its
    format; null under five posts. 95% interval: Student's t on the log scale, posts taken as
    independent. Accounts with fewer than five posts have no usual; topics are left out.
    """
    market = scan("entities").filter(pl.col("role") != "topic").select("entity_id")
    level = (pl.col("engagement_7d") + 0.5).log()
    own = (
        scan("post_features")
        .filter(scope.where(), scope.on_platform(), scope.within())
        .filter(pl.col("engagement_7d").is_not_null())
        .join(market, on="entity_id", how="semi")
        .select("post_id", "channel_id", "format", level=level)
        .filter(pl.len().over("channel_id") >= FLOOR)
        .with_columns(level=pl.col("level") - pl.col("level").mean().over("channel_id"))
    )
    kept = pl.col("posts") >= FLOOR
    half = student(pl.col("posts") - 1) * pl.col("sd") / pl.col("posts").sqrt()
    ends = {"lift": pl.col("mean"), "lift_low": pl.col("mean") - half,
            "lift_high": pl.col("mean") + half}  # fmt: skip
    return (
        own.join(post_types().select("post_id", "type_id"), on="post_id")
        .filter(pl.col("type_id").is_not_null())
        .group_by("format", "type_id")
        .agg(
            posts=pl.len(),
            accounts=pl.col("channel_id").n_unique(),
            mean=pl.col("level").mean(),
            sd=pl.col("level").std(),
        )
        .with_columns(pl.when(kept).then(end.exp()).alias(name) for name, end in ends.items())
        .drop("mean", "sd")
        .collect()
        .sort("format", "type_id")
    )


@cached
def examples(scope: Scope, form: str = "", type_id: str = "", most: int = 3) -> tuple[str, ...]:
    """post_ids of a format or content type, the highest lower end of lift first."""
    rows = (
        scan("post_features")
        .filter(scope.where(), scope.on_platform(), scope.within())
        .filter(pl.col("format") == form if form else pl.lit(value=True))
    )
    if type_id:
        these = post_types().filter(pl.col("type_id") == type_id).select("post_id")
        rows = rows.join(these, on="post_id", how="semi")
    best = rows.sort("lift_low", "post_id", descending=[True, False], nulls_last=True)
    return tuple(best.select("post_id").head(most).collect()["post_id"])


def _paid(scope: Scope) -> pl.LazyFrame:
    """entity_id, posts, sponsored and suspects of the scope."""
    return (
        scan("post_features")
        .filter(scope.on_platform(), scope.within())
        .group_by("entity_id")
        .agg(
            posts=pl.len(),
            sponsored=pl.col("is_sponsored").sum(),
            suspects=pl.col("is_boost_suspect").sum(),
        )
    )


def _size(scope: Scope) -> pl.LazyFrame:
    """entity_id, followers as last seen, summed over channels."""
    return (
        scan("channel_weeks")
        .filter(scope.on_platform())
        .sort("week")
        .group_by("entity_id", "channel_id")
        .agg(pl.col("followers").drop_nulls().last())
        .group_by("entity_id")
        # A sum without one shown would say 0 for what the platform hides.
        .agg(followers=pl.when(pl.col("followers").count() > 0).then(pl.col("followers").sum()))
    )


def _rhythm(scope: Scope) -> pl.LazyFrame:
    """entity_id, longest_gap_d, and of the weeks over: weeks, weeks_active."""
    end = as_of()
    is_over = pl.col("week").dt.offset_by("7d") <= end if end else pl.lit(value=True)
    return (
        scan("channel_weeks")
        .filter(scope.on_platform(), scope.within("week"), is_over)
        .group_by("entity_id", "week")
        .agg(pl.col("posts").sum(), pl.col("longest_gap_d").max())
        .group_by("entity_id")
        .agg(
            longest_gap_d=pl.col("longest_gap_d").max(),
            weeks=pl.len(),
            weeks_active=(pl.col("posts") > 0).sum(),
        )
    )


@cached
def influencers(platform: str = ALL, period: str = "28d") -> pl.DataFrame:
    """What the cards of influencers need beyond `benchmark`, one row each.

    Columns: entity_id, posts, sponsored, suspects (posts whose likes look boosted), followers
    (summed over channels, as last seen), longest_gap_d, weeks_active (of the `weeks` over),
    share (that of sponsored posts) with its 95% interval share_low, share_high.
    """
    scope = Scope(platform, period)
    found = scan("entities").filter(pl.col("role") == "influencer").select("entity_id")
    for more in (_paid(scope), _size(scope), _rhythm(scope)):
        found = found.join(more, on="entity_id", how="left")
    filled = found.with_columns(
        pl.col("posts", "sponsored", "suspects", "weeks", "weeks_active").fill_null(0)
    )
    return filled.with_columns(wilson("sponsored", "posts")).collect().sort("entity_id")
