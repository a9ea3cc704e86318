"""How the brand stands against each competitor, and against itself a period earlier."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import polars as pl

from dashboard.queries.activity import Scope
from dashboard.queries.lake import cached, scan
from dashboard.queries.market import as_of, timezone
from dashboard.queries.stats import Estimate, difference, middle, pace, part
from data.vocabulary import PERIODS

FLOOR: Final = 5
"""Posts under which there is no figure (design rule)."""
PEERS: Final = ("brand", "competitor")
COMPARED: Final = ("engagement_rate", "share_of_engagement", "posts_per_week")


@dataclass(frozen=True)
class Change:
    """A figure in this period and in the one before, over the channels known in both.

    `by` is the difference; None where either has fewer than five posts or no channel's history
    reaches back far enough. `channels` of `watched` were known before the earlier period began.
    """

    now: Estimate | None
    before: Estimate | None
    by: Estimate | None
    channels: int
    watched: int

    @property
    def verdict(self) -> str:
        """up, down, level, or why there is none: short (history) or few (posts)."""
        if self.by is None:
            return "few" if self.channels else "short"
        return "up" if self.by.low > 0 else "down" if self.by.high < 0 else "level"


@cached
def gaps(platform: str, period: str) -> pl.DataFrame:
    """The contract's columns of `gaps` for one platform (or `all`) and period, widest first."""
    rows = scan("gaps").filter(pl.col("platform") == platform, pl.col("period") == period)
    return rows.collect().sort("gap", "competitor_id", descending=[True, False])


@cached
def changes(platform: str, period: str, entity_id: str) -> dict[str, Change]:
    """KPI → how it moved for one of the brand and its competitors; see COMPARED.

    Only channels with a known post from before the earlier period count, on both sides and for
    everybody: a channel whose first posts lie in between would look like growth.
    """
    if (end := as_of()) is None:
        return {}
    half = timedelta(days=PERIODS[period])
    peers = scan("entities").filter(pl.col("role").is_in(PEERS)).select("entity_id")
    posts = (
        scan("post_features")
        .filter(Scope(platform).on_platform())
        .join(peers, on="entity_id", how="semi")
    )
    first = posts.group_by("channel_id", "entity_id").agg(pl.col("published_at").min()).collect()
    known = first.filter(pl.col("published_at") <= end - 2 * half)
    rows = (
        posts.filter(
            pl.col("published_at") > end - 2 * half,
            pl.col("channel_id").is_in(known["channel_id"].to_list()),
        )
        .select(
            "entity_id", "engagement_7d", "engagement_rate",
            late=pl.col("published_at") > end - half,
            day=pl.col("published_at").dt.convert_time_zone(timezone()).dt.date(),
        )
        .collect()
    )  # fmt: skip
    return {kpi: _change(kpi, rows, entity_id, PERIODS[period], known, first) for kpi in COMPARED}


def _change(
    kpi: str, rows: pl.DataFrame, entity_id: str, days: int,
    known: pl.DataFrame, first: pl.DataFrame,
) -> Change:  # fmt: skip
    own = pl.lit(value=True) if kpi == "share_of_engagement" else pl.col("entity_id") == entity_id
    later, earlier = (
        _estimate(kpi, rows.filter(side), entity_id, days) for side in ("late", ~pl.col("late"))
    )
    ours = known.filter(pl.col("entity_id") == entity_id).height
    return Change(
        later,
        earlier,
        difference(later, earlier) if later and earlier else None,
        known.filter(own).height if ours else 0,
        first.filter(own).height,
    )


def _estimate(kpi: str, rows: pl.DataFrame, entity_id: str, days: int) -> Estimate | None:
    """One figure of one entity over the posts of one window; None under five posts."""
    is_own = pl.col("entity_id") == entity_id
    own, others = rows.filter(is_own), rows.filter(~is_own)
    column = "engagement_rate" if kpi == "engagement_rate" else "engagement_7d"
    counted = own[column].drop_nulls()
    if kpi == "posts_per_week":
        per_day = own.group_by("day").len()["len"]
        return pace(per_day, days) if own.height >= FLOOR else None
    if counted.len() < FLOOR:
        return None
    if kpi == "engagement_rate":
        return middle(counted)
    rest = others[column].drop_nulls()
    return part(counted, rest) if counted.sum() > 0 and rest.sum() > 0 else None
