"""Delta underneath the store: open, create, write, and try again after another's commit."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote

import polars as pl
from deltalake import (
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import CommitFailedError, DeltaError

from data import lock

if TYPE_CHECKING:
    import pyarrow as pa

MONTH: Final = "month"
WRITER: Final = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    # Bodies are long, all different and never filtered on.
    column_properties={
        "body": ColumnProperties(dictionary_enabled=False, statistics_enabled="NONE")
    },
)
CONFLICT_TRIES: Final = 12
KEPT_FOR: Final = {
    "delta.logRetentionDuration": "interval 1 days",
    "delta.deletedFileRetentionDuration": "interval 7 days",
    "delta.checkpointInterval": "20",
}
"""How long the log and the marks of files out of use are kept; nobody reads old versions."""
PURGED: Final = ("delta.logRetentionDuration", "delta.deletedFileRetentionDuration")
AT_ONCE: Final = "interval 0 seconds"
T = TypeVar("T")


class StoreError(Exception):
    """The lake can't do what was asked; the message names the table and the cure."""


class Folder:
    """Delta tables side by side under one root."""

    def __init__(self, root: str, options: dict[str, str]) -> None:
        self.root = root
        self.options = options

    def path(self, table: str) -> str:
        """Where a table lies."""
        return f"{self.root}/{table}"

    def open(self, table: str) -> DeltaTable | None:
        """The table at its latest version, or None when it was never written."""
        try:
            if not DeltaTable.is_deltatable(self.path(table), self.options):
                return None
            return DeltaTable(self.path(table), storage_options=self.options)
        except (DeltaError, OSError) as error:
            raise StoreError(
                f"{self.path(table)}: can't be read ({brief(error)}); restore it from a copy, or "
                "move it away and run `vigie replay` (core tables) or `vigie build` (the others)"
            ) from error

    def must_open(self, table: str) -> DeltaTable:
        """The table, which is known to exist."""
        delta = self.open(table)
        if delta is None:
            raise StoreError(f"{self.path(table)}: vanished while it was written")
        return delta

    def write(
        self,
        table: str,
        rows: "pl.DataFrame | pa.RecordBatchReader",
        mode: Any,
        predicate: str | None = None,
    ) -> None:
        """One atomic commit; cut by month where the rows carry one."""
        columns = rows.columns if isinstance(rows, pl.DataFrame) else rows.schema.names
        write_deltalake(
            self.path(table),
            rows,
            mode=mode,
            partition_by=[MONTH] if MONTH in columns else None,
            predicate=predicate,
            schema_mode="overwrite" if mode == "overwrite" and predicate is None else None,
            storage_options=self.options,
            writer_properties=WRITER,
        )

    def append(self, delta: DeltaTable, rows: pl.DataFrame) -> None:
        """Add rows to just this version of the table: a third of a merge's cost.

        Raises:
            CommitFailedError: another commit came in between, maybe with the same keys.
        """
        write_deltalake(
            delta,
            rows,
            mode="append",
            schema_mode="merge",  # a lake may be older than a column
            partition_by=[MONTH] if MONTH in rows.columns else None,
            storage_options=self.options,
            writer_properties=WRITER,
            commit_properties=CommitProperties(max_commit_retries=0),
        )

    def commit(self, write: Callable[[], T]) -> T:
        """Run a write, again from fresh state when another process committed in between."""
        for attempt in range(CONFLICT_TRIES):
            try:
                with lock.shared(self.root):
                    return write()
            except CommitFailedError:
                if attempt == CONFLICT_TRIES - 1:
                    raise
                time.sleep(0.05 * 1.6**attempt * (0.5 + secrets.randbelow(100) / 100))
            except (DeltaError, OSError) as error:
                raise StoreError(
                    f"{self.root}: can't be written ({brief(error)}); check that it exists, "
                    "is writable and has room"
                ) from error
        raise AssertionError

    def compact(self, table: str, most_files: int) -> None:
        """Put small files together where there are many beyond one a month."""
        delta = self.open(table)
        if delta is None:
            return
        files = delta.file_uris()
        if len(files) - len({uri.rpartition("/")[0] for uri in files}) > most_files:
            self.commit(lambda: self.must_open(table).optimize.compact(writer_properties=WRITER))

    def sweep(self, table: str, kept_h: int) -> None:
        """Drop files out of use for that long, those of a killed writer too; keep the log short.

        Only for who holds the lake's lock alone.
        """
        if (delta := self.open(table)) is None:
            return
        if any(delta.metadata().configuration.get(name) != told for name, told in KEPT_FOR.items()):
            delta.alter.set_table_properties(KEPT_FOR)

        def vacuum(*, dry_run: bool) -> list[str]:
            return self.must_open(table).vacuum(
                kept_h, dry_run, enforce_retention_duration=False, full=True
            )

        if any(self._is_there(table, path) for path in vacuum(dry_run=True)):
            vacuum(dry_run=False)  # a commit, which is not made for nothing

    def _is_there(self, table: str, path: str) -> bool:
        """A file that the log marks as out of use; on S3 it may have gone before."""
        return "://" in self.root or (Path(self.path(table)) / unquote(path)).exists()

    def purge(self, table: str) -> None:
        """Leave nothing on disk but the rows of today: no old file, version or statistics.

        Only for who holds the lake's lock alone: files begun and not committed go too.
        """
        if self.open(table) is None:
            return
        self.must_open(table).alter.set_table_properties(dict.fromkeys(PURGED, AT_ONCE))
        self.must_open(table).vacuum(
            retention_hours=0, enforce_retention_duration=False, dry_run=False, full=True
        )
        delta = self.must_open(table)
        delta.create_checkpoint()
        delta.cleanup_metadata()
        self.must_open(table).alter.set_table_properties(KEPT_FOR)


def streamed(frames: Iterator[pl.DataFrame]) -> "pa.RecordBatchReader":
    """Frames of one schema, at least one, as a stream that holds one of them at a time."""
    import pyarrow as pa

    first = pa.RecordBatchReader.from_stream(next(frames))
    rest = (pa.RecordBatchReader.from_stream(frame) for frame in frames)
    batches = (batch for reader in chain([first], rest) for batch in reader)
    return pa.RecordBatchReader.from_batches(first.schema, batches)


def brief(error: Exception) -> str:
    """The error's first line: what follows is a trace of the engine's own."""
    return str(error).partition("\n")[0]


def months_are(months: Sequence[str], alias: str = "") -> str:
    """The predicate that keeps a write within the months named."""
    return f"{alias}{MONTH} IN ({', '.join(repr(month) for month in months)})"
