"""Who may write: many writers side by side, or one who takes things out.

Files that a writer has begun and not yet committed look like waste to a purge. So writers share
a lock in the lake's folder, and an erasure holds it alone. It ends with the process that holds it,
however that ends. A lake on S3 has no lock: erase there while nothing else runs.

Whole runs (crawl, build, alerts) hold a lock of their own: two at once would ask every site twice.
In its file they say who they are; what a dead process said there counts for nothing.
"""

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

FILE: Final = ".lock"
RUN: Final = ".run.lock"
POLL_S: Final = 0.2
GLANCE_S: Final = 1.0
"""A reader that looks whether a run is under way holds its lock for a moment."""
NOTE_BYTES: Final = 4096
_alone: dict[str, int] = {}
"""Folders whose lock this process holds alone, and how often it took it."""


class BusyError(Exception):
    """Somebody else is at work in the lake."""


class Holder(msgspec.Struct, frozen=True):
    """A run that holds the lock: its process, the machine of that, its command, since when."""

    process: int
    machine: str
    command: str
    since: datetime


@contextlib.contextmanager
def shared(root: str) -> Iterator[None]:
    """Write beside others; waits while somebody erases."""
    with _held(root, fcntl.LOCK_SH, None):
        yield


@contextlib.contextmanager
def alone(root: str, patience_s: float) -> Iterator[None]:
    """Write with nobody beside.

    Raises:
        BusyError: others were still at work after `patience_s` seconds.
    """
    with _held(root, fcntl.LOCK_EX, patience_s):
        folder = str(Path(root).absolute())
        _alone[folder] = _alone.get(folder, 0) + 1
        try:
            yield
        finally:
            _alone[folder] -= 1


@contextlib.contextmanager
def running(root: str, command: str, patience_s: float = GLANCE_S) -> Iterator[Holder]:
    """Be the one run of a lake that is a local folder.

    Raises:
        BusyError: another one was still under way after `patience_s` seconds.
    """
    Path(root).mkdir(parents=True, exist_ok=True)
    descriptor = os.open(Path(root) / RUN, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, fcntl.LOCK_EX, patience_s)
        own = Holder(os.getpid(), socket.gethostname(), command, datetime.now(UTC))
        note = msgspec.json.encode(own) + b"\n"
        with contextlib.suppress(OSError):  # the lock counts on a full disk, too
            os.pwrite(descriptor, note, 0)  # over the old one: its first line is always whole
            os.ftruncate(descriptor, len(note))
        yield own
    finally:
        os.close(descriptor)


def is_running(root: str) -> bool:
    """Whether a run of this lake is under way, in whatever process."""
    return _looked_at(root)[0]


def holder(root: str) -> Holder | None:
    """The run of this lake that is under way; None: there is none, or it has not said who it is."""
    is_held, note = _looked_at(root)
    try:
        return msgspec.json.decode(note.partition(b"\n")[0], type=Holder) if is_held else None
    except msgspec.MsgspecError:
        return None


def _looked_at(root: str) -> tuple[bool, bytes]:
    """Whether the lock of runs is held, and what its file says."""
    try:
        descriptor = os.open(Path(root) / RUN, os.O_RDONLY)
    except OSError:
        return False, b""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True, os.pread(descriptor, NOTE_BYTES, 0)
    finally:
        os.close(descriptor)
    return False, b""


@contextlib.contextmanager
def _held(root: str, how: int, patience_s: float | None) -> Iterator[None]:
    if "://" in root or _alone.get(str(Path(root).absolute())):
        yield
        return
    Path(root).mkdir(parents=True, exist_ok=True)
    descriptor = os.open(Path(root) / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, how, patience_s)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, how: int, patience_s: float | None) -> None:
    if patience_s is None:
        fcntl.flock(descriptor, how)
        return
    ends = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                raise BusyError from None
            time.sleep(POLL_S)
        else:
            return
