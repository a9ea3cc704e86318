"""Crawled text is never trusted: everything that shows it passes through here."""

import csv
import html
import io
import re
import string
from urllib.parse import urlsplit

import polars as pl

from data.spreadsheets import FORMULA

WORD_JOINER = "\u2060"
WHOLE_WORDS = 0.6
"""The part of a shortened text that must be left for its last word to be dropped whole."""
_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")


def esc(text: object) -> str:
    """Text inside HTML, attributes included."""
    return html.escape(str(text), quote=True)


def plain(text: object) -> str:
    """Text inside Markdown (labels of widgets): no mark-up, directive, formula or shortcode.

    Options of lists are no Markdown: they show what they are given, so they need none of this.

    Every punctuation mark is escaped; a word joiner after each colon keeps `:name:` shortcodes
    apart, which are looked for after escapes are resolved. Lines are joined: a label is one line.
    """
    line = " ".join(str(text).split())
    return _PUNCTUATION.sub(r"\\\1", line).replace(":", f":{WORD_JOINER}")


def web(url: str | None) -> str | None:
    """The address if a browser may be sent there (http or https with a host), else None."""
    if url is None or not url.isprintable() or any(mark in url for mark in " \\"):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and host else None


def link(url: str | None, text: str) -> str:
    """An HTML link where the address is allowed, else the escaped text alone."""
    if (address := web(url)) is None:
        return esc(text)
    return f'<a href="{esc(address)}" target="_blank" rel="noopener noreferrer">{esc(text)}</a>'


def shorten(text: str | None, most: int) -> str:
    """At most so many characters of a text, on one line; cut between words where one is near."""
    line = " ".join((text or "").split())
    if len(line) <= most:
        return line
    kept = line[: most - 1]
    space = kept.rfind(" ")
    if line[most - 1] != " " and space > most * WHOLE_WORDS:
        kept = kept[:space]
    return kept.rstrip(" .,;:…–-·") + "…"


def to_csv(frame: pl.DataFrame) -> bytes:
    """The frame as CSV in which no cell is a formula to a spreadsheet (OWASP's rule)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(frame.columns)
    writer.writerows([_cell(value) for value in row] for row in frame.iter_rows())
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if re.match(FORMULA, text) else text
