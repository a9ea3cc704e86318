"""What two lakes hold, compared row by row."""

from collections import Counter

import polars as pl

from data.tables import TABLES

OWN = {
    "page_id", "run_id", "fetched_at", "observed_at", "first_seen_at", "last_seen_at",
    "started_at", "raised_at", "evidence", "alert_id", "author_key", "comment_id", "in_reply_to",
}  # fmt: skip
"""Columns of a lake's own: times of its crawl, what is hashed of them or by its own key."""
KEYED = {"pages", "members"}
"""Their keys hold times, and pseudonyms."""


def content(store, table):
    """Rows without what is a lake's own; to nine digits, since sums depend on the order."""
    rows = store.scan(table).collect()
    kept = rows.drop(OWN & set(rows.columns))
    kept = kept.with_columns(pl.selectors.float().round_sig_figs(9))
    return Counter(map(repr, kept.rows()))


def differing(here, there, tables=TABLES):
    """Rows that only one of the lakes has, by table; tables that agree are left out."""
    apart = {}
    for table in set(tables) - KEYED:
        one, other = content(here, table), content(there, table)
        if one != other:
            apart[table] = ((one - other).total(), (other - one).total())
    return apart
