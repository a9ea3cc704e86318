"""A run tells what it does while it runs, to whoever looks into the lake."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from data import lock, logs
from data import progress as told
from data.said import Said, WatchlistError
from flows import progress
from flows.processes.children import Child
from flows.words.problems import FellShort, Unusable

GAIN = {"pages": 1, "reason": None, "posts": 3, "new_posts": 2}
VISITED = logs.encoded(logs.line("info", logs.CRAWL, "visited", channel_id="feed:a", **GAIN))
HOLD = """
import sys, time
from flows import progress
with progress.kept(sys.argv[1], "w.yaml"):
    progress.planned("r", ["feed:a"])
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def lake(tmp_path):
    return str(tmp_path / "lake")


@pytest.fixture
def elsewhere(lake):
    """A run in another process."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, lake], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def coverage(channel, reason=None, posts=3, new=2):
    row = {"channel_id": channel, "posts": posts, "new_posts": new, "reason": reason}
    return pl.DataFrame([{**row, "complete": reason is None}])


def test_a_run_is_seen_from_its_first_moment_to_its_end(lake):
    with progress.kept(lake, "w.yaml"):
        run = told.latest(lake)
        assert (run.is_live, run.phase, run.begin.origin, run.end) == (
            True,
            "start",
            "command",
            None,
        )
        progress.phase("crawl")
        progress.planned("r", ["feed:a", "feed:b"])
        progress.heard(b"not ours\n")
        other = logs.line("info", logs.CRAWL, "other", channel_id="feed:a", **GAIN)
        progress.heard(logs.encoded(other))
        progress.heard(logs.encoded(logs.line("info", "x", "visited", channel_id="b", posts="y")))
        progress.heard(b"\xff\xfe\n")
        progress.heard(VISITED)
        run = told.latest(lake)
        assert (run.phase, run.run_id, run.channels) == ("crawl", "r", ["feed:a", "feed:b"])
        assert (list(run.visited), run.new_posts, run.short) == (["feed:a"], 2, [])
        progress.covered(coverage("feed:b", "gone (404)", posts=0, new=0))
        progress.phase("build")
    run = told.latest(lake)
    assert (run.is_live, run.phase, run.end.state, run.end.code) == (False, "build", "short", 1)
    assert [(one.channel_id, one.reason) for one in run.short] == [("feed:b", "gone (404)")]
    assert run.new_posts == 2


def test_what_a_second_try_had_is_no_shortfall(lake):
    with progress.kept(lake, "w.yaml"):
        progress.covered(coverage("feed:a", "the crawl's process ended"))
        progress.covered(coverage("feed:a"))
    assert told.latest(lake).end.state == "done"
    assert told.latest(lake).short == []


@pytest.mark.parametrize(
    ("fault", "state", "code", "problem"),
    [
        (SystemExit(143), "stopped", 143, None),
        (KeyboardInterrupt(), "stopped", 130, None),
        (Unusable("no format is called {form}; there are {known}", form="a", known="b"),
         "failed", 2, "no format is called a; there are b"),
        (WatchlistError(Said("the watchlist")), "failed", 2, "the watchlist"),
        (ValueError("x" * 900), "failed", 1, ("ValueError: " + "x" * 900)[:500]),
    ],
)  # fmt: skip
def test_an_end_of_any_kind_is_told(lake, fault, state, code, problem):
    with pytest.raises(type(fault)), progress.kept(lake, "w.yaml"):
        raise fault
    end = told.latest(lake).end
    assert (end.state, end.code, end.problem) == (state, code, problem)


def test_one_run_at_a_time_whatever_the_process(lake, elsewhere):
    with pytest.raises(FellShort, match="`vigie run` has been"), progress.kept(lake, "w"):
        raise AssertionError("two runs")
    assert told.latest(lake).is_live
    elsewhere.send_signal(signal.SIGKILL)
    elsewhere.wait()
    run = told.latest(lake)
    assert (run.end, run.is_live, run.run_id) == (None, False, "r")
    with progress.kept(lake, "w.yaml"):
        assert told.latest(lake).is_live


def test_a_glance_is_no_run(lake):
    assert not lock.is_running(lake)
    with lock.running(lake, "vigie build"):
        assert lock.is_running(lake)
    assert not lock.is_running(lake)


def test_who_started_it_from_the_dashboard_is_told(lake, monkeypatch):
    monkeypatch.setenv(told.BY, "lea@maison.example")
    with progress.kept(lake, "w.yaml"):
        begin = told.latest(lake).begin
    assert (begin.origin, begin.by) == ("dashboard", "lea@maison.example")
    with progress.kept(lake, "w.yaml", "schedule"):
        begin = told.latest(lake).begin
    assert (begin.origin, begin.by) == ("schedule", None)


def test_old_files_go_and_an_erasure_takes_them_all(lake):
    folder = Path(lake) / told.FOLDER
    folder.mkdir(parents=True)
    for days in (0, told.KEPT_DAYS + 2):
        then = datetime.now(UTC) - timedelta(days=days)
        (folder / f"{then:%Y%m%dT%H%M%S.%f}-abcd.jsonl").write_text("{}")
    with progress.kept(lake, "w.yaml"):
        assert len(list(folder.iterdir())) == 2
        told.forget(lake)
        assert told.latest(lake) is not None, "a run that goes on is left its file"
    told.forget(lake)
    assert told.latest(lake) is None


def test_a_torn_or_foreign_file_is_passed_over(lake):
    with progress.kept(lake, "w.yaml"):
        progress.planned("r", ["feed:a"])
        (file,) = (Path(lake) / told.FOLDER).iterdir()
        with file.open("ab") as out:
            out.write(b'{"type":"end","at":')
        (file.parent / "99990101T000000.0-ffff.jsonl").write_text("[1, 2]\nnonsense")
        assert told.latest(lake).run_id == "r"
        assert told.latest(lake).end is None


def test_a_lake_elsewhere_tells_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with progress.kept("s3://bucket/lake", "w.yaml"):
        progress.phase("crawl")
    assert told.latest("s3://bucket/lake") is None
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_ends_no_run(lake, monkeypatch):
    with progress.kept(lake, "w.yaml"):
        monkeypatch.setattr(
            Path, "open", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full"))
        )
        progress.phase("crawl")


def test_a_childs_lines_are_heard_as_they_come(tmp_path):
    """The child goes on only once its first line was heard."""
    mark = tmp_path / "heard"
    code = """import pathlib, sys, time
given = sys.stdin.read()
print("one", file=sys.stderr, flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.01)
print("two", file=sys.stderr)
print(given.upper())"""
    heard = []

    def hear(line):
        heard.append(line)
        mark.touch()

    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, str(mark)]
    with Child(command, stdin=pipe, stdout=pipe, stderr=pipe) as child:
        assert child.converse(b"told", hear) == (b"TOLD\n", b"two")
    assert heard == [b"one\n", b"two\n"]
