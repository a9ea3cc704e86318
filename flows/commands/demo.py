"""`vigie demo`: a market that exists nowhere, really crawled, from nothing to the dashboard."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from data import lock
from flows.commands.dashboard import PORT, Port, serve
from flows.words import console
from flows.words.options import Lang
from flows.words.problems import FellShort, Unusable

if TYPE_CHECKING:
    from datetime import datetime

    from data.market import Market
    from flows.processes.prefect_env import Server

EXAMPLE = "Example: vigie demo --seed 7 --headless --verify"
MARK: Final = "demo.json"
"""Says that a folder is a demo's lake and may be made anew."""


def demo(
    seed: Annotated[int, typer.Option(help="Another seed, another market.")] = 1,
    days: Annotated[int, typer.Option(min=30, max=730, help="Days of history.")] = 180,
    headless: Annotated[bool, typer.Option("--headless", help="Stop after building.")] = False,
    lake: Annotated[
        str | None, typer.Option(help="Folder of the demo's lake. Default: data/lake/demo-SEED.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Print what was planted beside what was found.")
    ] = False,
    port: Port = PORT,
    lang: Lang = None,
) -> None:
    """Crawl a fictional market on this machine at several dates, build, open the dashboard."""
    from flows import turns
    from flows.processes import warm
    from flows.processes.prefect_env import Server, home_of

    root = fresh(lake or _usual(seed))
    # Prefect's server takes ten seconds to come up, the libraries of the build some more:
    # meanwhile the earlier dates are crawled.
    with turns.taken(root, "vigie demo"), Server(home_of(root)) as server:
        empty(Path(root), seed)
        warm.up()
        market = play(server, Path(root), seed, days, port)
    if verify:
        check(root, market)
    console.note("the demo's lake: {lake}", lake=root)
    if not headless:
        serve(root, port, lang)


def _usual(seed: int) -> str:
    return str(Path(__file__).parents[2] / "data" / "lake" / f"demo-{seed}")


def fresh(lake: str) -> str:
    """The demo's folder: one that is empty, or where a demo was, which will be made anew.

    Raises:
        Unusable: there is something else, which is left alone.
    """
    if "://" in lake:
        raise Unusable("--lake {lake}: the demo needs a folder of this machine", lake=lake)
    folder = Path(lake).expanduser().absolute()
    if not (folder / MARK).is_file() and not _is_empty(folder):
        raise Unusable("--lake {lake}: something else is there; give an empty folder", lake=folder)
    return str(folder)


def _is_empty(folder: Path) -> bool:
    if not folder.is_dir():
        return not folder.exists()
    from data import logs

    # What a command that came to nothing leaves behind.
    return all(one.name in (lock.RUN, logs.FOLDER) for one in folder.iterdir())


def empty(folder: Path, seed: int) -> None:
    """Take the last demo out; for who holds the lake's run lock, whose file stays."""
    (folder / MARK).write_text(json.dumps({"seed": seed}))
    for one in folder.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        elif one.name not in {lock.RUN, MARK}:
            one.unlink()


def play(server: "Server", lake: Path, seed: int, days: int, port: int) -> "Market":
    """Crawl the market at each of its dates; the last one as a run of the daily flow."""
    from data.market import Market, watchlist_yaml
    from data.market import serve as open_market
    from flows.commands.run import once

    market = Market(seed, days)
    *earlier, last = market.crawl_dates()
    file = lake / "watchlist.yaml"
    with open_market(market) as site:
        file.write_text(watchlist_yaml(market, site.base_url), encoding="utf-8")
        with console.steps(len(earlier)) as step:
            for date in earlier:
                step(f"{date:%Y-%m-%d}")
                site.now = date
                _visit(file, lake, date, rendered=date == earlier[0])
        site.now = last
        once(server, file, str(lake), now=last.isoformat(), port=port, together=True)
    return market


def _visit(watchlist: Path, lake: Path, date: "datetime", *, rendered: bool) -> None:
    """One crawl of the market at a date; what falls short is named.

    A browser costs more than all the rest of a visit: sites that need one are visited at the
    first and the last date only, which shows them whole.
    """
    import polars as pl

    from data.store import Store
    from flows import crawl, watched
    from flows.probing import platform_facts

    store = Store(lake)
    told, channels = watched.read(watchlist)
    watched.register(store, told, channels)
    platform_facts.write(store)
    run = crawl.new_run(date.isoformat())
    visited = [channel for channel in channels if rendered or not channel.browser]
    coverage = crawl.crawl(store, run, told, visited, together=True)
    for row in coverage.filter(~pl.col("complete")).iter_rows(named=True):
        console.problem("{channel}: {reason}", channel=row["channel_id"], reason=row["reason"])


def check(lake: str, market: "Market") -> None:
    """Print what was planted beside what was found.

    Raises:
        FellShort: something is outside its bound.
    """
    from data.market.verify import verify
    from data.store import Store

    names = ("name", "planted", "recovered", "bound", "ok")
    found = verify(Store(lake), market)
    console.table(names, [[getattr(line, name) for name in names] for line in found])
    if wrong := [line.name for line in found if not line.ok]:
        raise FellShort("outside its bound: {names}", names=", ".join(wrong))
