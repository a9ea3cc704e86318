"""What a report is made from: the lake's out tables, read once through the dashboard's queries."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl

from dashboard import i18n, queries, theme
from dashboard.queries.lake import address, guarded, scan, store
from data.vocabulary import ALL, PERIODS, RATE_PERIODS

Row = dict[str, Any]
FIRST: Final = 3
"""Posts of each list of examples or evidence that a report may point to."""
MOST_ALERTS: Final = 100
LINES_PERIOD: Final = "90d"
"""Weeks are drawn over at least this window: four points are no line."""


@dataclass(frozen=True)
class Facts:
    """Frames as the queries give them, for one period; for every platform together if not said."""

    period: str
    market: str
    as_of: datetime | None
    captured: tuple[datetime | None, datetime | None]
    version: str
    entities: pl.DataFrame
    kpis: pl.DataFrame
    benchmark: pl.DataFrame
    gaps: pl.DataFrame
    weeks: pl.DataFrame
    formats: pl.DataFrame
    types: pl.DataFrame
    type_shares: pl.DataFrame
    trends: pl.DataFrame
    alerts: pl.DataFrame
    coverage: pl.DataFrame
    platforms: pl.DataFrame
    effects: pl.DataFrame
    rates: pl.DataFrame
    """The brand's engagement rate under every definition."""
    tones: pl.DataFrame
    models: pl.DataFrame
    muted: pl.DataFrame
    """Alerts of the period that somebody muted: counted, not told."""
    platform: str
    """Of which platform `benchmark` is, or `all`."""
    by_platform: dict[str, pl.DataFrame]
    """Platform → its benchmark."""
    references: pl.DataFrame
    influencers: pl.DataFrame
    audits: pl.DataFrame
    """Of the influencers: the checks of their figures."""
    cards: dict[str, Row]
    """post_id → what is known of each post that the report points to."""

    @property
    def brand(self) -> Row | None:
        """The first brand that is watched."""
        found = self.entities.filter(pl.col("role") == "brand")
        return None if found.is_empty() else found.row(0, named=True)

    @property
    def colours(self) -> dict[str, str]:
        """entity_id → the colour that it has in the dashboard."""
        return theme.entity_colours(self.entities)

    @property
    def started(self) -> datetime | None:
        """Where the period begins."""
        return None if self.as_of is None else self.as_of - timedelta(days=PERIODS[self.period])


def read(period: str, market: str | None = None) -> Facts:
    """Everything that a report on the lake in use says something about.

    Args:
        period: a window of `data.vocabulary.PERIODS`, ending at the lake's reference time.
        market: the market's name where the watchlist tells; else the one that the lake knows.

    Raises:
        LakeError: the lake can't be read.
    """
    told = _told(period)
    examples = ("types", "examples"), ("trends", "examples"), ("alerts", "post_ids")
    lists = [told[name][column] for name, column in examples]
    lists.append(told["audits"]["evidence"].list.reverse())
    known = guarded(lambda: store(address()).state("market")) or {}
    return Facts(
        period=period,
        market=market or str(known.get("market") or ""),
        as_of=queries.as_of(),
        captured=_captured(),
        version=queries.version(),
        platform=ALL,
        by_platform={one: queries.benchmark(one, period) for one in queries.platforms()},
        cards=_cards(lists),
        **told,
    )


def _told(period: str) -> dict[str, Any]:
    """The frames of a report, by their names among the facts."""
    scope, entities = queries.Scope(period=period), queries.entities()
    longer = max((period, LINES_PERIOD), key=PERIODS.__getitem__)
    alerts = _recent(queries.alerts(MOST_ALERTS), period)
    muted = queries.muted(alerts, datetime.now(UTC).date())
    brands = entities.filter(pl.col("role") == "brand")["entity_id"]
    return {
        "entities": entities,
        "kpis": queries.kpis(),
        "benchmark": queries.benchmark(ALL, period),
        "gaps": _gaps(period),
        "weeks": _whole(queries.channel_weeks(queries.Scope(period=longer))),
        "formats": queries.format_shares(scope),
        "types": queries.content_types(),
        "type_shares": queries.type_shares(scope),
        "trends": queries.trends(),
        "effects": queries.effects(ALL, period),
        "alerts": alerts.filter(~pl.Series(muted, dtype=pl.Boolean)),
        "muted": alerts.filter(pl.Series(muted, dtype=pl.Boolean)),
        "coverage": queries.coverage(),
        "platforms": queries.platform_facts(),
        "references": queries.references(),
        "influencers": queries.influencers(ALL, period),
        "audits": _audits(entities),
        "rates": queries.rates(
            brands[0] if len(brands) else "", ALL, queries.nearest(period, RATE_PERIODS)
        ),
        "tones": queries.tones(ALL, queries.nearest(period, RATE_PERIODS)),
        "models": queries.models("tone"),
    }


def _recent(alerts: pl.DataFrame, period: str) -> pl.DataFrame:
    end = queries.as_of()
    if end is None:
        return alerts
    return alerts.filter(pl.col("raised_at") > end - timedelta(days=PERIODS[period]))


def _gaps(period: str) -> pl.DataFrame:
    rows = scan("gaps").filter(pl.col("platform") == ALL, pl.col("period") == period)
    return guarded(rows.collect).sort("gap", "competitor_id", descending=[True, False])


def _whole(weeks: pl.DataFrame) -> pl.DataFrame:
    """The weeks that were over at the reference time: the last one is seldom."""
    end = queries.as_of()
    if weeks.is_empty() or end is None:
        return weeks
    return weeks.filter(pl.col("week") <= i18n.local(end).date() - timedelta(days=7))


def _audits(entities: pl.DataFrame) -> pl.DataFrame:
    """The checks of every influencer's figures, in the order of the entities."""
    whose = entities.filter(pl.col("role") == "influencer")["entity_id"]
    none = scan("audits").clear()
    return pl.concat([guarded(none.collect), *map(queries.audits, whose)])


def _captured() -> tuple[datetime | None, datetime | None]:
    times = scan("pages").select(first=pl.col("fetched_at").min(), last=pl.col("fetched_at").max())
    first, last = guarded(times.collect).row(0)
    return first, last


def _cards(examples: list[pl.Series]) -> dict[str, Row]:
    """What is known of the first posts of each list."""
    lists = [ids or [] for column in examples for ids in column.to_list()]
    unique = tuple(dict.fromkeys(one for ids in lists for one in ids[:FIRST]))
    if not unique:
        return {}
    found = queries.cards(unique).filter(pl.col("channel_id").is_not_null())
    return {row["post_id"]: row for row in found.iter_rows(named=True)}
