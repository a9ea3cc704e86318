"""The four files open again, hold the same figures, and show hostile text as text."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from dashboard.report import html, make, native, pdf, workbook
from dashboard.report.model import Dots, Lines, Stack, Table
from data.settings import settings
from tests.dashboard.report.conftest import block

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) **b**",
    r"\input{x} $x^2$",
    "{{ 7*7 }}{% raw %}",
    "\u202eevil\u2066 ' \" &amp; ]]> </style>",
    "@SUM(A1) " + "long " * 2000,
)
ACTIVE = {"script", "iframe", "object", "embed", "form", "base", "link", "img", "foreignobject"}


class Page(HTMLParser):
    """What a browser would see: tags, addresses and texts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.texts, self.handlers = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "src", "xlink:href"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.texts.append(data)


def written(told, suffix, tmp_path):
    file = tmp_path / "report.tmp"
    make.write(told, file, suffix)
    return file.read_bytes()


def parts(book):
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def strings(book):
    return ["".join(one.itertext()) for one in ET.fromstring(parts(book)["xl/sharedStrings.xml"])]


def formulas(book):
    """(formula, its kept value) of every cell that computes."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    found = []
    for name, body in parts(book).items():
        if name.startswith("xl/worksheets/sheet"):
            cells = ET.fromstring(body).iterfind(".//m:c", space)
            found += [
                (cell.find("m:f", space).text, float(cell.find("m:v", space).text))
                for cell in cells
                if cell.find("m:f", space) is not None
            ]
    return found


def numbers(book):
    """Every number that a cell of a workbook holds."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    return {
        float(cell.find("m:v", space).text)
        for name, body in parts(book).items()
        if name.startswith("xl/worksheets/sheet")
        for cell in ET.fromstring(body).iterfind(".//m:c", space)
        if cell.get("t") != "s" and cell.find("m:v", space) is not None
    }


def slide_texts(deck):
    return " ".join(
        "".join(ET.fromstring(body).itertext())
        for name, body in parts(deck).items()
        if re.fullmatch(r"ppt/(slides|charts|notesSlides)/[^/]+\.xml", name)
    )


def test_the_page_stands_alone_and_shows_every_text(report):
    told = report("fr")
    page = Page(html.render(told))
    shown = " ".join(" ".join(page.texts).split())
    assert not page.tags & ACTIVE
    assert not page.handlers
    assert all(one.startswith(("#", "https://")) for one in page.addresses)
    assert "url(http" not in " ".join(page.texts)
    for text in [one.title for one in told.findings] + [one.message for one in told.sections]:
        assert " ".join(text.split()) in shown
    for row in block(told, "scorecard").rows:
        assert " ".join(row[1].text.split()) in shown
    assert page.tags >= {"svg", "table", "circle", "polyline"}


def test_pictures_draw_every_interval(report):
    chart = block(report(), "engagement_rate")
    drawn = html._picture(chart)
    circles = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawn)]
    rules = [(float(a), float(b)) for a, b in re.findall(
        r'<line x1="([\d.]+)" y1="[\d.]+" x2="([\d.]+)"[^>]*stroke-linecap', drawn)]  # fmt: skip
    bold = [mark for mark in chart.marks if mark.bold]
    assert len(circles) == len(chart.marks) > 2
    assert len(rules) == len(bold) == 1
    assert circles == sorted(circles, reverse=True)  # best first, as ranked
    for mark in chart.marks:
        assert mark.colour in drawn
    assert ET.fromstring(drawn) is not None


def test_the_workbook_computes_what_the_lake_holds(report, tmp_path):
    told = report()
    book = written(told, ".xlsx", tmp_path)
    known = numbers(book)
    for kind in ("engagement_rate", "gaps", "formats", "trends", "types"):
        table = block(told, kind) if kind != "engagement_rate" else next(
            one for one in told.sections[-1].blocks if one.key == kind)  # fmt: skip
        for row in table.rows:
            for cell in row:
                if isinstance(cell.value, int | float):
                    assert any(abs(cell.value - one) < 1e-9 for one in known), cell
    found = formulas(book)
    gap = [value for formula, value in found if re.fullmatch(r"[A-Z]+\d+\+[A-Z]+\d+\+[A-Z]+\d+",
                                                             formula)]  # fmt: skip
    assert gap == [889.75, -200.0]
    shares = [value for formula, value in found if "SUM($" in formula]
    assert sum(shares) == pytest.approx(1)
    assert b"gaps_gap" in parts(book)["xl/workbook.xml"]
    assert sum(b"<autoFilter" in body and b'state="frozen"' in body
               for body in parts(book).values()) >= 8  # fmt: skip


def test_slides_have_native_charts_titles_and_notes(report, tmp_path):
    from pptx import Presentation

    told = report()
    told = replace(told, sections=told.sections[:3])
    made = written(told, ".pptx", tmp_path)
    deck = Presentation(io.BytesIO(made))
    assert (deck.slide_width, deck.slide_height) == (12191695, 6858000)
    slides = list(deck.slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    charts = {titles[n]: shape.chart for n, slide in enumerate(slides)
              for shape in slide.shapes if shape.has_chart}  # fmt: skip
    wanted = [one for section in told.sections for one in section.blocks
              if isinstance(one, Dots | Stack | Lines)]  # fmt: skip
    assert len([shape for slide in slides for shape in slide.shapes if shape.has_chart]) == len(
        wanted
    )
    rate = block(told, "engagement_rate")
    assert list(charts[rate.message].plots[0].series[0].values) == [one.value for one in rate.marks]
    assert all(slide.has_notes_slide for slide in slides)
    assert all(titles)
    body = slide_texts(made)
    for one in rate.marks:
        assert one.text in body
    assert b"errBars" in b"".join(parts(made).values())


@pytest.fixture
def hostile(facts, report):
    """The report where everything that can be crawled is an attack."""

    def attacked(frame, *columns):
        return frame.with_columns(
            pl.Series(name, [HOSTILE[n % len(HOSTILE)] for n in range(frame.height)])
            for name in columns
        )

    cards = {
        one: row | {"title": HOSTILE[n % len(HOSTILE)], "url": "javascript:alert(1)"}
        for n, (one, row) in enumerate(facts.cards.items())
    }
    return report(
        market=HOSTILE[1],
        entities=attacked(facts.entities, "name"),
        types=attacked(facts.types, "label").with_columns(
            keywords=pl.lit(list(HOSTILE), pl.List(pl.String))
        ),
        trends=facts.trends.with_columns(
            key=pl.when(pl.col("kind") == "hashtag").then(pl.lit(HOSTILE[0])).otherwise("key")
        ),
        alerts=attacked(facts.alerts, "title"),
        coverage=attacked(facts.coverage, "account", "reason").with_columns(
            url=pl.lit("javascript:alert(1)")
        ),
        cards=cards,
    )


def test_hostile_text_is_text_on_the_page(hostile):
    page = Page(html.render(hostile))
    assert not page.tags & ACTIVE
    assert not page.handlers
    assert not [one for one in page.addresses if not one.startswith("#")]
    shown = " ".join(page.texts)
    for text in ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{ 7*7 }}"):
        assert text in shown
    assert "\u202e" not in shown
    assert max(len(text) for text in page.texts if "@font-face" not in text) < 1200


def test_hostile_text_is_text_in_the_workbook(hostile, tmp_path):
    book = written(hostile, ".xlsx", tmp_path)
    ours = re.compile(r"[A-Z]+\d+([+/][A-Z]+\d+)+|[A-Z]+\d+/SUM\(\$[A-Z]+\$\d+:\$[A-Z]+\$\d+\)")
    assert all(ours.fullmatch(formula) for formula, _ in formulas(book))
    assert "=cmd|' /C calc'!A0" in strings(book)
    assert b"javascript:" not in b"".join(
        body for name, body in parts(book).items() if name.endswith(".rels")
    )


def test_hostile_text_is_text_on_the_slides(hostile, tmp_path):
    # Those whose labels are crawled; each chart costs a workbook of its own.
    told = replace(hostile, sections=hostile.sections[1:3])
    made = written(told, ".pptx", tmp_path)
    files = parts(made)
    sheets = [body for name, body in files.items() if name.endswith(".xlsx")]
    assert len(sheets) >= 3
    assert [formulas(sheet) for sheet in sheets] == [[]] * len(sheets)
    links = b"".join(body for name, body in files.items() if name.endswith(".rels"))
    assert b"javascript:" not in links
    body = slide_texts(made)
    assert "<script>alert(1)</script>" in body
    assert "\u202e" not in body


def test_labels_that_a_sheet_would_compute_are_marked():
    for text in ("=1+1", "+33", "-5", "@SUM(A1)", "{=1}", "http://x.example", "mailto:a@b",
                 "MAILTO:a@b", " =1+1", "\u200b=1+1", "\uff1d1+1"):  # fmt: skip
        assert native.inert(text) == f"'{text}"
    assert native.inert("Maison = Alpine") == "Maison = Alpine"


@pytest.mark.parametrize("suffix", [".html", ".pptx", ".xlsx"])
def test_a_lake_with_nothing_is_written_too(report, facts, tmp_path, suffix):
    empty = {
        name: getattr(facts, name).clear()
        for name in ("entities", "kpis", "benchmark", "gaps", "weeks", "formats", "types",
                     "type_shares", "trends", "alerts", "coverage", "platforms")
    }  # fmt: skip
    body = written(report(**empty, cards={}, as_of=None), suffix, tmp_path)
    if suffix == ".html":
        assert "Nothing to report yet" in body.decode()
    else:
        assert any(b"Nothing to report yet" in one for one in parts(body).values())


def test_sheets_have_names_of_their_own(report, tmp_path):
    told = report()
    tables = [Table(key, "a/b:c*?" + "y" * 40, (), ()) for key in ("x", "y")]
    sections = tuple(replace(told.sections[0], key=one.key, blocks=(one,)) for one in tables)
    book = written(replace(told, sections=sections), ".xlsx", tmp_path)
    names = re.findall(rb'<sheet name="([^"]+)"', parts(book)["xl/workbook.xml"])
    assert len(names) == len(set(names)) == 3
    assert max(len(name.decode()) for name in names) <= 31


def test_tables_of_the_same_columns_share_a_sheet(report):
    tables = {table.key: table for table, _ in workbook._tables(report())}
    figures = tables["figures"]
    assert "engagement_rate" not in tables
    assert figures.columns[0].key == "figure"
    assert {row[0].value for row in figures.rows} >= {"Engagement rate", "Posts per week"}


@pytest.mark.browser
def test_the_page_is_printed_without_asking_anybody(report, tmp_path):
    file = tmp_path / "report.pdf"
    browser = settings().browser_path()
    if browser is None:
        pytest.skip("no browser on this machine")
    told = report("fr")
    short = replace(told, sections=())
    page = html.render(short).replace("<main>", '<main><img src="http://127.0.0.1:9/x.png">')
    pdf.write(page, file, browser)
    body = file.read_bytes()
    assert body.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", body)) >= 2
    assert b"/FontFile" in body or b"/Type3" in body
