"""`vigie serve` before anything starts: what can't work is named, and one is enough for a lake."""

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.commands import serve
from flows.processes.prefect_env import home_of
from flows.words import messages
from flows.words.problems import FellShort
from tests.flows.lakes import WATCHLIST


@pytest.fixture(autouse=True)
def _forget_language():
    yield
    messages._chosen.clear()


@pytest.fixture
def refused(tmp_path, monkeypatch):
    """What is said of a watchlist with these lines; nothing may start."""

    def started(*_, **__):
        raise AssertionError("a server was started")

    monkeypatch.setattr("flows.processes.prefect_env.Server.__init__", started)

    def said(lines, *options, code=2):
        file = tmp_path / "watchlist.yaml"
        file.write_text(WATCHLIST + lines, encoding="utf-8")
        lake = str(tmp_path / "lake")
        done = CliRunner().invoke(
            app, ["serve", str(file), "--lake", lake, "--lang", "en", *options]
        )
        assert done.exit_code == code, (done.output, done.exception)
        return done.stderr

    return said


def test_an_address_that_nothing_reaches_is_named_by_its_place(refused):
    said = refused("alerts: ['json://x.example', 'canary://canary-1f7b']\n")
    assert "alerts[1]: no service is reached by such a canary:// address" in said
    assert "canary-1f7b" not in said


def test_a_missing_library_ends_it(refused, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert "pip install 'vigie[notify]'" in refused("alerts: ['json://x.example']\n")


@pytest.mark.parametrize(("option", "value"), [("--every", "soon"), ("--at", "noon")])
def test_a_wrong_rhythm_ends_it(refused, option, value):
    assert f"{option} {value}: write" in refused("", option, value)


def test_a_second_one_on_the_same_lake_says_so(refused, tmp_path):
    lake = str(tmp_path / "lake")
    with serve._alone(home_of(lake), lake):
        assert "`vigie serve` runs on it already (process " in refused("", code=1)
        with pytest.raises(FellShort), serve._alone(home_of(lake), str(tmp_path / "." / "lake")):
            pass
        with serve._alone(home_of(lake), str(tmp_path / "other")):
            pass
    with serve._alone(home_of(lake), lake):
        pass
