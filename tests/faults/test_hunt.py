"""Whatever befalls a piece of work: nothing is lost, doubled or torn, and the next run completes.

`python -m tests.faults.hunt` does so for as long as wanted, every kind on every work.
Who reads meanwhile sees whole tables, and no error.
"""

import contextlib
import os
import random
import tempfile
from pathlib import Path

import pytest

from dashboard import queries
from data import lock
from data.settings import settings
from data.store import Store
from data.tables import OUT
from flows import turns
from flows.words.problems import FellShort
from tests.crawlers.hostile import serving
from tests.faults.ground import check, keys, prepared
from tests.faults.hunt import KINDS, hit
from tests.faults.prey import WORKS

SEED = int(os.environ.get("VIGIE_TEST_SEED", "11"))
SERVERS = os.environ.get("VIGIE_TEST_SERVERS") == "1"
HITS = {
    "kill -9": WORKS,
    "SIGTERM": ("crawl", "replay", "import"),
    "stopped, then kill -9": ("crawl", "replay"),
    "full disk": ("crawl", "replay", "import"),
    "quota": ("crawl", "import"),
    "read-only": ("replay", "import"),
    "little memory": ("crawl", "replay", "import"),
    "wrong clock": ("crawl", "import"),
    "cut files": ("import",),
    "flipped bits": ("import",),
    "browser killed": ("crawl",),
    "server killed": ("flow",),
}


@pytest.fixture(scope="module")
def base():
    with serving() as (address, _):
        yield address


@pytest.fixture(scope="module")
def ground(base, tmp_path_factory):
    return prepared(tmp_path_factory.mktemp("ground") / "lake", base, SEED)


def test_every_kind_of_fault_is_tried():
    assert set(HITS) == set(KINDS)
    assert {work for works in HITS.values() for work in works} == set(WORKS)
    assert sum(map(len, HITS.values())) >= 25


@pytest.mark.parametrize(
    ("kind", "work"), [(kind, work) for kind, works in HITS.items() for work in works]
)
def test_a_fault_is_survived(ground, kind, work):
    if kind == "browser killed" and settings().browser_path() is None:
        pytest.skip("no Chromium or Chrome on the path; set VIGIE_CHROMIUM")
    if kind == "server killed" and not SERVERS:
        pytest.skip("starts Prefect's server twice or thrice, a minute; set VIGIE_TEST_SERVERS=1")
    hit(ground, kind, work, f"{SEED}-{kind}-{work}")


REPLACED = sorted(OUT.keys() - {"alerts", "coverage", "restatements"})
"""Out tables that a build writes anew, in one commit each."""
QUERIES = (
    queries.entities, queries.channels, queries.coverage, queries.alerts, queries.freshness,
    queries.kpis, queries.is_built, queries.as_of, lambda: queries.benchmark("all", "28d"),
)  # fmt: skip


@pytest.fixture
def reading():
    """A lake as the dashboard's queries read it."""
    yield queries.lake.use
    queries.lake.use(None)
    queries.forget()


def content(store, table):
    """What a table holds, whatever the order of its rows."""
    rows = store.scan(table).collect()
    return sorted(map(repr, rows.iter_rows()))


def test_who_reads_while_a_run_writes_sees_whole_tables_and_a_second_run_is_refused(
    ground, tmp_path, reading
):
    hunt = ground.copied(tmp_path / "lake", random.Random(SEED))
    reading(hunt.store.root)
    before = {table: content(hunt.store, table) for table in REPLACED}
    posts, seen, refused, asked = hunt.posts("ok"), [], 0, 0
    child = hunt.begin("run")
    while child.is_alive():
        queries.forget()
        for query in QUERIES:
            query()
            asked += 1
        assert hunt.posts("ok") >= posts
        seen.append({table: content(hunt.store, table) for table in REPLACED})
        if lock.is_running(hunt.store.root):
            with contextlib.suppress(FellShort), turns.taken(hunt.store.root, "vigie run"):
                continue  # it had just ended
            refused += 1
    assert hunt.ended(child) == 0, hunt.said()
    after = {table: content(hunt.store, table) for table in REPLACED}
    for one in seen:
        torn = [name for name in REPLACED if one[name] not in (before[name], after[name])]
        assert torn == []
    assert asked >= len(QUERIES)
    assert refused


def test_a_lake_that_may_only_be_read_stays_as_it_is(ground):
    with tempfile.TemporaryDirectory() as folder:
        hunt = ground.copied(Path(folder) / "lake", random.Random(SEED))
        lake = Path(hunt.store.root)
        Path(folder).chmod(0o755)
        for path in (lake, *lake.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = keys(Store(lake))
        code = hunt.ended(hunt.begin("crawl", "user", None))
        for path in (lake, *lake.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o600)
        assert code != 0
        assert keys(Store(lake)) == before
        check(Store(lake), allowed={"busy"})
