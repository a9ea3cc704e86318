"""A clock that jumps erases nothing: neither by its first run, nor by any other of that day."""

from datetime import timedelta

import pytest

from crawlers import registry
from flows.erasing import clock, forget, optout, retention, rotation
from flows.erasing.clock import Seen, judged
from tests.flows.canary import hits, rows
from tests.flows.guestbook import NOON, Guestbook, post, said, visit

DAY = timedelta(days=1)
YEARS = 730 * DAY


@pytest.fixture(autouse=True)
def guestbook(monkeypatch):
    monkeypatch.setitem(registry.platforms(), "guestbook", Guestbook())
    monkeypatch.setattr(forget, "_rebuild", lambda _: None)


@pytest.fixture
def lake(store):
    """One house with a comment, whose retention has run by itself since."""
    visit(store, "north", post(1, said(1, "ana.k", "mot gardé")))
    retention.set_days(store, 395)
    assert retention.retain(store, NOON + DAY) == {}
    return store


def shown(store):
    """Comments and pages with their bytes, and what no later crawl would store."""
    pages = store.scan("pages").collect()
    return rows(store, "comments"), pages["body"].null_count(), store.state("oldest")


@pytest.mark.parametrize("jump", [YEARS, -YEARS])
def test_runs_of_a_day_under_a_wrong_clock_erase_nothing_and_the_next_goes_on(lake, jump, capsys):
    before, marks, key = shown(lake), lake.scan("erasures").collect(), lake.secret()
    for hours in (0, 1, 9):  # three runs, each of which retains twice
        for _ in range(2):
            assert retention.retain(lake, NOON + jump + timedelta(hours=hours)) == {}
    assert shown(lake) == before == (1, 0, None)
    said_so = capsys.readouterr().err
    assert said_so.count("the clock says") == 1
    assert f"{NOON + jump:%Y-%m-%d}" in said_so
    assert retention.retain(lake, NOON + 2 * DAY) == {}
    assert capsys.readouterr().err == ""
    assert shown(lake) == before
    assert (lake.secret(), lake.scan("erasures").collect().equals(marks)) == (key, True)
    visit(lake, "north", post(2, said(2, "tom.b", "neuf")), at=NOON + 2 * DAY, run_id="run 2")
    assert rows(lake, "comments") == 2


def test_a_second_day_confirms_it_and_what_is_old_goes(lake):
    assert retention.retain(lake, NOON + YEARS) == {}
    assert retention.retain(lake, NOON + YEARS + DAY)["comments"] == 1
    assert hits(lake.root, "ana.k", "mot gardé") == []


def test_old_versions_are_not_dropped_by_a_doubted_clock(lake, monkeypatch):
    kept = []
    monkeypatch.setattr(type(lake), "maintain", lambda _: kept.append(True))
    clock.maintain(lake)
    retention.retain(lake, NOON + YEARS)
    clock.maintain(lake)
    assert len(kept) == 1
    retention.retain(lake, NOON + 2 * DAY)
    clock.maintain(lake)
    assert len(kept) == 2


def test_a_lake_that_was_never_asked_knows_its_newest_page(store, capsys):
    visit(store, "north", post(1, said(1, "ana.k", "mot gardé")))
    retention.set_days(store, 395)
    assert retention.retain(store, NOON + YEARS) == {}
    visit(store, "north", post(2), at=NOON + YEARS, run_id="run 2")  # pages of the wrong time
    assert retention.retain(store, NOON + YEARS) == {}
    assert rows(store, "comments") == 1
    assert "the clock says" in capsys.readouterr().err


def test_an_erasure_that_was_asked_for_and_a_new_key_wait_for_no_clock(lake):
    retention.retain(lake, NOON + YEARS)
    rotation.rotate(lake)
    assert len(lake.secret()) == 64
    forget.carry_out(lake, forget.author_job(lake, "ana.k"))
    assert hits(lake.root, "ana.k", "mot gardé") == []
    asked = forget.author_job(lake, "ana.k").asked
    assert optout.named(asked, lake.secret()) in set(lake.scan("erasures").collect()["asked"])


SEEN = Seen(NOON)
DOUBTED = Seen(NOON, doubted=NOON + YEARS)


@pytest.mark.parametrize(
    ("seen", "at", "then"),
    [
        (SEEN, NOON + 31 * DAY, Seen(NOON + 31 * DAY)),
        (SEEN, NOON - 31 * DAY, Seen(NOON - 31 * DAY)),
        (SEEN, NOON + YEARS, DOUBTED),
        (SEEN, NOON - YEARS, Seen(NOON, doubted=NOON - YEARS)),
        (DOUBTED, NOON + YEARS, DOUBTED),
        (DOUBTED, NOON + YEARS + timedelta(hours=19), DOUBTED),
        (DOUBTED, NOON + YEARS + DAY, Seen(NOON + YEARS + DAY)),
        (DOUBTED, NOON + YEARS - DAY, Seen(NOON, doubted=NOON + YEARS - DAY)),
        (DOUBTED, NOON + YEARS + 40 * DAY, Seen(NOON, doubted=NOON + YEARS + 40 * DAY)),
        (DOUBTED, NOON + DAY, Seen(NOON + DAY)),
    ],
)
def test_a_time_is_believed_near_the_last_one_or_near_a_doubted_one_of_another_day(seen, at, then):
    assert judged(seen, at) == then
