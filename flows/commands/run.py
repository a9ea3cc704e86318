"""`vigie run`: crawl, build, alerts, once, with Prefect keeping the history."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.common import report
from flows.commands.dashboard import PORT, Port, serve
from flows.words import console
from flows.words.options import Lake, Lang, Now, Only, WatchlistFile, lake_of

if TYPE_CHECKING:
    import polars as pl

    from flows.processes.prefect_env import Server

EXAMPLE = "Example: vigie run watchlist.yaml --only maison-alpine --dashboard"


def run(
    watchlist: WatchlistFile, lake: Lake = None, only: Only = None,
    dashboard: Annotated[
        bool, typer.Option("--dashboard", help="Open the dashboard at the end.")
    ] = False,
    port: Port = PORT, now: Now = None, lang: Lang = None,
) -> None:  # fmt: skip
    """Crawl, build and raise alerts once: one line a channel with what it gave."""
    root = lake_of(lake)
    run_id = carry_out(watchlist, root, only=only, now=now, port=port)
    try:
        report(covered(root, run_id))
    finally:
        if dashboard:
            serve(root, port, lang)


def carry_out(
    watchlist: Path, lake: str, *, only: str | None = None, now: str | None = None,
    port: int = PORT,
) -> str:  # fmt: skip
    """Crawl, build and raise alerts with a Prefect server of its own; the run_id."""
    from flows import progress
    from flows.processes.prefect_env import Server, home_of

    with Server(home_of(lake)) as server:
        _check(watchlist, only, now)
        with progress.kept(lake, watchlist.resolve()):
            return once(server, watchlist, lake, only=only, now=now, port=port)


def covered(lake: str, run_id: str) -> "pl.DataFrame":
    """What a run brought of each channel: its rows of `coverage`, by channel."""
    import polars as pl

    from data.store import Store

    rows = Store(lake).scan("coverage").filter(pl.col("run_id") == run_id)
    return rows.sort("channel_id").collect()


def _check(watchlist: Path, only: str | None, now: str | None) -> None:
    """Find unusable input before anything starts."""
    from flows import crawl, watched

    _, channels = watched.read(watchlist)
    watched.picked(channels, only)
    crawl.new_run(now)


def once(
    server: "Server", watchlist: Path, lake: str, *, only: str | None = None,
    now: str | None = None, port: int = PORT, together: bool = False,
) -> str:  # fmt: skip
    """One run of the daily flow; its run_id. Returns when Prefect has its whole history."""
    from flows.processes import warm

    with console.steps(3) as step:
        step("Prefect's server")
        from flows import daily  # takes seconds, and the server longer

        server.ready()
        warm.up()
        step("crawl, build, alerts")
        with server.needed():
            state = daily.daily(
                str(watchlist.resolve()), lake, only, now, f"http://127.0.0.1:{port}",
                together=together, return_state=True,
            )  # fmt: skip
            daily.settle(state.state_details.flow_run_id)
        run_id: str = state.result()
    return run_id
