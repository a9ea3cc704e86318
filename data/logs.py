"""What a run does, as JSON lines: one object a line, with the run's and the channel's id.

    {"time": …, "level": …, "logger": …, "message": …, "run_id": …, "channel_id": …, "fields": {…}}

Written to standard error where VIGIE_LOG is `json`, and to a file a day in the lake's folder (a
lake on S3 has none). No secret of the settings, no password of an address and no text of a post is
in a line: of an exception it holds the type and the place, not what was said.
"""

import contextlib
import logging
import re
import sys
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal

import msgspec
from pydantic import SecretStr

from data.settings import settings
from data.stale import stale

FOLDER: Final = "logs"
CRAWL: Final = "vigie.crawl"
KEPT_DAYS: Final = 30
MOST_BYTES: Final = 10_000_000
"""Of a day's file: what is said beyond is left out."""
LONGEST: Final = 500
"""Characters kept of any text."""
SHORTEST: Final = 4
"""A shorter secret would be found in every other word."""
CREDENTIALS: Final = re.compile(r"://[^/\s@]*@")
FAULT: Final = re.compile(r"([\w.]*(?:Error|Exception|Warning|Interrupt|Exit)): ")
HIDDEN: Final = "***"

Level = Literal["info", "warning", "error"]
Sink = Callable[["Line"], None]
channel: ContextVar[str | None] = ContextVar("channel", default=None)
"""The channel that this task is about."""


class Line(msgspec.Struct, frozen=True):
    """One thing that happened."""

    time: datetime
    level: Level
    logger: str
    message: str
    run_id: str | None = None
    channel_id: str | None = None
    fields: dict[str, Any] = {}


def clean(text: str) -> str:
    """The beginning of a text's first line, without secrets."""
    line = CREDENTIALS.sub(f"://{HIDDEN}@", next(iter(text.splitlines()), ""))
    for secret in secrets():
        line = line.replace(secret, HIDDEN)
    return line[:LONGEST]


def secrets() -> list[str]:
    """Every secret of the settings, the longest first."""
    told = settings()
    values = [*(getattr(told, name) for name in type(told).model_fields)]
    values += told.lake_options.values()
    found = {one.get_secret_value() for one in values if isinstance(one, SecretStr)}
    return sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True)


def line(
    level: Level, logger: str, message: str, *, run_id: str | None = None,
    channel_id: str | None = None, **fields: object,
) -> Line:  # fmt: skip
    """A line of now; its texts are cleaned."""
    told = {key: clean(one) if isinstance(one, str) else one for key, one in fields.items()}
    about = channel_id or channel.get()
    return Line(datetime.now(UTC), level, logger, clean(message), run_id, about, told)


def encoded(told: Line) -> bytes:
    """The line as it is written."""
    return msgspec.json.encode(told) + b"\n"


def out(told: Line) -> None:
    """Write a line on standard error."""
    sys.stderr.write(encoded(told).decode())
    sys.stderr.flush()


def decoded(text: bytes) -> Line | None:
    """The line that a text is; None where it is none of ours."""
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
        return msgspec.json.decode(text, type=Line)
    return None


def plain(said: bytes) -> str | None:
    """What a process said that is no line of ours; of a trace, the places and the kind of fault."""
    text = said.decode(errors="replace").rstrip()
    if (match := FAULT.match(text)) is not None:
        return match[1]
    if text.startswith(" "):  # the code of a trace: what stands there is in the software already
        return clean(text.strip()) if text.strip().startswith("File ") else None
    return clean(text) or None


class Handler(logging.Handler):
    """Makes lines of what libraries log, from warnings on."""

    def __init__(self, sink: Sink, run_id: str | None = None) -> None:
        super().__init__(logging.WARNING)
        self._sink = sink
        self.run_id = run_id

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on one record."""
        try:
            level: Level = "error" if record.levelno >= logging.ERROR else "warning"
            fields = {} if record.exc_info is None else fault(*record.exc_info)
            told = line(level, record.name, record.getMessage(), run_id=self.run_id, **fields)
            self._sink(told)
        except Exception:  # noqa: BLE001 - logging must not end what it tells of
            self.handleError(record)


def fault(
    kind: type[BaseException] | None, _: BaseException | None = None,
    trace: TracebackType | None = None,
) -> dict[str, str]:  # fmt: skip
    """An exception by type and place: what it says may be a text from a page."""
    if kind is None:
        return {}
    places = traceback.extract_tb(trace)
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return {"error": kind.__name__, "where": where}


class File:
    """The day's file in the lake's folder; a full disk ends no run that could go on."""

    def __init__(self, root: str) -> None:
        self._folder = None if "://" in root else Path(root).expanduser().absolute() / FOLDER
        if self._folder is not None:
            with contextlib.suppress(OSError):
                _clean(self._folder)

    def __call__(self, told: Line) -> None:
        """Add a line, in one piece."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)  # a demo begins by emptying its lake
            file = self._folder / f"{told.time:%Y-%m-%d}.jsonl"
            with file.open("ab", buffering=0) as out:
                if out.tell() < MOST_BYTES:
                    out.write(encoded(told))


def forget(root: str) -> None:
    """Take out what was logged: channels may be named in it, and people in why they failed."""
    if "://" not in root:
        for file in (Path(root).expanduser().absolute() / FOLDER).glob("*.jsonl"):
            file.unlink(missing_ok=True)


def _clean(folder: Path) -> None:
    for file in stale(folder, datetime.now(UTC).date(), KEPT_DAYS):
        file.unlink(missing_ok=True)
