"""Two runs of one lake: the second is told who is at work, or waits; a dead one is in nobody's way.

The first is a process of its own each time.
"""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data import lock, progress
from data.store import Store
from flows import turns
from flows.cli import app
from flows.commands.demo import MARK
from flows.progress import kept
from flows.words import console, messages
from flows.words.problems import FellShort
from tests.flows.lakes import WATCHLIST, fill

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from flows import turns
with turns.taken(sys.argv[1], "vigie crawl"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _in_english():
    messages.speak("en")
    yield
    messages._chosen.clear()


@pytest.fixture
def lake(tmp_path):
    """Filled as by a demo, so that every command could begin."""
    root = tmp_path / "lake"
    fill(Store(root))
    (root / MARK).write_text("{}")
    return str(root)


@contextlib.contextmanager
def at_work(lake):
    """A process that holds the lake's run lock, until its standard input is closed."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", HOLD, lake]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT) as process:
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_every_command_that_runs_is_told_who_is_at_work(lake, tmp_path, monkeypatch):
    monkeypatch.setattr("flows.processes.prefect_env.Server", lambda _: contextlib.nullcontext())
    watchlist = tmp_path / "watchlist.yaml"
    watchlist.write_text(WATCHLIST, encoding="utf-8")
    version = Store(lake).version()
    commands = (["run", watchlist], ["crawl", watchlist], ["build"], ["replay"], ["demo"])
    with at_work(lake) as first:
        for command in commands:
            told = [*map(str, command), "--lake", lake]
            done = CliRunner().invoke(app, [*told, "--lang", "en"])
            assert done.exit_code == 1, (command, done.output, done.exception)
            assert "`vigie crawl` has been at work since 20" in done.stderr
            assert f"(process {first.pid} on " in done.stderr
            assert "wait for its end, or end that process" in done.stderr
        done = CliRunner().invoke(app, ["build", "--lake", lake, "--lang", "fr"])
        assert "`vigie crawl` y travaille depuis 20" in done.stderr
        assert Store(lake).version() == version


def test_the_lock_of_a_dead_process_is_taken_over(lake):
    with at_work(lake) as first:
        first.kill()
        first.wait()
        assert lock.holder(lake) is None
        with turns.taken(lake, "vigie build"):
            held = lock.holder(lake)
            assert held.process != first.pid
            assert held.command == "vigie build"
            with pytest.raises(FellShort, match="`vigie build`"), turns.taken(lake, "vigie run"):
                raise AssertionError("two runs")
    assert not lock.is_running(lake)


def test_a_run_of_the_schedule_waits_for_its_turn(lake, monkeypatch):
    said = []
    monkeypatch.setattr(lock, "GLANCE_S", 0)
    with at_work(lake) as first:

        def heard(text, **values):
            said.append((text, str(values["problem"])))
            first.stdin.close()

        monkeypatch.setattr(console, "problem", heard)
        with kept(lake, "w.yaml", "schedule"):
            assert lock.holder(lake).command == "vigie serve"
            assert progress.latest(lake).is_live
    ((text, problem),) = said
    assert text == "waiting for its end: {problem}"
    assert "`vigie crawl` has been at work since 20" in problem


def test_a_run_of_the_schedule_waits_not_for_ever(lake, monkeypatch):
    monkeypatch.setattr(lock, "GLANCE_S", 0)
    monkeypatch.setattr(turns, "WAITS_S", 0)
    with (
        at_work(lake),
        pytest.raises(FellShort, match="`vigie crawl`"),
        kept(lake, "w.yaml", "schedule"),
    ):
        raise AssertionError("two runs")


def test_a_run_that_was_killed_is_not_live_when_another_command_works(lake):
    with pytest.raises(SystemExit), kept(lake, "w.yaml"):
        raise SystemExit(1)
    (file,) = (Path(lake) / progress.FOLDER).iterdir()
    begun = file.read_bytes().splitlines(keepends=True)[0]
    file.write_bytes(begun)
    with turns.taken(lake, "vigie build"):
        assert progress.latest(lake).end is None
        assert not progress.latest(lake).is_live


def test_a_lake_elsewhere_has_no_lock(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with turns.taken("s3://bucket/lake", "vigie run"), turns.taken("s3://bucket/lake", "vigie run"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_note_that_is_half_written_names_nobody(lake):
    with turns.taken(lake, "vigie build"):
        (Path(lake) / lock.RUN).write_bytes(b'{"process":')
        assert lock.is_running(lake)
        assert lock.holder(lake) is None
        with pytest.raises(FellShort, match="under way already"), turns.taken(lake, "vigie run"):
            raise AssertionError("two runs")
