"""Runs that editors start from a page: `vigie run` as a process of this server.

What a run does is read from the lake (data/progress.py), whoever started it. A run goes on when
its page is closed, and is stopped in order when this server ends. The process gets a list of
arguments, no shell, and of the environment only what a run needs.
"""

import atexit
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from dashboard import access, edits, i18n, queries
from data import lock, progress
from data.progress import Progress

COMMAND: Final = ("-P", "-c", "from flows.cli import main; main()", "run")
PASSED: Final = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "SYSTEMROOT",
    "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "DISPLAY",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
})  # fmt: skip
PASSED_FAMILIES: Final = ("VIGIE_", "PREFECT_", "PLAYWRIGHT_", "LC_", "XDG_")
HELD_BACK: Final = ("VIGIE_OIDC_", "VIGIE_ALLOW", "VIGIE_EDITORS", "VIGIE_IMAP_")
"""Of the sign-in and of the mailbox: no run needs them."""
LEAVE_S: Final = 4.0
"""Time that a run has to end in order when the server ends."""
SAID: Final = 500


class RunError(Exception):
    """A run can't be started; `kind` says why."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass
class _Started:
    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def said(self) -> str:
        """The end of what it said about what went wrong."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace").strip()[-SAID:]


@dataclass(frozen=True)
class Status:
    """The lake's run: as it tells, or not yet; `said` is why the last one never began."""

    run: Progress | None = None
    is_starting: bool = False
    said: str | None = None
    is_ours: bool = False

    @property
    def is_live(self) -> bool:
        """Something is under way."""
        return self.is_starting or (self.run is not None and self.run.is_live)


_started: dict[str, _Started] = {}
_guard = threading.Lock()


def is_possible() -> bool:
    """Whether runs can be started here: the lake is a folder that this machine reaches."""
    return progress.is_local(queries.address())


def start(file: Path) -> None:
    """Run a watchlist once, in the reader's language, as a process of its own.

    Raises:
        PermissionError: the reader may not.
        RunError: `remote`, the lake is no folder; `busy`, a run is under way; else what failed.
    """
    if not access.may_edit():
        raise PermissionError("viewers start nothing")
    lake = queries.address()
    if not is_possible():
        raise RunError("remote")
    with _guard:
        if status().is_live or lock.is_running(lake):
            raise RunError("busy")
        before, _started[lake] = _started.get(lake), _run(lake, file)
        if before is not None:
            before.errors.close()


def _run(lake: str, file: Path) -> _Started:
    command = [sys.executable, *COMMAND, "--lake", lake, "--lang", i18n.lang(), "--", str(file)]
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - read when the process has ended
    try:
        process = subprocess.Popen(  # noqa: S603 - a fixed program; the path comes after `--`
            command,
            env={
                **environment(os.environ),
                "VIGIE_LAKE": lake,
                "VIGIE_LOG": "text",
                progress.BY: edits.who(),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,  # Ctrl-C in the terminal reaches it through us, in order
        )
    except OSError as error:
        errors.close()
        raise RunError(str(error)) from error
    threading.Thread(target=process.wait, daemon=True).start()  # no dead entry stays behind
    return _Started(process, errors)


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Of our environment, what a run gets: its settings and the system's, nobody's sign-in."""
    return {
        name: value
        for name, value in own.items()
        if (name in PASSED or name.startswith(PASSED_FAMILIES)) and not name.startswith(HELD_BACK)
    }


def status() -> Status:
    """What is under way in the lake, or how the last run ended."""
    lake = queries.address()
    run, ours = progress.latest(lake), _started.get(lake)
    if ours is None:
        return Status(run)
    is_over = ours.process.poll() is not None
    if run is not None and run.begin.at >= ours.at:
        return Status(run, is_ours=not is_over)
    if not is_over:
        return Status(run, is_starting=True, is_ours=True)
    return Status(run, said=ours.said() or str(ours.process.returncode))


def stop() -> None:
    """Ask the run that was started here to end in order; what it has read stays.

    Raises:
        PermissionError: the reader may not.
    """
    if not access.may_edit():
        raise PermissionError("viewers stop nothing")
    if (ours := _started.get(queries.address())) is not None:
        _end(ours)


def _end(one: _Started) -> None:
    if one.process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            one.process.terminate()


@atexit.register
def _leave() -> None:
    """The server ends: its runs end in order, or by the next run's own recovery."""
    for one in _started.values():
        _end(one)
    until = time.monotonic() + LEAVE_S
    for one in _started.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.process.wait(max(0.0, until - time.monotonic()))
        one.errors.close()
    _started.clear()
