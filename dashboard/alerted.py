"""What an alert says, from its kind and its figures, in whatever language is spoken.

The sentence kept in the table is in the market's language of that day; alerts of older lakes,
which keep no figures, have no other.
"""

import re
from collections.abc import Mapping
from contextvars import copy_context
from typing import Any, Final

from babel.numbers import format_decimal

from dashboard import i18n, names
from dashboard.i18n import _
from data.vocabulary import LAWFUL

Row = Mapping[str, Any]
Names = Mapping[str, str]
LOST: Final = re.compile(r"missing: (\w+), (\d+) now, (\d+) before")
PROFILED: Final = ("followers", "posts_total")
LISTED: Final = "posts"


def title(row: Row, who: Names, labels: Names) -> str:
    """An alert in one sentence.

    Args:
        row: of the table `alerts`.
        who: entity_id → name.
        labels: type_id → label of the content type.
    """
    if row.get("reason") is not None:
        return _broken(row)
    if row.get("value") is None:
        return str(row["title"])
    value, entity = _number(row["value"]), who.get(row["entity_id"] or "", row["entity_id"])
    if row["kind"] == "rising_trend":
        return _rise(row["key"] or "", value, labels)
    if row["kind"] == "bad_buzz":
        words = _("{entity}: {value} negative comments in a day, against {usual} as a rule")
        return words.format(entity=entity, value=value, usual=_number(row["usual"]))
    if row["kind"] == "competitor_silent":
        return _("{entity}: silent for {value} days, longer than ever before").format(
            entity=entity, value=_number(round(row["value"]))
        )
    return _("{entity}: a post gets {value} times its usual engagement").format(
        entity=entity, value=value
    )


def lost(field: str, n: int, before: int) -> str:
    """The reason of a source that lacks a field: of how many rows `value` and `usual` are shares.

    `posts`: posts a list page, whose numbers of pages these are.
    """
    return f"missing: {field}, {n} now, {before} before"


def _broken(row: Row) -> str:
    """A source that cannot be read, or lacks what it used to show."""
    if row.get("value") is not None and (match := LOST.fullmatch(row["reason"])):
        return _loss(row, *match.groups())
    reason = _reason(row["reason"])
    return _("{channel}: nothing could be read: {reason}").format(channel=row["key"], reason=reason)


def _loss(row: Row, field: str, n: str, before: str) -> str:
    """A field that a source no longer shows, or lists that give few posts."""
    source = row["key"] if ":" in row["key"] else names.platform(row["key"])
    if field == LISTED:
        words = _("{source}: {now} posts a list page, usually {usual}: its reader may be broken")
        return words.format(source=source, now=_number(row["value"]), usual=_number(row["usual"]))
    words = _("{source}: {field} on {now} of {n} posts, usually on {usual} of {before}")
    if field in PROFILED:
        words = _("{source}: {field} on {now} of {n} profiles, usually on {usual} of {before}")
    now, usual = i18n.percent(row["value"]), i18n.percent(row["usual"])
    return words.format(
        source=source, field=names.hidden(field), now=now, n=n, usual=usual, before=before
    )


def _rise(key: str, value: str, labels: Names) -> str:
    """A trend's sentence; its key is `<kind>/<thing>`."""
    kind, _slash, thing = key.partition("/")
    if kind == "format":
        words = _("The format “{thing}” rises: {value} times its usual rate")
        return words.format(thing=names.form(thing).lower(), value=value)
    if kind == "content_type":
        words = _("The content type “{thing}” rises: {value} times its usual rate")
        return words.format(thing=labels.get(thing, thing), value=value)
    words = _("The hashtag “{thing}” rises: {value} times its usual rate")
    return words.format(thing=thing, value=value)


def _number(value: float | None) -> str:
    """To three figures, as the language writes them."""
    return i18n.NONE if value is None else str(format_decimal(float(f"{value:.3g}"),
                                                              locale=i18n.lang()))  # fmt: skip


def _reason(text: str) -> str:
    return names.reason(text.partition(LAWFUL)[0])


def reason_in(language: str, text: str) -> str:
    """Why a channel fell short, in one language."""
    context = copy_context()
    context.run(i18n.use, language)
    return context.run(_reason, text)


def said_in(language: str, row: Row, who: Names, labels: Names) -> str:
    """The same in one language, whichever is spoken around it."""
    context = copy_context()
    context.run(i18n.use, language)
    return context.run(title, row, who, labels)
