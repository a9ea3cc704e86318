"""What a report says, before anybody decides how it looks: four writers read this and no table.

Every text here is plain text in the reader's language; crawled ones are already shortened and
without control characters. Writers escape, and compute nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["text", "count", "number", "signed", "ratio", "percent", "times", "day"]
Value = float | int | str | date | None


@dataclass(frozen=True)
class Cell:
    """One cell: its text as read, and the value behind it for whoever computes."""

    text: str
    value: Value = None
    small: str = ""
    """A second, quieter line: an interval, an account, some words."""
    url: str | None = None
    """An http(s) address that a reader may be sent to."""
    tone: str = ""
    """ahead, behind, level, critical, warning, info: a label, else plain text."""
    shade: float | None = None
    """From 0 to 1, the depth of the cell's colour."""
    kind: Kind | None = None
    """Its own kind, where those of a column differ as the figures of a score card do."""


@dataclass(frozen=True)
class Column:
    """A column: `sheet` ones are for the workbook only, `wide` ones take what room is left."""

    key: str
    head: str
    kind: Kind = "text"
    sheet: bool = False
    wide: bool = False
    formula: str = ""
    """How a workbook computes it: {key} is the cell of this row, {key:all} that whole column."""


@dataclass(frozen=True)
class Table:
    """Rows under heads."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    message: str = ""
    """What it says in one sentence, where it gets a slide of its own."""
    bold: frozenset[int] = frozenset()
    """Places of the rows that speak of the brand."""
    dense: bool = False
    """One line a row: the second line of a cell stands beside the first."""


@dataclass(frozen=True)
class Mark:
    """A figure with its 95% interval, of somebody or something."""

    label: str
    value: float
    low: float | None
    high: float | None
    text: str
    colour: str
    bold: bool = False


@dataclass(frozen=True)
class Dots:
    """Figures side by side, each with its interval."""

    key: str
    title: str
    message: str
    marks: tuple[Mark, ...]
    unit: str
    """A KPI's unit, or `times` for factors, which are drawn on a logarithmic scale."""
    band: tuple[float, float, float] | None = None
    """Quartiles of the brand's competitors: lower, median, upper."""
    note: str = ""
    method: str = ""


@dataclass(frozen=True)
class Series:
    """One named row of values; None where there is none."""

    name: str
    colour: str
    values: tuple[float | None, ...]
    bold: bool = False


@dataclass(frozen=True)
class Stack:
    """Parts of a whole, one bar a label: shares of 1, or parts that may be negative."""

    key: str
    title: str
    message: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    totals: tuple[Mark, ...] = ()
    """Where the parts add up to something: their sum with its interval, in the labels' order."""
    note: str = ""
    method: str = ""


@dataclass(frozen=True)
class Lines:
    """Counts week by week."""

    key: str
    title: str
    message: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""
    method: str = ""


Block = Table | Dots | Stack | Lines


@dataclass(frozen=True)
class Finding:
    """A sentence to remember, what it rests on, and its tone: good, bad, watch or plain."""

    title: str
    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Section:
    """A part of the report: its subject, its message, how to read it, and its figures."""

    key: str
    title: str
    message: str
    notes: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Card:
    """A headline figure."""

    label: str
    value: str
    unit: str
    lines: tuple[str, ...]
    verdict: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Report:
    """Everything that is said, in order."""

    lang: str
    title: str
    subject: str
    """The brand, or the market where no brand is watched."""
    market: str
    facts: tuple[tuple[str, str], ...]
    """Names and values on the cover: period, capture dates, version of the lake …"""
    findings: tuple[Finding, ...] = ()
    cards: tuple[Card, ...] = ()
    sections: tuple[Section, ...] = ()
    footer: str = ""
    words: dict[str, str] = field(default_factory=dict)
    """Words of the writers themselves, translated: contents, page …"""
