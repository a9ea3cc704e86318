"""Runs one command that must not outlive its owner, however the owner ends.

`python leash.py FD COMMAND…`: FD is the reading end of a pipe whose writing end only the owner
holds. A byte on it asks the command to stop and gives it a grace; the kernel closes the pipe
when the owner dies, kill -9 included, and the command is killed at once. Either way everything
that it started goes with it: on Linux the leash adopts orphans of the command, so that a browser
in a session of its own is found too, and the command dies even when the leash itself is killed.

Only the standard library: it starts in 20 ms beside every crawl.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

GRACE_S: Final = 5.0
"""Time that a command which was asked to stop has for it."""
PR_SET_PDEATHSIG: Final = 1
PR_SET_CHILD_SUBREAPER: Final = 36
IS_LINUX: Final = sys.platform == "linux"


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _die_with(leash: int) -> None:
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != leash:  # it was killed before the system had been told
        os._exit(128 + signal.SIGKILL)


def parents() -> Iterator[tuple[int, int]]:
    """(process, its parent) of every process, where /proc tells."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # The name in the second field may hold anything, brackets and blanks included.
            after_name = (folder / "stat").read_text(errors="replace").rpartition(")")[2]
            yield int(folder.name), int(after_name.split()[1])


def descendants(root: int) -> set[int]:
    """Every process under one, however deep."""
    children: dict[int, list[int]] = {}
    for process, parent in parents():
        children.setdefault(parent, []).append(process)
    found: set[int] = set()
    queue = [root]
    while queue:
        queue += (new := set(children.get(queue.pop(), ())) - found)
        found |= new
    return found


def sweep(group: int) -> None:
    """Kill the command's group and, on Linux, all that is left below this process."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    for _ in range(100):
        if not (left := descendants(os.getpid())):
            return
        for process in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.02)


def _follow(owner: int, group: int) -> None:
    """Wait for the owner's word or end, then stop the command."""
    with contextlib.suppress(ProcessLookupError):
        if os.read(owner, 1):
            os.killpg(group, signal.SIGTERM)
            time.sleep(GRACE_S)
        os.killpg(group, signal.SIGKILL)


def main(owner: int, command: list[str]) -> int:
    """Run the command to its end; its exit code, or 128 + the signal that ended it."""
    if IS_LINUX:
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
    leash = os.getpid()
    child = subprocess.Popen(  # noqa: S603 - the owner's own command
        command,
        start_new_session=True,
        preexec_fn=(lambda: _die_with(leash)) if IS_LINUX else None,  # noqa: PLW1509 - no thread runs yet
    )
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(child.pid, signal.SIGTERM))
    threading.Thread(target=_follow, args=(owner, child.pid), daemon=True).start()
    code = child.wait()
    sweep(child.pid)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
