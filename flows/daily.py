"""The daily flow: crawl, build, alerts, with their history and artifacts kept by Prefect."""

import time
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import httpx
import polars as pl
from prefect import flow, get_client, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging.handlers import APILogHandler

from crawlers.plan import Plan
from data.store import Store
from flows import alerts, build, crawl, progress, watched
from flows.erasing import clock, optout, retention
from flows.probing import platform_facts
from flows.processes.children import is_leaving, leaving_cleanly
from flows.spreading import again, engine

DASHBOARD: Final = "http://127.0.0.1:8501"
LAST_TASK: Final = "alerts"
SETTLE_S: Final = 5.0
"""Time given to Prefect's server to write down a run that has ended."""


def _is_process_fault(_task: Any, _run: Any, state: Any) -> bool:
    """Only a dead process is tried again: HTTP faults were retried where they happened."""
    if is_leaving():
        return False
    return isinstance(state.result(raise_on_failure=False), crawl.CrawlDied)


@task(
    task_run_name="crawl-{name}", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE,
    retry_condition_fn=_is_process_fault, persist_result=False,
)  # fmt: skip
def crawl_platform(name: str, told: Plan) -> None:
    """One platform's channels (or several platforms'), in a process of their own somewhere."""
    engine.carry_out(name, told)


@task(task_run_name="build", cache_policy=NO_CACHE, persist_result=False)
def build_tables(lake: str, at: datetime, timezone: str) -> dict[str, int]:
    """Every out table; rows in each."""
    return build.build_lake(Store(lake), at, timezone)


@task(task_run_name=LAST_TASK, cache_policy=NO_CACHE, persist_result=False)
def raise_alerts(lake: str, at: datetime) -> list[dict[str, Any]]:
    """The alerts that are new."""
    return alerts.raise_alerts(Store(lake), at).to_dicts()


@flow(name="daily", task_runner=engine.task_runner())
def daily(
    watchlist: str, lake: str, only: str | None = None, now: str | None = None,
    dashboard: str = DASHBOARD, *, together: bool = False,
) -> str:  # fmt: skip
    """Crawl a watchlist into a lake, build its out tables, raise alerts; the run_id.

    A task and a process a platform; `together` shares them, where there is little to crawl.
    """
    # Prefect's engine has put its own handler on SIGTERM, which would wait for the crawls.
    with leaving_cleanly():
        store = Store(lake)
        told, channels = watched.read(watchlist)
        retention.retain(store, crawl.new_run(now).started_at)  # what a kill left goes first
        channels = optout.honoured(store, told, channels)
        watched.register(store, told, channels)
        watched.remember(store, watchlist)
        platform_facts.write(store)
        run = again.the_run(now)
        chosen = watched.picked(channels, only)
        progress.phase("crawl")
        progress.planned(run.run_id, [channel.channel_id for channel in chosen])
        groups = (crawl.few_groups if together else crawl.by_platform)(chosen)
        _crawl(store, run, [crawl.plan(run, lake, told, group) for group in groups])
        coverage = crawl.covered(store, run, chosen)
        progress.covered(coverage)
        progress.phase("build")
        retention.retain(store, run.started_at)
        at = crawl.latest_run(store) or run.started_at
        with engine.embedding():
            rows = build_tables(lake, at, told.timezone)
        progress.phase("alerts")
        fresh = raise_alerts(lake, at)
        clock.maintain(store)
        _keep(coverage, rows, fresh, dashboard)
    return run.run_id


def _crawl(store: Store, run: crawl.Run, plans: list[Plan]) -> None:
    futures = {
        crawl_platform.submit(crawl.name_of(told.channels), told): told.channels for told in plans
    }
    for future, channels in futures.items():
        future.wait()
        fault = future.state.result(raise_on_failure=False)
        if isinstance(fault, crawl.CrawlDied):
            crawl.account_for(store, run, channels, fault.in_english())
        elif isinstance(fault, BaseException):
            crawl.account_for(store, run, channels, f"{type(fault).__name__}: {fault}")


def _keep(
    coverage: pl.DataFrame, rows: dict[str, int], fresh: list[dict[str, Any]], dashboard: str
) -> None:
    """The run's artifacts: coverage as a table, a summary in words, the way to the dashboard."""
    short = coverage.filter(~pl.col("complete"))
    lines = [
        "# Vigie: daily run",
        (
            f"{coverage.height} channels, {coverage['posts'].sum()} posts read, "
            f"{coverage['new_posts'].sum()} of them new; {short.height} channels fell short."
        ),
        "## Alerts",
        *([f"- {alert['severity']}: {_plain(alert['title'])}" for alert in fresh] or ["None."]),
        "## Tables built",
        *(f"- {name}: {count} rows" for name, count in rows.items()),
    ]
    columns = ("channel_id", "pages", "posts", "new_posts", "dropped", "errors", "complete")
    # A server says part of why a channel fell short, and Prefect's pages render what they show.
    table = [row | {"reason": _plain(row["reason"] or "")}
             for row in coverage.select(*columns, "reason").iter_rows(named=True)]  # fmt: skip
    create_table_artifact(key="coverage", table=table, description="What each channel gave")
    create_markdown_artifact(key="summary", markdown="\n\n".join(lines))
    create_link_artifact(key="dashboard", link=dashboard, link_text="Open the dashboard")


def _plain(text: str) -> str:
    """A text that may come from a post, with nothing that Markdown or HTML would act on."""
    return "".join(sign if sign.isalnum() or sign in " .,:;'’%/-" else " " for sign in text)


def settle(flow_run_id: UUID | None) -> bool:
    """Wait until Prefect has the end of each of the run's tasks: it writes them with a delay.

    A server that is gone by then has no history to wait for; the run is done all the same.
    """
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    APILogHandler().flush()
    if flow_run_id is None:
        return False
    ours = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id]))
    ends = time.monotonic() + SETTLE_S
    with get_client(sync_client=True) as client:
        while time.monotonic() < ends:
            try:
                tasks = client.read_task_runs(flow_run_filter=ours)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            names = {task.name for task in tasks if task.state and task.state.is_final()}
            if LAST_TASK in names and len(names) == len(tasks):
                return True
            time.sleep(0.1)
    return False
