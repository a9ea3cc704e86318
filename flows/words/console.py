"""What the user sees: results on standard output, problems and progress on standard error."""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from flows.words.messages import say

Row = Sequence[object]
WORDS: Final = {True: "yes", False: "no"}
SHORT: Final = 16
"""Characters of a cell that a table for a person keeps on one line."""
UNSEEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that act on a terminal or turn its writing round: all controls but the end of a line."""


def result(text: str) -> None:
    """A line that the user asked for."""
    sys.stdout.write(f"{text}\n")


def problem(text: str, **values: object) -> None:
    """A line about something that fell short; `text` is a key of the message catalogue."""
    from flows.watching import logs  # the settings take a while to load

    if not logs.tell("warning", said := _seen(text, values)):
        sys.stderr.write(f"{said}\n")


def note(text: str, **values: object) -> None:
    """A line for a person who watches; silent when piped."""
    if _is_watched():
        sys.stderr.write(f"{_seen(text, values)}\n")


def _seen(text: str, values: Mapping[str, object]) -> str:
    """A message in which nothing crawled, or said by a server, can act on the terminal."""
    return UNSEEN.sub(" ", say(text, **values))


def _is_watched() -> bool:
    """Whether a person reads standard error."""
    if not sys.stderr.isatty():
        return False
    from flows.watching import logs

    return not logs.is_json()


def cell(value: object) -> str:
    """One value of a table: empty for null, numbers as short as they can be read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4g}"
    # A crawled text must not break a line or move a cursor.
    return "".join(sign if sign.isprintable() else " " for sign in str(value))


def table(columns: Sequence[str], rows: Sequence[Row]) -> None:
    """A table for a person; when piped, tab-separated lines below the columns' own names."""
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            result("\t".join(cell(value) for value in row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = [
        [say(WORDS[value]) if isinstance(value, bool) else cell(value) for value in row]
        for row in rows
    ]
    drawn = Table(header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for place, name in enumerate(columns):
        # What is short is never broken: long columns give way.
        short = all(len(line[place]) <= SHORT for line in lines)
        drawn.add_column(say(name.replace("_", " ")), overflow="fold", no_wrap=short)
    for line in lines:
        drawn.add_row(*map(Text, line))
    Console().print(drawn)


Step = Callable[[str], None]
"""Tells the step that has begun."""


@contextlib.contextmanager
def steps(total: int | None = None) -> Iterator[Step]:
    """A line of progress with the step and the time; nothing when piped."""
    if not _is_watched():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    looks = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*looks, console=Console(stderr=True), transient=True) as progress:
        line = progress.add_task("", total=total)
        begun = False

        def step(text: str) -> None:
            nonlocal begun
            progress.update(line, description=text, advance=1 if begun else 0)
            begun = True

        yield lambda text: step(say(text))
