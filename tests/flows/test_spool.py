"""A large build's stretches don't outlast it, even where it was killed."""

import multiprocessing
import os
import tempfile
import time

import polars as pl
import pytest

from flows import spool


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def aged(folder):
    then = time.time() - 2 * spool.FRESH_S
    os.utime(folder, (then, then))
    return folder


def test_stretches_come_back_in_order_and_leave_nothing(scratch):
    with spool.opened() as kept:
        for label in ("a", "b"):
            kept.put("content_types", pl.DataFrame({"label": [label]}))
        labels = [part.collect()["label"].item() for part in kept.parts("content_types")]
        assert labels == ["a", "b"]
        assert len(list(scratch.iterdir())) == 1
    assert list(scratch.iterdir()) == []


def test_what_a_killed_build_left_is_removed_by_the_next(scratch):
    left = scratch / f"{spool.PREFIX}left"
    left.mkdir()
    (left / "posts-00000.arrow").write_bytes(b"texts")
    other = scratch / "else"
    other.mkdir()
    aged(other)
    with spool.opened():
        assert left.exists()  # it may be about to be held
    aged(left)
    with spool.opened():
        assert not left.exists()
    assert other.exists()


def _hold(folder, began, over):
    tempfile.tempdir = folder
    with spool.opened():
        began.set()
        over.wait(60)


def test_a_spool_in_use_is_left_alone(scratch):
    ways = multiprocessing.get_context("spawn")
    began, over = ways.Event(), ways.Event()
    other = ways.Process(target=_hold, args=(str(scratch), began, over))
    other.start()
    try:
        assert began.wait(60)
        (held,) = scratch.iterdir()
        aged(held)
        with spool.opened():
            assert held.exists()
    finally:
        over.set()
        other.join(60)
    assert list(scratch.iterdir()) == []


def test_a_link_that_somebody_laid_is_not_followed(scratch):
    victim = scratch / "victim"
    victim.mkdir()
    (scratch / f"{spool.PREFIX}link").symlink_to(victim)
    aged(victim)
    with spool.opened():
        assert victim.exists()
