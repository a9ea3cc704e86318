"""Kill pieces of work at random moments, and hold the lake against what must stay true."""

import json
import multiprocessing
import os
import random
import resource
import signal
import time

import polars as pl

from data import lock
from data.store import Store
from data.tables import CORE
from flows.repair.doctor import examine
from tests.crawlers.scripted import register
from tests.faults import prey

WAYS = ("kill", "term", "stop")
LEFT_BY_A_KILL = {"build", "erasure", "busy"}
"""What doctor may find after a kill: work begun and not ended, which the next run ends."""
PATIENCE_S = 120
NOBODY = 65534
_servers = multiprocessing.get_context("forkserver")
_servers.set_forkserver_preload(["tests.faults.warm"])


def begin(work, lake, base, step, limit=None):
    """Start a piece of work in a process of its own, with everything imported already."""
    hearing, saying = _servers.Pipe(duplex=False)
    given = (saying, work, str(lake), base, step, limit)
    child = _servers.Process(target=_carry_out, args=given)
    child.start()
    saying.close()
    with hearing:
        assert hearing.poll(PATIENCE_S)
        hearing.recv()
    return child


def _carry_out(saying, work, lake, base, step, limit):
    quiet = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(quiet, number)
    if limit == "read-only":
        if os.geteuid() == 0:
            os.setuid(NOBODY)
    elif limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    register()
    saying.send("ready")
    saying.close()
    prey.work(work, lake, base, step)


def ended(child):
    """The exit code."""
    child.join(PATIENCE_S)
    code = child.exitcode
    if code is None:
        child.kill()
        child.join()
    child.close()
    return code


def strike(child, way, after_s):
    """End a process in one of WAYS after a while; whether it was still at work."""
    time.sleep(after_s)
    alive = child.is_alive()
    if alive and way == "term":
        child.terminate()
    elif alive:
        if way == "stop":
            os.kill(child.pid, signal.SIGSTOP)
            time.sleep(0.02)
        child.kill()
    assert ended(child) is not None, f"still there {PATIENCE_S} s after {way}"
    return alive


def keys(store):
    """The keys of every core table."""
    return {
        table: set(store.scan(table).select(contract.primary_key()).collect().rows())
        for table, contract in CORE.items()
    }


def check(store, allowed=LEFT_BY_A_KILL):
    """Nothing torn, doubled or without its page, and nobody at work."""
    found = [finding.told() for finding in examine(store) if finding.kind not in allowed]
    assert found == []
    with lock.alone(store.root, 0):
        pass


class Hunt:
    """One lake, hit again and again; every piece of work is done again to its end."""

    def __init__(self, lake, base, seed):
        self.store = Store(lake)
        self.base = base
        self.chance = random.Random(seed)
        self.step = 0
        self.tried = dict.fromkeys(prey.WORKS, 0)
        self.survived = dict.fromkeys(prey.WORKS, 0)
        self.took = {}

    def whole(self, work):
        """A piece of work to its end."""
        self.step += 1
        child = begin(work, self.store.root, self.base, self.step)
        began = time.monotonic()
        assert ended(child) == 0, work
        self.took[work] = time.monotonic() - began

    def hit(self, work, *, again=True):
        """Kill one, look, and do it again to its end; whether there was something to kill."""
        before = keys(self.store)
        self.step += 1
        after = self.chance.uniform(0, self.took[work])
        child = begin(work, self.store.root, self.base, self.step)
        if not strike(child, self.chance.choice(WAYS), after):
            return False
        self.tried[work] += 1
        check(self.store)
        if work != "forget":
            self.lost(before)
        if again:
            self.whole(work)
        self.survived[work] += 1
        return True

    def lost(self, before):
        """No key of before is gone."""
        after = keys(self.store)
        gone = {table: rows - after[table] for table, rows in before.items()}
        assert not any(gone.values()), gone

    def posts(self, channel):
        """Number of its posts."""
        mine = pl.col("channel_id") == f"scripted:{channel}"
        return self.store.scan("posts").filter(mine).collect().height

    def told(self):
        """The counts as one JSON line."""
        return json.dumps({"tried": self.tried, "survived": self.survived})
