"""The figures of a page as a table to take away."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from dashboard import names, queries, theme
from dashboard.i18n import _
from dashboard.widgets import cards, people

HEADLINE: Final = ("engagement_rate", "share_of_engagement", "posts_per_week")
"""The three figures of the leadership page."""

Row = dict[str, Any]


def standing(brand: str, rows: Mapping[str, Row], changes: Mapping[str, queries.Change],
           gaps: pl.DataFrame) -> pl.DataFrame:  # fmt: skip
    """The page's figures, one a row, differences to the period before and gaps among them."""
    known = people.by_name(queries.entities())
    lines: list[Row] = []
    for kpi, row in ((kpi, rows[kpi]) for kpi in HEADLINE if kpi in rows):
        told = {"figure": cards.kpi_name(row["entry"]), "who": brand, "unit": row["entry"]["unit"]}
        ends = ("value", "low", "high", "n", "rank", "rank_low", "rank_high", "verdict")
        lines.append(told | {name: row[name] for name in ends})
        moved = changes.get(kpi)
        if moved is not None and moved.by is not None:
            change = {"against": _("the period before"), "verdict": moved.verdict}
            lines.append(told | change | moved.by._asdict())
    for row in gaps.iter_rows(named=True):
        lines += [
            {"figure": names.gap_part(part), "who": known.get(row["competitor_id"]),
             "against": brand, "value": row[part], "low": row[f"{part}_low"],
             "high": row[f"{part}_high"], "unit": _("interactions a week")}
            for part in theme.PARTS
        ]  # fmt: skip
    columns = dict.fromkeys(("figure", "who", "against"), pl.String) | dict.fromkeys(
        ("value", "low", "high"), pl.Float64
    )
    ranks = dict.fromkeys(("n", "rank", "rank_low", "rank_high"), pl.Int64)
    schema = columns | ranks | {"unit": pl.String, "verdict": pl.String}
    return pl.DataFrame(lines, schema=schema)
