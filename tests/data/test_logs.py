"""Lines of the log: whole, bounded, and without a secret or a post's text in them."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import logs
from data.settings import settings

CANARY = "canary-71fe9c"


@pytest.fixture
def secret(monkeypatch):
    monkeypatch.setenv("VIGIE_YOUTUBE_API_KEY", CANARY)
    monkeypatch.setenv("VIGIE_LAKE_OPTIONS", json.dumps({"AWS_SECRET_ACCESS_KEY": f"{CANARY}-s3"}))
    settings.cache_clear()


def test_a_line_is_one_object_and_reads_back():
    told = logs.line("info", "vigie", "visited", run_id="r1", channel_id="feed:x", posts=3)
    text = logs.encoded(told)
    assert text.count(b"\n") == 1
    assert logs.decoded(text) == told
    given = json.loads(text)
    assert set(given) == {
        "time", "level", "logger", "message", "run_id", "channel_id", "fields",
    }  # fmt: skip
    assert datetime.fromisoformat(given["time"]).tzinfo is not None


@pytest.mark.parametrize("said", [b"", b"words", b"\xff\xfe", b"[1]", b'{"event": "visited"}'])
def test_other_words_are_no_line(said):
    assert logs.decoded(said) is None


def test_no_secret_is_in_a_line(secret):
    message = f"GET https://x.example/?key={CANARY} failed\nnext line"
    told = logs.line(
        "error", "x", message, reason=f"no {CANARY}-s3", address="json://lea:pass@x.example/in"
    )
    text = logs.encoded(told).decode()
    assert CANARY not in text
    assert "lea" not in text
    assert "next line" not in text
    assert told.message == "GET https://x.example/?key=*** failed"
    assert told.fields["reason"] == "no ***"


def test_a_library_is_heard_from_warnings_on_without_what_its_fault_said(secret):
    heard = []
    logger = logging.getLogger("vigie.test")
    handler = logs.Handler(heard.append, "r7")
    logger.addHandler(handler)
    token = logs.channel.set("feed:crete")
    try:
        logger.info("nothing")
        logger.warning("slow: %s", CANARY)
        try:
            int("Bivouac au lac")
        except ValueError:
            logger.exception("failed")
    finally:
        logs.channel.reset(token)
        logger.removeHandler(handler)
    slow, failed = heard
    assert (slow.level, slow.message, slow.run_id, slow.channel_id) == (
        "warning", "slow: ***", "r7", "feed:crete",
    )  # fmt: skip
    assert failed.level == "error"
    assert failed.fields["error"] == "ValueError"
    assert failed.fields["where"].startswith("test_logs.py:")
    assert "Bivouac" not in logs.encoded(failed).decode()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (b"ValueError: invalid literal: 'Bivouac au lac'\n", "ValueError"),
        (b"polars.exceptions.ComputeError: Bivouac\n", "polars.exceptions.ComputeError"),
        (b'  File "/x/reading.py", line 7, in read\n', 'File "/x/reading.py", line 7, in read'),
        (b'    read("Bivouac")\n', None),
        (b"Killed\n", "Killed"),
        (b"\n", None),
    ],
)
def test_of_a_trace_the_places_and_the_kind_are_kept(said, kept):
    assert logs.plain(said) == kept


def files(lake):
    return sorted((Path(lake) / logs.FOLDER).glob("*.jsonl"))


def test_a_days_file_is_bounded_and_old_ones_go(tmp_path, monkeypatch):
    (tmp_path / logs.FOLDER).mkdir()
    for days in (1, logs.KEPT_DAYS + 3):
        then = datetime.now(UTC) - timedelta(days=days)
        (tmp_path / logs.FOLDER / f"{then:%Y-%m-%d}.jsonl").write_text("{}\n")
    file = logs.File(str(tmp_path))
    monkeypatch.setattr(logs, "MOST_BYTES", 1000)
    for _ in range(100):
        file(logs.line("info", "vigie", "again"))
    _yesterday, kept = files(tmp_path)
    assert 1000 <= kept.stat().st_size < 1200
    assert all(logs.decoded(line) for line in kept.read_bytes().splitlines())
    logs.forget(str(tmp_path))
    assert files(tmp_path) == []


def test_a_full_disk_or_a_lake_elsewhere_ends_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    logs.File("s3://bucket/lake")(logs.line("info", "vigie", "said"))
    logs.forget("s3://bucket/lake")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "lake").write_text("a file where a folder should be")
    logs.File(str(tmp_path / "lake"))(logs.line("info", "vigie", "said"))
