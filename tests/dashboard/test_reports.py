"""The report from the leadership page: every kind that can be written, in the page's language."""

import io
from zipfile import ZipFile

from pptx import Presentation

from dashboard import i18n
from dashboard.queries import lake
from dashboard.report import make
from dashboard.widgets import reports
from tests.dashboard.test_pages import open_page


def test_the_page_offers_the_files_that_can_be_written(full, monkeypatch):
    labels = {one.proto.label for one in open_page("leadership", lang="fr").main.get(
        "download_button")}  # fmt: skip
    assert {"… en diapositives", "… en classeur", "… en page web"} <= labels
    monkeypatch.setattr(make, "missing", lambda kind: ["pptx"] if kind == ".pptx" else [])
    assert ".pptx" not in reports.offered()
    assert ".html" in reports.offered()


def test_a_pdf_is_offered_only_where_a_browser_is_known(full, monkeypatch):
    settings = type("Known", (), {"browser_path": staticmethod(lambda: None)})
    monkeypatch.setattr(reports, "settings", lambda: settings)
    assert ".pdf" not in reports.offered()
    settings.browser_path = staticmethod(lambda: "/usr/bin/some-browser")
    assert ".pdf" in reports.offered()


def test_a_file_speaks_the_language_of_the_page_and_leaves_it_alone(full):
    i18n.use("en", "Europe/Paris")
    before = lake.address()
    slides = Presentation(io.BytesIO(reports.written(".pptx", before, "28d", "fr"))).slides
    heads = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
    assert "Audit concurrentiel" in heads
    assert (i18n.lang(), i18n.zone(), lake.address()) == ("en", "Europe/Paris", before)


def test_the_workbook_is_of_the_period_chosen(full):
    made = reports.written(".xlsx", lake.address(), "90d", "en")
    with ZipFile(io.BytesIO(made)) as book:
        assert "last 90 days" in book.read("xl/sharedStrings.xml").decode().lower()
