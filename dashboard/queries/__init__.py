"""Everything that pages read: the only package that touches the lake.

Answers are small frames kept per version of the lake. Out tables are read whole or by column;
`posts`, `metrics` and `pages` only for the ids in hand, or within the window when searched.
"""

from dashboard.queries.activity import (
    Scope,
    channel_weeks,
    format_shares,
    format_stats,
    moments,
    silences,
)
from dashboard.queries.lake import LakeError, address, forget, version
from dashboard.queries.market import (
    alerts,
    as_of,
    benchmark,
    channels,
    coverage,
    entities,
    freshness,
    is_built,
    is_empty,
    kpis,
    platform_facts,
    platform_truth,
    platforms,
    timezone,
)
from dashboard.queries.publications import (
    SORTS,
    Wanted,
    captures,
    cards,
    find,
    page,
    post,
    snapshots,
)
from dashboard.queries.topics import content_types, trend_history, trends, type_shares

__all__ = [
    "SORTS",
    "LakeError",
    "Scope",
    "Wanted",
    "address",
    "alerts",
    "as_of",
    "benchmark",
    "captures",
    "cards",
    "channel_weeks",
    "channels",
    "content_types",
    "coverage",
    "entities",
    "find",
    "forget",
    "format_shares",
    "format_stats",
    "freshness",
    "is_built",
    "is_empty",
    "kpis",
    "moments",
    "page",
    "platform_facts",
    "platform_truth",
    "platforms",
    "post",
    "silences",
    "snapshots",
    "timezone",
    "trend_history",
    "trends",
    "type_shares",
    "version",
]
