"""Rows held to the contract of their table."""

from typing import Final

import dataframely as dy
import polars as pl

from data.delta import MONTH, StoreError
from data.tables import INTERNAL, TABLES
from data.tables.core import PARTITION, SORT

NO_MONTH: Final = "none"
"""Partition of rows whose time the platform does not show."""


class ContractError(StoreError):
    """Some rows break their table's contract; the message says which rule."""


def contract_of(table: str) -> type[dy.Schema]:
    """The table's contract.

    Raises:
        StoreError: no such table.
    """
    contract = TABLES.get(table) or INTERNAL.get(table)
    if contract is None:
        raise StoreError(f"{table}: no such table; there are {', '.join(TABLES)}")
    return contract


def checked(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with just the contract's columns, in its order and types.

    Raises:
        ContractError: a row breaks a rule, or a column is missing or of another type.
    """
    contract = contract_of(table)
    try:
        rows: pl.DataFrame = contract.validate(frame, cast=True)
    except (dy.exc.ValidationError, dy.exc.SchemaError, pl.exceptions.PolarsError) as error:
        problem = str(error).partition("\n\nResolved plan")[0]
        raise ContractError(f"{table}: rows break the table's contract: {problem}") from error
    return rows


def month_of(table: str) -> pl.Expr:
    """The partition, "YYYY-MM" or NO_MONTH, that a row of a table cut by month lies in."""
    return pl.col(PARTITION[table]).dt.strftime("%Y-%m").fill_null(NO_MONTH)


def arranged(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as the contract wants it, sorted, with its month; or an error that says why."""
    rows = checked(table, frame)
    if table in SORT:
        rows = rows.sort(SORT[table])
    return rows.with_columns(month_of(table).alias(MONTH)) if table in PARTITION else rows
