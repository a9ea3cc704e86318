"""The process of a Prefect server of our own: `python -m flows.processes.prefect_server --port N`.

Two things that Prefect's own command leaves to luck. Lakes side by side share one database; two
servers that start at once would both make or migrate its tables, and one would die of it: here
the second waits for the first. And the port is taken at once, not after the ten seconds of a
start, in which any other process may be given it.
"""

import argparse
import asyncio
import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import uvicorn

APP: Final = "prefect.server.api.server:create_app"
LOCK: Final = "database.lock"


def main(port: int) -> None:
    """Serve on a port of 127.0.0.1 until told to stop.

    Raises:
        OSError: somebody else has that port.
    """
    with socket.socket() as listening:
        # The same port again, where a server of ours was killed a moment ago.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        migrate(Path(os.environ["PREFECT_HOME"]))
        config = uvicorn.Config(APP, factory=True, log_level="error", lifespan="on")
        uvicorn.Server(config).run(sockets=[listening])


def migrate(home: Path) -> None:
    """Make Prefect's tables, or bring them up to date; one process at a time."""
    from prefect.server.database import provide_database_interface
    from prefect.settings import get_current_settings

    if get_current_settings().server.database.migrate_on_start:
        with _alone(home):
            asyncio.run(provide_database_interface().create_db())


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the lock of a database; it ends with this process, however that ends."""
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    main(parser.parse_args().port)
