"""From a table to typed lines: every cell read, every line that can't be read named."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any, Final

from msgspec import Struct

from crawlers.fields.times import When
from crawlers.imports import cells
from crawlers.imports.family import WHOLE
from crawlers.imports.names import plain
from crawlers.imports.problems import Bad, CellError, ImportProblem, SheetError
from crawlers.imports.sheet import Row
from crawlers.imports.table import LINE, Table

UNREAD: Final = "{column}: “{cell}” {problem}"
LIFETIME: Final = {"lifetime", "a vie", "depuis la publication", "duree de vie", "total"}
"""What Meta writes for the day of figures that are of no single day."""
FORMS: Final = {
    "text": "text", "texte": "text", "textes": "text", "status": "text", "statut": "text",
    "photo": "photo", "photos": "photo", "image": "photo", "images": "photo",
    "carousel": "carousel", "carrousel": "carousel", "album": "carousel", "document": "carousel",
    "multi photo": "carousel", "sidecar": "carousel",
    "video": "video", "videos": "video", "vod": "video",
    "reel": "short", "reels": "short", "short": "short", "shorts": "short",
    "story": "story", "stories": "story", "live": "live", "live video": "live", "direct": "live",
    "video en direct": "live", "link": "link", "links": "link", "lien": "link", "liens": "link",
    "poll": "poll", "sondage": "poll", "event": "event", "evenement": "event",
    "article": "article", "newsletter": "newsletter", "audio": "audio", "review": "review",
    "avis": "review",
}  # fmt: skip
FUTURE: Final = timedelta(days=1)
"""Wall clocks without a zone may be this much ahead of the file's own time."""


class Line(Struct, frozen=True):
    """One line: `values` has the own names of family.FIELDS, without those that are empty."""

    line: int
    values: dict[str, Any]


class Clock(Struct, frozen=True):
    """How a file's times are to be read.

    `order` is "dmy" or "mdy" where the user said so; `zone` that of times which name none;
    `made_at` when the file was made.
    """

    made_at: datetime
    zone: tzinfo | None = None
    order: str | None = None


def lines_of(table: Table, clock: Clock) -> tuple[list[Line], list[Bad]]:
    """The lines of a table that can be read, and the others.

    Raises:
        SheetError: the dates could be of day and month as well as of month and day.
    """
    readers = _readers(table, clock)
    good: list[Line] = []
    bad: list[Bad] = []
    for row in table.rows:
        problems: list[ImportProblem] = []
        values = dict(_values(table, row, readers, problems))
        bad += [Bad(row.line, problem) for problem in problems]
        if not problems:
            good.append(Line(row.line, values))
    return good, bad


def _values(
    table: Table, row: Row, readers: dict[str, Callable[[str], Any]], problems: list[ImportProblem]
) -> Iterator[tuple[str, Any]]:
    if len(row.cells) > len(table.columns) and any(row.cells[len(table.columns) :]):
        problems.append(
            CellError(
                "{cells} cells under {columns} columns",
                cells=len(row.cells), columns=len(table.columns),
            )
        )  # fmt: skip
        return
    for own, place in table.mapping.items():
        text = _cell(row, place)
        if cells.is_empty(text):
            continue
        try:
            value = readers[own](text)
        except CellError as error:
            header = place if isinstance(place, str) else table.columns[place]
            problems.append(CellError(UNREAD, column=header, cell=text[:80], problem=error))
            continue
        if value is not None:
            yield own, value


def _cell(row: Row, place: int | str) -> str:
    if isinstance(place, str):
        return str(row.line) if place == LINE else place[1:]
    return row.cells[place] if place < len(row.cells) else ""


def _readers(table: Table, clock: Clock) -> dict[str, Callable[[str], Any]]:
    """How each own name's cells are read."""
    readers: dict[str, Callable[[str], Any]] = dict.fromkeys(WHOLE, cells.whole)
    for own in ("day", "published_at"):
        order = _order(table, own, clock)
        readers[own] = partial(_moment, order=order, clock=clock)
    readers["day"] = partial(_day, order=_order(table, "day", clock), clock=clock)
    return (
        dict.fromkeys(table.mapping, _text)
        | readers
        | {
            "spend": partial(cells.real, decimal=table.decimal),
            "duration_s": cells.seconds,
            "paid": cells.flag,
            "format": _form,
        }
    )


def _text(text: str) -> str:
    return text


def _form(text: str) -> str:
    words = plain(text)
    form = FORMS.get(words) or FORMS.get(words.removeprefix("ig ").removesuffix(" ig"))
    if form is None:
        known = ", ".join(sorted(set(FORMS.values())))
        raise CellError("is no form of post; there are {known}", known=known)
    return form


def _order(table: Table, own: str, clock: Clock) -> str:
    """Order of day and month in a column: as told, as its cells tell, or as its family writes."""
    place = table.mapping.get(own)
    if not isinstance(place, int):
        return "dmy"
    texts = [_cell(row, place) for row in table.rows]
    if clock.order is not None:
        return clock.order
    order = cells.order_of(texts)
    if order == "mixed":
        raise SheetError(
            "{column}: some dates only fit day/month, others only month/day; say which with "
            "--dates dmy or --dates mdy, and --skip-bad for the others",
            column=table.columns[place],
        )
    if order is None and table.family.order is None and cells.has_slashed(texts):
        raise SheetError(
            "{column}: no date tells whether day or month comes first; say so with "
            "--dates dmy or --dates mdy",
            column=table.columns[place],
        )
    return order or table.family.order or "dmy"


def _moment(text: str, *, order: str, clock: Clock) -> When:
    found = cells.moment(text, order, clock.zone, clock.made_at)
    if found.at > clock.made_at + FUTURE:
        raise CellError("is later than the file itself")
    return found


def _day(text: str, *, order: str, clock: Clock) -> Any:
    """The calendar day as written, whatever the zone; None for figures of no single day."""
    if plain(text) in LIFETIME:
        return None
    # A day is read as it stands: its wall clock is taken to be in UTC and never moved.
    return _moment(text, order=order, clock=Clock(clock.made_at)).at.date()


def duplicates_out(lines: Sequence[Line], key: Callable[[Line], Any]) -> tuple[list[Line], int]:
    """Of lines with the same key the last one, and how many were left out."""
    last = {key(line): line for line in lines}
    return list(last.values()), len(lines) - len(last)


def day_of(values: dict[str, Any], zone: tzinfo | None) -> date | None:
    """Day of publication in the file's zone, where a line has no day of its own."""
    found: When | None = values.get("published_at")
    return found.at.astimezone(zone or UTC).date() if found else None
