"""How much everybody publishes, in which formats, and what each format brings."""

from typing import Final

import polars as pl

from dashboard import i18n, names, theme
from dashboard.i18n import _
from dashboard.report import wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import (
    Block,
    Cell,
    Column,
    Dots,
    Lines,
    Mark,
    Section,
    Series,
    Stack,
    Table,
)
from dashboard.report.standing import name_of
from data.vocabulary import FORMATS

SHOWN: Final = ("brand", "competitor", "influencer")
LINES: Final = 7
"""Lines that an eye can follow."""


def section(facts: Facts) -> Section:
    """Cadence and formats."""
    if facts.formats.is_empty():
        words = _("Nothing was published in this period.")
        return Section("publishing", _("Formats & cadence"), words)
    blocks = [_lines(facts), _mix(facts), _lifts(facts)]
    kept: tuple[Block, ...] = tuple(block for block in blocks if block is not None)
    note = _(
        "Lift: what a format brings, as a multiple of what the same account’s other posts "
        "bring. Big accounts don’t decide it."
    )
    return Section("publishing", _("Formats & cadence"), best_format(facts), (note,), kept)


def _people(facts: Facts, ids: pl.Series) -> list[Row]:
    known = facts.entities.filter(pl.col("role").is_in(SHOWN))
    return list(known.filter(pl.col("entity_id").is_in(ids.implode())).iter_rows(named=True))


def _lines(facts: Facts) -> Lines | None:
    weeks = facts.weeks
    if weeks.is_empty():
        return None
    people = [one for one in _people(facts, weeks["entity_id"]) if one["role"] != "influencer"]
    mondays = weeks["week"].unique().sort().to_list()
    counts = {(row["entity_id"], row["week"]): row["posts"] for row in weeks.iter_rows(named=True)}
    series = tuple(
        Series(wording.said(one["name"]), facts.colours[one["entity_id"]],
               tuple(counts.get((one["entity_id"], monday)) for monday in mondays),
               one["role"] == "brand")
        for one in people[:LINES]
    )  # fmt: skip
    if not series or len(mondays) < 2:  # noqa: PLR2004 - a point is no line
        return None
    message = _cadence(facts)
    labels = tuple(i18n.day(monday).rpartition(" ")[0] for monday in mondays)
    return Lines("weeks", _("Posts a week"), message, labels, series)


def _cadence(facts: Facts) -> str:
    """How often the brand publishes."""
    words = _("Who publishes how often, week by week")
    if facts.brand is None:
        return words
    mine = facts.weeks.filter(pl.col("entity_id") == facts.brand["entity_id"])["posts"].to_list()
    if not mine:
        return words
    return _("{brand} published {low} to {high} posts a week").format(
        brand=wording.said(facts.brand["name"]), low=i18n.decimal(min(mine)),
        high=i18n.decimal(max(mine)),
    )  # fmt: skip


def _enough(facts: Facts) -> pl.DataFrame:
    return facts.formats.filter(pl.col("n") >= wording.FLOOR)


def _mix(facts: Facts) -> Stack | None:
    rows = _enough(facts)
    people = _people(facts, rows["entity_id"])
    if not people:
        return None
    shares = {(row["entity_id"], row["format"]): row["share"] for row in rows.iter_rows(named=True)}
    ids = [one["entity_id"] for one in people]
    used = [form for form in FORMATS if any((one, form) in shares for one in ids)]
    series = tuple(
        Series(names.form(form), theme.FORMATS[form],
               tuple(shares.get((one, form), 0.0) for one in ids))
        for form in used
    )  # fmt: skip
    counted = {row["entity_id"]: row["n"] for row in rows.iter_rows(named=True)}
    labels = tuple(
        f"{wording.said(one['name'], 30)} ({i18n.decimal(counted[one['entity_id']])})"
        for one in people
    )
    note = _("In brackets: posts of the period. Who has fewer than 5 is left out.")
    return Stack("mix", _("Format mix"), _most_used(facts, rows), labels, series, note=note)


def _most_used(facts: Facts, rows: pl.DataFrame) -> str:
    if facts.brand is None:
        return _("Who publishes in which format")
    mine = rows.filter(pl.col("entity_id") == facts.brand["entity_id"]).sort(
        "share", "format", descending=[True, False]
    )
    if mine.is_empty():
        return _("Who publishes in which format")
    row = mine.row(0, named=True)
    return _("{brand} uses {format} most: {share} of its posts").format(
        brand=wording.said(facts.brand["name"]), format=names.form(row["format"]).lower(),
        share=i18n.percent(row["share"], 0),
    )  # fmt: skip


def known(facts: Facts) -> pl.DataFrame:
    """The brand's formats that have a lift, the best first."""
    if facts.brand is None:
        return facts.formats.clear()
    mine = facts.formats.filter(pl.col("entity_id") == facts.brand["entity_id"])
    return mine.filter(pl.col("lift").is_not_null(), pl.col("posts") >= wording.FLOOR).sort(
        "lift", "format", descending=[True, False]
    )


def best_format(facts: Facts) -> str:
    """Which of its formats serves the brand, where one surely does."""
    if facts.brand is None:
        return _("What is published, and in which form")
    brand = wording.said(facts.brand["name"])
    sure = known(facts).filter(pl.col("lift_low") > 1)
    if sure.is_empty():
        return _("No format of {brand} surely beats its others").format(brand=brand)
    row = sure.row(0, named=True)
    return _("{format} serves {brand} best: {lift} times its other posts").format(
        format=names.form(row["format"]), brand=brand, lift=i18n.times(row["lift"])
    )


def _lifts(facts: Facts) -> Dots | None:
    rows = known(facts)
    if rows.is_empty() or facts.brand is None:
        return None
    marks = tuple(
        Mark(names.form(row["format"]), row["lift"], row["lift_low"], row["lift_high"],
             f"{wording.times(row['lift'], row['lift_low'], row['lift_high'])} · "
             f"{wording.based_on(row['posts'])}", theme.FORMATS[row["format"]])
        for row in rows.iter_rows(named=True)
    )  # fmt: skip
    title = _("What each format of {brand} brings").format(brand=wording.said(facts.brand["name"]))
    note = _("1 = what the account’s other posts bring; formats under 5 posts are left out.")
    return Dots("lifts", title, best_format(facts), marks, "times", note=note)


def table(facts: Facts) -> Table:
    """Every format of everybody: its share and what it brings."""
    columns = (
        Column("who", _("Who"), wide=True), Column("format", _("Format")),
        Column("posts", _("Posts (n)"), "count"), Column("n", _("All its posts"), "count"),
        Column("share", _("Share"), "ratio", formula="={posts}/{n}"),
        Column("share_low", _("{what}, low").format(what=_("Share")), "ratio", sheet=True),
        Column("share_high", _("{what}, high").format(what=_("Share")), "ratio", sheet=True),
        Column("lift", _("Lift"), "times"),
        Column("lift_low", _("{what}, low").format(what=_("Lift")), "times", sheet=True),
        Column("lift_high", _("{what}, high").format(what=_("Lift")), "times", sheet=True),
    )  # fmt: skip
    order = {one["entity_id"]: place for place, one in enumerate(_people(
        facts, facts.formats["entity_id"]))}  # fmt: skip
    rows = [row for row in facts.formats.iter_rows(named=True) if row["entity_id"] in order]
    rows.sort(key=lambda row: (order[row["entity_id"]], -row["posts"], row["format"]))
    brand = facts.brand["entity_id"] if facts.brand else None
    bold = frozenset(place for place, row in enumerate(rows) if row["entity_id"] == brand)
    return Table("formats", _("Formats of each"), columns,
                 tuple(_line(facts, row) for row in rows), bold=bold, dense=True)  # fmt: skip


def _line(facts: Facts, row: Row) -> tuple[Cell, ...]:
    span = i18n.interval(row["share_low"], row["share_high"], lambda part: i18n.percent(part, 0))
    lifts = i18n.interval(row["lift_low"], row["lift_high"], i18n.times)
    who = name_of(facts, row["entity_id"])
    enough = row["n"] >= wording.FLOOR
    share = i18n.percent(row["share"], 0) if enough else _("not enough posts")
    lift = row["lift"] if row["posts"] >= wording.FLOOR else None
    low, high = (row["lift_low"], row["lift_high"]) if lift is not None else (None, None)
    return (
        Cell(who, who), Cell(names.form(row["format"]), names.form(row["format"])),
        wording.count(row["posts"]), wording.count(row["n"]),
        Cell(share, row["share"] if enough else None, span if enough else ""),
        Cell("", row["share_low"] if enough else None),
        Cell("", row["share_high"] if enough else None),
        Cell(wording.times(lift), lift, lifts if lift is not None else ""),
        Cell("", low), Cell("", high),
    )  # fmt: skip
