"""`kill -9` in the middle of a run: nothing archived is lost, nothing is doubled or torn."""

import os
import random
import signal
import subprocess
import time

import polars as pl
import pytest

from data.market import Market, serve, watchlist_yaml
from data.store import Store
from data.tables import CORE, TABLES
from tests.integration.command import VIGIE, vigie

KILLS = int(os.environ.get("VIGIE_TEST_KILLS", "1"))
COMMAND = os.environ.get("VIGIE_TEST_KILLED", "crawl")
"""`run` takes a build and Prefect's server more each time; for a longer evening."""
SEED = int(os.environ.get("VIGIE_TEST_SEED", "11"))
OWN = {"posts": ["page_id"], "metrics": ["page_id"], "profiles": ["page_id"]}


@pytest.fixture
def market(tmp_path):
    """A small market at a standing time, and its watchlist."""
    simulated = Market(SEED, days=30)
    with serve(simulated) as server:
        server.now = simulated.end
        file = tmp_path / "watchlist.yaml"
        file.write_text(watchlist_yaml(simulated, server.base_url), encoding="utf-8")
        yield file, simulated.end.isoformat()


def crawl(market, lake):
    file, now = market
    return [COMMAND, file, "--lake", lake, "--now", now]


def killed_after(seconds, command):
    """Start a command in a group of its own and kill the group's leader; its exit code."""
    process = subprocess.Popen(
        [str(VIGIE), *map(str, command)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        return process.wait()


def check_sound(store):
    """Every table is readable, holds each key once, and every row has its page."""
    pages = set(store.scan("pages").select("page_id").collect()["page_id"])
    for table, contract in TABLES.items():
        rows = store.scan(table).collect()
        assert rows.select(contract.primary_key()).is_duplicated().sum() == 0, table
        if "page_id" in rows.columns:
            assert set(rows["page_id"]) <= pages, table


def rows(store, table):
    frame = store.scan(table).collect()
    return frame.drop(OWN[table]).sort(CORE[table].primary_key())


def test_the_run_after_a_kill_completes_and_nothing_is_lost_or_doubled(market, tmp_path):
    whole = Store(tmp_path / "whole")
    started = time.monotonic()
    vigie(*crawl(market, whole.root))
    took_s = time.monotonic() - started
    chance = random.Random(SEED)
    killed = 0
    store = Store(tmp_path / "killed")
    while killed < KILLS:
        started = time.monotonic()
        ended = killed_after(chance.uniform(0.3, 0.95) * took_s, crawl(market, store.root))
        if ended == -signal.SIGKILL:
            killed += 1
        else:  # once most is known, a command ends before its time comes
            took_s = time.monotonic() - started
        time.sleep(0.5)
        before = {table: rows(store, table) for table in OWN}
        check_sound(store)
        vigie(*crawl(market, store.root))
        check_sound(store)
        for table, seen in before.items():
            key = CORE[table].primary_key()
            assert seen.join(rows(store, table), on=key, how="anti").is_empty()
    seen_at = ("first_seen_at", "last_seen_at", "edited_at")
    assert rows(store, "posts").drop(seen_at).equals(rows(whole, "posts").drop(seen_at))
    latest = pl.col("observed_at").max()
    ours, theirs = (
        rows(one, "metrics").filter(latest == pl.col("observed_at")) for one in (store, whole)
    )
    assert ours.height == theirs.height
