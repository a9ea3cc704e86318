"""Which alerts nobody wants to hear of for now."""

from datetime import date
from typing import Final, Self

import polars as pl

KEYED: Final = frozenset({"rising_trend", "source_broken"})
"""Kinds of which one entity, or the market, has several subjects at a time."""

Subject = tuple[str, str | None, str | None]


class Mutes:
    """The mutes that hold on a day: of single alerts, and of subjects (kind, entity_id, key)."""

    def __init__(self, ids: frozenset[str], subjects: frozenset[Subject]) -> None:
        self._ids = ids
        self._subjects = subjects

    @classmethod
    def on(cls, rows: pl.DataFrame, day: date) -> Self:
        """From rows of `alert_mutes`."""
        held = rows.filter(pl.col("until") >= day)
        subjects = held.select("kind", "entity_id", "key").iter_rows()
        whole = (one for one in subjects if one[0] not in KEYED or one[2] is not None)
        return cls(frozenset(held["alert_id"]), frozenset(whole))

    def cover(self, alert_id: str, kind: str, entity_id: str | None, key: str | None) -> bool:
        """Whether an alert is muted, itself or as one more of a muted subject."""
        return alert_id in self._ids or (kind, entity_id, key) in self._subjects
