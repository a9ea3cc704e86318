"""What people changed about content types, told the same to builds and to pages."""

from collections.abc import Collection, Sequence
from typing import Final

import polars as pl

LABEL_WORDS: Final = 3


def found_label(type_id: str, keywords: Sequence[str]) -> str:
    """The label of a type that nobody named: its most telling words."""
    return " · ".join(keywords[:LABEL_WORDS]) or type_id


def merges(edits: pl.DataFrame, known: Collection[str]) -> dict[str, str]:
    """type_id → the type that it counts as, for each that was merged into one that is there.

    A chain of merges ends at its last type that is known; one that bites its tail merges nothing.

    Args:
        edits: rows of `type_edits`.
        known: type_ids of the clustering.
    """
    rows = edits.filter(pl.col("merged_into").is_not_null())
    into: dict[str, str] = dict(rows.select("type_id", "merged_into").sort("type_id").iter_rows())
    found = {}
    for type_id in into:
        chain = [type_id]
        while (after := into.get(chain[-1])) is not None and after not in chain:
            chain.append(after)
        there = [one for one in chain[1:] if one in known]
        if after is None and there:
            found[type_id] = there[-1]
    return found


def labels(edits: pl.DataFrame) -> dict[str, str]:
    """type_id → the name that people gave it; rows of `type_edits` in."""
    named = edits.filter(pl.col("label").is_not_null())
    return dict(named.select("type_id", "label").iter_rows())


def merged(types: pl.LazyFrame, into: dict[str, str]) -> pl.LazyFrame:
    """Rows of `post_types` with the type that each counts as.

    The one that the clustering found is kept beside it, so that a merge can be undone.
    """
    own = pl.coalesce("found_type_id", "type_id")
    now = own.replace(into)
    return types.with_columns(type_id=now, found_type_id=pl.when(now != own).then(own))
