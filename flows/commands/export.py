"""`vigie export`: any table as a file."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated

import typer

from flows.commands.common import existing
from flows.words import console
from flows.words.options import Lake, Lang
from flows.words.problems import Unusable

EXAMPLE = "Example: vigie export posts --format xlsx -o posts.xlsx"


def export(
    table: Annotated[str, typer.Argument(help="Name of the table, such as posts or benchmark.")],
    form: Annotated[
        str,
        typer.Option("--format", metavar="csv|parquet|json|xlsx|warc",
                     help="json is one object a line; warc is for pages."),
    ] = "csv",
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="Where to; - is standard output.")
    ] = "-",
    lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Write a table to a file or to standard output. Texts can't become spreadsheet formulas."""
    from flows.looking.export import export as write

    store = existing(lake)
    if out == "-":
        # Through a file: XLSX needs to go back in it, and nothing is printed of a failed export.
        with TemporaryFile() as file:
            write(store, table, form, file)
            file.seek(0)
            while block := file.read(1 << 20):
                sys.stdout.buffer.write(block)
        return
    target = Path(out)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            rows = write(store, table, form, file)
        partial.replace(target)
    except OSError as error:
        raise Unusable(
            "{file}: can't be written ({problem})", file=out, problem=error.strerror
        ) from None
    finally:
        partial.unlink(missing_ok=True)
    console.note("{rows} rows in {file}", rows=rows, file=out)
