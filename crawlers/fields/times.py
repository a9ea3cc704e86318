"""Times as platforms write them, in French and English, each with how precise it is."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from crawlers.platform import ParseError

DAY: Final = 86400.0
UNZONED_S: Final = 14 * 3600.0
"""How far off a wall-clock time without a zone may be: zones reach from -12 h to +14 h."""


class When(NamedTuple):
    """A moment in UTC and how far off it may be, in seconds."""

    at: datetime
    within_s: float


UNITS: Final = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "seconde": 1, "secondes": 1,
    "m": 60, "min": 60, "mins": 60, "mn": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "heure": 3600, "heures": 3600,
    "d": 86400, "day": 86400, "days": 86400, "j": 86400, "jour": 86400, "jours": 86400,
    "w": 604800, "wk": 604800, "week": 604800, "weeks": 604800,
    "sem": 604800, "semaine": 604800, "semaines": 604800,
    "mo": 2592000, "mos": 2592000, "month": 2592000, "months": 2592000, "mois": 2592000,
    "y": 31536000, "yr": 31536000, "yrs": 31536000, "year": 31536000, "years": 31536000,
    "an": 31536000, "ans": 31536000, "annee": 31536000, "annees": 31536000,
}  # fmt: skip
"""Unit of a relative time → its length in seconds; a month is 30 days, a year 365."""

NAMED: Final = {
    "now": (0, 60), "just now": (0, 60), "a l'instant": (0, 60), "maintenant": (0, 60),
    "today": (0, DAY), "aujourd'hui": (0, DAY),
    "yesterday": (DAY, DAY), "hier": (DAY, DAY),
    "avant-hier": (2 * DAY, DAY),
}  # fmt: skip
"""Text without its accents → seconds ago, precision."""

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier", "feb february fev fevr fevrier", "mar march mars",
            "apr april avr avril", "may mai", "jun june juin", "jul july juil juillet",
            "aug august aout", "sep sept september septembre", "oct october octobre",
            "nov november novembre", "dec december decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

ZONES: Final = {
    "gmt": 0, "ut": 0, "utc": 0, "z": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "bst": 1, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7,
}  # fmt: skip
"""Named zones of RFC 822 and the European ones that feeds use → hours from UTC."""

HALVES: Final = {"am": 0, "pm": 12}

LEAD: Final = re.compile(
    r"^(?:streamed|premiered|started streaming|posted|published|updated|edited|"
    r"diffuse|publie|mis a jour|modifie|mise? en ligne)(?: en direct)?(?: on| le)? +"
)
RELATIVE: Final = re.compile(
    r"(?:il y a (?:environ )?)?([0-9]{1,4}|an?|one|une?) ?([a-z]+)\.?( ago)?"
)
SHORT: Final = re.compile(r"[0-9]{1,4} ?(?:s|m|min|h|hr|d|j|w|sem|mo|mois|y|yr|ans?)\.?")
EPOCH: Final = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?|[0-9]{12,13}")
CLOCK: Final = (
    r"(?:,? *(?:at |a )?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))? *([a-z]+|[+-][0-9:]{4,5})?)?"
)
WEEKDAY: Final = r"(?:[a-z]{2,8}\.?,? +)?"
DAY_FIRST: Final = re.compile(
    WEEKDAY + r"([0-9]{1,2})(?:er|st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -]([0-9]{2}|[0-9]{4})" + CLOCK
)
MONTH_FIRST: Final = re.compile(
    WEEKDAY + r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})" + CLOCK
)


def instant(text: str) -> datetime | None:
    """An ISO 8601 time that names its zone, as UTC; else None. Fast: made for JSON answers."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is UTC:
        return moment
    return _utc(moment) if moment.tzinfo else None


def when(text: str | float | None, now: datetime) -> When | None:
    """The moment that a text means, seen at `now`; None when it is not surely a time.

    Reads ISO 8601, RFC 822, epoch seconds and milliseconds, dates in words and relative times
    ("il y a 2 h", "3 weeks ago", "5 j", "hier"), French and English. Platforms round relative
    times down, so the moment lies within one unit before what they say.
    """
    if text is None or isinstance(text, bool):
        return None
    plain = str(text).strip()
    if EPOCH.fullmatch(plain):
        number = float(plain)
        return _exact(datetime.fromtimestamp(number if number < 1e11 else number / 1000, UTC))  # noqa: PLR2004
    if plain[:4].isdigit():
        return _iso(plain)
    words = LEAD.sub("", _folded(plain))
    return _relative(words, now) or _worded(words)


def _folded(text: str) -> str:
    """Lower case without accents, one space between words, plain apostrophes."""
    bare = unicodedata.normalize("NFKD", text.replace("’", "'").lower())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def _exact(moment: datetime) -> When:
    return When(moment, 0.0)


def _utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without a zone is taken to be in UTC.

    Raises:
        ParseError: at the far ends of the calendar, where other zones have no such moment.
    """
    if moment.tzinfo is UTC:
        return moment
    known = _utc(moment) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if known is None:
        raise ParseError("", f"time out of range: {moment}")
    return known


def _iso(text: str) -> When | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo:
        known = _utc(moment)
        return _exact(known) if known else None
    return When(
        moment.replace(tzinfo=UTC), UNZONED_S + (DAY if len(text) <= len("2026-01-01") else 0)
    )


def _relative(words: str, now: datetime) -> When | None:
    if words in NAMED:
        ago, within = NAMED[words]
        return When(now - timedelta(seconds=ago), float(within))
    match = RELATIVE.fullmatch(words)
    if not match or match[2] not in UNITS:
        return None
    if not (match[3] or words.startswith("il y a") or SHORT.fullmatch(words)):
        return None
    unit = UNITS[match[2]]
    number = int(match[1]) if match[1].isdigit() else 1
    try:
        return When(now - timedelta(seconds=number * unit), float(unit))
    except OverflowError:
        return None


def _worded(words: str) -> When | None:
    """A date in words, with or without a time of day: RFC 822, "5 janvier 2026", "Jan 5, 2026"."""
    if match := DAY_FIRST.fullmatch(words):
        day, month, year, *clock = match.groups()
    elif match := MONTH_FIRST.fullmatch(words):
        month, day, year, *clock = match.groups()
    else:
        return None
    number = int(year) + (0 if len(year) > 2 else 2000 if int(year) < 70 else 1900)  # noqa: PLR2004
    hour, minute, second, zone = clock
    if zone in HALVES:
        hour, zone = str(int(hour) % 12 + HALVES[zone]), None
    try:
        moment = datetime(
            number, MONTHS[month], int(day), int(hour or 0), int(minute or 0),
            min(int(second or 0), 59), tzinfo=UTC,
        )  # fmt: skip
        offset = _offset(zone) if zone else None
        if offset is None:
            return When(moment, UNZONED_S + (0 if hour else DAY))
        return _exact(moment - offset)
    except (KeyError, ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta | None:
    """Distance of a zone from UTC; None for one that is not known, which leaves it imprecise."""
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timedelta(minutes=-minutes if zone[0] == "-" else minutes)
    return timedelta(hours=ZONES[zone]) if zone in ZONES else None
