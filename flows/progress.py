"""The run of this process tells what it does, in the lake (data/progress.py).

Parts of a run tell their step here; without a run that is kept, nothing is written.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from data import progress
from data.progress import SAID, End, Ended, Origin, Phase, Planned, Step, Visited, Writer
from data.said import WatchlistError
from flows import turns
from flows.processes.children import Stopping
from flows.watching import logs as watching
from flows.words import messages
from flows.words.problems import Problem, Unusable

if TYPE_CHECKING:
    import polars as pl

STOPPED: Final = (KeyboardInterrupt, SystemExit, Stopping)
_writers: list[Writer] = []
_short: set[str] = set()
_writing = threading.Lock()


class _Gain(msgspec.Struct, frozen=True):
    """What a crawl's process says of a channel that it is done with (crawlers/run.py)."""

    posts: int = 0
    new_posts: int = 0
    reason: str | None = None


@contextlib.contextmanager
def kept(lake: str, watchlist: Path | str, origin: Origin = "command") -> Iterator[None]:
    """Be the lake's one run, and tell of it until its end, however it ends.

    Raises:
        FellShort: another run is under way; one of the schedule first waits for its turn.
    """
    by = os.environ.get(progress.BY) if origin == "command" else None
    told_as: Origin = "dashboard" if by else origin
    with turns.awaited(lake, str(watchlist), told_as, by) as writer, _told(writer):
        yield


@contextlib.contextmanager
def _told(writer: Writer) -> Iterator[None]:
    _writers.append(writer)
    _short.clear()
    try:
        yield
    except BaseException as fault:
        writer.tell(_fallen(fault))
        raise
    else:
        state: End = "short" if _short else "done"
        writer.tell(Ended(datetime.now(UTC), state, 1 if _short else 0))
    finally:
        _writers.remove(writer)


def _fallen(fault: BaseException) -> Ended:
    now = datetime.now(UTC)
    if isinstance(fault, STOPPED):
        code = fault.code if isinstance(fault, SystemExit) else 130
        return Ended(now, "stopped", code if isinstance(code, int) else 1)
    if isinstance(fault, WatchlistError):
        return Ended(now, "failed", Unusable.code, fault.told(messages.language())[:SAID])
    code = fault.code if isinstance(fault, Problem) else 1
    said = str(fault) if isinstance(fault, Problem) else f"{type(fault).__name__}: {fault}"
    return Ended(now, "failed", code, said[:SAID])


def phase(name: Phase) -> None:
    """A part of the run begins."""
    watching.tell("info", "phase begins", phase=name)
    for writer in _writers:
        writer.tell(Step(datetime.now(UTC), name))


def planned(run_id: str, channel_ids: list[str]) -> None:
    """What is about to be crawled."""
    watching.bind(run_id)
    watching.tell("info", "crawl planned", channels=len(channel_ids))
    for writer in _writers:
        writer.tell(Planned(run_id, channel_ids))


def heard(line: bytes) -> None:
    """A line that a crawl's process said: it is logged; a channel that is done is passed on."""
    told = watching.heard(line)
    if not _writers or told is None or told.message != "visited" or told.channel_id is None:
        return
    # A line that is none of ours must not end the one who listens.
    with contextlib.suppress(msgspec.ValidationError):
        gain = msgspec.convert(told.fields, _Gain)
        _visited(Visited(told.channel_id, gain.posts, gain.new_posts, gain.reason))


def covered(coverage: "pl.DataFrame") -> None:
    """What each channel came to in the end: rows of `coverage`."""
    sums = {name: coverage[name].sum() for name in ("posts", "new_posts", "complete")}
    watching.tell("info", "crawl ended", channels=coverage.height, **sums)
    for row in coverage.iter_rows(named=True):
        reason = None if row["complete"] else row["reason"] or "-"
        _visited(Visited(row["channel_id"], row["posts"], row["new_posts"], reason))


def _visited(channel: Visited) -> None:
    reason = channel.reason[:SAID] if channel.reason else None
    with _writing:
        _short.discard(channel.channel_id)
        if reason is not None:
            _short.add(channel.channel_id)
        for writer in _writers:
            writer.tell(msgspec.structs.replace(channel, reason=reason))
