"""Small disks of their own, which can be full; only root may mount them."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

PAGE = 4096
ROOMY = "256m"


def _mount(*arguments):
    return subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False)


@contextmanager
def small(folder):
    """A disk in memory at a folder that is there; skips where nobody may mount one."""
    options = ("-t", "tmpfs", "-o", f"size={ROOMY}", "tmpfs", folder)
    if sys.platform != "linux" or _mount(*options).returncode:
        pytest.skip("only root may mount a small disk, and not in every container")
    try:
        yield Path(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def leave_room(folder, room):
    """Leave so many bytes on it; None gives it back all its room."""
    if room is None:
        size = ROOMY
    else:
        used = subprocess.run(
            ["df", "--output=used", "--block-size=1", str(folder)],
            capture_output=True, text=True, check=True,
        ).stdout.split()[-1]  # fmt: skip
        size = (int(used) + room) // PAGE * PAGE
    assert _mount("-o", f"remount,size={size}", folder).returncode == 0
