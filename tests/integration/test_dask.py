"""Crawls mapped on Dask: the rows of one machine, also where a worker of it dies.

Without VIGIE_TEST_SERVERS=1 these tests are skipped.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.store import Store
from flows.processes.prefect_env import free_port
from tests.integration.command import VIGIE, vigie
from tests.integration.rows import differing
from tests.integration.stack import Machine, crawls, wait_for

pytest.importorskip("prefect_dask")
DASK = Path(sys.executable).with_name("dask")
RUN_S = 600

pytestmark = [
    pytest.mark.servers,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(
        os.environ.get("VIGIE_TEST_SERVERS") != "1",
        reason="starts a cluster for minutes; set VIGIE_TEST_SERVERS=1",
    ),
]


@pytest.fixture
def cluster(tmp_path):
    """A scheduler, and workers by name as a test wants them."""
    address = f"tcp://127.0.0.1:{free_port()}"
    machines = []

    def start(name, *command):
        machines.append(Machine(tmp_path / f"{name}.log", [DASK, *command], {}))
        return machines[-1]

    start("scheduler", "scheduler", "--host", address, "--no-dashboard")

    def worker(name):
        return start(
            name, "worker", address, "--name", name, "--nworkers", "1", "--nthreads", "6",
            "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(tmp_path),
        )  # fmt: skip

    yield address, worker
    for machine in reversed(machines):
        machine.kill()


def test_a_cluster_of_its_own_gives_the_rows_of_one_machine(market, tmp_path):
    folder, now, plain = market
    command = ("run", folder / "outdoor.yaml", "--lake", tmp_path / "lake", "--now", now)
    vigie(*command, timeout_s=RUN_S, VIGIE_CRAWL_ON="dask")
    assert differing(plain, Store(tmp_path / "lake")) == {}


def test_a_dask_worker_killed_in_the_middle_of_its_crawls_loses_no_row(market, cluster, tmp_path):
    folder, now, plain = market
    address, worker = cluster
    one = worker("one")
    with (tmp_path / "run.log").open("wb") as log:
        run = subprocess.Popen(
            [str(VIGIE), "run", str(folder / "outdoor.yaml"), "--lake", str(tmp_path / "lake"),
             "--now", now], stdout=log, stderr=log,
            env={**os.environ, "VIGIE_CRAWL_ON": "dask", "VIGIE_DASK_ADDRESS": address},
        )  # fmt: skip
    try:
        wait_for(lambda: crawls(one), "a crawl", 400)
        one.kill()
        worker("two")
        assert run.wait(RUN_S) == 0, (tmp_path / "run.log").read_text(errors="replace")
    finally:
        run.kill()
        run.wait()
    assert differing(plain, Store(tmp_path / "lake")) == {}
