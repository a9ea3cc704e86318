"""Where a large build puts finished stretches: a folder that doesn't outlast its build for long."""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

import polars as pl

from data.contracts import contract_of

PREFIX: Final = "vigie-build-"
FRESH_S: Final = 60.0
"""A folder this young may be about to be held."""
FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Spool:
    """Finished stretches of a large build, as files of a folder that is gone after it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, table: str, rows: pl.DataFrame) -> None:
        """Keep a stretch's rows."""
        file = self._folder / f"{table}-{len(self.parts(table)):05d}.arrow"
        rows.write_ipc(file, compression="lz4")

    def parts(self, table: str) -> list[pl.LazyFrame]:
        """Each stretch, in order."""
        return [pl.scan_ipc(file) for file in sorted(self._folder.glob(f"{table}-*.arrow"))]

    def scan(self, table: str) -> pl.LazyFrame:
        """All rows put so far, with the contract's columns."""
        return pl.concat([contract_of(table).create_empty().lazy(), *self.parts(table)])


@contextlib.contextmanager
def opened() -> Iterator[Spool]:
    """A spool for one build. Those that killed builds left hold texts, and are removed first."""
    for left in Path(gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody else's, or in use
            _remove(left)
    with TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        descriptor = os.open(folder, FOLDER)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield Spool(Path(folder))
        finally:
            os.close(descriptor)


def _remove(folder: Path) -> None:
    """Remove a spool that nobody holds.

    Raises:
        OSError: it is held, or can't be opened.
    """
    descriptor = os.open(folder, FOLDER)
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.geteuid() or time.time() - found.st_mtime < FRESH_S:
            return
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(descriptor)
