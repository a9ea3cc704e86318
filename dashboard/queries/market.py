"""Who is watched, how they stand, and what the last runs brought."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

import polars as pl

from dashboard.queries.lake import address, cached, scan, store
from data.vocabulary import ROLES


@cached
def entities() -> pl.DataFrame:
    """Who is watched: entity_id, name, role; the brand first, then by role and name."""
    order = pl.col("role").replace_strict({role: i for i, role in enumerate(ROLES)})
    return scan("entities").collect().sort(order, pl.col("name").str.to_lowercase())


@cached
def channels() -> pl.DataFrame:
    """The contract's columns of `channels`, by platform and account."""
    return scan("channels").collect().sort("platform", "account")


@cached
def platforms() -> tuple[str, ...]:
    """Names of the platforms that are watched, in order."""
    return tuple(scan("channels").select(pl.col("platform").unique()).collect()["platform"].sort())


@cached
def is_empty() -> bool:
    """True where nobody is watched yet: nothing was ever crawled."""
    return scan("entities").head(1).collect().is_empty()


@cached
def timezone() -> str:
    """The market's time zone, as the watchlist names it; UTC where no run has told."""
    told = (store(address()).state("market") or {}).get("timezone", "UTC")
    return told if told in available_timezones() else "UTC"


@cached
def state(name: str) -> dict[str, Any] | None:
    """A small document kept beside the tables; None where there is none."""
    return store(address()).state(name)


@cached
def as_of() -> datetime | None:
    """Reference time of the last run, UTC; the latest publication where no run is recorded."""
    ran = scan("coverage").select(pl.col("started_at").max()).collect()["started_at"][0]
    if isinstance(ran, datetime):
        return ran
    seen = scan("post_features").select(pl.col("published_at").max()).collect()["published_at"][0]
    return seen if isinstance(seen, datetime) else None


@cached
def kpis() -> pl.DataFrame:
    """The formula registry."""
    return scan("kpis").collect()


@cached
def benchmark(platform: str, period: str) -> pl.DataFrame:
    """The contract's columns of `benchmark` for one platform (or `all`) and period."""
    return (
        scan("benchmark")
        .filter(pl.col("platform") == platform, pl.col("period") == period)
        .collect()
        .sort("kpi", "entity_id")
    )


@cached
def is_built() -> bool:
    """True where figures were computed: what was crawled is not shown before."""
    return not scan("benchmark").head(1).collect().is_empty()


@cached
def alerts(limit: int = 20) -> pl.DataFrame:
    """The latest alerts, the latest and gravest first, evidence as post_ids and page_ids."""
    gravity = pl.col("severity").replace_strict({"critical": 0, "warning": 1, "info": 2})
    return (
        scan("alerts")
        .collect()
        .unnest("evidence")
        .sort(pl.col("raised_at").dt.date(), gravity, descending=[True, False])
        .head(limit)
    )


@cached
def coverage() -> pl.DataFrame:
    """Each channel's latest run with its entity, platform, account and address.

    Channels that no run has visited yet come with nulls.
    """
    latest = scan("coverage").sort("started_at").group_by("channel_id").last()
    return (
        scan("channels")
        .join(latest, on="channel_id", how="left")
        .collect()
        .sort("complete", "platform", "account", nulls_last=True)
    )


@cached
def freshness() -> pl.DataFrame:
    """channel_id, last_complete_at, last_post_at (UTC) of each channel with either."""
    complete = (
        scan("coverage").filter("complete").group_by("channel_id")
        .agg(last_complete_at=pl.col("started_at").max())
    )  # fmt: skip
    posted = scan("post_features").group_by("channel_id").agg(
        last_post_at=pl.col("published_at").max()
    )  # fmt: skip
    return complete.join(posted, on="channel_id", how="full", coalesce=True).collect()


@cached
def platform_facts() -> pl.DataFrame:
    """The contract's columns of `platforms`; no rows in a lake that an older version wrote."""
    return scan("platforms").collect().sort("platform")


@cached
def platform_truth() -> pl.DataFrame:
    """For each platform, the share of its posts for which a figure could be had.

    Columns: platform, n (posts), engagement, followers, views: ratios from 0 to 1.
    """
    return (
        scan("post_features")
        .group_by("platform")
        .agg(
            pl.len().alias("n"),
            pl.col("engagement").is_not_null().mean(),
            pl.col("followers").is_not_null().mean(),
            pl.col("view_rate").is_not_null().mean().alias("views"),
        )
        .collect()
        .sort("platform")
    )
