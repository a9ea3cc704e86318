"""Figures and crawled texts as words: what every part of the report says in the same way."""

import re
import unicodedata
from typing import Any, Final

from dashboard import i18n, names
from dashboard.i18n import _, ngettext
from dashboard.report.facts import Row
from dashboard.report.model import Cell, Kind
from dashboard.widgets.safe import shorten, web

FLOOR: Final = names.FLOOR
KINDS: Final[dict[str, Kind]] = {"ratio": "ratio", "%": "percent"}
NAME: Final = 48
"""Characters of a name, a hashtag or a label."""
ADDRESS: Final = 2000
"""The longest address that is linked: spreadsheets refuse longer ones."""
KEPT: Final = ("\u200d", "\u200c")
"""Joiners that emoji and some scripts need; every other invisible sign goes."""


def said(text: object, most: int = NAME) -> str:
    """A crawled text on one line, shortened, without control, direction and unassigned signs.

    What is left can't turn the reading direction of the sentence around it, nor break a file.
    """
    line = "".join(
        " " if sign in "\n\r\t\u2028\u2029" else sign
        for sign in str(text or "")[: 4 * most]
        if sign in KEPT or sign in "\n\r\t" or unicodedata.category(sign)[0] != "C"
    )
    return shorten(line, most)


def address(url: str | None) -> str | None:
    """The address where a reader may be sent there, else None."""
    return web(url) if url and len(url) <= ADDRESS else None


def kpi_name(kpi: Row) -> str:
    """A KPI's name in the reader's language."""
    return str(kpi[f"name_{i18n.lang()}"])


def worded(row: Row, column: str) -> str:
    """A text that our own tables hold in both languages, in the reader's, spaced as he writes."""
    if i18n.lang() != "fr":
        return str(row.get(f"{column}_en") or row[column])
    return spaced(str(row.get(f"{column}_fr") or row[column]))


def spaced(text: str) -> str:
    """French typography: no line breaks before : ; ! ? % » nor after «."""
    return re.sub(r"« ", f"«{i18n.THIN}", re.sub(r" (?=[:;!?%»](\s|$|[).,]))", i18n.THIN, text))


def inside(kpi: Row) -> str:
    """The same inside a sentence."""
    return kpi_name(kpi).lower()


def based_on(n: int) -> str:
    """What a figure rests on."""
    return f"n\u00a0=\u00a0{i18n.decimal(n)}"


def span(row: Row, unit: str) -> str:
    """A KPI's interval, or nothing."""
    return i18n.interval(row["low"], row["high"], names.bare(unit))


def figure(row: Row, unit: str) -> str:
    """A KPI's value in its unit, or why it has none."""
    return names.missing(row["n"]) if row["value"] is None else names.figure(row["value"], unit)


def kind(unit: str) -> Kind:
    """How a workbook writes values of a KPI's unit."""
    return KINDS.get(unit, "number")


def rank_span(row: Row) -> str:
    """`[1st–4th]`, or nothing where it is not known."""
    if row["rank"] is None or row["rank_low"] is None or row["rank_high"] is None:
        return ""
    return f"[{i18n.ordinal(row['rank_low'])}{i18n.DASH}{i18n.ordinal(row['rank_high'])}]"


def times(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """`2.40× [1.68–3.36]`."""
    if value is None:
        return _("not enough posts")
    return f"{i18n.times(value)}× {i18n.interval(low, high, i18n.times)}".strip()


def signed(value: float | None) -> str:
    """A number that always carries its sign, with a true minus."""
    if value is None:
        return i18n.NONE
    text = i18n.decimal(abs(value))
    return text if value == 0 else f"{'+' if value > 0 else '−'}{text}"


def signed_span(low: float | None, high: float | None) -> str:
    """Its interval: `[−12 to +34]`."""
    if low is None or high is None:
        return ""
    return _("[{low} to {high}]").format(low=signed(low), high=signed(high))


def posts(n: int) -> str:
    """`12 posts`."""
    return ngettext("{n} post", "{n} posts", n)


def accounts(n: int) -> str:
    """`4 accounts`."""
    return ngettext("{n} account", "{n} accounts", n)


def listed(words: list[str]) -> str:
    """Words as a list inside a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {_('and')} {words[-1]}"


def text(value: object, most: int = NAME, **more: Any) -> Cell:
    """A cell of crawled text."""
    line = said(value, most)
    return Cell(line, line, **more)


def count(value: int | None) -> Cell:
    """A cell with a whole number; a dash where it is not known."""
    return Cell(i18n.decimal(value), value)


def post(row: Row | None, who: str = "") -> Cell:
    """A post as a link: who, when, how it begins; its lift below."""
    if row is None:
        return Cell(i18n.NONE)
    begins = said(row["title"] or row["text"] or names.form(row["format"] or "text"), 70)
    about = [who, names.platform(row["platform"]), i18n.day(row["published_at"])]
    if row["lift"] is not None:
        about.append(times(row["lift"], row["lift_low"], row["lift_high"]))
    return Cell(begins, begins, " · ".join(filter(None, about)), address(row["url"]))
