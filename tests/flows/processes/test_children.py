"""Nothing that we start outlives us, however we end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.processes.children import Child
from flows.processes.leash import descendants

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

NESTED = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {sleep!r}, {mark!r}], start_new_session=True)
print("up", flush=True)
time.sleep(60)
"""
SLEEP = "import time; time.sleep(600)"
OWNER = """
import sys, time
from flows.processes.children import Child, leaving_cleanly
with leaving_cleanly():
    child = Child([sys.executable, "-c", {nested!r}, {mark!r}])
    import polars  # whose handler of Ctrl-C lets a plain wait go on
    polars.LazyFrame({{"a": [1]}}).collect()
    print("owner", flush=True)
    child.wait()
"""
STUCK = """
import ctypes
from flows.processes import children
children.LEAVE_S = 0.2
lock, c = ctypes.create_string_buffer(64), ctypes.CDLL(None)
with children.leaving_cleanly():
    c.pthread_mutex_lock(lock)
    print("stuck", flush=True)
    c.pthread_mutex_lock(lock)
"""


def alive(mark):
    """Processes whose command line holds the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if mark in command and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def gone(mark, within_s=60):
    ends = time.monotonic() + within_s
    while (left := alive(mark)) and time.monotonic() < ends:
        time.sleep(0.05)
    return not left


def present(mark, number, within_s=60):
    """Wait for them: one that has just started has no command line for a moment."""
    ends = time.monotonic() + within_s
    while len(alive(mark)) < number:
        assert time.monotonic() < ends, f"fewer than {number} of them came up"
        time.sleep(0.02)


@pytest.fixture
def mark(request):
    return f"vigie-test-{os.getpid()}-{time.monotonic_ns()}"


def nested(mark):
    return NESTED.format(sleep=SLEEP, mark=mark)


def test_exit_codes_come_through():
    with Child([sys.executable, "-c", "raise SystemExit(7)"]) as child:
        assert child.wait() == 7
    with Child([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]) as child:
        assert child.wait() == 128 + signal.SIGKILL


def test_stopping_takes_grandchildren_in_sessions_of_their_own(mark):
    command = [sys.executable, "-c", nested(mark), mark]
    with Child(command, stdout=subprocess.PIPE) as child, child.leash.stdout as out:
        assert out.readline() == b"up\n"
        present(mark, 3)
        assert len(descendants(child.leash.pid)) == 2
        child.stop()
        assert gone(mark)


def test_what_the_command_leaves_behind_goes_when_it_ends(mark):
    command = [sys.executable, "-c", nested(mark).replace("time.sleep(60)\n", ""), mark]
    with Child(command, stdout=subprocess.DEVNULL) as child:
        assert child.leash.wait(60) == 0
    assert gone(mark)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_its_owner(mark, number):
    program = OWNER.format(nested=nested(mark), mark=mark)
    owner = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with owner, owner.stdout as out:
        assert {out.readline(), out.readline()} == {b"owner\n", b"up\n"}
        owner.send_signal(number)
        code = owner.wait(60)
        expected = {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: -2}
        assert code == expected[number]
        assert gone(mark)


def test_who_hangs_inside_a_library_still_ends_when_told_to(mark):
    """The main thread waits for a lock of C's that nobody opens: no Python is run in it again."""
    with subprocess.Popen([sys.executable, "-c", STUCK, mark], stdout=subprocess.PIPE) as stuck:
        assert stuck.stdout.readline() == b"stuck\n"
        stuck.terminate()
        assert stuck.wait(60) == 128 + signal.SIGTERM


def test_a_killed_leash_takes_the_command_along(mark):
    child = Child([sys.executable, "-c", SLEEP, mark])
    present(mark, 2)
    child.leash.kill()
    child.stop()
    assert gone(mark)


def test_a_leash_killed_at_any_moment_of_its_start_leaves_nothing(mark):
    for wait_ms in range(10, 60, 2):
        child = Child([sys.executable, "-c", SLEEP, mark])
        time.sleep(wait_ms / 1000)
        child.leash.kill()
        child.stop()
    assert gone(mark)
