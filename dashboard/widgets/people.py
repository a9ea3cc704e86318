"""Names and colours of entities, joined to any table that has their ids."""

import polars as pl

from dashboard import queries, theme


def named(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `name` and `role`, the brand first, entities in the order of the sidebar."""
    known = queries.entities().with_row_index("place")
    return rows.join(known, on="entity_id", maintain_order="left").sort(
        "place", maintain_order=True
    )


def colours_by_name() -> dict[str, str]:
    """Name → colour."""
    known = queries.entities()
    colours = theme.entity_colours(known)
    return {row["name"]: colours[row["entity_id"]] for row in known.iter_rows(named=True)}


def brands() -> list[str]:
    """Names of the brands."""
    return queries.entities().filter(pl.col("role") == "brand")["name"].to_list()


def by_name(entities: pl.DataFrame) -> dict[str, str]:
    """entity_id → name, in the order of the rows."""
    return {row["entity_id"]: row["name"] for row in entities.iter_rows(named=True)}
