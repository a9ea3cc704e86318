"""Whether a lake on this machine's disk is whole: its logs, its files, and what they say.

Finds and sets aside; what follows from it is decided above (flows/repair/doctor.py). A flipped bit
that still decodes to a value of the column is found in pages only, whose bytes carry their hash.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, QueryBuilder, convert_to_deltalake
from deltalake.exceptions import DeltaError

from data.store import Store, hashed
from data.tables import CORE, INTERNAL, TABLES

LOG: Final = "_delta_log"
QUARANTINE: Final = "quarantine"
ROWS: Final = 256
"""Rows in memory at a time while a file is read through."""
NAMES: Final = (*TABLES, *INTERNAL)


def broken_log(root: Path, table: str) -> list[Path]:
    """Files of a table's log that can't be read: commits, checkpoints, the mark of the last.

    A commit that can't be read takes those after it along: they build on it. Where every file
    can be read and yet the table can't be opened, all of the log is named.
    """
    log = root / table / LOG
    if not _is_written(log.parent) or _opens(log.parent):
        return []
    marks = [log / "_last_checkpoint", *sorted(log.glob("*.checkpoint*.parquet"))]
    found = [file for file in marks if file.exists() and not _is_readable(file)]
    commits = sorted(log.glob("[0-9]*.json"))
    first = next((place for place, one in enumerate(commits) if not _is_readable(one)), None)
    if first is not None:
        found += commits[first:]
        found += [one for one in marks[1:] if one.name[:20] >= commits[first].name[:20]]
    return sorted({*found}) or sorted(one for one in log.iterdir() if one.is_file())


def broken_files(root: Path, table: str) -> Iterator[tuple[Path, int | None]]:
    """Files of a readable table that are missing or can't be read through, with their rows.

    The number of rows is what the log says, or None where it doesn't.
    """
    folder = root / table
    if not _is_written(folder):
        return
    actions = pl.DataFrame(pa.table(DeltaTable(str(folder)).get_add_actions(flatten=True)))
    counts = actions["num_records"] if "num_records" in actions.columns else [None] * len(actions)
    files = {
        folder / unquote(path): rows for path, rows in zip(actions["path"], counts, strict=True)
    }
    broken = [file for file in files if not _is_readable(file)]
    # Two libraries read them, and one may refuse a flipped bit that the other does not mind.
    for file in broken or ([] if is_taken(folder) else _not_taken(list(files))):
        yield file, files[file]


def doubled(store: Store, table: str) -> int:
    """Rows beyond the first of their key."""
    key = (TABLES.get(table) or INTERNAL[table]).primary_key()
    if store.version_of(table) < 0:
        return 0
    rows = store.scan(table).select(key).collect()
    return rows.height - rows.n_unique()


def without_page(store: Store, table: str) -> int:
    """Rows of a core table whose capture is not in the archive."""
    rows = store.scan(table)
    if table == "pages" or "page_id" not in CORE[table].columns():
        return 0
    pages = store.scan("pages").select("page_id")
    return int(rows.join(pages, on="page_id", how="anti").select(pl.len()).collect().item())


def altered_pages(root: Path) -> list[str]:
    """page_ids whose bytes are not those that were archived: their hash differs."""
    if not _is_written(root / "pages"):
        return []
    found = []
    for uri in DeltaTable(str(root / "pages")).file_uris():
        with pq.ParquetFile(uri.removeprefix("file://")) as file:
            for batch in file.iter_batches(ROWS, columns=["page_id", "content_hash", "body"]):
                found += [
                    row["page_id"]
                    for row in batch.to_pylist()
                    if row["body"] is not None and hashed(row["body"]) != row["content_hash"]
                ]
    return found


def emptied_pages(store: Store) -> list[str]:
    """page_ids whose bytes no row holds, though nobody erased them."""
    pages = store.scan("pages").select("page_id", "content_hash", "erased", "body")
    held = pages.filter(pl.col("body").is_not_null()).select("content_hash")
    left = pages.filter(pl.col("erased").is_null()).join(held, on="content_hash", how="anti")
    return left.select("page_id").collect()["page_id"].to_list()


def set_aside(root: Path, files: list[Path], stamp: str) -> None:
    """Move files under `<lake>/quarantine/<stamp>/`, at the same place below it."""
    for file in files:
        if file.exists():
            to = root / QUARANTINE / stamp / file.relative_to(root)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, to)


def drop_missing(root: Path, table: str) -> None:
    """Take files that are gone out of the table's log."""
    DeltaTable(str(root / table)).repair()


def keep_copy(root: Path, rows: pl.DataFrame, name: str, stamp: str) -> None:
    """Keep rows in the quarantine before they are changed."""
    folder = root / QUARANTINE / stamp
    folder.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(folder / f"{name}.parquet")


def is_taken(folder: Path) -> bool:
    """Whether the library that writes tables reads this one to its last row."""
    try:
        for _ in QueryBuilder().register("t", DeltaTable(str(folder))).execute("select * from t"):
            pass
    except Exception:  # noqa: BLE001 - what it raises while it reads has no class of its own
        return False
    return True


def _not_taken(files: list[Path]) -> Iterator[Path]:
    """Files that it can't read, each looked at as a table of its own."""
    for file in files:
        with tempfile.TemporaryDirectory() as alone:
            shutil.copy(file, alone)
            try:
                convert_to_deltalake(alone)
                is_whole = is_taken(Path(alone))
            except (DeltaError, OSError, ValueError):
                is_whole = False
        if not is_whole:
            yield file


def _is_written(folder: Path) -> bool:
    """Whether a table has any commit: a full disk may leave the empty folder of its log."""
    log = folder / LOG
    return any(log.glob("[0-9]*.json")) or any(log.glob("*.checkpoint*.parquet"))


def _opens(folder: Path) -> bool:
    try:
        DeltaTable(str(folder))
    except (DeltaError, OSError):
        return False
    return True


def _is_readable(file: Path) -> bool:
    """Whether a file can be read to its last row."""
    try:
        if file.suffix == ".parquet":
            with pq.ParquetFile(file) as read:
                for batch in read.iter_batches(ROWS):
                    batch.validate(full=True)
            return True
        lines = file.read_text(encoding="utf-8").splitlines()
        return bool([json.loads(line) for line in lines if line.strip()])
    except (pa.ArrowException, OSError, ValueError):
        return False
