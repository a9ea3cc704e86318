"""A partition of the crawl as a Prefect deployment: handed out here, crawled by some worker.

Prefect gives it to a worker of its work pool and notices when that one dies (watch.py). What is
handed out twice under one key is one flow run: a run that is taken up again after its own worker
died finds the partitions that it had handed out.
"""

import contextlib
import time
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import httpx
import msgspec
from prefect import flow, get_client
from prefect.context import FlowRunContext, TaskRunContext
from prefect.deployments import run_deployment

from crawlers.plan import Plan, load
from flows import crawl
from flows.processes.children import Stopping, is_leaving, leaving_cleanly
from flows.spreading import engine
from flows.words.problems import FellShort

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

FLOW: Final = "partition"
DEPLOYMENT: Final = f"{FLOW}/crawl"
POLL_S: Final = 2.0


class WorkerDied(crawl.CrawlDied):
    """The worker ended without its partition: worth another one."""

    def __init__(self, name: str, said: str) -> None:
        FellShort.__init__(
            self, "the worker that crawled {name} ended: {said}", name=name, said=said
        )


@flow(name=FLOW)
def partition(plan: str) -> None:
    """Crawl what a plan says (JSON, `crawlers.plan.Plan`) into its lake.

    Raises:
        CrawlDied: the process ended without its summary line.
    """
    with leaving_cleanly():
        crawl.carry_out(engine.here(load(plan.encode())))


def hand_out(name: str, told: Plan) -> None:
    """Have a worker crawl a plan, and wait for its end.

    Raises:
        WorkerDied: it ended otherwise than done.
    """
    given: Any = run_deployment(  # outside of a loop it is no coroutine
        DEPLOYMENT,
        parameters={"plan": msgspec.json.encode(told).decode()},
        flow_run_name=f"crawl-{name}",
        idempotency_key=_key(name, told),
        timeout=0,
        as_subflow=False,
    )
    state = _final(given.id)
    if not state.is_completed():
        raise WorkerDied(name, (state.message or state.name or "-")[: crawl.TOLD])


def _key(name: str, told: Plan) -> str:
    """The same for the same attempt at the same partition of the same flow run."""
    flow_run, task = FlowRunContext.get(), TaskRunContext.get()
    run = flow_run.flow_run.id if flow_run and flow_run.flow_run else told.run_id
    return f"{run}-{name}-{task.task_run.run_count if task else 0}"


def _final(flow_run_id: UUID) -> "State[None]":
    """The state that a flow run ends in; a server that is away for a while is waited for."""
    with get_client(sync_client=True) as client:
        while not is_leaving():
            with contextlib.suppress(httpx.TransportError):
                state = client.read_flow_run(flow_run_id).state
                if state is not None and state.is_final():
                    return state
            time.sleep(POLL_S)
    raise Stopping
