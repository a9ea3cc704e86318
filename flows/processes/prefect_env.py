"""Prefect without anything to install or start by hand, and without anything left behind.

A server that already runs is used: PREFECT_API_URL if set and answering, else the usual local
address. Otherwise one of our own starts under a leash (children.py) as a child of this process
and ends with it, kill -9 included. Its database lies beside the lake, never in ~/.prefect.
Nothing is reported to anyone.
"""

import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from flows.processes.children import Child, Stopping
from flows.words.problems import FellShort

USUAL: Final = "http://127.0.0.1:4200/api"
STARTUP_S: Final = 300.0
"""A first start makes the database: 15 CPU seconds, minutes on a busy machine. Prefect's own
limit is 20."""
LOOK_S: Final = 0.5
MOST_DEATHS: Final = 3
SETTLED_S: Final = 300.0
"""A server that ends so often, each time sooner than this, is not started again."""
MODULE: Final = "flows.processes.prefect_server"
QUIET: Final = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "DO_NOT_TRACK": "1",
}
"""Nothing leaves the machine: always set, whatever the environment says."""
USUALLY: Final = {
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(int(STARTUP_S)),
}
SERVER: Final = {
    **QUIET,
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    # Recorded in batches, a run's history is complete within a second of its end.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
SCHEDULES: Final = {"PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "true"}
"""What a server of ours needs besides, where it plans runs."""


class Server:
    """A Prefect server for this process: found, or started and stopped with it.

    Make it before anything imports prefect, which reads its settings then. A server of our own
    takes 10 s to come up: make it early, and call `ready` when it is needed.
    """

    def __init__(self, home: Path, *, schedules: bool = False) -> None:
        self._child: Child | None = None
        self._more = SCHEDULES if schedules else {}
        os.environ.update(QUIET)
        for name, value in {"PREFECT_HOME": str(home), **USUALLY}.items():
            os.environ.setdefault(name, value)
        self.home = Path(os.environ["PREFECT_HOME"])
        self.home.mkdir(parents=True, exist_ok=True)
        end_stale(self.home)
        found = next(
            (url for url in (os.environ.get("PREFECT_API_URL"), USUAL) if url and answers(url)),
            None,
        )
        self.url = found or self._start()
        os.environ["PREFECT_API_URL"] = self.url

    def _start(self) -> str:
        port = free_port()
        url = f"http://127.0.0.1:{port}/api"
        if not any(self.home.glob("server-*.json")):
            self.log.unlink(missing_ok=True)
        self._port = port
        self._child = self._begun(url)
        self._note = self.home / f"server-{port}.json"
        begun = self._note.with_suffix(".begun")  # whoever looks for stale ones sees it whole
        begun.write_text(json.dumps({"owner": os.getpid(), "port": port}))
        begun.replace(self._note)
        return url

    def _begun(self, url: str) -> Child:
        command = [sys.executable, "-P", "-m", MODULE, "--port", str(self._port)]
        told = {**SERVER, **self._more, "PREFECT_API_URL": url}
        with self.log.open("ab") as log:
            return Child(command, env=told, stdout=log, stderr=log, outlasts=True)

    @property
    def log(self) -> Path:
        """What servers of this home have to say: errors only."""
        return self.home / "server.log"

    def ready(self) -> None:
        """Wait until the server answers.

        Raises:
            FellShort: it ended, or did not come up in time.
        """
        ends = time.monotonic() + STARTUP_S
        while not self._answers():
            if not self._may_come() or time.monotonic() > ends:
                raise FellShort("Prefect's server did not start; see {log}", log=self.log)
            time.sleep(0.1)

    def _may_come(self) -> bool:
        """It is one of our own, and runs."""
        return self._child is not None and self._child.leash.poll() is None

    def _answers(self) -> bool:
        """It does; who answers at the address of one of ours that ended is somebody else's."""
        return (self._child is None or self._may_come()) and answers(self.url)

    @contextlib.contextmanager
    def needed(self) -> Iterator[None]:
        """A server of our own that dies in here starts again; what fails for want of it says so.

        Raises:
            FellShort: it no longer answers.
        """
        over = threading.Event()
        guard = threading.Thread(target=self._guard, args=(over,), daemon=True)
        guard.start()
        try:
            yield
        except Exception:
            if self._answers():
                raise
            raise FellShort(
                "Prefect's server ended during the run (see {log}); what was crawled is kept: "
                "run again", log=self.log,
            ) from None  # fmt: skip
        finally:
            over.set()
            guard.join()

    def _guard(self, over: threading.Event) -> None:
        """Start a server of ours again where it ended: who needs it asks again for a minute."""
        deaths, began = 0, time.monotonic()
        while self._child is not None and deaths < MOST_DEATHS and not over.wait(LOOK_S):
            if self._may_come():
                continue
            deaths = 1 if time.monotonic() - began > SETTLED_S else deaths + 1
            began = time.monotonic()
            with contextlib.suppress(Stopping):
                self._child = self._begun(self.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.stop()
            self._note.unlink(missing_ok=True)


def home_of(lake: str) -> Path:
    """Where Prefect keeps its database for a lake: beside it, or in the project's data folder."""
    here = Path(__file__).parents[2] / "data" / "prefect"
    if "://" in lake or here.parent in Path(lake).resolve().parents:
        return here
    return Path(lake).resolve().parent / "prefect"


def answers(url: str) -> bool:
    """A Prefect server of our generation answers there, to PREFECT_API_AUTH_STRING if it asks."""
    asked = urllib.request.Request(f"{url}/admin/version")  # noqa: S310 - as Prefect is told
    if sign_in := os.environ.get("PREFECT_API_AUTH_STRING"):
        token = base64.b64encode(sign_in.encode()).decode()
        asked.add_header("Authorization", f"Basic {token}")
    try:
        with urllib.request.urlopen(asked, timeout=2) as answer:  # noqa: S310
            return str(json.load(answer)).startswith("3.")
    except (OSError, ValueError, urllib.error.URLError):
        return False


def free_port(wanted: int = 0) -> int:
    """The wanted port of 127.0.0.1 if nobody has it, else one that is free."""
    for port in (wanted, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise FellShort("no free port on 127.0.0.1")


def end_stale(home: Path) -> None:
    """End servers whose owner is gone: a machine without Linux's death signal may keep one."""
    for note in home.glob("server-*.json"):
        try:
            mark = json.loads(note.read_text())
            owner, port = int(mark["owner"]), int(mark["port"])
        except (OSError, ValueError, KeyError):
            note.unlink(missing_ok=True)  # half-written by an owner that was killed
            continue
        commands = dict(processes())
        if owner in commands:
            continue
        for process, command in commands.items():
            if MODULE in command and f"--port {port} " in command:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGTERM)
        note.unlink(missing_ok=True)


def processes() -> Iterator[tuple[int, str]]:
    """(id, command line) of every process of this machine that we may see."""
    if Path("/proc/self/cmdline").exists():
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes().decode(errors="replace")
                yield int(folder.name), words.replace("\0", " ")
    elif listing := shutil.which("ps"):
        command = [listing, "-axo", "pid=,command="]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
        for line in lines.splitlines():
            process, _, words = line.strip().partition(" ")
            yield int(process), f"{words} "
