"""A limit on the time that one page may take to be read.

Pages are read in the process's one event loop: a page on which an expression runs wild would
stop every other channel. The alarm interrupts Python code and regular expressions; the compiled
parsers underneath take no longer than their input is long, which DOWNLOAD_MAXSIZE bounds.

To set an alarm costs as much as to read thirty posts. So it is set once and rings again and again
while pages are read; a page only notes when its time is up.
"""

import atexit
import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

LIMIT_S: Final = 20.0
"""A thousand times what a large page takes."""
TICK_S: Final = 1.0
"""How often the alarm looks, so much later than its limit a page may be stopped."""


class TookTooLongError(BaseException):
    """The time is up. No `Exception`: a reader's own `except` must not swallow it."""


class _Alarm:
    """The process's alarm: rings while pages are read, and falls silent after them."""

    def __init__(self) -> None:
        self.ends: float | None = None
        self._was_used = False
        self._tick = 0.0
        self._before: Any = None  # as `signal` gives it: a function, a number, or None

    def set(self, seconds: float) -> None:
        """Note when the time is up; ring at least every `TICK_S` from now on."""
        self.ends = time.monotonic() + seconds
        self._was_used = True
        tick = min(seconds, TICK_S)
        # Another may have taken the alarm since (a test's own limit).
        if signal.getsignal(signal.SIGALRM) != self._ring:
            self._before = signal.signal(signal.SIGALRM, self._ring)
            # An interpreter that ends has no handlers any more: the alarm would kill it.
            atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
        elif tick >= self._tick > 0:
            return
        self._tick = tick
        signal.setitimer(signal.ITIMER_REAL, tick, tick)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self.ends is not None and time.monotonic() >= self.ends:
            raise TookTooLongError
        if self.ends is None and not self._was_used:
            self._tick = 0.0
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before or signal.SIG_DFL)
        self._was_used = False


_ALARM: Final = _Alarm()


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Do something in this time; no limit outside the main thread, where no alarm can ring.

    Raises:
        TookTooLongError: the time was up. May be raised while the block is being left, so catch it
            around the whole `with`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _ALARM.set(seconds)
    try:
        yield
    finally:
        _ALARM.ends = None
