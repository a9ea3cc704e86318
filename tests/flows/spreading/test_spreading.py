"""Who crawls what where, and what becomes of it when a worker dies; no server is needed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import httpx
import msgspec
import numpy as np
import pytest
from prefect.client.schemas.objects import StateType
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Completed, Crashed, Running
from prefect.task_runners import ThreadPoolTaskRunner

from crawlers.plan import Plan, PlanChannel
from data.settings import settings
from features import vectors
from flows import crawl
from flows.processes.children import Stopping
from flows.spreading import again, engine, partition, watch
from flows.words.problems import FellShort, Unusable

AT = datetime(2026, 11, 3, 6, tzinfo=UTC)
ID = UUID("0190a3f4-0000-7000-8000-00000000beef")
CHANNEL = PlanChannel("feed:crete", "crete", "feed", "crete", "https://crete.example/feed")
PLAN = Plan("r1", "s3://vigie/outdoor", AT, (CHANNEL,), chromium="/elsewhere/chromium")


@pytest.fixture
def crawl_on(monkeypatch):
    def told(where, **more):
        monkeypatch.setenv("VIGIE_CRAWL_ON", where)
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    return told


@pytest.fixture
def carried_out(monkeypatch):
    plans = []
    monkeypatch.setattr(crawl, "carry_out", plans.append)
    return plans


@pytest.fixture
def prefect(monkeypatch):
    """A Prefect server that says what a test wants of the flow run that it is asked for."""
    told = SimpleNamespace(states=[], asked=[])

    def read(_):
        state = told.states.pop(0)
        if isinstance(state, Exception):
            raise state
        return SimpleNamespace(state=state)

    class Client:
        def __enter__(self):
            return SimpleNamespace(read_flow_run=read)

        def __exit__(self, *_):
            return None

    def run(name, **more):
        told.asked.append({"name": name, **more})
        return SimpleNamespace(id=ID)

    monkeypatch.setattr(partition, "get_client", lambda **_: Client())
    monkeypatch.setattr(partition, "run_deployment", run)
    monkeypatch.setattr(partition, "POLL_S", 0)
    return told


@pytest.fixture
def flow_run(monkeypatch):
    """The flow run that this process is said to be."""
    run = SimpleNamespace(id=ID, start_time=AT, run_count=1, work_pool_name="vigie-runs")
    monkeypatch.setattr(again, "deployed", lambda: run)
    return run


def test_threads_wait_for_crawls_here_and_for_more_of_them_on_workers(crawl_on):
    here = engine.task_runner()
    crawl_on("workers")
    there = engine.task_runner()
    assert isinstance(here, ThreadPoolTaskRunner)
    assert (here._max_workers, there._max_workers) == (crawl.AT_ONCE, engine.HANDED_OUT)


def test_dask_is_asked_where_it_is_or_started_here(crawl_on):
    dask = pytest.importorskip("prefect_dask")
    crawl_on("dask", VIGIE_DASK_ADDRESS="tcp://127.0.0.1:8786")
    there = engine.task_runner()
    assert isinstance(there, dask.DaskTaskRunner)
    assert there.address == "tcp://127.0.0.1:8786"


def test_dask_that_is_not_installed_is_named_with_its_cure(crawl_on, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "prefect_dask.task_runners", None)
    crawl_on("dask")
    with pytest.raises(Unusable, match=r"vigie\[dask\]"):
        engine.task_runner()


def test_texts_are_embedded_on_the_cluster_where_there_is_one(crawl_on, monkeypatch):
    pytest.importorskip("prefect_dask")
    from prefect import context

    asked = []

    class Client:
        def map(self, function, batches, *, pure):
            assert not pure  # each call is carried out, whatever went before
            asked.append(batches)
            return [function(batch) for batch in batches]

        def gather(self, found):
            return found

    flow = SimpleNamespace(task_runner=SimpleNamespace(client=Client()))
    monkeypatch.setattr(context.FlowRunContext, "get", staticmethod(lambda: flow))
    monkeypatch.setattr(vectors, "encoded", lambda texts: np.ones((len(texts), 2)))
    with engine.embedding():
        vectors.Memory().embed(["a"])
    assert asked == []
    crawl_on("dask")
    with engine.embedding():
        vectors.Memory().embed(["b", "a"])
    vectors.Memory().embed(["c"])
    assert asked == [[["a", "b"]]]


def test_a_crawl_uses_the_browser_of_the_machine_that_it_runs_on(
    crawl_on, carried_out, monkeypatch
):
    monkeypatch.setenv("VIGIE_CHROMIUM", "/here/chromium")
    crawl_on("here")
    engine.carry_out("feed", PLAN)
    partition.partition.fn(msgspec.json.encode(PLAN).decode())
    assert carried_out == [msgspec.structs.replace(PLAN, chromium="/here/chromium")] * 2


def test_a_partition_is_waited_for_also_while_the_server_is_away(crawl_on, prefect, carried_out):
    crawl_on("workers")
    prefect.states = [Running(), httpx.ConnectError("away"), Running(), Completed()]
    engine.carry_out("feed", PLAN)
    assert prefect.states == carried_out == []
    (asked,) = prefect.asked
    assert asked["name"] == "partition/crawl"
    assert msgspec.json.decode(asked["parameters"]["plan"], type=Plan) == PLAN


def test_a_partition_whose_worker_died_is_worth_another_try(prefect):
    prefect.states = [Crashed(message="its heartbeat stopped")]
    with pytest.raises(crawl.CrawlDied) as died:
        partition.hand_out("feed", PLAN)
    assert died.value.in_english() == ("the worker that crawled feed ended: its heartbeat stopped")


def test_the_same_attempt_is_handed_out_once_and_the_next_one_anew(prefect, monkeypatch):
    monkeypatch.setattr(
        partition,
        "FlowRunContext",
        SimpleNamespace(get=lambda: SimpleNamespace(flow_run=SimpleNamespace(id=ID))),
    )
    for count in (1, 1, 2):
        context = SimpleNamespace(task_run=SimpleNamespace(run_count=count))
        monkeypatch.setattr(partition, "TaskRunContext", SimpleNamespace(get=lambda c=context: c))
        prefect.states = [Completed()]
        partition.hand_out("feed", PLAN)
    first, same, other = (asked["idempotency_key"] for asked in prefect.asked)
    assert first == same == f"{ID}-feed-1"
    assert other == f"{ID}-feed-2"


def test_who_leaves_does_not_wait_for_partitions(prefect, monkeypatch):
    monkeypatch.setattr(partition, "is_leaving", lambda: True)
    with pytest.raises(Stopping):
        partition.hand_out("feed", PLAN)


def test_a_run_that_is_taken_up_again_is_the_same_run(flow_run):
    first, second = again.the_run(None), again.the_run(None)
    assert first == second == crawl.Run("20261103T060000.000000-beef", AT)
    assert again.the_run("2026-11-04T06:00:00Z").simulated
    flow_run.start_time = None
    assert again.the_run(None).run_id != first.run_id


def test_without_a_deployment_every_run_is_new():
    assert again.the_run(None).run_id != again.the_run(None).run_id
    assert not again.is_taken_up()
    again.watched()


def test_a_run_that_ends_its_workers_is_given_up(flow_run, monkeypatch):
    watched = []
    monkeypatch.setattr(watch, "ensure", lambda: watched.append(flow_run.run_count))
    for flow_run.run_count in (1, 2, again.TRIES):
        again.watched()
    assert watched == [1, 2, again.TRIES]
    assert again.is_taken_up()
    flow_run.run_count = again.TRIES + 1
    with pytest.raises(FellShort, match="3 workers"):
        again.watched()
    flow_run.work_pool_name = None  # `vigie serve`, whose runs nobody takes up
    again.watched()


class Book:
    """Automations that a server keeps."""

    def __init__(self, monkeypatch):
        self.kept, self.written = {}, 0
        for name in ("create", "update"):
            monkeypatch.setattr(watch.Automation, name, self.keep)
        monkeypatch.setattr(watch, "_known", self.kept.get)

    @property
    def keep(self):
        def write(automation):
            self.kept[automation.name] = automation
            self.written += 1

        return write


def test_both_automations_are_made_once_and_brought_up_to_date(monkeypatch):
    book = Book(monkeypatch)
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: 30}):
        watch.ensure()
        watch.ensure()
    assert set(book.kept) == {watch.SILENT, watch.CRASHED}
    assert book.written == 2
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: 60}):
        watch.ensure()
    assert book.written == 3
    assert book.kept[watch.SILENT].trigger.within == timedelta(seconds=240)
    watched = book.kept[watch.SILENT].trigger
    assert "prefect.flow-run.Pending" in watched.after & watched.expect  # died before it began
    assert "prefect.flow-run.Completed" in watched.expect - watched.after
    (action,) = book.kept[watch.CRASHED].actions
    assert (action.state, action.force) == (StateType.SCHEDULED, False)


def test_without_heartbeats_nobody_is_called_silent():
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        assert watch.silent() is None
