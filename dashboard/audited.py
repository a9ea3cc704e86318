"""What a check of an account found, in words that accuse nobody."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from dashboard import i18n, names
from dashboard.i18n import _

Row = Mapping[str, Any]
AT_MOST: Final = ("regularity", "growth_jump")
"""Checks of a largest thing: nothing is said against one that is smaller than usual."""
SHARES: Final = ("sponsored_share", "boost_share", "comment_quality")
"""Checks whose range is the interval of what was found; of the others it is what is usual."""


def name(check: str) -> str:
    """What is looked at."""
    words = {
        "size_tier": _("Engagement rate, for accounts of this size"),
        "regularity": _("Longest silence, for an account of this pace"),
        "growth_jump": _("Largest growth of followers in a day"),
        "sponsored_share": _("Posts disclosed as paid"),
        "boost_share": _("Posts perhaps boosted"),
        "comment_quality": _("Comments that say something, written once"),
    }
    return words.get(check, check)


def figure(row: Row) -> str:
    """What was found."""
    if row["value"] is None:
        return _("not enough data")
    if row["check"] == "regularity":
        return f"{i18n.decimal(row['value'], 1)} {_('days')}"
    return i18n.percent(_plain(row, row["value"]))


def span(row: Row) -> str:
    """The range beside it, or nothing: of shares the 95% interval, else what is usual."""
    if row["low"] is None or row["high"] is None:
        return ""
    write = i18n.decimal if row["check"] == "regularity" else i18n.percent
    if row["check"] in AT_MOST:
        return f"[≤{i18n.THIN}{write(_plain(row, row['high']))}]"
    return i18n.interval(_plain(row, row["low"]), _plain(row, row["high"]), write)


def _plain(row: Row, value: float) -> float:
    """A growth on the log scale as a ratio; anything else as it is."""
    return math.expm1(value) if row["check"] == "growth_jump" else value


def status(word: str) -> str:
    """Whether somebody should look."""
    told = {"ok": _("usual"), "watch": _("worth a look")}
    return told.get(word, _("not enough data"))


def reading(row: Row) -> str:
    """What may lie behind a figure that is worth a look: honest reasons beside the others."""
    above = row["value"] is not None and row["high"] is not None and row["value"] > row["high"]
    words = {
        "regularity": _("Silent for longer than its pace explains: a break, or a change of plans."),
        "growth_jump": _(
            "Followers came at once: a post that travelled, the press, a campaign, or bought ones."
        ),
        "sponsored_share": _("Surely more than one post in three is paid for, and says so."),
        "boost_share": _(
            "Likes out of proportion to every other count: advertising, or bought likes."
        ),
        "comment_quality": _(
            "Surely fewer than one comment in three says something new: contests, emoji, or bots."
        ),
        "size_tier": _(
            "More reactions than accounts of its size get: a close community, or bought ones."
        )
        if above
        else _(
            "Fewer reactions than accounts of its size get: a tired audience, or bought followers."
        ),
    }
    return words.get(row["check"], "")


def days(row: Row) -> list[date]:
    """The days that the evidence names."""
    return [date.fromisoformat(one) for one in _evidence(row) if _is_day(one)]


def posts(row: Row) -> list[str]:
    """The posts that the evidence names."""
    return [one for one in _evidence(row) if not _is_day(one)]


def _evidence(row: Row) -> list[str]:
    return row["evidence"] or []


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def asked(row: Row) -> str:
    """A figure worth a look in one line of text: what, how much, the range, n, and when."""
    range_ = span(row)
    words = _("95% interval {span}") if row["check"] in SHARES else _("usual {span}")
    parts = [words.format(span=range_) if range_ else "", f"n\u00a0=\u00a0{i18n.decimal(row['n'])}"]
    when = ", ".join(map(i18n.day, days(row)[-2:]))
    told = [names.platform(row["platform"]), *filter(None, parts), *([when] if when else [])]
    return f"{name(row['check'])}: {figure(row)} ({', '.join(told)})"
