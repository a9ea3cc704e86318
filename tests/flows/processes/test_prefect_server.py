"""Servers that start at once beside one another: one database, two ports."""

import fcntl
import os
import socket
import subprocess
import sys

import pytest
from prefect.server import database

from flows.processes import prefect_server
from flows.processes.prefect_env import Server
from flows.words.problems import FellShort

TWO = """
import sys
from pathlib import Path
from flows.processes.prefect_env import Server
with Server(Path(sys.argv[1])) as server:
    server.ready()
    print(server.url, flush=True)
    sys.stdin.read()
"""


def test_a_database_is_made_by_one_process_at_a_time(tmp_path, monkeypatch):
    tried = []

    class Interface:
        async def create_db(self):
            with (tmp_path / prefect_server.LOCK).open() as other, pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            tried.append(True)

    monkeypatch.setattr(database, "provide_database_interface", Interface)
    prefect_server.migrate(tmp_path)
    prefect_server.migrate(tmp_path)  # the first one has let go
    assert tried == [True, True]


def test_a_port_that_somebody_else_was_given_ends_the_server_at_once(monkeypatch):
    monkeypatch.setattr(prefect_server, "migrate", lambda _: pytest.fail("it had no port"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            prefect_server.main(taken.getsockname()[1])


def test_the_port_is_held_while_the_database_is_made(tmp_path, monkeypatch):
    class MadeError(Exception):
        pass

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def look(_):
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        raise MadeError

    monkeypatch.setattr(prefect_server, "migrate", look)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    with pytest.raises(MadeError):
        prefect_server.main(port)


class Ended:
    """A child that is gone."""

    @property
    def leash(self):
        return self

    def poll(self):
        return 1


def test_a_stranger_at_the_port_of_a_server_of_ours_that_ended_is_not_taken_for_it(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("flows.processes.prefect_env.answers", lambda _: True)
    one = Server.__new__(Server)
    one.url, one.home, one._child = "http://127.0.0.1:9/api", tmp_path, Ended()
    with pytest.raises(FellShort, match="did not start"):
        one.ready()


@pytest.mark.skipif(
    os.environ.get("VIGIE_TEST_SERVERS") != "1",
    reason="starts two Prefect servers, half a minute; set VIGIE_TEST_SERVERS=1",
)
def test_two_servers_on_one_new_database_come_up(tmp_path):
    pipe = subprocess.PIPE
    command = [sys.executable, "-P", "-c", TWO, str(tmp_path)]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    both = [subprocess.Popen(command, stdin=pipe, stdout=pipe, env=quiet) for _ in range(2)]
    urls = {one.stdout.readline().decode().strip() for one in both}
    ended = [(one.communicate(b"")[0], one.returncode) for one in both]
    assert all(url.startswith("http://127.0.0.1:") for url in urls)
    assert len(urls) == 2
    assert [code for _, code in ended] == [0, 0]
