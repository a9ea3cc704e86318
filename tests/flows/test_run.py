"""`vigie run` as a process, against the market, with a Prefect server of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from data.market import Market, serve, watchlist_yaml
from data.store import Store
from flows.processes import prefect_env
from flows.processes.leash import descendants
from tests.flows.processes.test_children import gone
from tests.integration.command import VIGIE, vigie

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
    pytest.mark.timeout(900),
]


LEAVE_S = 60
START_S = 600
"""A busy machine's time to end and to start a run; nothing here depends on how long it takes."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where the lakes lie, and beside them Prefect's database: made once, it takes 10 CPU s."""
    return tmp_path_factory.mktemp("lakes")


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A small market and its watchlist; feeds alone are asked for, they are quick."""
    simulated = Market(5, days=30)
    with serve(simulated) as site:
        file = tmp_path_factory.mktemp("market") / "watchlist.yaml"
        file.write_text(watchlist_yaml(simulated, site.base_url), encoding="utf-8")
        yield file, simulated.end.isoformat()


def command(market, lake):
    file, now = market
    return ["run", str(file), "--only", "feed", "--lake", str(lake), "--now", now, "--lang", "en"]


def history(lake):
    """What Prefect's database beside the lake says of its run: tasks with their end, artifacts."""
    with closing(sqlite3.connect(Path(lake).parent / "prefect" / "prefect.db")) as database:
        ((run, flow),) = database.execute(
            "select id, state_type from flow_run where parameters like ?", [f'%"{lake}"%']
        ).fetchall()
        tasks, artifacts = (
            database.execute(f"select {names} where flow_run_id = ?", [run]).fetchall()
            for names in ("name, state_type from task_run", "key from artifact")
        )
    return flow, dict(tasks), {key for (key,) in artifacts}


def test_a_run_crawls_builds_and_leaves_its_history_and_nothing_else(market, home, tmp_path):
    lake = home / "whole"
    done = vigie(*command(market, lake), timeout_s=START_S, HOME=str(tmp_path))
    assert done.stderr == ""
    header, *lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert header == ["channel_id", "posts", "new_posts", "complete", "reason"]
    assert len(lines) == 3
    assert {line[3] for line in lines} == {"true"}
    assert Store(lake).scan("benchmark").collect().height > 0
    tasks = {"crawl-feed": "COMPLETED", "build": "COMPLETED", "alerts": "COMPLETED"}
    assert history(lake) == ("COMPLETED", tasks, {"coverage", "summary", "dashboard"})
    assert not (tmp_path / ".prefect").exists()
    assert gone(str(lake), LEAVE_S)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_process(market, home, number):
    lake = home / number.name
    process = subprocess.Popen(
        [str(VIGIE), *command(market, lake)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        below = wait_for_crawl(process)
        process.send_signal(number)
        code = process.wait(LEAVE_S)
    finally:
        process.kill()
        process.wait()
    assert code == {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -9}[number]
    ends = time.monotonic() + LEAVE_S
    while (left := [one for one in below if is_alive(one)]) and time.monotonic() < ends:
        time.sleep(0.1)
    assert not left
    assert gone(str(lake), LEAVE_S)


def is_alive(process):
    """The process runs: one that ended and that nobody has asked for its end is none."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for_crawl(run):
    """Every process below the run, once its crawl is under way."""
    ends = time.monotonic() + START_S
    while run.poll() is None and time.monotonic() < ends:
        below = descendants(run.pid)
        commands = dict(prefect_env.processes())
        if any("crawlers crawl" in commands.get(one, "") for one in below):
            return below
        time.sleep(0.2)
    raise AssertionError(f"the crawl did not start; exit code {run.returncode}")


def test_unusable_input_ends_before_anything_starts(tmp_path):
    done = vigie("run", tmp_path / "no.yaml", "--lake", tmp_path / "lake", expect=(2,))
    assert "there is no such file" in done.stderr
    assert not (tmp_path / "lake").exists()
    assert gone(str(tmp_path), LEAVE_S)


def test_a_stale_server_is_ended_and_a_living_one_is_not(tmp_path):
    def stale(owner, port):
        server = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import time; time.sleep(60)",
                prefect_env.MODULE,
                "--port",
                port,
                "x",
            ]
        )
        note = tmp_path / f"server-{port}.json"
        note.write_text(f'{{"owner": {owner}, "port": {port}}}')
        return server, note

    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, its_note = stale(dead.pid, "60001")
    used, kept = stale(os.getpid(), "60002")
    (tmp_path / "server-3.json").write_text("{")
    while left.pid not in dict(prefect_env.processes()):
        time.sleep(0.01)
    prefect_env.end_stale(tmp_path)
    assert left.wait(LEAVE_S) == -signal.SIGTERM
    assert used.poll() is None
    used.kill()
    used.wait()
    assert (its_note.exists(), kept.exists()) == (False, True)
    assert not (tmp_path / "server-3.json").exists()
