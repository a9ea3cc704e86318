"""A Prefect server that goes away in the middle of a run."""

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
