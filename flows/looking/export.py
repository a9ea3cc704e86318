"""Any table as a file that other programs open, safely.

Crawled text is untrusted: in CSV and XLSX a cell that a spreadsheet would take for a formula
gets a leading apostrophe. Numbers stay numbers.
"""

import json
from collections.abc import Callable
from typing import IO, Any, Final

import polars as pl

from data.spreadsheets import FORMULA
from data.store import Store
from data.tables import TABLES
from flows.looking import warc
from flows.words.problems import Unusable

TIME: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"
XLSX_ROWS: Final = 1_048_575
XLSX_CHARACTERS: Final = 32_767
"""Excel's own limits for a sheet and a cell."""


def export(store: Store, table: str, form: str, out: IO[bytes]) -> int:
    """Write a table, in the order of its key, to a binary file; the number of rows.

    Args:
        store: the lake.
        table: any table of the contract.
        form: csv, parquet, json (one JSON object a line), xlsx, or warc (of `pages`).
        out: where to.

    Raises:
        Unusable: no such table or format, or it can't hold this table.
    """
    if table not in TABLES:
        raise Unusable(
            "no table is called {table}; there are {known}", table=table, known=", ".join(TABLES)
        )
    if form == "warc":
        if table != "pages":
            raise Unusable("warc holds pages: write `vigie export pages --format warc`")
        return warc.write(store, out)
    if form not in WRITERS:
        known = ", ".join((*WRITERS, "warc"))
        raise Unusable("no format is called {form}; there are {known}", form=form, known=known)
    frame = store.scan(table).collect().sort(TABLES[table].primary_key())
    WRITERS[form](frame, out)
    return frame.height


def _csv(frame: pl.DataFrame, out: IO[bytes]) -> None:
    safe(flat(frame)).write_csv(out)


def _parquet(frame: pl.DataFrame, out: IO[bytes]) -> None:
    frame.write_parquet(out)


def _json(frame: pl.DataFrame, out: IO[bytes]) -> None:
    frame.with_columns(
        *_times(frame), *(pl.col(c).bin.encode("base64") for c in of_type(frame, pl.Binary))
    ).write_ndjson(out)


def _xlsx(frame: pl.DataFrame, out: IO[bytes]) -> None:
    if frame.height > XLSX_ROWS:
        raise Unusable(
            "{rows} rows are more than a sheet holds ({most}); use csv or parquet",
            rows=frame.height, most=XLSX_ROWS,
        )  # fmt: skip
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise Unusable("xlsx needs an extra: pip install 'vigie[export]'") from None
    cells = safe(flat(frame)).with_columns(pl.selectors.string().str.head(XLSX_CHARACTERS))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(out, options) as book:
        cells.write_excel(book, autofilter=False)


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with cells only: times and lists as text, without the bodies of pages."""
    lists = [pl.col(c).map_elements(_as_json, pl.String) for c in of_type(frame, pl.List)]
    structs = [pl.col(c).struct.json_encode() for c in of_type(frame, pl.Struct)]
    return frame.drop(of_type(frame, pl.Binary)).with_columns(*_times(frame), *lists, *structs)


def safe(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before every text that a spreadsheet would compute."""
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(FORMULA))
        .then(pl.format("'{}", name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in of_type(frame, pl.String)
    )


def of_type(frame: pl.DataFrame, kind: type[pl.DataType]) -> list[str]:
    """Names of the columns of a type."""
    return [name for name, dtype in frame.schema.items() if dtype.base_type() is kind]


def _times(frame: pl.DataFrame) -> list[pl.Expr]:
    return [pl.col(name).dt.strftime(TIME) for name in of_type(frame, pl.Datetime)]


def _as_json(words: pl.Series) -> str:
    return json.dumps(words.to_list(), ensure_ascii=False)


WRITERS: Final[dict[str, Callable[[pl.DataFrame, IO[bytes]], Any]]] = {
    "csv": _csv,
    "parquet": _parquet,
    "json": _json,
    "xlsx": _xlsx,
}
