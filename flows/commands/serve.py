"""`vigie serve`: the daily run on a schedule, and what it finds sent to those who asked."""

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from flows.words import console, messages
from flows.words.options import Lake, Lang, Now, WatchlistFile, lake_of
from flows.words.problems import FellShort, Unusable

if TYPE_CHECKING:
    from data.delivery import Delivery
    from flows.processes.prefect_env import Server
    from flows.serving.schedule import Rhythm

EXAMPLE = "Example: vigie serve watchlist.yaml --at 06:30 --every 1d"
AT: Final = "06:30"
EVERY: Final = "1d"


def serve(  # noqa: PLR0913, PLR0917 - one argument an option
    watchlist: WatchlistFile,
    at: Annotated[
        str, typer.Option(metavar="HH:MM", help="Time of the market's day that is counted from.")
    ] = AT,
    every: Annotated[
        str, typer.Option(metavar="1d|6h|30m", help="Time from one run to the next.")
    ] = EVERY,
    lake: Lake = None,
    once: Annotated[
        bool, typer.Option("--once", help="Run once now, send what is new, and end.")
    ] = False,
    metrics_port: Annotated[
        int | None, typer.Option(min=1, max=65535, metavar="PORT",
                                 help="Serve metrics on http://127.0.0.1:PORT/metrics.")
    ] = None,
    now: Now = None, lang: Lang = None,  # noqa: ARG001 - the callback of `lang` sets the language
) -> None:  # fmt: skip
    """Run on a schedule, and send alerts and reports as the watchlist says; Ctrl-C ends it."""
    from flows.processes.prefect_env import Server, home_of
    from flows.serving.schedule import Rhythm

    root = lake_of(lake)
    rhythm = Rhythm.read(every, at, _usable(watchlist))
    home = home_of(root)
    with (
        _alone(home, root),
        _scraped(root, metrics_port),
        Server(home, schedules=not once) as server,
    ):
        if once:
            _once(server, watchlist, root, now)
        else:
            _keep(server, watchlist, root, rhythm)


def _scraped(lake: str, port: int | None) -> contextlib.AbstractContextManager[object]:
    """The lake's metrics on a port, or nothing."""
    if port is None:
        return contextlib.nullcontext()
    from flows.watching.scraped import Scraped

    return Scraped(lake, port)


def _usable(watchlist: Path) -> str:
    """Find what can't work before anything starts; the market's time zone."""
    from data.delivery import Delivery
    from flows import watched

    told = watched.read(watchlist)[0]
    _deliverable(Delivery.model_validate(told.model_dump()))
    return told.timezone


def _deliverable(told: "Delivery") -> None:
    """Every address is one that something can be sent to.

    Raises:
        Unusable: one is not, or the library is missing.
    """
    from flows.serving import posting

    addresses = {f"alerts[{place}]": one.url for place, one in enumerate(told.alerts)}
    addresses |= {f"reports[{place}]": one.to for place, one in enumerate(told.reports)}
    if addresses:
        posting.require()
    for place, address in addresses.items():
        if not posting.is_understood(address):
            raise Unusable(
                "{place}: no service is reached by such a {kind}:// address; see docs/serve.md",
                place=place, kind=posting.kind_of(address),
            )  # fmt: skip


@contextlib.contextmanager
def _alone(home: Path, lake: str) -> Iterator[None]:
    """One `vigie serve` a lake; the lock ends with its process, however that ends."""
    from flows.serving.schedule import name_of

    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / f"{name_of(lake)}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.read(descriptor, 20).decode() or "?"
            raise FellShort(
                "{lake}: `vigie serve` runs on it already (process {process})",
                lake=lake, process=other,
            ) from None  # fmt: skip
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def _once(server: "Server", watchlist: Path, lake: str, now: str | None) -> None:
    from data.settings import settings
    from flows.commands.common import report
    from flows.commands.run import covered
    from flows.serving import scheduled

    server.ready()
    with server.needed():
        state = scheduled.scheduled(
            str(watchlist.resolve()), lake, settings().dashboard_url, now=now, return_state=True
        )
    if not state.is_completed():
        raise FellShort("the run failed; its trace is above")
    run_id = state.result()
    assert run_id is not None  # None is a run of the schedule that was overtaken
    report(covered(lake, run_id))


def _keep(server: "Server", watchlist: Path, lake: str, rhythm: "Rhythm") -> None:
    import msgspec

    from data.settings import settings
    from flows.processes.children import Child
    from flows.serving.schedule import Job

    job = Job(str(watchlist.resolve()), lake, settings().dashboard_url, rhythm, messages.language())
    told = msgspec.json.encode(job).decode()
    command = [sys.executable, "-P", "-m", "flows.serving.worker", told]
    server.ready()
    console.note("Prefect: {address}", address=server.url)
    with server.needed(), Child(command, env={"PYTHONSAFEPATH": "1"}) as child:
        if code := child.wait():
            raise FellShort("the schedule ended with code {code}", code=code)
