"""The log of this process: every run from its beginning to its end, into the lake and out.

Without a run that is under way nothing is kept; with VIGIE_LOG=json all that is said on standard
error is lines of it (data/logs.py).
"""

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from data import logs
from data.logs import Level, Line
from data.settings import settings

LOGGER: Final = "vigie"
LIBRARIES: Final = ("", "prefect")
"""Loggers whose warnings are kept; Prefect's do not reach the root."""
_files: list[logs.File] = []
_ids: list[str] = []
_writing = threading.Lock()


def is_json() -> bool:
    """Whether standard error is lines of the log."""
    return settings().log == "json"


def tell(level: Level, message: str, **fields: Any) -> bool:
    """Log something that happened to the run; whether standard error has it."""
    return write(logs.line(level, LOGGER, message, run_id=_ids[-1] if _ids else None, **fields))


def write(told: Line) -> bool:
    """Log a line; whether standard error has it."""
    with _writing:
        for file in _files:
            file(told)
        if is_json():
            logs.out(told)
            return True
    return False


def heard(said: bytes) -> Line | None:
    """Log what a crawl's process said: a line of its own, which is returned, or other words."""
    ours = told = logs.decoded(said)
    if told is None and (text := logs.plain(said)) is not None:
        told = logs.line("warning", logs.CRAWL, text, run_id=_ids[-1] if _ids else None)
    if told is not None:
        write(told)
    return ours


def bind(run_id: str) -> None:
    """From here on lines are about this run."""
    _ids[:] = [run_id]


@contextlib.contextmanager
def kept(lake: str, command: str) -> Iterator[None]:
    """Log a run from its beginning to its end, however it ends."""
    began = time.monotonic()
    _ids.clear()  # of a crawl that was planned outside of any run
    file = logs.File(lake)
    _files.append(file)
    handler = attach()
    tell("info", "run begins", command=command)
    try:
        yield
    except BaseException as fault:
        ended = {"outcome": "stopped", **logs.fault(type(fault), fault, fault.__traceback__)}
        if isinstance(fault, Exception):
            ended["outcome"] = "failed"
        tell("error", "run ended", seconds=round(time.monotonic() - began, 3), **ended)
        raise
    else:
        tell("info", "run ended", seconds=round(time.monotonic() - began, 3), outcome="done")
    finally:
        for name in LIBRARIES:
            logging.getLogger(name).removeHandler(handler)
        _files.remove(file)
        _ids.clear()


def attach() -> logging.Handler:
    """Log what libraries warn of; where lines are wanted, in place of what they would write."""
    handler = logs.Handler(lambda told: (write(told), None)[1])
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        if is_json():
            for other in filter(_speaks, list(logger.handlers)):
                logger.removeHandler(other)
        if logger.parent is None or not logger.propagate:  # else its root's handler hears it
            logger.addHandler(handler)
    return handler


def _speaks(handler: logging.Handler) -> bool:
    """Whether a handler writes sentences to standard error."""
    if not isinstance(handler, logging.StreamHandler):
        return False
    return handler.stream is sys.stderr or type(handler).__module__.startswith("prefect.")
