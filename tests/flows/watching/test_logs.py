"""The log of a run: from its beginning to its end, into the lake and, where asked for, out."""

import json
import logging
import sys
from pathlib import Path

import polars as pl
import pytest

from data import logs as lines
from data.settings import settings
from flows import progress, turns
from flows.erasing import forget
from flows.watching import logs
from flows.words import console
from tests.flows.canary import hits
from tests.flows.lakes import fill

CANARY = "canary-20c1d7"


@pytest.fixture
def lake(tmp_path):
    return str(tmp_path / "lake")


@pytest.fixture
def json_wanted(monkeypatch):
    monkeypatch.setenv("VIGIE_LOG", "json")
    settings.cache_clear()


def said(lake):
    (file,) = (Path(lake) / lines.FOLDER).glob("*.jsonl")
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def visited(channel, run_id="r9", **fields):
    told = lines.line("info", lines.CRAWL, "visited", run_id=run_id, channel_id=channel, **fields)
    return lines.encoded(told)


def test_a_run_is_logged_with_its_ids_from_its_beginning_to_its_end(lake):
    with progress.kept(lake, "w.yaml", "schedule"):
        progress.phase("crawl")
        progress.planned("r9", ["feed:x"])
        progress.heard(visited("feed:x", posts=3))
        progress.heard(b"Traceback (most recent call last):\n")
        progress.covered(pl.DataFrame({"channel_id": ["feed:x"], "posts": [3], "new_posts": [1],
                                       "reason": ["gone"], "complete": [False]}))  # fmt: skip
        logging.getLogger("somewhere").warning("slow")
        console.problem("next run: {time}", time="tomorrow")
    told = said(lake)
    assert [one["message"] for one in told] == [
        "run begins", "phase begins", "crawl planned", "visited",
        "Traceback (most recent call last):", "crawl ended", "slow", "next run: tomorrow",
        "run ended",
    ]  # fmt: skip
    assert told[0]["fields"] == {"command": "run (schedule)"}
    assert {one["run_id"] for one in told[2:6]} == {"r9"}
    assert told[3]["channel_id"] == "feed:x"
    assert told[-1]["fields"]["outcome"] == "done"


@pytest.mark.parametrize(
    ("fault", "outcome", "error"),
    [(ValueError("Bivouac au lac"), "failed", "ValueError"),
     (KeyboardInterrupt(), "stopped", "KeyboardInterrupt")],
)  # fmt: skip
def test_an_end_of_any_kind_is_logged_by_its_kind(lake, fault, outcome, error):
    with pytest.raises(type(fault)), turns.taken(lake, "vigie crawl"):
        raise fault
    last = said(lake)[-1]
    assert (last["level"], last["fields"]["outcome"]) == ("error", outcome)
    assert (last["fields"]["error"], last["run_id"]) == (error, None)
    assert "Bivouac" not in json.dumps(last)


def test_a_run_is_not_taken_for_a_crawl_planned_before_it(lake):
    progress.planned("r8", ["feed:x"])
    with turns.taken(lake, "vigie crawl"):
        pass
    assert {one["run_id"] for one in said(lake)} == {None}


def test_nothing_is_attached_after_a_run(lake):
    before = [list(logging.getLogger(name).handlers) for name in logs.LIBRARIES]
    with turns.taken(lake, "vigie crawl"):
        assert len(logging.getLogger().handlers) == len(before[0]) + 1
    assert [list(logging.getLogger(name).handlers) for name in logs.LIBRARIES] == before
    progress.heard(visited("feed:x"))
    assert len(said(lake)) == 2


def test_standard_error_is_sentences_unless_lines_are_wanted(lake, capfd):
    with turns.taken(lake, "vigie crawl"):
        console.problem("{problem}", problem="a sentence")
        progress.heard(visited("feed:x"))
    assert capfd.readouterr().err == "a sentence\n"


def test_every_line_of_standard_error_is_an_object_where_wanted(lake, capfd, json_wanted):
    other = logging.getLogger("prefect")
    text = logging.StreamHandler(sys.stderr)
    other.addHandler(text)
    try:
        with turns.taken(lake, "vigie crawl"):
            console.problem("{problem}", problem="a sentence")
            progress.heard(visited("feed:x"))
            other.warning("late")
    finally:
        other.removeHandler(text)
    told = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert told == said(lake)
    assert [one["message"] for one in told][1:-1] == ["a sentence", "visited", "late"]


def test_no_secret_reaches_the_log(lake, capfd, monkeypatch, json_wanted):
    monkeypatch.setenv("VIGIE_REDDIT_CLIENT_SECRET", CANARY)
    settings.cache_clear()
    address = f"json://user:{CANARY}@x.example/in"
    with turns.taken(lake, "vigie crawl"):
        console.problem("{problem}", problem=f"{CANARY} {address}")
        logging.getLogger("x").error("to %s", address)
        progress.heard(f"RuntimeError: {CANARY}\n".encode())
        progress.heard(f"said {CANARY}\n".encode())
    assert len(said(lake)) == 6
    assert hits(lake, CANARY) == []
    assert CANARY not in "".join(capfd.readouterr())


def test_an_erasure_takes_the_log(store):
    fill(store)
    with turns.taken(store.root, "vigie crawl"):
        progress.heard(visited("feed:crete", reason="gone"))
    assert said(store.root)
    forget.carry_out(store, forget.channel_job(store, "feed:crete"))
    assert not list((Path(store.root) / lines.FOLDER).glob("*.jsonl"))
