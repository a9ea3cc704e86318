import contextlib
import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from crawlers.imports import sheet, xlsx
from crawlers.imports.problems import SheetError
from crawlers.imports.sheet import sheets

TABLE = "Jour;Portée\n01/02/2026;1 234\n02/02/2026;5,5\n"
DAY = datetime.fromisoformat("2026-02-13")
HEAD = (
    b'<?xml version="1.0"?><worksheet '
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)


def cells(body):
    (only,) = sheets(body)
    return [(row.line, row.cells) for row in only.rows]


def workbook(*rows, name="Feuille", epoch_1904=False):
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "date_1904": epoch_1904}) as book:
        page = book.add_worksheet(name)
        day, moment = (book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", 22))
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    page.write_datetime(line, column, value, moment if value.hour else day)
                else:
                    page.write(line, column, value)
    return out.getvalue()


def rezipped(body, name, content):
    """The workbook with one part exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(encoding, delimiter):
    body = TABLE.replace(",", ".").replace(";", delimiter).encode(encoding)
    assert cells(body) == [
        (1, ["Jour", "Portée"]), (2, ["01/02/2026", "1 234"]), (3, ["02/02/2026", "5.5"]),
    ]  # fmt: skip


def test_semicolons_suggest_decimal_commas():
    assert sheets(TABLE.encode())[0].decimal == ","
    assert sheets(TABLE.replace(",", ".").replace(";", ",").encode())[0].decimal == "."


def test_lines_are_those_of_the_file():
    body = b'sep=,\r\n\r\nid,text\r\n1,"two\r\nlines; a, b"\r\n\r\n2,one\r\n'
    assert cells(body) == [(3, ["id", "text"]), (4, ["1", "two\r\nlines; a, b"]), (7, ["2", "one"])]


def test_a_zip_of_csvs_gives_each_as_a_sheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Totals.csv", "a,b\n1,2\n")
        archive.writestr("Table data.csv", "c,d\n3,4\n")
        archive.writestr("note.txt", "x")
    assert [one.name for one in sheets(out.getvalue())] == ["Totals.csv", "Table data.csv"]


def test_a_workbook_shows_what_its_cells_show():
    body = workbook(
        ["id", "Titre", "vu"],
        ["a", "Crête & Co", 1234],
        [None, 12.5, DAY],
        [],
        [True, "=1+1", DAY.replace(hour=18, minute=5)],
    )
    assert cells(body) == [
        (1, ["id", "Titre", "vu"]),
        (2, ["a", "Crête & Co", "1234"]),
        (3, ["", "12.5", "2026-02-13"]),
        (5, ["1", "0", "2026-02-13T18:05:00"]),
    ]


def test_a_workbook_of_the_other_epoch():
    body = workbook(["d"], [DAY.replace(hour=6)], epoch_1904=True)
    assert cells(body)[1] == (2, ["2026-02-13T06:00:00"])


def test_sheets_keep_their_names():
    assert sheets(workbook(["a"], name="All posts"))[0].name == "All posts"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (sheet.OLE + b"x" * 600, "old or protected Excel"),
        (b"PK\x03\x04 broken", "damaged or protected"),
        (b"a\0b,c\n1,2", "not a text file"),
        (b"x" * (sheet.MAX_BYTES + 1), "larger than 100 MB"),
        (b",".join([b"x"] * 2000), "wider than any export"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_what_is_no_export_is_refused(body, problem):
    with pytest.raises(SheetError, match=problem):
        sheets(body)


def test_an_archive_without_a_table_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jpg", "x")
    with pytest.raises(SheetError, match="without a CSV"):
        sheets(out.getvalue())


def test_zip_bombs_are_refused_unread(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 30_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("was unpacked"))
    with pytest.raises(SheetError, match="far more than an export"):
        sheets(out.getvalue())


def test_many_members_are_no_way_around_the_limit(monkeypatch):
    monkeypatch.setattr(sheet, "MAX_UNPACKED", 1000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", "ab,c\n" * 100)
    with pytest.raises(SheetError, match="far more than an export"):
        sheets(out.getvalue())


def test_a_workbook_with_a_forged_size_ends_in_an_error():
    body = bytearray(workbook(["a"] * 30, *([["b" * 50]] * 200)))
    place = body.rindex(b"xl/worksheets/sheet1.xml") - 46  # of its entry in the directory
    body[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(SheetError, match="damaged"):
        sheets(bytes(body))


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>',
        HEAD + b'<row r="1"><c r="ZZZ1"><v>1</v></c></row></sheetData></worksheet>',
        HEAD + b'<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row></sheetData>',
        HEAD + b'<row r="x"><c><v>1</v></c></row></sheetData></worksheet>',
        HEAD + b'<row r="1"><c r="A1"><v>one</v></c></row></sheetData></worksheet>',
        HEAD,
    ],
)
def test_hostile_sheets_end_in_an_error(content):
    with pytest.raises(SheetError):
        sheets(rezipped(workbook(["a"]), "xl/worksheets/sheet1.xml", content))


def test_inline_texts_errors_and_missing_places_are_read():
    content = (
        HEAD + b'<row r="4"><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>'
        b'<c t="e"><v>#DIV/0!</v></c><c t="s"><v>99</v></c><c t="str"><v>x</v></c></row>'
        b"</sheetData></worksheet>"
    )
    body = rezipped(workbook(["a"]), "xl/worksheets/sheet1.xml", content)
    assert cells(body) == [(4, ["ab", "", "", "x"])]


def test_date_formats_are_told_from_numbers():
    assert xlsx.DATE_SIGNS.search(xlsx.QUOTED.sub("", "[$-40C]d mmm yy;@"))
    assert not xlsx.DATE_SIGNS.search(xlsx.QUOTED.sub("", '# ##0 "days"'))
    assert not xlsx.DATE_SIGNS.search(xlsx.QUOTED.sub("", "0.00%"))


@given(st.binary(max_size=300))
def test_any_bytes_are_sheets_or_an_error(body):
    for start in (b"", b"PK\x03\x04", b"\xff\xfe"):
        try:
            for one in sheets(start + body):
                assert all(isinstance(cell, str) for row in one.rows for cell in row.cells)
        except SheetError:
            continue


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_sheets_or_an_error(place, damage):
    body = bytearray(BOOK)
    body[place % len(body) : place % len(body) + len(damage)] = damage
    with contextlib.suppress(SheetError):
        assert isinstance(sheets(bytes(body)), list)


BOOK = workbook(["id", "likes"], ["a", 3], ["b", DAY])
