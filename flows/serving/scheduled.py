"""The scheduled run: the daily flow, then what it found is sent to those who asked for it."""

import traceback
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect import flow, get_client, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.states import Scheduled

from data import delivery
from data.delivery import Delivery
from data.store import Store
from flows import crawl, daily, progress
from flows.processes.children import Stopping, is_leaving, leaving_cleanly
from flows.serving import outbox, reports
from flows.spreading import again, engine
from flows.watching import shortfall
from flows.words import console

FLOW: Final = "scheduled"


@task(task_run_name="send", cache_policy=NO_CACHE, persist_result=False)
def send(watchlist: str, lake: str, dashboard: str) -> outbox.Posted:
    """Send what is due, alerts and reports; each address hears of an alert once."""
    told = delivery.load(watchlist)
    if told is None:
        return outbox.Posted()
    now = datetime.now(UTC)
    posted = outbox.deliver(Store(lake), told, now, dashboard)
    fallen = reports.deliver(Store(lake), told, watchlist, now)
    return posted._replace(failed=(*posted.failed, *fallen))


@flow(name=FLOW, task_runner=engine.task_runner())
def scheduled(
    watchlist: str, lake: str, dashboard: str = daily.DASHBOARD, *, now: str | None = None,
    crawls: bool = True,
) -> str | None:  # fmt: skip
    """Run the daily flow on a watchlist as it stands now, and send what is new; the run_id.

    A run whose time passed while an earlier one was late is left out. `crawls=False` only sends:
    what quiet hours held back.
    """
    with leaving_cleanly():
        store = Store(lake)
        told = delivery.load(watchlist)
        run_id = None
        if crawls and not _is_overtaken(store):
            run_id = _run(watchlist, lake, dashboard, now, told)
        posted = send(watchlist, lake, dashboard)
        _say(posted)
        _after(posted.held, told)
        daily.settle(_flow_run_id())
    return run_id


def _run(watchlist: str, lake: str, dashboard: str, now: str | None, told: Delivery | None) -> str:
    """The daily flow; a failure is told to the readers before it goes on its way."""
    try:
        again.watched()
        if told is not None:
            outbox.enrol(Store(lake), told, datetime.now(ZoneInfo(told.timezone)).date())
        with progress.kept(lake, watchlist, "schedule"):
            run_id: str = daily.daily.fn(watchlist, lake, now=now, dashboard=dashboard)
        shortfall.note(Store(lake), run_id, datetime.now(UTC))
    except Stopping:
        raise
    except Exception as fault:
        if not is_leaving():
            console.problem("the run failed: {problem}", problem=_named(fault))
            if told is not None:
                _say(outbox.tell_failure(told, _named(fault)))
            _after(0, told)
        raise
    return run_id


def _named(fault: BaseException) -> str:
    """A fault in one line, as Python would end its trace."""
    return "".join(traceback.format_exception_only(fault)).strip()


def _say(posted: outbox.Posted) -> None:
    if posted.sent:
        console.problem("alerts sent: {count}", count=posted.sent)
    if posted.told:
        console.problem("run summaries sent: {count}", count=posted.told)
    if posted.held:
        console.problem("alerts held back until quiet hours end: {count}", count=posted.held)
    for place in posted.failed:
        console.problem("{place}: could not be sent; the next run tries again", place=place)


def _flow_run_id() -> UUID | None:
    context = FlowRunContext.get()
    return context.flow_run.id if context and context.flow_run else None


def _is_overtaken(store: Store) -> bool:
    """A later run has begun since this one's time: the machine slept, or serve was down."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None or context.flow_run.deployment_id is None:
        return False
    planned, latest = context.flow_run.expected_start_time, crawl.latest_run(store)
    if planned is None or latest is None or latest <= planned:
        return False
    # The later run may be this one, begun by a worker that died.
    return not again.is_taken_up()


def _after(held: int, told: Delivery | None) -> None:
    """See to what quiet hours held back, and say when the next run is."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None:
        return
    if held and told is not None and told.quiet_hours is not None:
        local = datetime.now(ZoneInfo(told.timezone))
        with get_client(sync_client=True) as client:
            client.create_flow_run_from_deployment(
                run.deployment_id,
                parameters={**run.parameters, "crawls": False},
                state=Scheduled(scheduled_time=told.quiet_hours.over(local)),
                name=f"send-{told.quiet_hours.over(local):%Y-%m-%d}",
                idempotency_key=f"{run.deployment_id}-{told.quiet_hours.over(local):%Y%m%d%H%M}",
            )
    say_next(run.deployment_id, told.timezone if told else "UTC")


def say_next(deployment_id: UUID, timezone: str) -> None:
    """Log when the deployment runs next."""
    when = next_run(deployment_id)
    if when is not None:
        local = f"{when.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M} ({timezone})"
        console.problem("next run: {time}", time=local)


def next_run(deployment_id: UUID) -> datetime | None:
    """When Prefect has planned the deployment's next run; None where it has planned none."""
    waiting: Any = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=waiting),
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id])),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=20,
        )
    now = datetime.now(UTC)
    times = [run.next_scheduled_start_time or run.expected_start_time for run in runs]
    return next((when for when in times if when is not None and when > now), None)
