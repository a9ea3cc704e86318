"""The gap to each competitor: how wide it is, and what it is made of."""

from typing import Final

from dashboard import i18n
from dashboard.i18n import _
from dashboard.report import wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Cell, Column, Mark, Section, Series, Stack, Table
from dashboard.report.standing import name_of

PARTS: Final = {"from_volume": "#0072B2", "from_mix": "#E69F00", "from_rate": "#009E73"}


def part_name(part: str) -> str:
    """What a part of a gap comes from."""
    words = {"from_volume": _("Volume"), "from_mix": _("Format mix"),
             "from_rate": _("Engagement per post")}  # fmt: skip
    return words[part]


def sentence(facts: Facts) -> str:
    """The widest gap to a competitor that gets more, or that nobody does."""
    if facts.gaps.is_empty() or facts.brand is None:
        return _("No gap could be measured: too few posts")
    row, brand = facts.gaps.row(0, named=True), wording.said(facts.brand["name"])
    if row["gap"] <= 0:
        return _("No competitor gets more engagement a week than {brand}").format(brand=brand)
    return _("{who} gets {gap} interactions a week more than {brand}").format(
        who=name_of(facts, row["competitor_id"]), gap=i18n.decimal(row["gap"]), brand=brand
    )


def detail(row: Row) -> str:
    """What a gap is made of."""
    parts = [
        f"{part_name(part).lower()} {wording.signed(row[part])} "
        f"{wording.signed_span(row[f'{part}_low'], row[f'{part}_high'])}".strip()
        for part in PARTS
    ]
    whole = f"{wording.signed(row['gap'])} {wording.signed_span(row['gap_low'], row['gap_high'])}"
    told = _("Gap {gap}, made of: {parts}.").format(gap=whole.strip(), parts=_("; ").join(parts))
    if (row["gap_low"] or 0) <= 0 <= (row["gap_high"] or 0):
        told += " " + _("Its interval holds zero: it may be chance.")
    return told


def section(facts: Facts) -> Section:
    """Every gap with its parts, as a picture and a table."""
    title, message = _("Where the gap comes from"), sentence(facts)
    if facts.gaps.is_empty():
        return Section("gaps", title, message)
    note = _(
        "Their engagement a week minus the brand’s, split into what comes from publishing more "
        "or less, from choosing other formats, and from what a post brings. The parts add up to "
        "the gap."
    )
    rows = list(facts.gaps.iter_rows(named=True))
    labels = tuple(name_of(facts, row["competitor_id"]) for row in rows)
    series = tuple(
        Series(part_name(part), colour, tuple(row[part] for row in rows))
        for part, colour in PARTS.items()
    )
    totals = tuple(
        Mark(label, row["gap"], row["gap_low"], row["gap_high"],
             f"{wording.signed(row['gap'])} "
             f"{wording.signed_span(row['gap_low'], row['gap_high'])}".strip(), "#17212E")
        for label, row in zip(labels, rows, strict=True)
    )  # fmt: skip
    chart = Stack("gap_parts", _("Engagement a week, against the brand’s"), message, labels,
                  series, totals, method=note)  # fmt: skip
    return Section("gaps", title, message, (note,), (chart, _gap_table(rows, labels)))


def _gap_table(rows: list[Row], labels: tuple[str, ...]) -> Table:
    heads = {"gap": _("Gap"), **{part: part_name(part) for part in PARTS}}
    columns = [Column("who", _("Competitor"), wide=True)]
    for key, head in heads.items():
        formula = "={from_volume}+{from_mix}+{from_rate}" if key == "gap" else ""
        columns += [
            Column(key, head, "signed", formula=formula),
            Column(f"{key}_low", _("{what}, low").format(what=head), "signed", sheet=True),
            Column(f"{key}_high", _("{what}, high").format(what=head), "signed", sheet=True),
        ]
    lines = []
    for row, label in zip(rows, labels, strict=True):
        cells = [Cell(label, label)]
        for key in heads:
            low, high = row[f"{key}_low"], row[f"{key}_high"]
            cells += [
                Cell(wording.signed(row[key]), row[key], wording.signed_span(low, high)),
                Cell(wording.signed(low), low), Cell(wording.signed(high), high),
            ]  # fmt: skip
        lines.append(tuple(cells))
    return Table("gaps", _("The gap to each competitor, interactions a week"), tuple(columns),
                 tuple(lines))  # fmt: skip
