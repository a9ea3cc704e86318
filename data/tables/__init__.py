"""One contract a table: columns, types, keys and the meaning of each column."""

from typing import Final

import dataframely as dy

from data.tables import core, edits, out, people

CORE: Final[dict[str, type[dy.Schema]]] = {
    "entities": core.Entities,
    "channels": core.Channels,
    "pages": core.Pages,
    "profiles": core.Profiles,
    "posts": core.Posts,
    "metrics": core.Metrics,
    "comments": core.Comments,
    "insights": core.Insights,
    "coverage": core.Coverage,
    "platforms": core.Platforms,
    "references": core.References,
    "restatements": out.Restatements,
    "type_edits": edits.TypeEdits,
    "notes": edits.Notes,
    "post_tags": edits.PostTags,
    "alert_mutes": edits.AlertMutes,
    "watchlist_edits": edits.WatchlistEdits,
}
OUT: Final[dict[str, type[dy.Schema]]] = {
    "post_features": out.PostFeatures,
    "channel_weeks": out.ChannelWeeks,
    "format_stats": out.FormatStats,
    "effects": out.Effects,
    "content_types": out.ContentTypes,
    "post_types": out.PostTypes,
    "mentions": out.Mentions,
    "trends": out.Trends,
    "benchmark": out.Benchmark,
    "rates": out.Rates,
    "gaps": out.Gaps,
    "members": people.Members,
    "communities": people.Communities,
    "tones": people.Tones,
    "models": people.Models,
    "audits": people.Audits,
    "alerts": out.Alerts,
    "kpis": out.Kpis,
    "definitions": out.Definitions,
}
TABLES: Final[dict[str, type[dy.Schema]]] = {**CORE, **OUT}
INTERNAL: Final[dict[str, type[dy.Schema]]] = {
    "erasures": core.Erasures,
    "state": core.State,
    "validators": core.Validators,
}
"""Bookkeeping that no reader needs and no export shows."""
