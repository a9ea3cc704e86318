"""A limit on the time that one page may take to be read.

Pages are read in the process's one event loop: a page on which an expression runs wild would
stop every other channel. The alarm interrupts Python code and regular expressions; the compiled
parsers underneath take no longer than their input is long, which DOWNLOAD_MAXSIZE bounds.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final

LIMIT_S: Final = 20.0
"""A thousand times what a large page takes."""


class TookTooLongError(BaseException):
    """The time is up. No `Exception`: a reader's own `except` must not swallow it."""


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
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLongError
