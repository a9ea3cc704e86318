"""The report as a workbook: a sheet a table, live formulas, defined names, filters.

Shares, ratios and gaps are formulas over the cells beside them, with the values that the lake
holds kept as their results. Text is always written as text: no crawled text becomes a formula or
a link that its writer did not vet.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from dashboard.report.model import Cell, Column, Lines, Report, Table
from dashboard.widgets.safe import shorten

FORMATS: Final = {
    "count": "#,##0", "number": "#,##0.00", "signed": "+#,##0;-#,##0;0", "ratio": "0.0%",
    "percent": '0.00"%"', "times": '0.00"×"', "day": "yyyy-mm-dd", "text": "@",
}  # fmt: skip
HEAD: Final = 2
"""Row (from 0) of the heads: above them the table's title."""
WIDEST: Final = 60
LINE: Final = 15.5
"""Points that a line of text takes."""
FULL: Final = 0.95
"""The part of a column's width that words fill, bold ones too."""
SUMMARY: Final = (46, 90)
"""Widths of the first sheet's columns."""
A4: Final = 9
"""The number that spreadsheets give this paper."""
FIGURE: Final = 9
"""Letters of a figure, at most, as good as always."""
NAME: Final = 31
"""Characters that a sheet's name may have."""
FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
CELL: Final = re.compile(r"\{(\w+)(:all)?\}")


def write(report: Report, file: Path) -> None:
    """Write the workbook to a file."""
    from xlsxwriter import Workbook

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(str(file), options) as book:
        book.set_properties({"title": f"{report.title} · {report.subject}", "comments": ""})
        sheets = _Sheets(book)
        _summary(report, sheets)
        for table, kinds in _tables(report):
            sheets.table(table, kinds)


def _tables(report: Report) -> Iterator[tuple[Table, list[tuple[Column, ...]]]]:
    """Every table, those with the same columns as one, and the columns of each row."""
    for section in report.sections:
        tables = [_of(block) for block in section.blocks if isinstance(block, Table | Lines)]
        while tables:
            first = tables[0]
            keys = [column.key for column in first.columns]
            alike = [one for one in tables if [c.key for c in one.columns] == keys]
            tables = [one for one in tables if one not in alike]
            if len(alike) == 1:
                yield first, [first.columns] * len(first.rows)
                continue
            named = Column("figure", "", wide=True)
            rows = [(Cell(one.title, one.title), *row) for one in alike for row in one.rows]
            kinds = [(named, *one.columns) for one in alike for _row in one.rows]
            columns = (named, *first.columns)
            yield replace(first, key=section.key, title=section.title, columns=columns,
                          rows=tuple(rows)), kinds  # fmt: skip


def _of(block: Table | Lines) -> Table:
    """Lines as the table that they are drawn from: a row a week, a column an entity."""
    if isinstance(block, Table):
        return block
    columns = [Column("label", "")]
    columns += [Column(f"line{n}", one.name, "count") for n, one in enumerate(block.series)]
    rows = tuple(
        (Cell(label, label), *(Cell("", one.values[place]) for one in block.series))
        for place, label in enumerate(block.labels)
    )
    return Table(block.key, block.title, tuple(columns), rows, block.note)


class _Sheets:
    """The workbook being written: its formats and the names already given."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.names: set[str] = set()
        self.looks = {
            kind: book.add_format(
                {"num_format": form, "valign": "top", "indent": int(kind == "text")}
            )
            for kind, form in FORMATS.items()
        }
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#0B2A42"})
        self.note = book.add_format(
            {"font_color": "#5B6675", "italic": True, "text_wrap": True, "valign": "top"}
        )
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        self.head = book.add_format({
            "bold": True, "font_color": "#FFFFFF", "bg_color": "#0B2A42", "text_wrap": True,
            "valign": "vcenter",
        })  # fmt: skip
        self.link = book.add_format({"font_color": "#005A8D", "underline": 1, "valign": "top"})

    def add(self, title: str) -> Any:
        """A new sheet under a name that no other has."""
        wanted = shorten(FORBIDDEN.sub(" ", title), NAME) or "-"
        name, number = wanted, 2
        while name.lower() in self.names:
            name, number = f"{wanted[: NAME - 4]} ({number})", number + 1
        self.names.add(name.lower())
        sheet = self.book.add_worksheet(name)
        # On paper: a sheet as wide as the page, its heads on each.
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        sheet.hide_gridlines(2)
        return sheet

    def table(self, table: Table, kinds: list[tuple[Column, ...]]) -> None:
        """One table with its formulas, names, filter and frozen heads."""
        sheet = self.add(table.title)
        widths = [_width(table, place) for place in range(len(table.columns))]
        sheet.write_string(0, 0, table.title, self.title)
        if table.note:
            sheet.merge_range(1, 0, 1, max(len(table.columns) - 1, 1), "", self.note)
            sheet.write_string(1, 0, table.note, self.note)
            sheet.set_row(1, _high(table.note, sum(widths)))
        heads = [column.head for column in table.columns]
        sheet.set_row(HEAD, max(map(_high, heads, widths), default=LINE))
        for place, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(HEAD, place, column.head, self.head)
        for row, (cells, columns) in enumerate(zip(table.rows, kinds, strict=True), HEAD + 1):
            for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                self._cell(sheet, row, place, cell, column, table)
        last = HEAD + len(table.rows)
        for place, column in enumerate(table.columns):
            if table.rows:
                spot = _range(place, last)
                quoted = sheet.get_name()
                self.book.define_name(f"{table.key}_{column.key}", f"='{quoted}'!{spot}")
        sheet.freeze_panes(HEAD + 1, 1)
        sheet.autofilter(HEAD, 0, max(last, HEAD), max(len(table.columns) - 1, 0))

    def _cell(
        self, sheet: Any, row: int, place: int, cell: Cell, column: Column, table: Table
    ) -> None:
        look = self.looks[cell.kind or column.kind]
        value = cell.value
        if column.formula and isinstance(value, int | float):
            sheet.write_formula(row, place, _formula(column.formula, table, row), look, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value, look)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, self.looks["day"])
        elif cell.url and value:
            # The address was vetted; the text is written over it as text.
            sheet.write_url(row, place, cell.url, self.link, string=str(value))
        elif value or cell.text:
            sheet.write_string(row, place, str(value or cell.text), self.looks["text"])


def _formula(pattern: str, table: Table, row: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    places = {column.key: place for place, column in enumerate(table.columns)}
    last = HEAD + len(table.rows)

    def spot(match: re.Match[str]) -> str:
        place = places[match[1]]
        return _range(place, last) if match[2] else str(xl_rowcol_to_cell(row, place))

    return CELL.sub(spot, pattern)


def _range(place: int, last: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    return str(xl_range_abs(HEAD + 1, place, last, place))


def _width(table: Table, place: int) -> float:
    """A width that shows nearly every cell of a column whole."""
    column = table.columns[place]
    texts = sorted(_long(row[place]) for row in table.rows)
    most = texts[int(0.9 * (len(texts) - 1))] if texts else 0
    words = max((len(word) for word in column.head.split()), default=0)
    return min(WIDEST, max(most, words, FIGURE) + 3)


def _long(cell: Cell) -> int:
    """Letters of a cell as it is written; a figure takes those of any other."""
    if isinstance(cell.value, int | float | date):
        return FIGURE
    return len(str(cell.value or cell.text))


def _high(text: str, width: float) -> float:
    """Points that a row takes in which a text wraps: not every reader works that out itself."""
    return LINE * max(1, len(wrap(text, max(1, int(width * FULL)))))


def _summary(report: Report, sheets: _Sheets) -> None:
    """The cover, the headline figures and the findings."""
    sheet = sheets.add(report.words["summary"])
    for place, width in enumerate(SUMMARY):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, f"{report.title} · {report.subject}", sheets.title)
    sheet.merge_range(1, 0, 1, 1, "", sheets.note)
    sheet.write_string(1, 0, report.words["source"], sheets.note)
    lines = [(name, value, sheets.wrap) for name, value in report.facts]
    lines += [(card.label, " · ".join((card.value + card.unit, *card.lines)), sheets.wrap)
              for card in report.cards]  # fmt: skip
    lines += [(one.title, one.text, sheets.bold) for one in report.findings]
    for row, (name, value, look) in enumerate(lines, HEAD + 1):
        sheet.write_string(row, 0, name, look)
        sheet.write_string(row, 1, value, sheets.wrap)
        sheet.set_row(row, max(map(_high, (name, value), SUMMARY)))
