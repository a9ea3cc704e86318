"""What may befall a piece of work, each at a random moment or place that a seed decides.

`python -m tests.faults.hunt --times 500 --seed 7` hits that often and prints what was survived.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import pytest

from data import progress
from data.settings import settings
from flows.processes.leash import descendants
from flows.processes.prefect_env import MODULE
from flows.repair.doctor import examine
from flows.repair.mending import mend
from tests.crawlers.hostile import serving
from tests.faults import disk
from tests.faults.ground import NOBODY, is_alive, keys, prepared
from tests.faults.prey import WORKS

JUMPS = (-400, -30, -2, 30, 400)
"""Days that the clock is wrong by."""
MOST_ROOM = 400_000
MOST_MEMORY = 150 << 20
LONGEST_FILE = 30_000
BROWSER_S = 0.8
PHASES = (None, "start", "crawl", "build", "alerts")
"""Parts of a run in which Prefect's server may die, before its first word too."""
SERVER = MODULE.encode()
MISSES = 12
"""Moments tried until there is something to hit."""


def by_signal(way):
    """Ended by kill -9, by SIGTERM, or by kill -9 after it was stopped for a moment."""

    def strike(hunt, work):
        child = hunt.begin(work)
        time.sleep(hunt.chance.uniform(0, hunt.took[work]))
        is_hit = child.is_alive()
        if is_hit and way == "SIGTERM":
            child.terminate()
        elif is_hit:
            if way == "stopped":
                os.kill(child.pid, signal.SIGSTOP)
                time.sleep(0.02)
            child.kill()
        hunt.ended(child)
        return is_hit

    return strike


def full_disk(hunt, work):
    """A disk with hardly any room left, which is given back afterwards."""
    folder = Path(hunt.store.root).parent
    disk.leave_room(folder, _up_to(MOST_ROOM, hunt.chance))
    code = hunt.ended(hunt.begin(work))
    disk.leave_room(folder, None)
    return code != 0


def read_only(hunt, work):
    """A lake that its owner may not write to any more from some moment on."""
    root = Path(hunt.store.root)
    _owned(root, NOBODY)
    child = hunt.begin(work, "user", None)
    time.sleep(hunt.chance.uniform(0, hunt.took[work]))
    _writable(root, wanted=False)
    code = hunt.ended(child)
    _writable(root, wanted=True)
    _owned(root, os.geteuid())
    return code != 0


def _owned(root, user):
    """Give a lake to a user, if it is ours to give; root itself may write everywhere."""
    if os.geteuid() == 0:
        for path in (root, *root.rglob("*")):
            os.chown(path, user, user)


def _writable(root, *, wanted):
    for path in (root, *root.rglob("*")):
        if path.is_dir():
            path.chmod(0o755 if wanted else 0o555)


def short_files(hunt, work):
    """A quota: no file may grow beyond some size."""
    return hunt.ended(hunt.begin(work, "file", _up_to(LONGEST_FILE, hunt.chance))) != 0


def little_memory(hunt, work):
    """Memory runs out."""
    return hunt.ended(hunt.begin(work, "memory", _up_to(MOST_MEMORY, hunt.chance))) != 0


def _up_to(most, chance):
    """As often little as much."""
    return int(most ** chance.uniform(0.3, 1))


def wrong_clock(hunt, work):
    """The clock jumps, and back again; figures of the future are refused."""
    code = hunt.ended(hunt.begin(work, later=hunt.chance.choice(JUMPS)))
    is_refused = work == "import" and "is later than the file itself" in hunt.said()
    assert code == 0 or is_refused, hunt.said()
    return True


def damaged(way):
    """Files of the lake cut short or with a flipped bit: met by work, then mended."""

    def strike(hunt, work):
        root = Path(hunt.store.root)
        files = sorted(one for one in root.rglob("*") if one.suffix in {".parquet", ".json"})
        for file in hunt.chance.sample(files, hunt.chance.choice((1, 1, 3))):
            content = bytearray(file.read_bytes())
            place = hunt.chance.randrange(max(len(content), 1))
            if way == "cut":
                del content[place:]
            elif content:
                content[place] ^= 1 << hunt.chance.randrange(8)
            file.write_bytes(content)
        hunt.ended(hunt.begin(work))
        mend(hunt.store)
        left = [one.told() for one in examine(hunt.store) if one.is_damage]
        assert {one.kind for one in examine(hunt.store) if one.is_damage} <= {"pageless"}, left
        hunt.whole("crawl")
        return True

    return strike


def no_browser(hunt, work):
    """The browser dies while it renders."""
    child = hunt.begin("crawl", browser=settings().browser_path())
    ends = time.monotonic() + hunt.took["crawl"] * 20 + 20
    while not _below(child.pid, b"--headless") and child.is_alive() and time.monotonic() < ends:
        time.sleep(0.02)
    time.sleep(hunt.chance.uniform(0, BROWSER_S))
    found = _killed(child.pid, b"--headless")
    code = hunt.ended(child)
    assert code == 0, hunt.said()
    return found


def no_server(hunt, work):
    """Prefect's server dies, before it answers or later; then another one takes its place."""
    seen = progress.latest(hunt.store.root)
    phase = hunt.chance.choice(PHASES)
    child = hunt.begin(work)
    while child.is_alive() and not _below(child.pid, SERVER):
        time.sleep(0.02)
    while child.is_alive() and phase is not None:
        now = progress.latest(hunt.store.root)
        if now is not None and now.begin != getattr(seen, "begin", None) and now.phase == phase:
            break
        time.sleep(0.02)
    time.sleep(hunt.chance.uniform(0, hunt.took["run"]))
    found = _killed(child.pid, SERVER)
    code = hunt.ended(child)
    assert code == 0 or "Prefect's server" in hunt.said(), hunt.said()
    return found


def _below(process, word):
    """Processes below one that have a word in their command."""

    def command(one):
        with contextlib.suppress(OSError):
            return Path(f"/proc/{one}/cmdline").read_bytes()
        return b""

    return [one for one in descendants(process) if word in command(one) and is_alive(one)]


def _killed(process, word):
    """Kill those; whether there were any."""
    found = _below(process, word)
    for one in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    return bool(found)


KINDS = {
    "kill -9": by_signal("kill -9"),
    "SIGTERM": by_signal("SIGTERM"),
    "stopped, then kill -9": by_signal("stopped"),
    "full disk": full_disk,
    "quota": short_files,
    "read-only": read_only,
    "little memory": little_memory,
    "wrong clock": wrong_clock,
    "cut files": damaged("cut"),
    "flipped bits": damaged("flipped"),
    "browser killed": no_browser,
    "server killed": no_server,
}
ONLY = {"browser killed": "crawl", "server killed": "flow"}
"""Kinds that only one piece of work can meet."""
OFTEN = {"kill -9": 6, "SIGTERM": 4, "full disk": 3, "little memory": 2, "cut files": 2,
         "flipped bits": 2, "read-only": 2}  # fmt: skip
COST = {"crawl": 4, "replay": 3, "import": 3, "build": 2, "run": 2, "forget": 1}
"""How often each, of those that others take: a forgetting takes longest."""


def hit(ground, kind, work, seed):
    """Let one thing befall one piece of work on a copy of a prepared lake, and look.

    Skips where this machine can't do it. Fails where it was not survived.
    """
    chance = random.Random(seed)
    for _ in range(MISSES):
        place = Path(tempfile.mkdtemp())
        place.chmod(0o755)
        with disk.small(place) if kind == "full disk" else contextlib.nullcontext():
            hunt = ground.copied(place / "lake", chance)
            if work == "replay":
                hunt.disturb()
            before = keys(hunt.store)
            struck = KINDS[kind](hunt, work)
            if kind in {"cut files", "flipped bits"}:
                hunt.shown("crawl" if work != "forget" or hunt.posts("third") else "forget")
            elif struck:
                hunt.hold(before, work)
        shutil.rmtree(place)
        if struck:
            return
    pytest.skip(f"{kind}: {work} always ended before")


def main():
    """Hit often; counts a kind and a piece of work, and what was not survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    parser.add_argument("--kind", choices=KINDS, help="only this")
    parser.add_argument("--work", choices=WORKS, help="only on this")
    told = parser.parse_args()
    tried, survived = Counter(), Counter()
    with serving() as (base, _), tempfile.TemporaryDirectory() as folder:
        ground = prepared(Path(folder) / "lake", base, told.seed)
        for number in range(told.first, told.first + told.times):
            kind, work = _drawn(random.Random(f"{told.seed}-{number}"), told)
            try:
                hit(ground, kind, work, f"{told.seed}-{number}")
                survived[kind, work] += 1
                tried[kind, work] += 1
            except pytest.skip.Exception as left_out:
                sys.stderr.write(f"{number} {kind}, {work}: left out, {left_out}\n")
            except Exception:  # noqa: BLE001 - told, and counted
                tried[kind, work] += 1
                sys.stderr.write(f"{number} {kind}, {work}: {traceback.format_exc()}\n")
            sys.stderr.write(f"{number}: survived {survived.total()} of {tried.total()}\r")
            sys.stderr.flush()
    for one in sorted(tried):
        sys.stdout.write(f"{', '.join(one)}: {survived[one]} of {tried[one]}\n")
    counts = {"survived": survived.total(), "tried": tried.total(), "seed": told.seed}
    sys.stdout.write(f"{json.dumps(counts)}\n")
    sys.exit(survived.total() != tried.total())


def _drawn(chance, told):
    kind = told.kind or chance.choices(list(KINDS), [OFTEN.get(one, 1) for one in KINDS])[0]
    work = told.work or chance.choices(list(COST), list(COST.values()))[0]
    return kind, ONLY.get(kind, work)


if __name__ == "__main__":
    main()
