"""A Prefect server that goes away in the middle of a run."""

import threading

import pytest

from flows.processes import prefect_env
from flows.processes.prefect_env import Server
from flows.words.problems import FellShort


@pytest.fixture
def server(tmp_path):
    one = Server.__new__(Server)
    one.url, one.home, one._child = "http://127.0.0.1:9/api", tmp_path, None
    return one


def test_a_server_that_went_away_is_named_with_the_cure(server):
    told = r"server\.log\); what was crawled is kept: run again"
    with pytest.raises(FellShort, match=told), server.needed():
        raise ConnectionError("refused")


def test_any_other_fault_is_told_as_it_is(server, monkeypatch):
    monkeypatch.setattr(prefect_env, "answers", lambda _: True)
    with pytest.raises(ZeroDivisionError), server.needed():
        raise ZeroDivisionError
    with server.needed():
        pass


class Child:
    """A server's process that runs, or has ended."""

    def __init__(self, code):
        self.code = code

    @property
    def leash(self):
        return self

    def poll(self):
        return self.code


def test_one_of_our_own_that_dies_starts_again_at_its_address(server, monkeypatch):
    begun = threading.Event()

    def again(url):
        assert url == server.url
        begun.set()
        return Child(None)

    monkeypatch.setattr(prefect_env, "LOOK_S", 0.001)
    server._child, server._begun = Child(-9), again
    with server.needed():
        assert begun.wait(60)
    assert server._child.poll() is None


def test_one_that_always_dies_at_once_is_given_up(server, monkeypatch):
    given_up, begun = threading.Event(), []

    def again(_):
        begun.append(True)
        if len(begun) == prefect_env.MOST_DEATHS:
            given_up.set()
        return Child(1)

    monkeypatch.setattr(prefect_env, "LOOK_S", 0)
    monkeypatch.setattr(server, "_begun", again, raising=False)
    server._child = Child(1)

    def run():
        with server.needed():
            assert given_up.wait(60)
            raise ConnectionError("refused")

    with pytest.raises(FellShort, match="run again"):
        run()
    assert len(begun) == prefect_env.MOST_DEATHS
