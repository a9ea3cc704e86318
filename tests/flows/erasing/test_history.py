"""Prefect's history of runs, from which who or what is erased leaves too."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from flows.erasing import history
from flows.processes.prefect_env import home_of

COLUMNS = "id INTEGER, created DATETIME, flow_run_id TEXT, data JSON"
TOLD = {
    1: ("old", "https://people.example/@lea_grimpe said so"),
    2: ("new", "feed:crête fell short"),
    3: ("new", "nothing of the kind, a release"),
    4: ("other", "nothing of the kind"),
}


@pytest.fixture
def lake(tmp_path):
    """A lake beside a history of three runs, one of them of another lake."""
    root = str(tmp_path / "lac d’été")
    runs = {"old": (root, "2026-01-03"), "new": (root, "2026-03-03"),
            "other": (f"{root}2", "2026-01-03")}  # fmt: skip
    home_of(root).mkdir()
    with closing(sqlite3.connect(home_of(root) / "prefect.db")) as database:
        database.execute("CREATE TABLE flow_run (id TEXT, created DATETIME, parameters JSON)")
        for name, (place, day) in runs.items():
            row = (name, f"{day} 10:00:00.000000", json.dumps({"lake": place}))
            database.execute("INSERT INTO flow_run VALUES (?, ?, ?)", row)
        for table in ("artifact", "log"):
            database.execute(f"CREATE TABLE {table} ({COLUMNS})")
            for number, (run, text) in TOLD.items():
                row = (number, runs[run][1], run, json.dumps({"said": text}))
                database.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", row)
        database.commit()
    (home_of(root) / "server.log").write_text("error at @lea_grimpe")
    return root


def left(lake):
    with closing(sqlite3.connect(home_of(lake) / "prefect.db")) as database:
        found = {table: database.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()
                 for table in ("artifact", "log")}  # fmt: skip
    assert found["artifact"] == found["log"]
    return {number for (number,) in found["log"]}


@pytest.mark.parametrize(
    ("asked", "gone"),
    [
        ({"channels": ["feed:crête"]}, {2}),
        ({"names": ["lea_grimpe"]}, {1}),
        ({"names": ["lea"]}, set()),  # a word, which others may have written
        ({"before": datetime(2026, 2, 1, tzinfo=UTC)}, {1}),
        ({"before": datetime(2026, 4, 1, tzinfo=UTC)}, {1, 2, 3}),
    ],
)
def test_only_what_names_them_or_is_old_goes(lake, asked, gone):
    assert history.forget(lake, **asked) == 2 * len(gone)
    assert left(lake) == TOLD.keys() - gone
    log = (home_of(lake) / "server.log").read_text()
    assert log == ("" if asked.get("names") == ["lea_grimpe"] else "error at @lea_grimpe")
    file = (home_of(lake) / "prefect.db").read_bytes()
    assert (b"lea_grimpe" in file) == (1 not in gone)


def test_a_lake_without_a_history_has_none(tmp_path):
    assert history.forget(str(tmp_path / "lake"), ["feed:crête"]) == 0
