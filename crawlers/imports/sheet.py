"""Tables out of the bytes of a CSV, an XLSX or a ZIP of CSVs, whatever their encoding."""

import codecs
import csv
import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from typing import Final

from msgspec import Struct

from crawlers.imports.problems import SheetError

MAX_BYTES: Final = 100_000_000
MAX_UNPACKED: Final = 400_000_000
"""Of everything in a zipped file; a real export of 100,000 posts stays under a tenth of it."""
MAX_RATIO: Final = 200
"""A member that shrank more than that, and is not small, was made to."""
SMALL: Final = 10_000_000
MAX_ROWS: Final = 1_000_000
MAX_COLUMNS: Final = 1000
MAX_CELL: Final = 200_000
DELIMITERS: Final = ",;\t|"
SAMPLE: Final = 64_000
ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, RuntimeError,
    OSError, OverflowError,
)  # fmt: skip
WIDE: Final = re.compile(rb"(?:[^\0]\0){2}")
"""UTF-16 without its mark: every other byte of western letters is zero."""
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


class Row(Struct, frozen=True):
    """One row and its line in the file (of a spreadsheet: its row)."""

    line: int
    cells: list[str]


class Sheet(Struct, frozen=True):
    """A table as written: no header is known yet. `decimal` is the mark that its form suggests."""

    name: str
    rows: list[Row]
    decimal: str = "."


def sheets(body: bytes) -> list[Sheet]:
    """The tables of a file, in its order.

    Raises:
        SheetError: too large, encrypted, an old format, or no table at all.
    """
    if len(body) > MAX_BYTES:
        raise SheetError("larger than {size} MB; export a shorter period", size=MAX_BYTES // 10**6)
    if body.startswith(OLE):
        raise SheetError("an old or protected Excel file; open it and save it as .xlsx or CSV")
    if not body.startswith(ZIP):
        return [_text(body, "")]
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return _zipped(archive)
    except DAMAGED as error:
        raise SheetError(
            "a damaged or protected archive ({error}); export it again", error=error
        ) from None


def _zipped(archive: zipfile.ZipFile) -> list[Sheet]:
    """The sheets of a workbook, or the CSV files that YouTube Studio zips together."""
    from crawlers.imports import xlsx

    refuse_bombs(archive)
    if xlsx.WORKBOOK in archive.namelist():
        return xlsx.sheets(archive)
    names = [name for name in archive.namelist() if name.lower().endswith((".csv", ".tsv"))]
    if not names:
        raise SheetError("an archive without a CSV file or a workbook; give the export itself")
    return [_text(content(archive, name), name) for name in names]


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks to far more than it is.

    The declared sizes are enough: `content` reads no further.

    Raises:
        SheetError: too much inside.
    """
    members = archive.infolist()
    for member in members:
        if member.file_size > max(SMALL, MAX_RATIO * member.compress_size):
            raise SheetError("unpacks to far more than an export holds; it is refused")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise SheetError("unpacks to far more than an export holds; it is refused")


def content(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member's bytes, no more than it declares: what it declares was looked at before."""
    member = archive.getinfo(name)
    with archive.open(member) as opened:
        return opened.read(member.file_size)


def _text(body: bytes, name: str) -> Sheet:
    """A CSV: its encoding, delimiter and rows."""
    text = decoded(body)
    if "\0" in text:
        raise SheetError("not a text file; give the CSV or XLSX as it was exported")
    delimiter = _delimiter(text)
    decimal = "," if delimiter == ";" else "."
    return Sheet(name, _rows(text, delimiter), decimal)


def decoded(body: bytes) -> str:
    """The text, from UTF-8, UTF-16 (with or without its mark) or Windows' western letters."""
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    if WIDE.match(body):
        return body.decode("utf-16-le", "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """The sign that cuts most lines into the same number of cells."""
    if text.startswith("sep="):
        return text[4:5] if text[4:5] in DELIMITERS else ","
    sample = text[:SAMPLE]
    best, score = ",", 0
    for sign in DELIMITERS:
        # Split by the CSV reader, so that signs inside quotes don't count.
        widths = Counter(len(cells) for cells in _cells(sample, sign) if len(cells) > 1)
        width, lines = max(widths.items(), key=lambda found: found[0] * found[1], default=(0, 0))
        if width * lines > score:
            best, score = sign, width * lines
    return best


def _cells(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return list(reader)
    except csv.Error:
        return []


def _rows(text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not (line == 1 and text.startswith("sep=")):
                rows.append(row(line, cells, len(rows)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise SheetError(
            "line {line}: not readable as CSV ({error})", line=line, error=error
        ) from None
    return rows


def row(line: int, cells: list[str], already: int) -> Row:
    """One row, within the limits.

    Raises:
        SheetError: too many rows or columns, or a cell too long.
    """
    if already >= MAX_ROWS:
        raise SheetError("more than {rows} rows; export a shorter period", rows=MAX_ROWS)
    if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
        raise SheetError("line {line}: wider than any export; is it a table?", line=line)
    return Row(line, [cell.strip() for cell in cells])
