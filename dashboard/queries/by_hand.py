"""What people changed: types renamed and merged, notes, tags, mutes; seen before any build."""

from datetime import date
from typing import Final

import polars as pl

from dashboard.queries.lake import cached, scan
from data import edits
from data.mutes import Mutes

MOST_TAGS: Final = 200


@cached
def type_edits() -> pl.DataFrame:
    """The contract's columns of `type_edits`, the latest first; undone ones are among them."""
    return scan("type_edits").collect().sort("at", "type_id", descending=[True, False])


def _latest(table: str) -> pl.LazyFrame:
    rows = scan(table)
    return rows.filter(pl.col("version") == pl.col("version").max())


@cached
def found_sizes() -> dict[str, int]:
    """type_id → posts of each type that the clustering found, as if nothing were merged."""
    own = pl.coalesce("found_type_id", "type_id")
    counted = _latest("post_types").group_by(type_id=own).len()
    return dict(counted.drop_nulls("type_id").collect().iter_rows())


@cached
def type_merges() -> dict[str, str]:
    """type_id → the one that it counts as."""
    if type_edits().is_empty():
        return {}
    known = {*found_sizes(), *_latest("content_types").collect()["type_id"]}
    return edits.merges(type_edits(), known)


def post_types() -> pl.LazyFrame:
    """`post_types` of the latest clustering, with the types that people made of them."""
    rows = _latest("post_types")
    return rows if type_edits().is_empty() else edits.merged(rows, type_merges())


def standing(column: str) -> pl.Expr:
    """False for a type that was merged into another since the last build."""
    return ~pl.col(column).is_in(list(type_merges()))


@cached
def content_types() -> pl.DataFrame:
    """The content types of the latest clustering as people named and merged them.

    The contract's columns of `content_types`, the largest first. One that was merged when the
    last build ran and is not any more comes back with its size and label alone.
    """
    types = _latest("content_types").collect()
    if not type_edits().is_empty() and not types.is_empty():
        types = _edited(types)
    return types.sort("size", "type_id", descending=[True, False])


def _edited(types: pl.DataFrame) -> pl.DataFrame:
    rows = {row["type_id"]: row for row in types.iter_rows(named=True)}
    sizes = found_sizes() or {key: row["size"] for key, row in rows.items()}
    into, version = type_merges(), types["version"][0]
    shown = {}
    for type_id in sorted({*rows, *sizes} - set(into)):
        bare = {"type_id": type_id, "version": version, "label": type_id, "keywords": [],
                "silhouette": None, "stability": None, "examples": []}  # fmt: skip
        whole = sum(n for one, n in sizes.items() if into.get(one, one) == type_id)
        shown[type_id] = {**bare, **rows.get(type_id, {}), "size": whole}
    for edit in type_edits().iter_rows(named=True):
        if (row := shown.get(edit["type_id"])) is not None:
            words = row["keywords"]
            own = edits.found_label(edit["type_id"], words) if words else edit["was"]
            row["label"] = edit["label"] or own
    return pl.DataFrame(list(shown.values()), schema=types.schema)


@cached
def notes() -> pl.DataFrame:
    """The contract's columns of `notes`, the latest day first."""
    return scan("notes").collect().sort("day", "at", descending=True)


@cached
def notes_between(first: date, last: date, entities: tuple[str, ...] = ()) -> pl.DataFrame:
    """day, text of the notes of these days, in order: the market's, and those of the entities.

    No entities are all of them.
    """
    whose = pl.col("entity_id").is_null() | pl.col("entity_id").is_in(entities)
    chosen = notes().filter(pl.col("day").is_between(first, last))
    if entities:
        chosen = chosen.filter(whose)
    return chosen.select("day", "text").sort("day", "text")


@cached
def tags(post_id: str) -> tuple[str, ...]:
    """The tags of a post, in order."""
    rows = scan("post_tags").filter(pl.col("post_id") == post_id).select("tag").collect()
    return tuple(rows["tag"].sort())


@cached
def every_tag() -> tuple[str, ...]:
    """The tags in use, those of most posts first."""
    counted = scan("post_tags").group_by("tag").len().collect()
    return tuple(counted.sort("len", "tag", descending=[True, False])["tag"].head(MOST_TAGS))


def tagged(tag: str) -> pl.LazyFrame:
    """post_id of the posts with a tag."""
    return scan("post_tags").filter(pl.col("tag") == tag).select("post_id")


@cached
def watchlist_edits(most: int) -> pl.DataFrame:
    """The contract's columns of `watchlist_edits`, the latest first."""
    return scan("watchlist_edits").sort("at", "edit_id", descending=True).head(most).collect()


@cached
def mutes() -> pl.DataFrame:
    """The contract's columns of `alert_mutes`."""
    return scan("alert_mutes").collect().sort("alert_id")


def muted(alerts: pl.DataFrame, day: date) -> list[bool]:
    """Of each row of `alerts`, whether somebody muted it for this day."""
    held = Mutes.on(mutes(), day)
    keys = alerts.select("alert_id", "kind", "entity_id", "key")
    return [held.cover(*row) for row in keys.iter_rows()]
