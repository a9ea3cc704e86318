"""What Prefect's history of runs says of a channel, taken out of its database."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from flows.processes.prefect_env import home_of

SPEAKING: Final = ("artifact", "artifact_collection", "log")
"""Tables of Prefect's database whose rows may name a channel."""
BUSY_S: Final = 20.0


def forget(lake: str, channel_id: str) -> int:
    """Delete the artifacts and log lines that name a channel; how many."""
    file = home_of(lake) / "prefect.db"
    if not file.is_file():
        return 0
    with contextlib.closing(sqlite3.connect(file, timeout=BUSY_S)) as database:
        database.execute("PRAGMA secure_delete = ON")
        deleted = sum(_forget(database, table, channel_id) for table in SPEAKING)
        database.commit()
        if deleted:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _cut_log(file.parent / "server.log", channel_id)
    return deleted


def _forget(database: sqlite3.Connection, table: str, channel_id: str) -> int:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    if not columns:
        return 0
    names = " OR ".join(f'instr(CAST("{column}" AS TEXT), ?)' for column in columns)
    query = f"DELETE FROM {table} WHERE {names}"  # noqa: S608 - names are the database's own
    return database.execute(query, [channel_id] * len(columns)).rowcount


def _cut_log(log: Path, channel_id: str) -> None:
    """Empty the server's log of errors where it names the channel."""
    if log.is_file() and channel_id.encode() in log.read_bytes():
        log.write_bytes(b"")
