"""French and English: texts from gettext catalogues, numbers and dates from Babel.

Texts are written in English in the code; `locales/fr.po` holds the French ones. Catalogues are
read as they are, so that a translator's edit needs no compile step.
"""

import math
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, get_day_names
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import NumberPattern, parse_pattern

LANGUAGES: Final = {"en": "English", "fr": "Français"}
ROOT: Final = Path(__file__).parent
DASH: Final = "–"
THIN: Final = "\N{NARROW NO-BREAK SPACE}"
SHORT: Final = "d MMM y, HH:mm"
NONE: Final = "—"
"""What stands where the platform shows nothing."""

_lang: ContextVar[str] = ContextVar("lang", default="en")
_zone: ContextVar[str] = ContextVar("zone", default="UTC")


def use(lang: str, zone: str = "UTC") -> None:
    """Speak this language, and tell times in this zone, in the rest of this script run."""
    _lang.set(lang if lang in LANGUAGES else "en")
    _zone.set(zone)


def lang() -> str:
    """The language spoken now: `en` or `fr`."""
    return _lang.get()


def zone() -> str:
    """The time zone of every time shown, such as `Europe/Paris`."""
    return _zone.get()


@cache
def catalogue(language: str) -> Catalog:
    """The texts of a language, as its translator wrote them; empty for English."""
    path = ROOT / "locales" / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as lines:
        return read_po(lines, locale=language)


def _(text: str) -> str:
    """The text in the language spoken now."""
    return _texts(lang()).get(text, text)


@cache
def _texts(language: str) -> dict[str, str]:
    return {
        str(one.id): str(one.string)
        for one in catalogue(language)
        if one.id and one.string and isinstance(one.string, str)
    }


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a counted text that fits the number, `{n}` filled in."""
    forms = _forms(one) or (one, many)
    # French counts 0 and 1 as one; English only 1.
    single = number in (0, 1) if lang() == "fr" else number == 1
    return forms[0 if single else 1].format(n=decimal(number))


def _forms(one: str) -> tuple[str, ...] | None:
    message = catalogue(lang()).get(one)
    if message is None or message.string is None or isinstance(message.string, str):
        return None
    return tuple(message.string)


def _digits(value: float) -> int:
    """Decimals that leave about three significant figures."""
    if value == 0 or not math.isfinite(value):
        return 0
    most = 2 if abs(value) >= 0.01 else 3  # noqa: PLR2004 - readability
    return max(0, min(most, 2 - math.floor(math.log10(abs(value)))))


def decimal(value: float | None, digits: int | None = None) -> str:
    """A number in the locale, with about three significant figures unless told otherwise."""
    if value is None or not math.isfinite(value):
        return NONE
    places = _digits(value) if digits is None else digits
    if isinstance(value, int):
        places = 0
    return _written(value, f"#,##0.{'0' * places}", lang())


@lru_cache(maxsize=1 << 16)
def _written(value: float, pattern: str, language: str) -> str:
    """A number with a true minus, which no dash beside it can be taken for.

    Kept, since half of a page's time went into writing the same numbers once more.
    """
    locale, form = _form(pattern, language)
    return str(form.apply(value or 0, locale)).replace("-", "−")


@cache
def _form(pattern: str, language: str) -> tuple[Locale, NumberPattern]:
    return Locale.parse(language), parse_pattern(pattern)


def percent(value: float | None, digits: int | None = None) -> str:
    """A ratio as a percentage in the locale."""
    if value is None or not math.isfinite(value):
        return NONE
    places = min(2, _digits(value * 100)) if digits is None else digits
    return _written(value, f"#,##0.{'0' * places}{_percent_sign()}", lang())


def _percent_sign() -> str:
    return f"{THIN}%" if lang() == "fr" else "%"


def interval(
    low: float | None, high: float | None, write: Callable[[float | None], str] = decimal
) -> str:
    """`[1.2–3.4]` or `[−1.2 to 3.4]`, or nothing where the interval is not known.

    `[≥ 1.2]` where its upper end is not, as of a median that half has not reached.
    """
    if low is None:
        return ""
    if high is None:
        return f"[≥{THIN}{write(low)}]"
    if low < 0:
        return _("[{low} to {high}]").format(low=write(low), high=write(high))
    return f"[{write(low)}{DASH}{write(high)}]"


def signed(
    value: float, low: float, high: float, write: Callable[[float | None], str] = decimal
) -> str:
    """A difference with its interval, `+0.4 [−0.1 to +0.9]`: every sign written, true minus."""
    texts = [f"{'+' if one > 0 else '−' if one < 0 else ''}{write(abs(one))}"
             for one in (value, low, high)]  # fmt: skip
    span = _("[{low} to {high}]").format(low=texts[1], high=texts[2])
    return f"{texts[0]} {span}"


def times(value: float | None) -> str:
    """A factor without its sign: two decimals where they tell something."""
    return decimal(value, 2 if value is None or abs(value) < 10 else 1)  # noqa: PLR2004 - readability


def sentence(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def ordinal(rank: int) -> str:
    """1st, 2nd, 3rd … or 1er, 2e …."""
    if lang() == "fr":
        return f"{rank}er" if rank == 1 else f"{rank}e"
    ending = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")  # noqa: PLR2004 - English grammar
    return f"{rank}{ending}"


def day(value: date | datetime | None) -> str:
    """A day, such as 20 Nov 2026; that of a time is the day in the market's zone."""
    if value is None:
        return NONE
    own = local(value) if isinstance(value, datetime) else value
    return format_date(own, "d MMM y", locale=lang())


def week(monday: date) -> str:
    """A week by its number and its Monday, in the order of the language."""
    number = monday.isocalendar().week
    start = format_date(monday, "d MMM", locale=lang())
    return _("week {number} (from {start})").format(number=number, start=start)


def local(value: datetime) -> datetime:
    """The time in the market's zone."""
    return value.astimezone(ZoneInfo(zone()))


def moment(value: datetime | None) -> str:
    """A time to the minute, in the market's zone; `stamp` names the zone, once a page."""
    return NONE if value is None else format_datetime(local(value), SHORT, locale=lang())


def stamp(value: datetime | None) -> str:
    """The same, naming the zone."""
    return NONE if value is None else f"{moment(value)} ({zone()})"


def weekdays() -> list[str]:
    """Short names of the days, Monday first."""
    names = get_day_names("abbreviated", locale=lang())
    return [names[number] for number in range(7)]


def vega_locale() -> dict[str, dict[str, object]]:
    """How charts write numbers and dates, in d3's terms."""
    locale = Locale.parse(lang())
    days = {width: get_day_names(width, locale=lang()) for width in ("wide", "abbreviated")}
    months = {width: locale.months["format"][width] for width in ("wide", "abbreviated")}
    sunday_first = [6, 0, 1, 2, 3, 4, 5]
    french = lang() == "fr"
    return {
        "number": {
            "decimal": "," if french else ".",
            "thousands": THIN if french else ",",
            "grouping": [3],
            "currency": ["", " €"] if french else ["€", ""],
            "percent": f"{THIN}%" if french else "%",
        },
        "time": {
            "dateTime": "%A %e %B %Y, %X",
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days["wide"][number] for number in sunday_first],
            "shortDays": [days["abbreviated"][number] for number in sunday_first],
            "months": [months["wide"][number] for number in range(1, 13)],
            "shortMonths": [months["abbreviated"][number] for number in range(1, 13)],
        },
    }
