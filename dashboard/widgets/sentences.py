"""Three sentences on how the brand stands, written from the numbers by templates.

They say no more than the intervals do: a difference that may be chance is called one.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from dashboard import i18n, names, queries
from dashboard.i18n import _
from dashboard.widgets.cards import based_on, rank_interval

Row = Mapping[str, Any]
PARTS: Final = ("from_volume", "from_mix", "from_rate")


def points(value: float | None) -> str:
    """A ratio in percentage points, without their sign."""
    return i18n.decimal(None if value is None else 100 * value)


def difference(by: queries.Estimate, unit: str) -> tuple[str, str]:
    """A difference of two figures of this unit, and its interval; percentages in points."""
    write = points if unit == names.RATIO else i18n.decimal
    after = _(" points") if unit in (names.RATIO, "%") else names.unit_after(unit)
    value, _gap, span = i18n.signed(by.value, by.low, by.high, write).partition(" ")
    return value + after, span


def standing(brand: str, row: Row | None, ranked: int) -> str:
    """Where the brand is by engagement rate. `row` is its line of `benchmark`, if there is one."""
    if row is None or row["rank"] is None:
        n = based_on(row["n"] if row else 0)
        return _(
            "{brand} can’t be ranked by engagement rate: fewer than five posts of this period "
            "show both reactions and followers ({n})."
        ).format(brand=brand, n=n)
    words = {
        "ahead": _("{brand} is {rank} of {of} by engagement rate {span}, ahead of the others: "
                   "{value} a post, against a median of {median}."),
        "behind": _("{brand} is {rank} of {of} by engagement rate {span}, behind the others: "
                    "{value} a post, against a median of {median}."),
        "level": _("{brand} is {rank} of {of} by engagement rate {span}, level with the others: "
                   "{value} a post, against a median of {median}, a difference that may be "
                   "chance."),
    }  # fmt: skip
    return words.get(row["verdict"], words["level"]).format(
        brand=brand, rank=i18n.ordinal(row["rank"]), of=i18n.decimal(ranked),
        span=rank_interval(row), value=i18n.percent(row["value"]),
        median=i18n.percent(row["peer_median"]),
    )  # fmt: skip


def share(brand: str, row: Row | None, change: queries.Change | None) -> str:
    """What part of the market's engagement it gets, and whether that moved."""
    if row is None or row["value"] is None:
        return _(
            "Its share of the engagement is not known: fewer than five posts of {brand} show "
            "reactions in this period."
        ).format(brand=brand)
    span = i18n.interval(row["low"], row["high"], i18n.percent)
    first = _("{brand} gets {share} {span} of the engagement of the brands compared").format(
        brand=brand, share=i18n.percent(row["value"]), span=span
    )
    return f"{first}{_moved(change)}"


def _moved(change: queries.Change | None) -> str:
    if change is None or change.by is None:
        return _("; how that moved can’t be told yet, for want of posts in the period before.")
    words = {
        "up": _("; that is more than in the period before: {by} points."),
        "down": _("; that is less than in the period before: {by} points."),
        "level": _(", and no clear change against the period before: {by} points."),
    }
    by = i18n.signed(change.by.value, change.by.low, change.by.high, points)
    return words[change.verdict].format(by=by)


def gap(brand: str, gaps: pl.DataFrame, known: Mapping[str, str]) -> str:
    """Who surely gets more engagement a week than the brand, and mostly why.

    `gaps` is the table of that name, widest first; `known` is entity_id → name.
    """
    if gaps.is_empty():
        return _(
            "No gap to a competitor can be told: one side or the other has fewer than five posts "
            "with known reactions."
        )
    surely = gaps.filter(pl.col("gap_low") > 0)
    if not surely.is_empty():
        return _widest(brand, surely.row(0, named=True), known)
    below = gaps.filter(pl.col("gap_high") < 0).height
    if below == gaps.height:
        return _(
            "{brand} surely gets more engagement a week than every competitor compared ({n})."
        ).format(brand=brand, n=i18n.decimal(below))
    return _(
        "No competitor surely gets more engagement a week than {brand}, which surely gets more "
        "than {below} of the {n} compared."
    ).format(brand=brand, below=i18n.decimal(below), n=i18n.decimal(gaps.height))


def _widest(brand: str, row: Row, known: Mapping[str, str]) -> str:
    part = max(PARTS, key=lambda name: row[name])
    reasons = {
        "from_volume": _("they publish more"),
        "from_mix": _("they choose formats that bring more"),
        "from_rate": _("a post of theirs brings more"),
    }
    first = _("{who} gets {gap} {span} more interactions a week than {brand}").format(
        who=known.get(row["competitor_id"], row["competitor_id"]), brand=brand,
        gap=i18n.decimal(row["gap"]), span=i18n.interval(row["gap_low"], row["gap_high"]),
    )  # fmt: skip
    sure = row[f"{part}_low"] is not None and row[f"{part}_low"] > 0
    if sure:
        return _("{gap}, mostly because {reason}.").format(gap=first, reason=reasons[part])
    return _(
        "{gap}; which part of it comes from volume, formats or each post may be chance."
    ).format(gap=first)


def change_line(change: queries.Change | None, unit: str) -> str:
    """How a figure moved against the period before, in one line; why nothing can be told else."""
    if change is None or change.verdict == "short":
        return _("Change: not known, the lake does not reach back two periods.")
    if change.by is None or change.now is None or change.before is None:
        return _("Change: not enough posts.")
    words = {"up": _("up"), "down": _("down"), "level": _("no clear change")}
    line = _("Against the period before: {verdict}, {by} ({n}, before: {before})").format(
        verdict=words[change.verdict], by=" ".join(difference(change.by, unit)),
        n=based_on(change.now.n), before=i18n.decimal(change.before.n),
    )  # fmt: skip
    if change.channels == change.watched:
        return line
    return _("{line}, over {known} of {watched} channels").format(
        line=line, known=i18n.decimal(change.channels), watched=i18n.decimal(change.watched)
    )
