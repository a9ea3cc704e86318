"""`vigie run` as a process, against the market, with a Prefect server of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.market import Market, serve, watchlist_yaml
from data.store import Store
from flows import prefect_env
from tests.flows.test_children import alive, gone
from tests.integration.command import VIGIE, vigie

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


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
    """What Prefect's database beside the lake says: tasks with their end, artifacts."""
    with sqlite3.connect(Path(lake).parent / "prefect" / "prefect.db") as database:
        tasks = dict(database.execute("select name, state_type from task_run").fetchall())
        (flow,) = database.execute("select state_type from flow_run").fetchone()
        artifacts = {key for (key,) in database.execute("select key from artifact")}
    database.close()
    return flow, tasks, artifacts


def test_a_run_crawls_builds_and_leaves_its_history_and_nothing_else(market, tmp_path):
    lake = tmp_path / "lake"
    done = vigie(*command(market, lake), HOME=str(tmp_path / "home"))
    assert done.stderr == ""
    header, *lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert header == ["channel_id", "posts", "new_posts", "complete", "reason"]
    assert len(lines) == 3
    assert {line[3] for line in lines} == {"true"}
    assert Store(lake).scan("benchmark").collect().height > 0
    tasks = {"crawl-feed": "COMPLETED", "build": "COMPLETED", "alerts": "COMPLETED"}
    assert history(lake) == ("COMPLETED", tasks, {"coverage", "summary", "dashboard"})
    assert not (tmp_path / "home" / ".prefect").exists()
    assert gone(str(tmp_path), 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_process(market, tmp_path, number):
    lake = tmp_path / "lake"
    process = subprocess.Popen(
        [str(VIGIE), *command(market, lake)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    leashes = wait_for_crawl(process.pid)
    process.send_signal(number)
    code = process.wait(30)
    assert code == {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -9}[number]
    ends = time.monotonic() + 10
    while any(Path(f"/proc/{one}").exists() for one in leashes) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not [one for one in leashes if Path(f"/proc/{one}").exists()]
    assert alive(str(tmp_path)) == []


def wait_for_crawl(process, within_s=240):
    """Every process below the run, once its crawl is under way."""
    from flows.leash import descendants

    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        below = descendants(process)
        commands = dict(prefect_env.processes())
        if any("crawlers crawl" in commands.get(one, "") for one in below):
            return below
        time.sleep(0.05)
    raise AssertionError("the crawl did not start")


def test_unusable_input_ends_before_anything_starts(tmp_path):
    done = vigie("run", tmp_path / "no.yaml", "--lake", tmp_path / "lake", expect=(2,))
    assert "there is no such file" in done.stderr
    assert not (tmp_path / "lake").exists()
    assert gone(str(tmp_path), 5)


def test_a_stale_server_is_ended_and_a_living_one_is_not(tmp_path):
    def stale(owner, port):
        server = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import time; time.sleep(60)",
                prefect_env.APP,
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
    assert left.wait(10) == -signal.SIGTERM
    assert used.poll() is None
    used.kill()
    used.wait()
    assert (its_note.exists(), kept.exists()) == (False, True)
    assert not (tmp_path / "server-3.json").exists()
