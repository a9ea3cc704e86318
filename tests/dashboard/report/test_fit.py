"""Tables fit their slides and sheets, and figures stand in their units."""

import io
import xml.etree.ElementTree as ET
from dataclasses import replace

from dashboard.report.model import Cell, Column, Table
from tests.dashboard.report.conftest import block
from tests.dashboard.report.test_writers import parts, written


def test_tables_stay_on_their_slides(report, tmp_path):
    from pptx import Presentation

    told = report()
    cell = Cell("word " * 13, small="word " * 3)
    tall = Table("coverage", "Channels", (Column("a", "A"), Column("b", "B")), ((cell, cell),) * 40)
    told = replace(told, sections=(replace(told.sections[0], blocks=(tall,)), *told.sections))
    deck = Presentation(io.BytesIO(written(told, ".pptx", tmp_path)))
    drawn = [one for slide in deck.slides for one in slide.shapes if one.has_table]
    assert len(drawn) > 2
    for shape in drawn:
        inches = sum(row.height for row in shape.table.rows) / 914400
        assert shape.top / 914400 + inches <= 6.8
        assert sum(column.width for column in shape.table.columns) <= deck.slide_width
        texts = [cell.text for cell in shape.table.rows[0].cells]
        assert all(texts)


def test_the_workbook_writes_each_figure_in_its_unit(report, tmp_path):
    told = report()
    kinds = {row[0].text: row[1].kind for row in block(told, "scorecard").rows}
    assert kinds["Engagement rate"] == "ratio"
    assert kinds["Follower growth"] == "percent"
    assert kinds["Posts per week"] == "number"
    book = parts(written(told, ".xlsx", tmp_path))
    assert b'fitToPage="1"' in book["xl/worksheets/sheet2.xml"]
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    styles = ET.fromstring(book["xl/styles.xml"])
    forms = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{space}numFmt")}
    looks = [one.get("numFmtId") for one in styles.find(f"{space}cellXfs")]
    used = {
        forms.get(looks[int(cell.get("s", 0))])
        for cell in ET.fromstring(book["xl/worksheets/sheet2.xml"]).iter(f"{space}c")
        if cell.get("r").startswith("B") and cell.get("t") != "s"
    }
    assert used >= {"0.0%", '0.00"%"'}
