"""A simulated week of `vigie serve`: memory, open files and the lake at its start and at its end.

The demo market's server moves through the days; in each, `vigie serve` (its own process, its
Prefect server, its worker, a process a run) is asked for so many runs, at the simulated time. What
it keeps is measured after the first day and after the last: after the first, everything is loaded
and made once. Time is sped up: what a run replaced is kept for no hours instead of a day, and the
tables' logs are made older by the time that is simulated.

The last line is one JSON object: each figure after the first day and after the last, posts and
pages for comparison, and `waste`: bytes on the lake's disk for each byte of a file in use.

    .venv/bin/python benchmarks/week.py [--days 7] [--runs 4] [--platforms feed,mastodon]
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from deltalake import DeltaTable

from data.market import Market, serve, watchlist_yaml
from data.store import Store
from data.tables import INTERNAL, TABLES
from flows.processes.leash import descendants
from flows.serving.schedule import name_of

VIGIE = Path(sys.executable).with_name("vigie")
LOOK_S = 1.0
START_S = 600.0
RUN_S = 1800.0
PARTS = {"flows.serving.worker": "worker", "uvicorn": "server", "leash.py": "leash"}


def asked(url: str, told: dict[str, Any] | None = None) -> Any:
    """What Prefect's server answers; `told` is posted."""
    body = None if told is None else json.dumps(told).encode()
    kind = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, body, kind)  # noqa: S310 - http of this machine
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - likewise
        return json.load(answer)


def until(look: Any, patience_s: float) -> Any:
    """What `look` gives once it gives something."""
    ends = time.monotonic() + patience_s
    while time.monotonic() < ends:
        with contextlib.suppress(OSError, ValueError):
            if found := look():
                return found
        time.sleep(LOOK_S)
    raise TimeoutError(look)


@contextmanager
def served(watchlist: Path, lake: Path) -> Iterator[tuple[int, str, str]]:
    """`vigie serve`: its process, the address of its Prefect server, its deployment."""
    command = [str(VIGIE), "serve", str(watchlist), "--lake", str(lake), "--every", "1w"]
    with (lake.parent / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**os.environ, "VIGIE_VERSIONS_KEPT_H": "0"}, stdout=log, stderr=log
        )
    try:
        home = lake.parent / "prefect"

        def url() -> str | None:
            return next((
                f"http://127.0.0.1:{json.loads(note.read_text())['port']}/api"
                for note in home.glob("server-*.json")
            ), None)  # fmt: skip

        api = until(url, START_S)
        wanted = {"deployments": {"name": {"any_": [name_of(str(lake))]}}}
        (deployment,) = until(lambda: asked(f"{api}/deployments/filter", wanted), START_S)
        yield process.pid, api, deployment["id"]
    finally:
        process.terminate()
        process.wait(60)


def run(api: str, deployment: str, now: str) -> None:
    """One run at a simulated time, to its end."""
    told = {"parameters": {"now": now}, "idempotency_key": now}
    made = until(lambda: asked(f"{api}/deployments/{deployment}/create_flow_run", told), START_S)

    def over() -> str | None:
        state: str = asked(f"{api}/flow_runs/{made['id']}")["state"]["type"]
        return state if state in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None

    if (state := until(over, RUN_S)) != "COMPLETED":
        raise RuntimeError(f"the run of {now} ended as {state}")


def age(lake: Path, step: timedelta) -> None:
    """Let the tables' logs grow older by the time that is simulated: they are kept for a day."""
    for file in lake.glob("*/_delta_log/*"):
        with contextlib.suppress(FileNotFoundError):
            os.utime(file, (then := file.stat().st_mtime - step.total_seconds(), then))


def kept(process: int) -> dict[str, int]:
    """Memory (MB) and open files of `vigie serve` and of each process that it keeps."""
    figures = {"processes": 0}
    for one in (process, *sorted(descendants(process))):
        folder = Path(f"/proc/{one}")
        command = (folder / "cmdline").read_bytes().decode()
        part = next((name for mark, name in PARTS.items() if mark in command), "serve")
        if "leash.py" in command:
            part = "leash"
        status = (folder / "status").read_text()
        memory = int(status.partition("VmRSS:")[2].split()[0]) // 1024
        figures[f"{part}_mb"] = figures.get(f"{part}_mb", 0) + memory
        files = len(list((folder / "fd").iterdir()))
        figures[f"{part}_files"] = figures.get(f"{part}_files", 0) + files
        figures["processes"] += 1
    return figures


def lying(lake: Path) -> dict[str, int | float]:
    """Files and bytes of the lake, those in use, its logs, rows, and Prefect's database."""
    files = [one for one in lake.rglob("*") if one.is_file()]
    used = [used_by(lake / table) for table in (*TABLES, *INTERNAL) if (lake / table).is_dir()]
    in_use = sum(size for _, size in used)
    store, size = Store(lake), sum(one.stat().st_size for one in files)
    return {
        "files": len(files), "files_in_use": sum(count for count, _ in used),
        "log_files": sum("_delta_log" in one.parts for one in files),
        "bytes": size, "bytes_in_use": in_use, "waste": round(size / in_use, 2),
        **{table: store.scan(table).select(pl.len()).collect().item()
           for table in ("posts", "metrics", "pages")},
        "prefect_bytes": (lake.parent / "prefect" / "prefect.db").stat().st_size,
    }  # fmt: skip


def used_by(table: Path) -> tuple[int, int]:
    """Files of a table's latest version, and their bytes."""
    actions = pl.DataFrame(pa.table(DeltaTable(str(table)).get_add_actions(flatten=True)))
    return actions.height, int(actions["size_bytes"].sum())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--runs", type=int, default=4, help="a day")
    parser.add_argument("--platforms", default="feed,mastodon")
    told = parser.parse_args()
    whole = Market(1, days=40)
    chosen = tuple(one for one in whole.channels if one.platform in told.platforms.split(","))
    market = Market(1, days=40, channels=chosen)
    figures: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, serve(market) as site:
        lake, file = Path(folder) / "lake", Path(folder) / "watchlist.yaml"
        file.write_text(watchlist_yaml(market, site.base_url), encoding="utf-8")
        step, first = timedelta(days=1) / told.runs, market.end - timedelta(days=told.days)
        with served(file, lake) as (process, api, deployment):
            for number in range(told.days * told.runs):
                site.now = first + (number + 1) * step
                run(api, deployment, site.now.isoformat())
                age(lake, step)
                if (number + 1) % told.runs == 0:
                    time.sleep(LOOK_S * 5)  # the run's own process goes
                    day = (number + 1) // told.runs
                    figures["end" if figures else "start"] = {**kept(process), **lying(lake)}
                    print(f"day {day}:", figures["end" if day > 1 else "start"], flush=True)
    print(json.dumps({"days": told.days, "runs": told.runs, **figures}))


if __name__ == "__main__":
    main()
