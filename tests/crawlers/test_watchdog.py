"""The limit on the time that a page may take."""

import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from crawlers import watchdog
from crawlers.watchdog import TookTooLongError, within

WILD = re.compile(r"(a+)+$"), "a" * 40 + "!"
"""An expression that would run for hours."""


@pytest.fixture(autouse=True)
def own_alarm(monkeypatch):
    """The alarm is the test's alone, and looks often."""
    before = signal.getsignal(signal.SIGALRM), signal.setitimer(signal.ITIMER_REAL, 0)
    monkeypatch.setattr(watchdog, "TICK_S", 0.02)
    monkeypatch.setattr(watchdog, "_ALARM", watchdog._Alarm())
    yield
    signal.signal(signal.SIGALRM, before[0])
    signal.setitimer(signal.ITIMER_REAL, *before[1])


def test_what_runs_wild_is_stopped_and_the_next_page_is_read():
    for _ in range(2):
        with pytest.raises(TookTooLongError), within(0.1):
            WILD[0].match(WILD[1])
        with within(20):
            assert WILD[0].match("aaa")


def test_a_short_limit_after_a_long_one_holds():
    with within(60):
        pass
    with pytest.raises(TookTooLongError), within(0.005):
        WILD[0].match(WILD[1])


def test_pages_in_time_are_left_alone_however_many_there_are():
    ends = time.monotonic() + 0.3
    read = 0
    while time.monotonic() < ends:
        with within(0.2):
            read += 1
    assert read > 100


def test_an_alarm_that_somebody_else_took_is_taken_again():
    with within(1):
        pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with pytest.raises(TookTooLongError), within(0.05):
        WILD[0].match(WILD[1])


def test_it_falls_silent_when_nothing_is_read():
    heard = []
    signal.signal(signal.SIGALRM, lambda *_: heard.append(1))
    with within(1):
        pass
    ends = time.monotonic() + 20
    while signal.getitimer(signal.ITIMER_REAL)[1] and time.monotonic() < ends:
        time.sleep(0.01)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    signal.raise_signal(signal.SIGALRM)
    assert heard == [1]


def test_a_process_that_ends_slowly_ends_well():
    slow = "import time, crawlers.watchdog as w\nclass Slow:\n def __del__(self): time.sleep(0.3)\n"
    code = slow + "one = Slow()\nw.TICK_S = 0.01\nwith w.within(1): pass\n"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_outside_the_main_thread_there_is_no_limit():
    raised = []

    def read():
        try:
            with within(0.01):
                time.sleep(0.05)
        except TookTooLongError as error:
            raised.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert not raised
