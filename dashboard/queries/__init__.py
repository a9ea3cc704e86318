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
from dashboard.queries.definitions import rates
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
from dashboard.queries.planning import (
    CALENDAR_WEEKS,
    WAITING_D,
    breakouts,
    calendar,
    effect_period,
    effects,
    waiting,
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
from dashboard.queries.standing import FLOOR, PEERS, Change, changes, gaps
from dashboard.queries.stats import Estimate, difference
from dashboard.queries.strategy import examples, grid, influencers
from dashboard.queries.topics import content_types, trend_history, trends, type_shares

__all__ = [
    "CALENDAR_WEEKS",
    "FLOOR",
    "PEERS",
    "SORTS",
    "WAITING_D",
    "Change",
    "Estimate",
    "LakeError",
    "Scope",
    "Wanted",
    "address",
    "alerts",
    "as_of",
    "benchmark",
    "breakouts",
    "calendar",
    "captures",
    "cards",
    "changes",
    "channel_weeks",
    "channels",
    "content_types",
    "coverage",
    "difference",
    "effect_period",
    "effects",
    "entities",
    "examples",
    "find",
    "forget",
    "format_shares",
    "format_stats",
    "freshness",
    "gaps",
    "grid",
    "influencers",
    "is_built",
    "is_empty",
    "kpis",
    "moments",
    "page",
    "platform_facts",
    "platform_truth",
    "platforms",
    "post",
    "rates",
    "silences",
    "snapshots",
    "timezone",
    "trend_history",
    "trends",
    "type_shares",
    "version",
    "waiting",
]
