"""How long all out tables take from a lake of a million posts, and what a day adds.

    .venv/bin/python benchmarks/build.py --posts 1000000

Makes a seeded lake in a temporary folder (three snapshots a post, comments under one post in
ten), then runs, each in a process of its own: the full build, one scan of every input column,
the heaviest part of the build in DuckDB where that is installed, and the build of the day that
brings 50,000 new posts. Figures are CPU seconds. The last line is one JSON object.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import lake
import polars as pl

AT: Final = datetime(2026, 6, 25, 22, tzinfo=UTC)
DAY: Final = timedelta(days=1)
ZONE: Final = "Europe/Paris"
NEW_A_DAY: Final = 50_000
INPUTS: Final = ("entities", "channels", "profiles", "posts", "metrics", "comments")
DUCKDB: Final = """
    with latest as (
        select post_id, arg_max(likes, observed_at) as likes,
            arg_max(comments, observed_at) as comments, arg_max(shares, observed_at) as shares,
            max(observed_at) as observed_at
        from metrics group by post_id
    ), rows as (
        select channel_id, format, date_trunc('week', published_at) as week,
            ln(likes + comments + shares + 0.5) as level
        from latest join posts using (post_id)
    ), cells as (
        select r.channel_id, r.format, r.week + to_days(7 * b.back) as week, median(level) as m
        from rows r, (select unnest(range(9))::int as back) b group by all
    )
    select count(*), avg(level - m) from rows join cells using (channel_id, format, week)
"""


def full(root: str) -> dict[str, Any]:
    """The full build of the lake as it stood a day before the end."""
    from data.store import Store
    from flows.build import build_lake

    return {"rows": sum(build_lake(Store(root), AT - DAY, ZONE, full=True).values())}


def day(root: str) -> dict[str, Any]:
    """The build of the last day, continuing the one before."""
    from data.store import Store
    from flows.build import build_lake

    return {"rows": sum(build_lake(Store(root), AT, ZONE).values())}


def scan(root: str) -> dict[str, Any]:
    """One trivial aggregate over every column of every input."""
    from data.store import Store

    store = Store(root)
    count = 0
    for name in INPUTS:
        frame = store.scan(name)
        each = [
            pl.col(column).list.len().sum() if isinstance(kind, pl.List) else pl.col(column).max()
            for column, kind in frame.collect_schema().items()
        ]
        count += frame.select(each).collect().width
    return {"columns": count}


def duckdb(root: str) -> dict[str, Any]:
    """Latest counts and the account's usual level by format: the core of the lift, in SQL."""
    import duckdb as engine

    with engine.connect() as connection:
        for name in ("posts", "metrics"):
            connection.execute(
                f"create view {name} as select * from read_parquet('{root}/{name}/**/*.parquet')"  # noqa: S608 - our own temporary folder
            )
        connection.execute("set threads = 2")
        return {"rows": len(connection.execute(DUCKDB).fetchall())}


def polars_part(root: str) -> dict[str, Any]:
    """What `duckdb` does, by the features themselves."""
    from data.store import Store
    from features import accumulation, engagement, lift
    from features.frames import own_posts

    store = Store(root)
    core = {name: store.scan(name) for name in INPUTS}
    posts = own_posts(core, AT - DAY, ZONE)
    no_pairs = pl.DataFrame(schema=accumulation.SUMS)
    snaps = engagement.snapshots(core["metrics"], posts, AT - DAY)
    columns = ["post_id", "channel_id", "platform", "format", "week"]
    counted = engagement.at_seven_days(snaps, no_pairs)
    rows = posts.select(columns).join(counted, on="post_id").collect().lazy()
    lifted = lift.lifts(rows, lift.baselines(rows, None)).select(pl.col("lift").mean())
    return {"rows": lifted.collect().height}


STEPS: Final = {
    "full": full, "day": day, "scan": scan, "duckdb": duckdb, "polars_part": polars_part,
}  # fmt: skip


def measured(step: str, root: str) -> dict[str, float]:
    """CPU and wall seconds and peak memory of a step, in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--lake", root]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{step:12} {figures['cpu']:7.1f} CPU s {figures['wall']:7.1f} s {figures['mb']:7.0f} MB")
    return figures


def run_step(step: str, root: str) -> None:
    """Does a step and prints its figures; libraries and models are loaded before it starts."""
    import dataframely  # noqa: F401 - a library costs its import once a process, not a build
    import deltalake  # noqa: F401 - as above
    import scipy.stats  # noqa: F401 - as above

    import flows.build  # noqa: F401 - as above
    from features import tone

    tone.tones(["merci"])
    tone.is_readable("merci")
    cpu, wall = time.process_time(), time.perf_counter()
    result = STEPS[step](root)
    figures = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps({**result, **figures}))


def compare(posts: int, root: str) -> dict[str, Any]:
    """Every step on one lake; the lake grows by its last day between the full and daily build."""
    new = min(NEW_A_DAY, posts // 2)
    lake.make(root, posts, AT - DAY, days=365)
    scanned = [measured("scan", root) for _ in range(3)]
    whole = measured("full", root)
    part = measured("polars_part", root)
    rival = measured("duckdb", root)["cpu"] if find_spec("duckdb") else None
    lake.add_day(root, new, AT)
    daily = measured("day", root)
    scan_cpu = sorted(one["cpu"] for one in scanned)[1]
    return {
        "posts": posts, "cpu_s": whole["cpu"], "wall_s": whole["wall"], "peak_mb": whole["mb"],
        "scan_s": scan_cpu, "times_scan": whole["cpu"] / scan_cpu,
        "times_duckdb": None if rival is None else part["cpu"] / rival,
        "day_posts": new, "day_s": daily["cpu"], "day_peak_mb": daily["mb"],
        "day_pct_of_full": 100 * daily["cpu"] / whole["cpu"],
    }  # fmt: skip


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--step", choices=list(STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--lake", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        run_step(given.step, given.lake)
        return
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        figures = compare(given.posts, str(Path(folder) / "lake"))
    rounded = {k: round(v, 2) if isinstance(v, float) else v for k, v in figures.items()}
    print(json.dumps(rounded))


if __name__ == "__main__":
    main()
