"""From a lake to a report file: what can be written, whether it can be, and the writing."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dashboard import i18n, queries
from dashboard.queries import lake as lakes
from dashboard.report import content, facts, html, pdf, slides, workbook
from dashboard.report.model import Report

if TYPE_CHECKING:
    from collections.abc import Callable

NEEDS: Final = {
    ".pdf": ("jinja2", "playwright"), ".html": ("jinja2",), ".pptx": ("pptx",),
    ".xlsx": ("xlsxwriter",),
}  # fmt: skip
"""Suffix of the file → the libraries that write it."""


def missing(suffix: str) -> list[str]:
    """Libraries that a kind of file needs and that are not installed."""
    return [name for name in NEEDS[suffix] if find_spec(name) is None]


def make(lake: str, period: str, lang: str, market: str | None = None) -> Report:
    """The report's content.

    Args:
        lake: folder or s3:// address of the lake.
        period: a window of `data.vocabulary.PERIODS`.
        lang: `fr` or `en`.
        market: the market's name, where the watchlist tells it.

    Raises:
        LakeError: the lake can't be read.
    """
    lakes.use(lake)
    queries.forget()
    try:
        zone = queries.timezone()
        i18n.use(lang, zone)
        return content.build(facts.read(period, market), zone=zone, lang=lang)
    finally:
        lakes.use(None)


def write(report: Report, file: Path, suffix: str, browser: str | None = None) -> None:
    """Write the report as the kind of file that the suffix names.

    Args:
        report: the content.
        file: where to, whatever its name.
        suffix: `.pdf`, `.html`, `.pptx` or `.xlsx`.
        browser: path of the browser that prints PDFs; None for Playwright's own.
    """
    i18n.use(report.lang)
    writers: dict[str, Callable[[], None]] = {
        ".pdf": lambda: pdf.write(html.render(report), file, browser),
        ".html": lambda: _page(report, file),
        ".pptx": lambda: slides.write(report, file),
        ".xlsx": lambda: workbook.write(report, file),
    }
    writers[suffix]()


def _page(report: Report, file: Path) -> None:
    file.write_text(html.render(report), encoding="utf-8")
