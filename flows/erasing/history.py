"""What Prefect's history of runs says of whom or what is erased, taken out of its database."""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from data.names import pattern_of
from flows.processes.prefect_env import home_of

SPEAKING: Final = ("artifact", "artifact_collection", "log")
"""Tables of Prefect's database whose rows may name a channel or a person."""
BUSY_S: Final = 20.0


def forget(
    lake: str, channels: Collection[str] = (), names: Collection[str] = (),
    before: datetime | None = None,
) -> int:  # fmt: skip
    """Delete the artifacts and log lines that name somebody, or are of old runs; how many.

    Channels and people go from the runs of every lake that shares the database; what is older
    than a time from this lake's only.
    """
    home = home_of(lake)
    if not (home / "prefect.db").is_file():
        return 0
    speaks = _speaker(channels, names)
    with contextlib.closing(sqlite3.connect(home / "prefect.db", timeout=BUSY_S)) as database:
        database.execute("PRAGMA secure_delete = ON")
        database.create_function("speaks", 1, speaks, deterministic=True)
        deleted = 0
        for table in SPEAKING:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            if columns:
                deleted += _naming(database, table, columns)
                deleted += _of_old_runs(database, table, lake, before) if before else 0
        database.commit()
        if deleted:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _cut_log(home / "server.log", speaks)
    return deleted


def _speaker(channels: Collection[str], names: Collection[str]) -> Callable[[str], bool]:
    """Whether a text names one of the channels or people; in JSON, signs may be escaped."""
    told = [form for one in channels for form in {one, json.dumps(one)[1:-1]}]
    pattern = pattern_of({form for one in names for form in (one, json.dumps(one)[1:-1])})

    def speaks(text: str) -> bool:
        return any(one in text for one in told) or bool(pattern and pattern.search(text))

    return speaks


def _naming(database: sqlite3.Connection, table: str, columns: list[str]) -> int:
    told = " || ' ' || ".join(f"""coalesce(CAST("{column}" AS TEXT), '')""" for column in columns)
    query = f"DELETE FROM {table} WHERE speaks({told})"  # noqa: S608 - names are the database's own
    return database.execute(query).rowcount


def _of_old_runs(
    database: sqlite3.Connection, table: str, lake: str, before: datetime
) -> int:  # fmt: skip
    query = (
        f"DELETE FROM {table} WHERE flow_run_id IN (SELECT id FROM flow_run "  # noqa: S608 - as above
        "WHERE instr(parameters, ?) AND created < ?)"
    )
    at = f"{before.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return database.execute(query, [json.dumps(lake), at]).rowcount


def _cut_log(log: Path, speaks: Callable[[str], bool]) -> None:
    """Empty the server's log of errors where it names one of them."""
    if log.is_file() and speaks(log.read_text(errors="replace")):
        log.write_bytes(b"")
