"""Prefect's server and workers on loopback, set up by deploy/setup.py; each dies with its own."""

import asyncio
import base64
import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path

from flows.processes.leash import descendants
from flows.processes.prefect_env import free_port

ROOT = Path(__file__).parents[2]
PREFECT = Path(sys.executable).with_name("prefect")
SIGN_IN = "lea:geheim"
DATABASE = os.environ.get("VIGIE_TEST_DATABASE")
"""Postgres's address, for Prefect's server; else it is SQLite."""
QUIET = {"PYTHONSAFEPATH": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}


class Machine:
    """A process that stands for a machine: its death takes all that it started along."""

    def __init__(self, log, command, env):
        self.log = log
        with log.open("wb") as there:
            self.process = subprocess.Popen(
                list(map(str, command)), env={**os.environ, **env}, stdout=there, stderr=there,
                cwd=log.parent, start_new_session=True,
            )  # fmt: skip

    def all(self):
        return {self.process.pid, *descendants(self.process.pid)}

    def kill(self):
        """As when the power fails: nothing of it has a chance to say anything."""
        doomed = self.all()
        for _ in range(2):  # what was begun while we killed
            for process in doomed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            doomed = self.all() - {self.process.pid}
        self.process.wait()


async def fresh():
    """The address of a new database on Postgres."""
    import asyncpg

    name = f"vigie_{uuid.uuid4().hex[:12]}"
    there = await asyncpg.connect(DATABASE.replace("+asyncpg", ""))
    await there.execute(f"CREATE DATABASE {name}")
    await there.close()
    return f"{DATABASE.rpartition('/')[0]}/{name}"


class Stack:
    """A Prefect server, what deploy/setup.py puts on it, and workers that come and go."""

    def __init__(self, folder, lake, watchlists):
        self.folder = folder
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/api"
        self.env = {
            **QUIET, "PREFECT_HOME": str(folder / "prefect"), "PREFECT_API_URL": self.url,
            "PREFECT_API_AUTH_STRING": SIGN_IN, "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
            "PREFECT_WORKER_QUERY_SECONDS": "2", "VIGIE_LAKE": lake,
            "VIGIE_WATCHLISTS": str(watchlists),
        }  # fmt: skip
        self.machines = []
        told = {"PREFECT_API_DATABASE_CONNECTION_URL": asyncio.run(fresh())} if DATABASE else {}
        self.start(
            "server", PREFECT, "server", "start", "--host", "127.0.0.1", "--port", port,
            **told, PREFECT_SERVER_API_AUTH_STRING=SIGN_IN,
        )  # fmt: skip
        wait_for(lambda: answers(f"{self.url}/health"), "the server", 120)
        done = subprocess.run(
            [sys.executable, str(ROOT / "deploy" / "setup.py")], env={**os.environ, **self.env},
            capture_output=True, text=True, check=False, cwd=folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, name, *command, **env):
        machine = Machine(self.folder / f"{name}.log", command, {**self.env, **env})
        self.machines.append(machine)
        return machine

    def worker(self, name, pool, limit=3, **env):
        """A worker that is ready, as its health address says."""
        port = free_port()
        machine = self.start(
            name, PREFECT, "worker", "start", "--pool", pool, "--name", name,
            "--limit", limit, "--with-healthcheck", **env,
            PREFECT_WORKER_WEBSERVER_HOST="127.0.0.1", PREFECT_WORKER_WEBSERVER_PORT=str(port),
        )  # fmt: skip
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/health"), name, 120)
        return machine

    def stop(self):
        for machine in reversed(self.machines):
            machine.kill()


def crawls(machine):
    """Whether the machine is in the middle of a crawl."""
    for process in machine.all():
        try:
            if b"crawlers\0crawl" in Path(f"/proc/{process}/cmdline").read_bytes():
                return True
        except OSError:
            continue
    return False


def answers(address):
    token = base64.b64encode(SIGN_IN.encode()).decode()
    asked = urllib.request.Request(address, headers={"authorization": f"Basic {token}"})
    try:
        with urllib.request.urlopen(asked, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_for(condition, what, within_s):
    ends = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < ends, f"{what}: not within {within_s} s"
        time.sleep(0.3)
    return found
