"""`vigie build`: the out tables from the core tables."""

from typing import Annotated

import typer

from flows.commands.common import existing
from flows.words import console
from flows.words.options import Lake, Lang, Now

EXAMPLE = "Example: vigie build --lake data/lake"


def build(
    lake: Lake = None,
    full: Annotated[bool, typer.Option("--full", help="Compute everything anew.")] = False,
    now: Now = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:
    """Build the out tables, as of the latest crawl: one line a table with its rows."""
    from flows.alerts import raise_alerts
    from flows.build import build_lake
    from flows.crawl import latest_run, new_run
    from flows.erasing import clock
    from flows.erasing.retention import retain
    from flows.turns import taken
    from flows.words.problems import Unusable

    store = existing(lake)
    at = new_run(now).started_at if now else latest_run(store)
    if at is None:
        raise Unusable("{lake}: nothing was crawled yet; `vigie crawl` first", lake=store.root)
    timezone = (store.state("market") or {}).get("timezone", "UTC")
    with taken(store.root, "vigie build"), console.steps() as step:
        retain(store, at)
        step("build")
        rows = build_lake(store, at, timezone, full=full)
        step("alerts")
        raise_alerts(store, at)
        clock.maintain(store)
    console.table(("table", "rows"), list(rows.items()))
