"""From sheets to one table: which rows are the header and the lines, which column holds what."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from crawlers.imports import generic, linkedin, meta, tiktok, x, youtube
from crawlers.imports.family import FIELDS, Family
from crawlers.imports.generic import GENERIC
from crawlers.imports.names import plain
from crawlers.imports.problems import SheetError
from crawlers.imports.sheet import Row, Sheet

FAMILIES: Final[tuple[Family, ...]] = (
    *meta.FAMILIES, *linkedin.FAMILIES, *x.FAMILIES, *tiktok.FAMILIES, *youtube.FAMILIES,
    *generic.FAMILIES,
)  # fmt: skip
HEADER_WITHIN: Final = 40
"""Rows that may stand above the header: LinkedIn writes a note, Meta a title."""
TOTALS: Final = {
    "total", "totals", "totaux", "total general", "grand total", "ensemble", "somme", "sum",
}  # fmt: skip
LINE: Final = "@line"
"""Stands for the number of the line, where nothing else tells posts apart."""


class Table(Struct, frozen=True):
    """An export, read as far as its form goes.

    `mapping` gives the column's place for each own name, or `@line`, or `=value` for a value
    that every line shares. `totals` counts lines that sum up others; they are left out.
    """

    family: Family
    sheet: str
    header_line: int
    columns: list[str]
    rows: list[Row]
    mapping: dict[str, int | str]
    decimal: str
    totals: int

    def shown(self) -> list[tuple[str, str]]:
        """Own name and header of each column that is read."""
        return [
            (own, place if isinstance(place, str) else self.columns[place])
            for own, place in self.mapping.items()
        ]

    def unread(self) -> list[str]:
        """Headers that nothing is read from."""
        used = set(self.mapping.values())
        return [name for place, name in enumerate(self.columns) if place not in used and name]


def table_of(sheets: Sequence[Sheet], told: Mapping[str, str], wanted: str | None = None) -> Table:
    """The table of a file, by its headers and by what the user said of them.

    Args:
        sheets: all sheets of the file.
        told: own name → header, `@line`, `=value`, or an empty text for "none of them".
        wanted: name of the sheet, where there are several.

    Raises:
        SheetError: no such sheet, header or column; names the cure.
    """
    if unknown := sorted(set(told) - set(FIELDS)):
        raise SheetError(
            "--map {own}=…: no such name; there are {known}",
            own=unknown[0], known=", ".join(FIELDS),
        )  # fmt: skip
    chosen = [sheet for sheet in sheets if wanted in {None, sheet.name}]
    if not chosen:
        names = ", ".join(sheet.name for sheet in sheets)
        raise SheetError(
            "no sheet is called “{wanted}”; there are {names}", wanted=wanted, names=names
        )
    found = max(
        (_headed(sheet, told) for sheet in chosen), key=lambda headed: headed[0], default=None
    )
    if found is None or found[0] == (0, 0):
        raise SheetError(
            "no row looks like a header; name the columns: --map id=COLUMN --map likes=COLUMN"
        )
    _, sheet, place, family = found
    return _table(sheet, place, family, told)


def _headed(sheet: Sheet, told: Mapping[str, str]) -> tuple[tuple[int, int], Sheet, int, Family]:
    """A sheet's likeliest header: its score, the sheet, the row's place and the family."""
    named = {plain(column) for column in told.values() if column}
    best = ((0, 0), sheet, 0, GENERIC)
    for place, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        names = {plain(cell) for cell in row.cells if cell}
        family = family_of(names)
        known = {name for headers in family.columns.values() for name in headers} | named
        score = (int(family is not GENERIC), len(names & known))
        if score > best[0]:
            best = (score, sheet, place, family)
    return best


def family_of(names: Iterable[str]) -> Family:
    """The family whose marks are all among these headers, the most particular first."""
    present = set(names)
    found = [
        (max(len(mark) for mark in fitting), -number, family)
        for number, family in enumerate(FAMILIES)
        if (fitting := [mark for mark in family.marks if mark <= present])
    ]
    return max(found, key=lambda one: one[:2])[2] if found else GENERIC


def _table(sheet: Sheet, place: int, family: Family, told: Mapping[str, str]) -> Table:
    header = sheet.rows[place]
    names = [plain(cell) for cell in header.cells]
    mapping = _mapping(names, family, told)
    rows = [row for row in sheet.rows[place + 1 :] if row.cells != header.cells]
    kept = [row for row in rows if not _is_total(row, mapping)]
    return Table(
        family, sheet.name, header.line, header.cells, kept, mapping, sheet.decimal,
        len(rows) - len(kept),
    )  # fmt: skip


def _mapping(names: Sequence[str], family: Family, told: Mapping[str, str]) -> dict[str, int | str]:
    """Own name → place of its column: as told, else the first of the family's headers there is."""
    mapping: dict[str, int | str] = {}
    for own in FIELDS:
        if own in told:
            if told[own]:
                mapping[own] = _place(own, told[own], names)
            continue
        if own in family.constants:
            mapping[own] = f"={family.constants[own]}"
            continue
        found = next((name for name in family.columns.get(own, ()) if name in names), None)
        if found is not None:
            mapping[own] = names.index(found)
    return mapping


def _place(own: str, column: str, names: Sequence[str]) -> int | str:
    if column.startswith("=") or (own == "id" and column == LINE):
        return column
    if plain(column) not in names:
        raise SheetError(
            "--map {own}={column}: the file has no column of that name", own=own, column=column
        )
    return names.index(plain(column))


def _is_total(row: Row, mapping: Mapping[str, int | str]) -> bool:
    """Whether a line sums up the others: its first word says so, and no address says otherwise."""
    first = next((cell for cell in row.cells if cell), "")
    if plain(first) not in TOTALS:
        return False
    place = mapping.get("url")
    return not (isinstance(place, int) and place < len(row.cells) and row.cells[place])
