"""Kinds of column, so that the same kind means the same thing in every table."""

import dataframely as dy


def utc(doc: str, *, nullable: bool = True, primary_key: bool = False) -> dy.Datetime:
    """A UTC time column; its name ends in `_at`."""
    return dy.Datetime(time_zone="UTC", nullable=nullable, primary_key=primary_key, description=doc)


def text(doc: str, *, nullable: bool = True) -> dy.String:
    """A free text column."""
    return dy.String(nullable=nullable, description=doc)


def key(doc: str) -> dy.String:
    """A column of the primary key."""
    return dy.String(primary_key=True, min_length=1, description=doc)


def one_of(words: tuple[str, ...], doc: str, *, primary_key: bool = False) -> dy.String:
    """A column whose values come from a closed list."""
    return dy.String(
        primary_key=primary_key,
        check=lambda column: column.is_in(words),
        metadata={"words": words},
        description=f"{doc}: {', '.join(words)}",
    )


def count(doc: str, *, nullable: bool = True) -> dy.Int64:
    """A number of things: never negative, null where the platform does not show it."""
    return dy.Int64(nullable=nullable, min=0, description=doc)


def flag(doc: str, *, nullable: bool = False) -> dy.Bool:
    """A yes or no."""
    return dy.Bool(nullable=nullable, description=doc)


def words(doc: str) -> dy.List:
    """A list of texts, empty where there are none."""
    return dy.List(dy.String(nullable=False), nullable=False, description=doc)


def real(doc: str, *, nullable: bool = True, minimum: float | None = None) -> dy.Float64:
    """A real number."""
    return dy.Float64(nullable=nullable, min=minimum, description=doc)
