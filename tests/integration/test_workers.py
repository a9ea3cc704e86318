"""A run on a work pool with several workers, some of which die: the rows of one machine.

Prefect's server, its workers and a market run on loopback; VIGIE_TEST_DATABASE moves the server
from SQLite to Postgres. Without VIGIE_TEST_SERVERS=1 these tests are skipped.
"""

import base64
import json
import os
import urllib.request

import pytest

from data.store import Store
from tests.integration.rows import differing
from tests.integration.stack import SIGN_IN, Stack, crawls, wait_for

RUN_S = 600
RUNS, CRAWLS = "vigie-runs", "vigie-crawls"

pytestmark = [
    pytest.mark.servers,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(
        os.environ.get("VIGIE_TEST_SERVERS") != "1",
        reason="starts servers and workers for minutes; set VIGIE_TEST_SERVERS=1",
    ),
]


@pytest.fixture
def stack(market, tmp_path):
    one = Stack(tmp_path, str(tmp_path / "lake"), market[0])
    yield one
    one.stop()


class Asked:
    """A run of the client's deployment, followed through Prefect's API."""

    def __init__(self, stack, now):
        self.url = stack.url
        told = ask(f"{self.url}/deployments/name/scheduled/outdoor")
        body = {"parameters": {**told["parameters"], "now": now}, "state": {"type": "SCHEDULED"}}
        self.id = ask(f"{self.url}/deployments/{told['id']}/create_flow_run", body)["id"]

    def state(self):
        return ask(f"{self.url}/flow_runs/{self.id}")["state"]

    def partitions(self):
        """name → states of the partitions handed out so far."""
        wanted = {"flow_runs": {"name": {"like_": "crawl-"}}}
        found = {}
        for run in ask(f"{self.url}/flow_runs/filter", wanted):
            found.setdefault(run["name"], []).append(run["state"]["name"])
        return found

    def done(self):
        end = wait_for(lambda: (s := self.state())["type"] in ENDS and s, "the run", RUN_S)
        assert end["type"] == "COMPLETED", end


ENDS = {"COMPLETED", "FAILED", "CANCELLED"}


def ask(address, body=None):
    token = base64.b64encode(SIGN_IN.encode()).decode()
    headers = {"content-type": "application/json", "authorization": f"Basic {token}"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data, headers)) as answer:
        return json.load(answer)


def test_partitions_on_two_workers_give_the_rows_of_one_machine(market, stack):
    _, now, plain = market
    stack.worker("runs", RUNS, VIGIE_CRAWL_ON="workers")
    workers = [stack.worker(name, CRAWLS) for name in ("one", "two")]
    asked = Asked(stack, now)
    asked.done()
    assert all("crawl-" in worker.log.read_text() for worker in workers)
    assert len(asked.partitions()) >= 5
    assert differing(plain, Store(stack.env["VIGIE_LAKE"])) == {}


def test_a_worker_killed_in_the_middle_of_its_crawls_loses_no_row(market, stack):
    _, now, plain = market
    stack.worker("runs", RUNS, VIGIE_CRAWL_ON="workers")
    one = stack.worker("one", CRAWLS)
    asked = Asked(stack, now)
    wait_for(lambda: crawls(one), "a crawl", 400)
    one.kill()
    stack.worker("two", CRAWLS)
    asked.done()
    assert any("Crashed" in states for states in asked.partitions().values())
    assert differing(plain, Store(stack.env["VIGIE_LAKE"])) == {}


def test_the_worker_of_the_run_itself_may_die(market, stack):
    _, now, plain = market
    runs = stack.worker("runs", RUNS, VIGIE_CRAWL_ON="workers")
    one = stack.worker("one", CRAWLS)
    asked = Asked(stack, now)
    wait_for(lambda: crawls(one), "a crawl", 400)
    runs.kill()
    stack.worker("others", RUNS, VIGIE_CRAWL_ON="workers")
    asked.done()
    assert all(len(states) == 1 for states in asked.partitions().values())
    assert differing(plain, Store(stack.env["VIGIE_LAKE"])) == {}
