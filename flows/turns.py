"""One run at a time on a lake: who comes second is told who is at work, or waits for its turn.

A lake on S3 has no lock (data/lock.py).
"""

import contextlib
from collections.abc import Iterator
from typing import Final

from data import lock, progress
from flows.watching import logs
from flows.words import console
from flows.words.problems import FellShort

WAITS_S: Final = 3600.0
"""Time that a run of the schedule waits for another run's end."""


@contextlib.contextmanager
def taken(lake: str, command: str) -> Iterator[None]:
    """Hold the lake's run lock in the name of a command.

    Raises:
        FellShort: another run is under way.
    """
    with contextlib.ExitStack() as held:
        if progress.is_local(lake):
            try:
                held.enter_context(lock.running(progress.place(lake), command))
            except lock.BusyError:
                raise refused(lake) from None
        held.enter_context(logs.kept(lake, command))
        yield


def refused(lake: str) -> FellShort:
    """Why this run can't begin: who is at work, since when, and the cure."""
    holder = lock.holder(progress.place(lake))
    if holder is None:
        return FellShort("{lake}: a run is under way already; wait for its end", lake=lake)
    return FellShort(
        "{lake}: `{command}` has been at work since {since} (process {process} on {machine}); "
        "wait for its end, or end that process",
        lake=lake, command=holder.command, process=holder.process, machine=holder.machine,
        since=f"{holder.since.astimezone():%Y-%m-%d %H:%M}",
    )  # fmt: skip


@contextlib.contextmanager
def awaited(
    lake: str, watchlist: str, origin: progress.Origin, by: str | None
) -> Iterator[progress.Writer]:
    """The turn of a run that is told of (data/progress.py): one of the schedule waits for it.

    Raises:
        FellShort: another run is under way, for a schedule's run after WAITS_S.
    """
    with contextlib.ExitStack() as held:

        def turn(patience_s: float) -> progress.Writer:
            return held.enter_context(progress.begun(lake, watchlist, origin, by, patience_s))

        try:
            writer = turn(lock.GLANCE_S)
        except lock.BusyError:
            if origin != "schedule":
                raise refused(lake) from None
            console.problem("waiting for its end: {problem}", problem=refused(lake))
            try:
                writer = turn(WAITS_S)
            except lock.BusyError:
                raise refused(lake) from None
        held.enter_context(logs.kept(lake, f"run ({origin})"))
        yield writer
