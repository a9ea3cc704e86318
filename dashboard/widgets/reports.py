"""The whole report, in one click."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import i18n, queries
from dashboard.i18n import _
from dashboard.report import make
from data.settings import settings

MIMES: Final = {
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html",
}


def offered() -> list[str]:
    """Kinds of file that can be written here; a PDF where a browser to print it is known."""
    kinds = [kind for kind in MIMES if not make.missing(kind)]
    return [kind for kind in kinds if kind != ".pdf" or settings().browser_path()]


def written(kind: str, lake: str, period: str, lang: str) -> bytes:
    """The report as a file's bytes.

    In a thread of its own: it speaks its language and reads its lake without touching the page's,
    and Playwright refuses to print beside a running event loop.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_written, kind, lake, period, lang).result()


def _written(kind: str, lake: str, period: str, lang: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="vigie-report-") as folder:
        file = Path(folder) / f"report{kind}"
        browser = settings().browser_path() if kind == ".pdf" else None
        make.write(make.make(lake, period, lang), file, kind, browser)
        return file.read_bytes()


def buttons(period: str) -> None:
    """One button a kind of file; the report is made when one is pressed."""
    labels = {
        ".pdf": _("The report as PDF"), ".pptx": _("… as slides"), ".xlsx": _("… as a workbook"),
        ".html": _("… as a web page"),
    }  # fmt: skip
    row = st.container(horizontal=True, gap="small", key="reports")
    for kind in offered():
        row.download_button(
            labels[kind],
            partial(written, kind, queries.address(), period, i18n.lang()),
            file_name=f"vigie-{period}{kind}",
            mime=MIMES[kind],
            on_click="ignore",
            key=f"report-{kind[1:]}",
        )
