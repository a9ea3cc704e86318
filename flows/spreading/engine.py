"""Where a run's crawls are carried out: in this process's children, by workers, or on Dask.

`VIGIE_CRAWL_ON` says it. Each crawl is one partition of the channels, that of a platform: two
crawls of one site would ask it twice as fast as it is meant to be asked.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from data.settings import settings
from flows import crawl
from flows.words.problems import Unusable

if TYPE_CHECKING:
    from prefect.task_runners import TaskRunner

    from crawlers.plan import Plan

HANDED_OUT: Final = 100
"""Partitions waited for side by side; the work pool's limits say how many are at work."""


def task_runner() -> "TaskRunner[Any]":
    """What maps the daily flow's tasks.

    Raises:
        Unusable: Dask is asked for and not installed.
    """
    from prefect.task_runners import ThreadPoolTaskRunner

    told = settings()
    if told.crawl_on != "dask":
        at_once = HANDED_OUT if told.crawl_on == "workers" else crawl.AT_ONCE
        return ThreadPoolTaskRunner(max_workers=at_once)
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ModuleNotFoundError:
        raise Unusable("VIGIE_CRAWL_ON=dask: pip install 'vigie[dask]'") from None
    address = told.dask_address
    own = None if address else {"threads_per_worker": 1, "dashboard_address": None}
    mapping: TaskRunner[Any] = DaskTaskRunner(address=address, cluster_kwargs=own)
    return mapping


def carry_out(name: str, told: "Plan") -> None:
    """Crawl one partition, wherever that is.

    Raises:
        CrawlDied: the process that crawled, or its worker, ended before it was done.
    """
    if settings().crawl_on == "workers":
        from flows.spreading import partition

        partition.hand_out(name, told)
    else:
        crawl.carry_out(here(told))


@contextlib.contextmanager
def embedding() -> Iterator[None]:
    """Within it, a build on Dask has its texts embedded there: its one part that takes minutes.

    The batches are those of one machine, and so are the vectors.
    """
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if settings().crawl_on != "dask" or context is None:
        yield
        return
    from features import vectors

    runner: Any = context.task_runner  # Dask's: no other one has a client
    client = runner.client

    def mapping(function: Callable[[Any], Any], batches: list[Any]) -> Iterable[Any]:
        found: Iterable[Any] = client.gather(client.map(function, batches, pure=False))
        return found

    with vectors.mapped(mapping):
        yield


def here(told: "Plan") -> "Plan":
    """The plan with the browser of this machine, which may not be the one that made the plan."""
    return msgspec.structs.replace(told, chromium=settings().browser_path())
