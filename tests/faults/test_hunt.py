"""Kills, full disks and bad disks: nothing is lost, doubled or torn, and the next run completes.

Hunts only when VIGIE_TEST_KILLS says how many kills (each takes seconds; tests/faults/test_kill.py
always makes some), VIGIE_TEST_SEED elsewhere; `pytest -s` shows the counts.
"""

import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from data.store import Store
from flows.repair.doctor import examine
from flows.repair.mending import mend
from tests.crawlers.hostile import POSTS, serving
from tests.crawlers.scripted import register
from tests.faults.hunt import Hunt, begin, check, ended, keys
from tests.faults.prey import ACCOUNTS

KILLS = int(os.environ.get("VIGIE_TEST_KILLS", "0"))
SEED = int(os.environ.get("VIGIE_TEST_SEED", "11"))
OFTEN = ("crawl", "crawl", "crawl", "build", "replay", "import")
AGAIN = 0.2
"""Share of the kills after which the work is done to its end; the others hit what they left."""
FORGETS = 8
"""One kill in so many is of an erasure, each in a lake of its own."""
FLIPS = int(os.environ.get("VIGIE_TEST_FLIPS", "2"))
FULL = 600
"""Bytes after which a file can't grow."""


@pytest.fixture(scope="module")
def base():
    with serving() as (address, _):
        yield address


@pytest.fixture(scope="module")
def first(base, tmp_path_factory):
    """A lake that every kind of work was done in."""
    register()
    hunt = Hunt(tmp_path_factory.mktemp("hunt") / "lake", base, SEED)
    for work in ("crawl", "import", "replay", "build"):
        hunt.whole(work)
    return hunt


@pytest.fixture
def copied(first, base, tmp_path):
    def copy(name="lake", seed=SEED):
        shutil.copytree(first.store.root, tmp_path / name)
        hunt = Hunt(tmp_path / name, base, seed)
        hunt.step, hunt.took = first.step, dict(first.took)
        return hunt

    return copy


hunting = pytest.mark.skipif(KILLS == 0, reason="takes minutes: set VIGIE_TEST_KILLS=25")


@hunting
def test_work_that_is_killed_anywhere_is_done_again_without_loss(copied):
    hunt = copied()
    wanted = KILLS - KILLS // FORGETS
    while sum(hunt.survived.values()) < wanted:
        hunt.hit(hunt.chance.choice(OFTEN), again=hunt.chance.random() < AGAIN)
    for work in ("crawl", "import", "replay", "build"):
        hunt.whole(work)
    assert [hunt.posts(account) for account in ACCOUNTS] == [POSTS] * len(ACCOUNTS)
    check(hunt.store, allowed={"busy"})
    sys.stdout.write(f"{hunt.told()}\n")


@hunting
def test_an_erasure_that_is_killed_is_completed(copied):
    hunts = [copied(f"lake{number}", SEED + number) for number in range(max(KILLS // FORGETS, 1))]
    for hunt in hunts:
        hunt.took["forget"] = hunt.took["build"] * 1.5
        while not hunt.survived["forget"]:
            if not hunt.hit("forget"):
                break
        assert [hunt.posts(account) for account in ACCOUNTS] == [POSTS, POSTS, 0]
        check(hunt.store, allowed={"busy"})
    assert sum(hunt.survived["forget"] for hunt in hunts) >= len(hunts) // 2
    sys.stdout.writelines(f"{hunt.told()}\n" for hunt in hunts)


@pytest.mark.parametrize("work", ["crawl", "build"])
def test_a_full_disk_ends_the_work_and_harms_nothing(copied, work):
    hunt = copied()
    before = keys(hunt.store)
    hunt.step += 1
    assert ended(begin(work, hunt.store.root, hunt.base, hunt.step, FULL)) not in {0, None}
    check(hunt.store)
    hunt.lost(before)
    hunt.whole(work)


def test_a_lake_that_may_only_be_read_stays_as_it_is(copied):
    hunt = copied()
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder) / "lake"
        shutil.move(hunt.store.root, lake)
        Path(folder).chmod(0o755)
        for path in (lake, *lake.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = keys(Store(lake))
        code = ended(begin("crawl", lake, hunt.base, hunt.step + 1, "read-only"))
        for path in (lake, *lake.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o600)
        assert code not in {0, None}
        assert keys(Store(lake)) == before
        check(Store(lake), allowed={"busy"})


@pytest.mark.parametrize("seed", range(SEED, SEED + FLIPS))
def test_flipped_bits_and_cut_files_are_mended_and_the_next_run_completes(copied, seed):
    hunt = copied()
    chance = random.Random(seed)
    root = Path(hunt.store.root)
    files = sorted(one for one in root.rglob("*") if one.suffix in {".parquet", ".json"})
    for file in chance.sample(files, 3):
        content = bytearray(file.read_bytes())
        if chance.random() < 0.5:
            del content[chance.randrange(len(content)) :]
        else:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        file.write_bytes(content)
    mend(hunt.store)
    left = {finding.kind for finding in examine(hunt.store) if finding.is_damage}
    assert left <= {"pageless"}
    hunt.whole("crawl")
    assert [hunt.posts(account) for account in ACCOUNTS] == [POSTS] * len(ACCOUNTS)
