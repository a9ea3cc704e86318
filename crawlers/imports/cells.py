"""Single cells of exports: numbers, flags and dates, as French and English spreadsheets write them.

Strict: a text that is not surely a value is an error for its row, never a guess.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from crawlers.fields import count, when
from crawlers.fields.times import DAY, MONTHS, UNZONED_S, When
from crawlers.imports.names import plain
from crawlers.imports.problems import CellError

EMPTY: Final = {"", "-", "--", "–", "—", "n/a", "na", "nan", "null", "none", "s.o.", "#n/a"}
YES: Final = {
    "1", "true", "vrai", "yes", "oui", "paid", "sponsored", "promoted", "payant", "sponsorise",
    "sponsorisee", "funded", "boosted",
}  # fmt: skip
NO: Final = {
    "0", "false", "faux", "no", "non", "organic", "organique", "not funded", "not promoted",
    "unpaid", "non sponsorise", "non payant",
}  # fmt: skip
MONEY: Final = re.compile(r"[€$£\s’']|\b(?:EUR|USD|GBP|CHF|CAD)\b", re.IGNORECASE)
PLAIN: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12})?(?:e[+-]?[0-9]{1,2})?", re.IGNORECASE)
GROUPS: Final = 3
WHOLE: Final = re.compile(r"([0-9]{1,15})[.,]0{1,6}")
CLOCK: Final = (
    r"(?:[ T,à]+([0-9]{1,2})[:hH]([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
    r"(?: ?([AaPp])\.?[Mm]\.?)?)?"
)
SLASHED: Final = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})" + CLOCK)
YEAR_FIRST: Final = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})" + CLOCK)
COMPACT: Final = re.compile(r"(19|20)([0-9]{2})([01][0-9])([0-3][0-9])")
YEARLESS: Final = re.compile(r"([0-9]{1,2}) (?:de )?([a-z]{3,9})\.?|([a-z]{3,9})\.? ([0-9]{1,2})")
SPAN: Final = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,2}):([0-9]{2})")
MONTHS_A_YEAR: Final = 12
ORDERS: Final = ("dmy", "mdy")


def is_empty(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return text.strip().lower() in EMPTY


def whole(text: str) -> int:
    """A count.

    Raises:
        CellError: not surely one.
    """
    if (found := WHOLE.fullmatch(text)) and len(text.replace(",", ".").split(".")[1]) != GROUPS:
        text = found[1]
    value = count(text)
    if value is None:
        raise CellError("is no whole number")
    return value


def real(text: str, decimal: str) -> float:
    """An amount, without its currency; `decimal` is the mark to assume where one stands alone.

    Raises:
        CellError: not surely one.
    """
    bare = MONEY.sub("", text)
    marks = [sign for sign in bare if sign in ".,"]
    if len(set(marks)) > 1:
        decimal = marks[-1]
    elif len(marks) > 1:
        decimal = "," if marks[0] == "." else "."
    elif marks and len(bare.rpartition(marks[0])[2]) != GROUPS:
        decimal = marks[0]
    group = "," if decimal == "." else "."
    number = bare.replace(group, "").replace(decimal, ".")
    if not PLAIN.fullmatch(number):
        raise CellError("is no amount")
    return float(number)


def flag(text: str) -> bool:
    """A yes or no.

    Raises:
        CellError: neither.
    """
    word = plain(text)
    if word in YES or word in NO:
        return word in YES
    raise CellError("is neither yes nor no")


def seconds(text: str) -> float:
    """A length: seconds, or hours, minutes and seconds with colons.

    Raises:
        CellError: neither.
    """
    if match := SPAN.fullmatch(text):
        return int(match[1] or 0) * 3600.0 + int(match[2]) * 60 + int(match[3])
    return real(text, ".")


def order_of(texts: Iterable[str]) -> str | None:
    """Day or month first: "dmy", "mdy", "mixed" where cells disagree, None where no cell tells.

    A number over 12 can't be a month; one such cell tells for the whole column.
    """
    first = second = False
    for text in texts:
        if match := SLASHED.fullmatch(text.strip()):
            first |= int(match[1]) > MONTHS_A_YEAR
            second |= int(match[2]) > MONTHS_A_YEAR
    if first and second:
        return "mixed"
    return "dmy" if first else "mdy" if second else None


def has_slashed(texts: Sequence[str]) -> bool:
    """Whether any cell's meaning hangs on the order of day and month."""
    return any(
        match[1].lstrip("0") != match[2].lstrip("0")
        for text in texts
        if (match := SLASHED.fullmatch(text.strip()))
    )


def moment(text: str, order: str, zone: tzinfo | None, now: datetime) -> When:
    """The time that a cell means, in UTC, and how far off it may be.

    `zone` is that of times which name none; without it they may be off by as much as zones
    differ. A date without a year is the last such day before `now`, when the file was made.

    Raises:
        CellError: no date or time.
    """
    wall = _wall(text.strip(), order, now)
    if wall is None:
        known = when(text, now)
        if known is None:
            raise CellError("is no date")
        if known.within_s < UNZONED_S or zone is None:
            return known
        local = known.at.replace(tzinfo=zone)
        return When(local.astimezone(UTC), known.within_s - UNZONED_S)
    at, precision = wall
    if zone is None:
        return When(at.replace(tzinfo=UTC), UNZONED_S + precision)
    return When(at.replace(tzinfo=zone).astimezone(UTC), precision)


def _wall(text: str, order: str, now: datetime) -> tuple[datetime, float] | None:
    """A numeric date as a clock on the wall shows it, and its precision in seconds."""
    if match := SLASHED.fullmatch(text):
        first, second, year, *clock = match.groups()
        day, month = (first, second) if order == "dmy" else (second, first)
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day, clock)  # noqa: PLR2004 - two digits
    if match := YEAR_FIRST.fullmatch(text):
        year, month, day, *clock = match.groups()
        return _made(int(year), month, day, clock)
    if match := COMPACT.fullmatch(text):
        return _made(int(match[1] + match[2]), match[3], match[4], [])
    if match := YEARLESS.fullmatch(plain(text)):
        day, word = (match[1], match[2]) if match[1] else (match[4], match[3])
        if word in MONTHS:
            made = _made(now.year, str(MONTHS[word]), day, [])
            late = made[0].date() > now.date()
            return _made(now.year - 1, str(MONTHS[word]), day, []) if late else made
    return None


def _made(year: int, month: str, day: str, clock: Sequence[str | None]) -> tuple[datetime, float]:
    hour, minute, second, half = (*clock, None, None, None, None)[:4]
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half in "Pp" else 0)
    try:
        at = datetime(year, int(month), int(day), hours, int(minute or 0), int(second or 0))  # noqa: DTZ001 - the caller knows the zone
        at.replace(tzinfo=UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CellError("is no date of the calendar") from None
    return at, 0.0 if second else 60.0 if hour else DAY
