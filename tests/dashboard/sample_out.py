"""The out tables of the sample lake, computed roughly: right in shape, not in statistics."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from data.tables import TABLES
from features import definitions

PERIODS = {"7d": 7, "28d": 28, "90d": 90, "365d": 365}
KPIS = (
    ("posts_per_week", "Posts per week", "Publications par semaine", "posts/week", "higher"),
    ("engagement_per_post", "Engagement per post", "Engagement par publication", "interactions",
     "higher"),
    ("engagement_rate", "Engagement rate", "Taux d’engagement", "ratio", "higher"),
    ("follower_growth_pct", "Follower growth", "Croissance des abonnés", "%", "higher"),
    ("reply_rate", "Reply rate", "Taux de réponse", "ratio", "higher"),
    ("reply_median_min", "Median time to reply", "Délai médian de réponse", "minutes", "lower"),
    ("share_of_engagement", "Share of engagement", "Part de l’engagement", "ratio", "higher"),
    ("share_of_voice", "Share of voice", "Part de voix", "ratio", "higher"),
    ("format_diversity", "Format diversity", "Diversité des formats", "formats", "neither"),
)  # fmt: skip
PEERS = {"brand": "brands", "competitor": "brands"}
FLOOR = 5


def kpis() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "kpi": kpi,
            "name_en": english,
            "name_fr": french,
            "formula": f"median over the posts of the {kpi} at 7 days",
            "formula_fr": f"médiane, sur les publications, de {kpi} à 7 jours",
            "unit": unit,
            "source": "Vigie, after common practice",
            "source_fr": "Vigie, selon l’usage",
            "better": better,
        }
        for kpi, english, french, unit, better in KPIS
    )


def _features(frame: pl.DataFrame, end: datetime) -> pl.DataFrame:
    hour = pl.col("published_at").dt.hour()
    return frame.with_columns(
        age_h=(pl.lit(end) - pl.col("published_at")).dt.total_minutes() / 60,
        engagement_7d=pl.col("engagement").cast(pl.Float64),
        engagement_7d_is_measured=(pl.lit(end) - pl.col("published_at")).dt.total_days() >= 7,
        followers_is_extrapolated=False,
        engagement_rate=pl.when(pl.col("platform") != "feed").then(
            pl.col("engagement") / pl.col("followers")
        ),
        view_rate=pl.when(pl.col("platform") == "youtube").then(pl.col("lift") * 0.4),
        lift_low=pl.col("lift") * (-pl.col("spread")).exp(),
        lift_high=pl.col("lift") * pl.col("spread").exp(),
        weekday=pl.col("published_at").dt.weekday().cast(pl.Int64),
        hour=hour.cast(pl.Int64),
        language=pl.lit("fr"),
        has_question=False,
        has_cta=pl.col("type_id") == "ct-4",
        is_contest=pl.col("type_id") == "ct-4",
        is_sponsored=False,
        is_boost_suspect=False,
    ).with_columns(pl.col("has_cta", "is_contest").fill_null(value=False))


def _weeks(frame: pl.DataFrame) -> pl.DataFrame:
    week = pl.col("published_at").dt.truncate("1w").dt.date().alias("week")
    return frame.group_by("channel_id", week, "entity_id", "platform").agg(
        posts=pl.len(),
        active_days=pl.col("published_at").dt.date().n_unique(),
        longest_gap_d=pl.col("published_at").sort().diff().max().dt.total_minutes() / 1440,
        burstiness=pl.lit(0.1),
        followers=pl.col("followers").first(),
        follower_growth_pct=pl.lit(0.4),
        engagement=pl.col("engagement").sum(),
        engagement_rate_median=(pl.col("engagement") / pl.col("followers")).median(),
        reply_rate=pl.lit(0.3),
        reply_median_min=pl.lit(95.0),
    )


def _windows(frame: pl.DataFrame, end: datetime) -> list[tuple[str, str, pl.DataFrame]]:
    """(period, platform, posts) of every window, the sum over platforms included."""
    found = []
    for period, days in PERIODS.items():
        recent = frame.filter(pl.col("published_at") > end - timedelta(days=days))
        found.append((period, "all", recent))
        for key, part in recent.group_by("platform"):
            found.append((period, str(key[0]), part))
    return found


def _formats(frame: pl.DataFrame, end: datetime) -> pl.DataFrame:
    parts = []
    for period, platform, rows in _windows(frame, end):
        stats = rows.group_by("entity_id", "format").agg(posts=pl.len(), lift=pl.col("lift").mean())
        total = pl.col("posts").sum().over("entity_id")
        width = 0.9 / pl.col("posts").sqrt()
        parts.append(
            stats.with_columns(
                share=pl.col("posts") / total,
                lift_low=pl.col("lift") * (-width).exp(),
                lift_high=pl.col("lift") * width.exp(),
                period=pl.lit(period),
                platform=pl.lit(platform),
            )
        )
    return pl.concat(parts)


def _value(kpi: str, rows: pl.DataFrame, days: int) -> float | None:
    if kpi == "reply_rate":
        return None
    rate = rows["engagement"] / rows["followers"]
    values = {
        "engagement_rate": rate.median(),
        "engagement_per_post": rows["engagement"].median(),
        "share_of_engagement": rows["engagement"].sum() / 1e6,
        "share_of_voice": rows.height / 1e3,
        "posts_per_week": rows.height * 7 / min(days, 182),
        "follower_growth_pct": 0.1 * (rows.height % 17),
        "reply_median_min": 20.0 + rows.height,
        "format_diversity": rows["format"].n_unique(),
    }
    value: Any = values[kpi]
    return None if value is None else float(value)


def _benchmark(frame: pl.DataFrame, end: datetime) -> pl.DataFrame:
    made = []
    frame = frame.filter(pl.col("role") != "topic").with_columns(
        peers=pl.col("role").replace(PEERS)
    )
    for period, platform, rows in _windows(frame, end):
        for kpi, *_, better in KPIS:
            for _, peers in rows.group_by("peers"):
                groups = {str(key[0]): part for key, part in peers.group_by("entity_id")}
                made += _ranked(kpi, better, groups, period, platform)
    return pl.DataFrame(made, infer_schema_length=None)


def _ranked(
    kpi: str, better: str, groups: Mapping[str, pl.DataFrame], period: str, platform: str
) -> list[dict[str, Any]]:
    values = {
        entity: value
        for entity, rows in groups.items()
        if rows.height >= FLOOR and (value := _value(kpi, rows, PERIODS[period])) is not None
    }
    order = sorted(values, key=lambda entity: values[entity], reverse=better != "lower")
    made = []
    for entity, rows in groups.items():
        row: dict[str, Any] = {
            "entity_id": entity, "platform": platform, "period": period, "kpi": kpi,
            "n": rows.height, "verdict": "not enough posts",
        }  # fmt: skip
        if entity in values:
            row |= _stand(entity, values, order, rows.height)
        made.append(row)
    return made


def _stand(entity: str, values: dict[str, float], order: list[str], n: int) -> dict[str, Any]:
    value, rank = values[entity], order.index(entity) + 1
    peers = [other for name, other in values.items() if name != entity] or [value]
    quarter, median, three = (float(x) for x in np.quantile(peers, [0.25, 0.5, 0.75]))
    width = 1 / n**0.5
    ahead = {True: "ahead", False: "behind"}[rank <= len(order) / 2]
    return {
        "value": value, "low": value * (1 - width), "high": value * (1 + width),
        "rank": rank, "rank_low": max(1, rank - 1), "rank_high": min(len(order), rank + 2),
        "peer_p25": quarter, "peer_median": median, "peer_p75": three,
        "verdict": ahead if abs(value - median) > value * width else "level",
    }  # fmt: skip


def _types(frame: pl.DataFrame, names: Mapping[str, tuple[str, str]]) -> dict[str, pl.DataFrame]:
    sizes = frame.filter(pl.col("type_id").is_not_null()).group_by("type_id").agg(
        size=pl.len(), examples=pl.col("post_id").sort().head(4)
    )  # fmt: skip
    order = list(names)
    types = sizes.sort("type_id").with_columns(
        version=pl.lit(2),
        label=pl.col("type_id").replace_strict({key: value[0] for key, value in names.items()}),
        keywords=pl.Series([names[key][1].split() for key in order]),
        silhouette=pl.Series([0.31, 0.42, 0.18, 0.55, 0.24, 0.36]),
        stability=pl.Series([0.92, 0.95, 0.71, 0.98, 0.83, 0.88]),
    )
    posts = frame.select("post_id", "type_id", version=pl.lit(2), confidence=pl.lit(0.8))
    return {"content_types": types, "post_types": posts}


def _trends(frame: pl.DataFrame, end: datetime) -> pl.DataFrame:
    monday = (end - timedelta(days=end.weekday())).date()
    plans = [
        ("format", "carousel", "rising", 2.4, 0.002), ("hashtag", "bivouac", "rising", 3.1, 0.0004),
        ("content_type", "ct-3", "rising", 1.8, 0.04), ("hashtag", "nouveau", "falling", 0.4, 0.03),
        ("format", "link", "falling", 0.5, 0.06), ("hashtag", "trail", "steady", 1.1, 0.7),
        ("content_type", "ct-2", "steady", 0.9, 0.8), ("format", "photo", "steady", 1.0, 0.9),
    ]  # fmt: skip
    examples = frame.sort("lift", descending=True)["post_id"].head(3).to_list()
    made = []
    for kind, key, status, ratio, q in plans:
        for back in range(8):
            now = back == 0
            level = ratio ** max(0.0, 1 - back / 3)
            made.append({
                "kind": kind, "key": key, "platform": "all", "week": monday - timedelta(weeks=back),
                "posts": round(12 * level), "accounts": 2 + round(3 * level), "ratio": level,
                "low": level * 0.7, "high": level * 1.4, "q_value": q if now else 0.6,
                "lift": 1.2, "status": status if now else "steady", "examples": examples,
            })  # fmt: skip
    return pl.DataFrame(made)


def _alerts(frame: pl.DataFrame, pages: Mapping[str, str], end: datetime) -> pl.DataFrame:
    best = frame.filter(pl.col("entity_id") == "crete-co").sort("lift")[-1].to_dicts()[0]
    page = pages[best["channel_id"]]
    return pl.DataFrame([
        {"alert_id": "a1", "raised_at": end, "kind": "breakout_post", "entity_id": "crete-co",
         "severity": "warning", "title": "Crête & Co: a post gets 4.1 times the usual",
         "evidence": {"post_ids": [best["post_id"]], "page_ids": [page]}},
        {"alert_id": "a2", "raised_at": end, "kind": "source_broken", "entity_id": "refuge-7",
         "severity": "critical", "title": "Refuge 7: the feed no longer exists",
         "evidence": {"post_ids": [], "page_ids": [page]}},
        {"alert_id": "a3", "raised_at": end - timedelta(days=2), "kind": "rising_trend",
         "entity_id": None, "severity": "info", "title": "#bivouac is rising",
         "evidence": {"post_ids": [best["post_id"]], "page_ids": []}},
    ])  # fmt: skip


def _mentions(frame: pl.DataFrame) -> pl.DataFrame:
    """The brand is named by everybody else's newest two posts."""
    others = frame.filter(pl.col("entity_id") != "maison-alpine").sort("published_at", "post_id")
    newest = others.group_by("entity_id", maintain_order=True).tail(2)
    return newest.select(
        "post_id", "channel_id", "platform", "published_at", by_entity_id="entity_id",
        entity_id=pl.lit("maison-alpine"), named_by=pl.lit("name"),
    )  # fmt: skip


def _counted(features: pl.DataFrame) -> pl.DataFrame:
    """Post features with the counts that engagement is the sum of."""
    likes = (0.8 * pl.col("engagement")).round()
    return features.with_columns(
        likes=likes, comments=pl.col("engagement") - likes, saves=pl.lit(None), views=pl.lit(None)
    )


def tables(
    frame: pl.DataFrame,
    pages: Mapping[str, str],
    end: datetime,
    names: Mapping[str, tuple[str, str]],
) -> dict[str, pl.DataFrame]:
    """Name → rows of every out table."""
    features = _features(frame, end)
    none = {name: TABLES[name].create_empty().lazy() for name in ("profiles", "insights")}
    return {
        "kpis": kpis(),
        "definitions": definitions.table(),
        "rates": definitions.rates(
            _counted(features).lazy(), none["profiles"], none["insights"], end
        ),
        "post_features": features,
        "channel_weeks": _weeks(frame),
        "format_stats": _formats(frame, end),
        "benchmark": _benchmark(frame, end),
        "mentions": _mentions(frame),
        "trends": _trends(frame, end),
        "alerts": _alerts(frame, pages, end),
        **_types(frame, names),
    }
