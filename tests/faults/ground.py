"""Pieces of work as processes, and what must be true of a lake after anything that befell them."""

import atexit
import contextlib
import faulthandler
import multiprocessing
import os
import random
import resource
import shutil
import signal
import tempfile
import time
from pathlib import Path

import polars as pl

from data import lock
from data.store import Store
from data.tables import CORE
from flows.processes.leash import descendants
from flows.repair.doctor import examine
from tests.crawlers.hostile import POSTS
from tests.crawlers.scripted import register
from tests.faults import prey
from tests.faults.prey import ACCOUNTS

LEFT_BY_A_KILL = {"build", "erasure", "busy"}
"""What doctor may find after a kill: work begun and not ended, which the next run ends."""
PATIENCE_S = 200
NOBODY = 65534
PAGE = os.sysconf("SC_PAGE_SIZE")
SAID = Path(tempfile.gettempdir()) / f"vigie-hunt-{os.getpid()}.said"
"""What the last piece of work said, on its outputs and when it was asked where it is."""
PREFECT = SAID.with_suffix(".prefect")
"""Where Prefect's server keeps its history: a new one takes ten CPU seconds each time."""
atexit.register(shutil.rmtree, PREFECT, ignore_errors=True)
_servers = multiprocessing.get_context("forkserver")
_servers.set_forkserver_preload(["tests.faults.warm"])


def begin(work, lake, base, step, limit=(None, None), browser=None):
    """Start a piece of work in a process of its own, with everything imported already.

    `limit` is what it must make do with: ("user", _) may write nothing, ("file", bytes) and
    ("memory", bytes more than it has).
    """
    hearing, saying = _servers.Pipe(duplex=False)
    given = (saying, str(SAID), limit, work, str(lake), base, step, browser)
    child = _servers.Process(target=_carry_out, args=given)
    child.start()
    saying.close()
    with hearing:
        assert hearing.poll(PATIENCE_S)
        hearing.recv()
    return child


def _carry_out(saying, said, limit, *work):
    heard = Path(said).open("wb")  # noqa: SIM115 - lives as long as the process
    for number in (1, 2):
        os.dup2(heard.fileno(), number)
    faulthandler.register(signal.SIGUSR1, file=heard, all_threads=True)
    os.environ["PREFECT_HOME"] = str(Path(said).with_suffix(".prefect"))
    register()
    saying.send("ready")
    saying.close()
    kind, size = limit
    if kind == "user" and os.geteuid() == 0:
        os.setuid(NOBODY)
    elif kind == "file":
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    elif kind == "memory":
        Store(work[1]).scan("posts").collect()  # threads of the engines are there by now
        most = int(Path("/proc/self/statm").read_text().split()[0]) * PAGE + size
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    prey.work(*work)


def ended(child, patience_s=PATIENCE_S):
    """The exit code; None where it hung: then it is killed, and has said where it was."""
    child.join(patience_s)
    code = child.exitcode
    if code is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGUSR1)
        child.join(1)
        child.kill()
        child.join()
    child.close()
    return code


def keys(store):
    """The keys of every core table, each there once."""
    found = {}
    for table, contract in CORE.items():
        rows = store.scan(table).select(contract.primary_key()).collect().rows()
        found[table] = set(rows)
        assert len(rows) == len(found[table]), f"{table}: doubled"
    return found


def check(store, allowed=LEFT_BY_A_KILL):
    """Nothing torn, doubled or without its page, and nobody at work."""
    found = [finding.told() for finding in examine(store) if finding.kind not in allowed]
    assert found == []
    assert not lock.is_running(store.root)
    with lock.alone(store.root, 0):
        pass


class Hunt:
    """One lake; `took` is how long each piece of work takes on such a lake."""

    def __init__(self, lake, base, chance, took=None, step=0):
        self.store = Store(lake)
        self.base = base
        self.chance = chance
        self.took = dict(took or {})
        self.step = step

    def copied(self, lake, chance):
        """The same on a copy of the lake."""
        shutil.copytree(self.store.root, lake)
        return Hunt(lake, self.base, chance, self.took, self.step)

    def begin(self, work, *limit, later=0, browser=None):
        """Begin a piece of work, a simulated day after the last one (or as much later)."""
        self.step += 1
        given = (limit or (None, None), browser)
        return begin(work, self.store.root, self.base, self.step + later, *given)

    def ended(self, child):
        """The exit code of what was begun, which did not hang and left nothing running."""
        below = descendants(child.pid)
        code = ended(child)
        assert code is not None, f"hung: {self.said()}"
        ends = time.monotonic() + PATIENCE_S
        while (left := [one for one in below if is_alive(one)]) and time.monotonic() < ends:
            time.sleep(0.05)
        assert not left, "processes are left running"
        return code

    def said(self):
        """The end of what the last piece of work said."""
        return SAID.read_text(errors="replace")[-6000:]

    def whole(self, work, **how):
        """A piece of work to its end."""
        began = time.monotonic()
        child = self.begin(work, **how)
        code = self.ended(child)
        assert code == 0, f"{work} ended with {code}: {self.said()}"
        self.took[work] = time.monotonic() - began

    def hold(self, before, work):
        """Nothing of before is lost, and the work is done again to its end."""
        check(self.store)
        if work != "forget":
            self.lost(before)
        self.whole(work)
        if work != "forget":
            self.lost(before)
        self.shown(work)

    def shown(self, work):
        """Every account has its posts, but for who was erased."""
        third = 0 if work == "forget" else POSTS
        assert [self.posts(account) for account in ACCOUNTS] == [POSTS, POSTS, third]

    def disturb(self):
        """Give a replay something to correct."""
        rows = self.store.scan("metrics").collect()
        self.store.replace("metrics", rows.with_columns(likes=pl.col("likes") + 1))

    def lost(self, before):
        """No key of before is gone."""
        after = keys(self.store)
        gone = {table: rows - after[table] for table, rows in before.items()}
        assert not any(gone.values()), gone

    def posts(self, channel):
        """Number of its posts."""
        mine = pl.col("channel_id") == f"scripted:{channel}"
        return self.store.scan("posts").filter(mine).select(pl.len()).collect().item()


def is_alive(process):
    """Whether a process runs: one that ended and that nobody has asked for its end does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def prepared(lake, base, seed):
    """A lake that every kind of work was done in, and how long each takes."""
    register()
    hunt = Hunt(lake, base, random.Random(seed))
    for work in ("crawl", "import", "replay", "build", "run"):
        hunt.whole(work)
    hunt.took["crawl"] = hunt.took["run"] / 3  # the first one has more to do
    hunt.took["forget"] = hunt.took["build"] * 1.5
    hunt.took["flow"] = hunt.took["run"] * 2
    return hunt
