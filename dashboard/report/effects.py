"""What works: what format, weekday, hour and type of content bring, all else being equal."""

from typing import Final

import polars as pl

from dashboard import i18n, names, queries, theme
from dashboard.i18n import _
from dashboard.report import wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Block, Cell, Column, Dots, Mark, Section, Table
from dashboard.report.topics import label_of

DIMENSIONS: Final = ("format", "content_type", "weekday", "daypart")
IN_ORDER: Final = ("weekday", "daypart")
"""Dimensions that are read in their own order, the others from what brings most."""
MOST: Final = 14
"""Lines that a picture holds."""
TONES: Final = {"opening": "ahead", "missed": "warning", "crowded": "behind"}


def section(facts: Facts) -> Section:
    """Each choice with what it brings, its interval and n; what surely brings more on top."""
    title, rows = _("What works"), facts.effects
    if rows.is_empty():
        return Section("effects", title, _("Not enough posts to tell what brings more"))
    period = names.period(queries.effect_period(facts.period))
    note = _(
        "Engagement of a post over that of the average post, within account and with format, type "
        "of content, weekday and hour estimated together; everybody’s posts but topics’, {period}, "
        "hours of {zone}. Lines are 95% intervals: one that holds 1 may be chance. What goes with "
        "more engagement need not cause it."
    ).format(period=period, zone=i18n.zone())
    charts = [_dots(facts, dimension) for dimension in DIMENSIONS]
    blocks: tuple[Block, ...] = (*(one for one in charts if one is not None), _table(facts))
    return Section("effects", title, sentence(facts), (note,), blocks)


def _name(facts: Facts, row: Row) -> str:
    """A level in words."""
    if row["dimension"] == "format":
        return names.form(row["level"])
    if row["dimension"] == "content_type":
        return label_of(facts, row["level"])
    if row["dimension"] == "weekday":
        return i18n.weekdays()[int(row["level"]) - 1]
    start, _sep, end = row["level"].partition("-")
    return f"{int(start)}:00{i18n.DASH}{int(end)}:00"


def _kind(dimension: str) -> str:
    words = {"weekday": _("Weekday"), "daypart": _("Time of day")}
    return words.get(dimension) or names.trend_kind(dimension)


def _known(facts: Facts, dimension: str) -> list[Row]:
    """The levels of a dimension that have a figure, in the order to read them."""
    rows = facts.effects.filter(
        pl.col("dimension") == dimension, pl.col("lift").is_not_null(),
        pl.col("lift_low").is_not_null(), pl.col("posts") >= wording.FLOOR,
    )  # fmt: skip
    if dimension not in IN_ORDER:
        rows = rows.sort("lift", "level", descending=[True, False])
    return list(rows.iter_rows(named=True))


def _better(facts: Facts, dimension: str) -> list[Row]:
    """Those that surely bring more, the surest first."""
    sure = [row for row in _known(facts, dimension) if row["lift_low"] > 1]
    return sorted(sure, key=lambda row: -row["lift_low"])


def sentence(facts: Facts) -> str:
    """The surest of each dimension, in one line."""
    best = [found[0] for one in DIMENSIONS if (found := _better(facts, one))]
    if not best:
        return _("Nothing is shown to bring more than the rest")
    words = [f"{_kind(row['dimension']).lower()} {_quoted(facts, row)}" for row in best]
    return _("Surely brings more: {what}").format(what=wording.listed(words))


def _quoted(facts: Facts, row: Row) -> str:
    return _("“{name}”").format(name=_name(facts, row))


def _dots(facts: Facts, dimension: str) -> Dots | None:
    rows = _known(facts, dimension)[:MOST]
    if not rows:
        return None
    marks = tuple(
        Mark(_name(facts, row), row["lift"], row["lift_low"], row["lift_high"],
             f"{wording.times(row['lift'], row['lift_low'], row['lift_high'])} · "
             f"{wording.based_on(row['posts'])}", _tint(row), _is_sure(row))
        for row in rows
    )  # fmt: skip
    method = _(
        "Regression of log engagement at seven days within account on the four together; 1 is the "
        "average post. Green surely brings more, orange less, grey is within chance."
    )
    return Dots(f"effects_{dimension}", _kind(dimension), _message(facts, dimension), marks,
                "times", method=method)  # fmt: skip


def _is_sure(row: Row) -> bool:
    return bool(row["lift_low"] > 1 or row["lift_high"] < 1)


def _tint(row: Row) -> str:
    if row["lift_low"] > 1:
        return theme.GOOD
    return theme.BAD if row["lift_high"] < 1 else theme.GREY


def _message(facts: Facts, dimension: str) -> str:
    found = _better(facts, dimension)
    if not found:
        none = {
            "format": _("No format is shown to bring more than the others"),
            "content_type": _("No type of content is shown to bring more than the others"),
            "weekday": _("No day is shown to be better than another"),
            "daypart": _("No time of day is shown to be better than another"),
        }
        return none[dimension]
    words = [
        f"{_quoted(facts, row)} {wording.times(row['lift'], row['lift_low'], row['lift_high'])}"
        for row in found[:2]
    ]
    return _("Surely brings more: {what}").format(what=wording.listed(words))


def _table(facts: Facts) -> Table:
    columns = (
        Column("kind", _("Kind")), Column("what", _("What"), wide=True),
        Column("posts", _("Posts (n)"), "count"), Column("accounts", _("Accounts"), "count"),
        Column("lift", _("Lift"), "times"),
        Column("lift_low", _("{what}, low").format(what=_("Lift")), "times", sheet=True),
        Column("lift_high", _("{what}, high").format(what=_("Lift")), "times", sheet=True),
        Column("share", _("Share, market"), "ratio"), Column("own", _("Share, brand"), "ratio"),
        Column("status", _("Verdict")),
    )  # fmt: skip
    place = pl.col("dimension").replace_strict({one: n for n, one in enumerate(DIMENSIONS)})
    rows = facts.effects.sort(place, "level")
    lines = tuple(_line(facts, row) for row in rows.iter_rows(named=True))
    return Table("effects", _("Every choice and what it brings"), columns, lines, dense=True)


def _line(facts: Facts, row: Row) -> tuple[Cell, ...]:
    kind, name, status = _kind(row["dimension"]), _name(facts, row), names.opening(row["status"])
    lift = row["lift"] if row["posts"] >= wording.FLOOR else None
    low, high = (row["lift_low"], row["lift_high"]) if lift is not None else (None, None)
    return (
        Cell(kind, kind), Cell(name, name), wording.count(row["posts"]),
        wording.count(row["accounts"]),
        Cell(wording.times(lift), lift, i18n.interval(low, high, i18n.times)),
        Cell("", low), Cell("", high), Cell(i18n.percent(row["share"], 0), row["share"]),
        Cell(i18n.percent(row["brand_share"], 0), row["brand_share"]),
        Cell(status, status, tone=TONES.get(row["status"], "level")),
    )  # fmt: skip
