"""Pieces of work that are to be hit: what `vigie` runs, without its start-up."""

import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from data.store import Store
from flows import progress
from flows.processes.children import leaving_cleanly
from tests.crawlers.scripted import NOON, ROOT, RUNNER, channel, plan

WORKS = ("crawl", "build", "run", "replay", "import", "forget", "flow")
ACCOUNTS = ("ok", "patient", "third")
FIGURES = """\
date;impressions;reach;clicks
01/03/2026;100;80;{day}
13/03/2026;110;90;4
"""


def told(lake, base, step, browser=None):
    """The plan of a small crawl; with a browser, one account more, whose page has a script."""
    channels = [channel(name, base_url=f"{base}/{name}") for name in ACCOUNTS]
    if browser:
        channels.append(channel("scripted", base_url=f"{base}/scripted", browser=True))
    return plan(
        lake, channels, run_id=f"run-{step:05d}", at=NOON + timedelta(days=step),
        allow_private_networks=True, frozen_clock=True, chromium=browser,
    )  # fmt: skip


def work(name, lake, base, step, browser=None):
    """One piece of work, to its end; a step simulates a day."""
    store, at = Store(lake), NOON + timedelta(days=step)
    if name == "crawl":
        _crawl(told(lake, base, step, browser))
    elif name == "run":
        _run(store, told(lake, base, step), at)
    elif name == "flow":
        _flow(told(lake, base, step))
    else:
        with leaving_cleanly():
            {"build": _build, "replay": _replay, "import": _import, "forget": _forget}[name](
                store, at
            )


def _crawl(given):
    from crawlers.__main__ import crawl
    from data import lock

    with lock.shared(given.lake):
        crawl(given)


def _run(store, given, at):
    """The steps of the daily flow (flows/daily.py), all in this process."""
    from flows.alerts import raise_alerts
    from flows.erasing import clock
    from flows.erasing.retention import retain

    with progress.kept(store.root, "watchlist.yaml"):
        retain(store, at)
        _crawl(given)
        _build(store, at, full=False)
        raise_alerts(store, at)
        clock.maintain(store)


WATCHLIST = """\
market: Nowhere
brand: {name: ok, channels: [https://ok.example/]}
crawl: {allow_private_networks: true}
"""


def _flow(given):
    """`vigie run` with a Prefect server of its own, and crawls as processes that know us."""
    import msgspec

    from data import watchlist
    from flows import crawl, watched
    from flows.commands import run
    from flows.processes import prefect_env
    from flows.processes.children import Child

    def apart(one):
        pipe = subprocess.PIPE
        with Child([sys.executable, "-c", RUNNER], stdin=pipe, stdout=pipe, stderr=pipe) as child:
            out, said = child.converse(msgspec.json.encode(one), lambda _: None)
        return crawl.summary_of(out, said, child.leash.returncode)

    os.environ["PYTHONPATH"] = str(ROOT)
    prefect_env.USUAL = "http://127.0.0.1:9/api"  # a server that runs there is not ours to kill
    crawl.carry_out = apart
    watched.read = lambda _: (watchlist.parse(WATCHLIST), list(given.channels))
    with leaving_cleanly():
        run.carry_out(Path("watchlist.yaml"), given.lake, now=given.started_at.isoformat())


def _build(store, at, *, full=True):
    from flows.build import build_lake

    build_lake(store, at, "UTC", full=full)


def _replay(store, _):
    from crawlers.replay import replay

    replay(store)


def _import(store, at):
    from typer.testing import CliRunner

    from flows.cli import app

    file = Path(tempfile.gettempdir()) / f"vigie-{os.getpid()}.csv"
    file.write_text(FIGURES.format(day=at.toordinal()), encoding="utf-8")
    options = ["import", str(file), "--as", "insights", "--entity", "ok", "--yes"]
    made_at = ["--made-at", at.isoformat()]
    done = CliRunner().invoke(app, [*options, *made_at, "--lake", store.root])
    if done.exit_code:
        raise SystemExit(done.output)


def _forget(store, _):
    from flows.erasing.forget import carry_out, channel_job

    carry_out(store, channel_job(store, "scripted:third"))
