"""Workbooks (Office Open XML) as rows of text: values, shared texts, and dates as ISO 8601.

Formulas are never computed: a cell shows the value that was saved with it. Source of the format:
ECMA-376, part 1, SpreadsheetML.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from posixpath import join, normpath
from typing import Any, Final

from lxml import etree

from crawlers.imports.problems import SheetError
from crawlers.imports.sheet import MAX_COLUMNS, Row, Sheet, content, row

WORKBOOK: Final = "xl/workbook.xml"
RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(50, 59)))
"""Built-in number formats that show a date (ECMA-376, 18.8.30)."""
QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
DATE_SIGNS: Final = re.compile(r"[dy]|m{3,}", re.IGNORECASE)
CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LETTERS: Final = 26
EPOCHS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - a sheet's times have no zone
MAX_SERIAL: Final = 2_958_465
"""31 December 9999."""


def sheets(archive: zipfile.ZipFile) -> list[Sheet]:
    """The sheets of a workbook, in its order, those without rows left out.

    Raises:
        SheetError: no workbook, or larger than an export.
    """
    try:
        return list(_sheets(archive))
    except (KeyError, ValueError, etree.XMLSyntaxError) as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError(
            "a damaged workbook ({error}); save it again as .xlsx or CSV", error=error
        ) from None


def _sheets(archive: zipfile.ZipFile) -> Iterator[Sheet]:
    book = _root(archive, WORKBOOK)
    targets = _targets(archive)
    base = next((_flag(found, "date1904") for found in book.iter("{*}workbookPr")), False)
    texts, dates = _texts(archive), _dates(archive)
    for sheet in book.iter("{*}sheet"):
        name = targets.get(sheet.get(RELATION) or sheet.get(STRICT) or "")
        if name is None or name not in archive.namelist():
            continue
        rows = _rows(content(archive, name), texts, dates, EPOCHS[base])
        if rows:
            yield Sheet(sheet.get("name") or "", rows)


def _root(archive: zipfile.ZipFile, name: str) -> Any:
    return etree.fromstring(_plain(content(archive, name)), etree.XMLParser(**SAFE))


SAFE: Final[dict[str, Any]] = {"resolve_entities": False, "no_network": True, "load_dtd": False}


def _plain(body: bytes) -> bytes:
    """The XML, which in a workbook never declares anything of its own."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise SheetError("a workbook that declares entities; it is refused")
    return body


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each related part lies."""
    found = {}
    for part in _root(archive, "xl/_rels/workbook.xml.rels"):
        target = part.get("Target") or ""
        found[part.get("Id")] = normpath(
            target.lstrip("/") if target.startswith("/") else join("xl", target)
        )
    return found


def _texts(archive: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    return [_said(item) for item in _root(archive, name).iterchildren("{*}si")]


def _said(item: Any) -> str:
    """The text of an item, without the readings that Asian texts carry beside it."""
    return "".join(
        text.text or "" for text in item.iter("{*}t") if not text.getparent().tag.endswith("}rPh")
    )


def _dates(archive: zipfile.ZipFile) -> frozenset[int]:
    """Numbers of the cell styles that show a date."""
    name = "xl/styles.xml"
    if name not in archive.namelist():
        return frozenset()
    styles = _root(archive, name)
    own = {
        int(form.get("numFmtId")): QUOTED.sub("", form.get("formatCode") or "")
        for form in styles.iter("{*}numFmt")
    }
    used = [int(xf.get("numFmtId") or 0) for xfs in styles.iter("{*}cellXfs") for xf in xfs]
    return frozenset(
        style
        for style, form in enumerate(used)
        if (DATE_SIGNS.search(own[form]) if form in own else form in DATES)
    )


def _rows(body: bytes, texts: Sequence[str], dates: frozenset[int], epoch: datetime) -> list[Row]:
    rows: list[Row] = []
    last = 0
    for _, element in etree.iterparse(BytesIO(_plain(body)), tag="{*}row", **SAFE):
        last = int(element.get("r") or last + 1)
        cells = _cells(element, texts, dates, epoch)
        if any(cell.strip() for cell in cells):
            rows.append(row(last, cells, len(rows)))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return rows


def _cells(element: Any, texts: Sequence[str], dates: frozenset[int], epoch: datetime) -> list[str]:
    cells: list[str] = []
    for cell in element.iterchildren("{*}c"):
        place = CELL.fullmatch(cell.get("r") or "")
        column = _column(place[1]) if place else len(cells)
        if not len(cells) <= column < MAX_COLUMNS:
            raise SheetError(
                "cell {cell}: out of place; save the workbook again", cell=cell.get("r")
            )
        cells += [""] * (column - len(cells))
        is_date = int(cell.get("s") or 0) in dates
        cells.append(_value(cell, texts, epoch if is_date else None))
    return cells


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: Any, texts: Sequence[str], epoch: datetime | None) -> str:
    """What a cell shows, as text; a date as ISO 8601, an error as nothing."""
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return _said(cell)
    value = cell.findtext("{*}v") or ""
    if kind == "s":
        return texts[int(value)] if value.isdigit() and int(value) < len(texts) else ""
    if kind == "e":
        return ""
    if kind != "n" or not value:
        return value
    return _number(float(value), epoch)


def _number(value: float, epoch: datetime | None) -> str:
    if epoch is not None and 0 <= value <= MAX_SERIAL:
        # Serials are doubles: what is off by less than a second was a whole one.
        moment = epoch + timedelta(seconds=round(value * 86400))
        return moment.date().isoformat() if value == int(value) else moment.isoformat()
    return str(int(value)) if value == int(value) else repr(value)


def _flag(element: Any, name: str) -> bool:
    return (element.get(name) or "") in {"1", "true"}
