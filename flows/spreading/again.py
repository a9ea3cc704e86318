"""A run that another worker takes up after its own died: the same run, and not for ever."""

from typing import TYPE_CHECKING, Final

import msgspec
from prefect import get_client
from prefect.context import FlowRunContext

from flows import crawl
from flows.spreading import watch
from flows.words.problems import FellShort

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

TRIES: Final = 3
"""A run that ends so many workers is itself at fault."""


def deployed() -> "FlowRun | None":
    """The flow run that this is, as the server has it; None where no deployment started it."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None:
        return None
    with get_client(sync_client=True) as client:
        return client.read_flow_run(run.id)


def the_run(now: str | None) -> crawl.Run:
    """The crawl of this flow run: taken up again, it keeps its time and its run_id."""
    run = deployed()
    if run is None or run.start_time is None:
        return crawl.new_run(now)
    new = crawl.new_run(now or run.start_time.isoformat())
    run_id = f"{new.run_id.rpartition('-')[0]}-{run.id.hex[-4:]}"
    return msgspec.structs.replace(new, run_id=run_id, simulated=now is not None)


def is_taken_up() -> bool:
    """Whether this run was begun before, by a worker that died."""
    run = deployed()
    return run is not None and run.run_count > 1


def watched() -> None:
    """On a work pool, have Prefect watch over this run.

    Raises:
        FellShort: it was taken up too often.
    """
    run = deployed()
    if run is None or run.work_pool_name is None:
        return
    if run.run_count > TRIES:
        raise FellShort("{count} workers ended during this run; it is given up", count=TRIES)
    watch.ensure()
