"""Processes of our own that end when we end: crawls, the Prefect server, the dashboard."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Final, Self

LEASH: Final = Path(__file__).with_name("leash.py")
LOOK_S: Final = 0.05
LEAVE_S: Final = 10.0
"""Time that this process has to leave in order once it is told to end."""
_live: set["Child"] = set()
_lock = threading.RLock()
_leaving = threading.Event()


class Stopping(Exception):  # noqa: N818 - it is no fault
    """This process is on its way out: no child may start any more."""


class Child:
    """A command under a leash (see leash.py): it never outlives this process.

    A context manager; leaving it stops the command and waits for its end. `outlasts` marks one
    that others need while they stop: `stop_all` leaves it to its own context.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: int | None = subprocess.DEVNULL,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
        outlasts: bool = False,
    ) -> None:
        self.outlasts = outlasts
        reading, self._owner = os.pipe()
        with _lock:
            if _leaving.is_set():
                raise Stopping
            self.leash = subprocess.Popen(  # noqa: S603 - our own command line
                [sys.executable, "-I", "-S", str(LEASH), str(reading), *command],
                env=None if env is None else {**os.environ, **env},
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                pass_fds=(reading,),
                start_new_session=True,
            )
            _live.add(self)
        os.close(reading)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def converse(self, told: bytes, hear: Callable[[bytes], None]) -> tuple[bytes, bytes]:
        """Tell it everything, hear each line of its standard error as it comes, wait for its end.

        Returns:
            Its standard output, and the last line that it said on the other.
        """
        leash = self.leash
        assert leash.stdin is not None
        assert leash.stdout is not None
        assert leash.stderr is not None
        last, out = [b""], [b""]

        def listen(lines: IO[bytes]) -> None:
            for line in lines:
                last[0] = line.strip() or last[0]
                hear(line)

        def collect(answer: IO[bytes]) -> None:
            out[0] = answer.read()

        listeners = [
            threading.Thread(target=listen, args=(leash.stderr,), daemon=True),
            threading.Thread(target=collect, args=(leash.stdout,), daemon=True),
        ]
        for listener in listeners:
            listener.start()
        with contextlib.suppress(BrokenPipeError), leash.stdin:  # its end says why
            leash.stdin.write(told)
        self.wait()
        with leash.stdout, leash.stderr:
            for listener in listeners:
                listener.join()
        return out[0], last[0]

    def wait(self) -> int:
        """Wait for its end; its exit code.

        By looking again and again: Polars puts a handler of its own on Ctrl-C under which the
        system takes up a wait again without Python ever hearing of the signal.
        """
        while (code := self.leash.poll()) is None:
            time.sleep(LOOK_S)
        return code

    def let_go(self) -> None:
        """Ask the command to stop; the leash sees to it. Returns at once."""
        with _lock:
            if self in _live:
                _live.discard(self)
                with contextlib.suppress(BrokenPipeError):  # it has ended already
                    os.write(self._owner, b".")
                os.close(self._owner)

    def stop(self) -> None:
        """Stop the command and wait until it and all that it started are gone."""
        self.let_go()
        self.wait()


def stop_all() -> None:
    """Ask every child to stop and let no other start: the first act of leaving."""
    _leaving.set()
    with _lock:
        for child in [one for one in _live if not one.outlasts]:
            child.let_go()


def is_leaving() -> bool:
    """This process was told to end."""
    return _leaving.is_set()


@contextlib.contextmanager
def leaving_cleanly() -> Iterator[None]:
    """SIGTERM and Ctrl-C first stop the children, then end this process (143, 130).

    Threads that wait for a child are thereby freed. Used again inside a Prefect flow, whose
    engine puts its own handler on SIGTERM.
    """

    def leave(number: int, _: FrameType | None) -> None:
        stop_all()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with _last_resort():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _last_resort() -> Iterator[None]:
    """End this process LEAVE_S after it was told to, whatever still hangs.

    Also where the main thread waits inside a library, in which Python never hears of the signal:
    the system's handler itself writes to this pipe. The leashes' pipes close with us.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def watch() -> None:
        while heard := os.read(reading, 1):
            if heard[0] in {signal.SIGTERM, signal.SIGINT}:
                time.sleep(LEAVE_S)
                os._exit(128 + heard[0])
        os.close(reading)

    threading.Thread(target=watch, name="last-resort", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writing)
