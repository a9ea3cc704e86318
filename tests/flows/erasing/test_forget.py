"""Erasure: nothing of whom or what was erased is on disk, and nothing brings it back."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from crawlers import registry
from crawlers.plan import PlanChannel
from crawlers.replay import replay
from data.store import Store
from data.watchlist import parse
from flows.cli import app
from flows.erasing import forget, optout, retention
from tests.flows.canary import hits, rows
from tests.flows.guestbook import NOON, Guestbook, post, said, visit
from tests.flows.lakes import everything, fill, same

LEA = ("lea_grimpe", "uid-lea_grimpe-77", "Zut, planté ici", "people.example/@lea")
DAY = timedelta(days=1)
KILLED = """
import os, signal
from data import erasure
from flows.erasing import forget
from data.store import Store
import sys
erasure.unname = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
store = Store(sys.argv[1])
forget.carry_out(store, forget.channel_job(store, "feed:crete"))
"""


@pytest.fixture(autouse=True)
def guestbook(monkeypatch, request):
    monkeypatch.setitem(registry.platforms(), "guestbook", Guestbook())
    if "kill" not in request.node.name:  # a build takes long, and there is nothing to build
        monkeypatch.setattr(forget, "_rebuild", lambda _: None)


@pytest.fixture
def lake(store):
    """Two houses; Léa speaks under a post of each, and others answer and name her."""
    ask, answer = said(1, "lea_grimpe", LEA[2]), said(2, "tom.b", "Bravo @lea_grimpe !", "c1")
    visit(store, "north", post(1, ask, answer), post(2, said(3, "tom.b", "Oui")))
    visit(store, "south", post(3, said(4, "Lea_Grimpe", LEA[2]), text="Merci @Lea_Grimpe"))
    visit(store, "north", post(2), at=NOON + DAY, run_id="run 2")
    return store


def vigie(*arguments, expect=0):
    done = CliRunner().invoke(app, ["forget", *map(str, arguments), "--lang", "en"])
    assert done.exit_code == expect, (done.output, done.exception)
    return done


def test_an_author_leaves_tables_archive_and_disk_and_stays_away(lake):
    assert {needle for _, needle in hits(lake.root, *LEA)} == set(LEA)
    vigie("--author", "@lea_grimpe", "--yes", "--lake", lake.root)
    assert hits(lake.root, *LEA) == []
    left = lake.scan("comments").sort("comment_id").collect()
    assert left["text"].to_list() == ["Bravo […] !", "Oui"]
    assert lake.scan("posts").filter(pl.col("text") == "Merci […]").collect().height == 1
    # Everything but her can still be read: the pages kept the rest.
    assert lake.scan("pages").filter(pl.col("body").is_null()).collect().is_empty()
    assert replay(lake).restated == {}
    visit(lake, "north", post(1, said(1, "lea_grimpe", LEA[2])), at=NOON + 2 * DAY, run_id="run 3")
    assert hits(lake.root, *LEA) == []
    assert rows(lake, "comments") == 2


def test_an_author_goes_by_pseudonym_and_may_come_back(store):
    lake = store
    visit(lake, "north", post(1, said(1, "lea_grimpe", LEA[2]), said(2, "tom.b", "Oui")))
    keys = lake.scan("comments").filter(pl.col("text") == LEA[2]).collect()["author_key"]
    vigie("--author", keys[0], "--yes", "--lake", lake.root)
    assert hits(lake.root, *LEA) == []
    vigie("--author", keys[0], "--undo", "--lake", lake.root)
    vigie("--author", keys[0], "--undo", "--lake", lake.root, expect=2)
    visit(lake, "north", post(1, said(1, "lea_grimpe", "de retour")), at=NOON + DAY, run_id="r")
    assert lake.scan("comments").filter(pl.col("text") == "de retour").collect().height == 1


def test_a_channel_leaves_and_shared_content_survives_for_the_others(lake):
    visit(lake, "west", post(2), at=NOON + 2 * DAY, run_id="run w")  # the same bytes as north's
    bodies = lake.scan("pages").filter(pl.col("channel_id") == "guestbook:west").collect()
    assert bodies["body"].to_list() == [None]
    vigie("--channel", "guestbook:north", "--yes", "--lake", lake.root)
    assert hits(lake.root, "guestbook:north", "House north", "north.example") == []
    (page_id,) = bodies["page_id"]
    assert b"Bivouac" in lake.read_page(page_id).body
    # A post goes by its id, which two houses of this platform share: west's next visit has it.
    assert replay(lake).restated.keys() <= {"posts", "metrics"}
    assert set(lake.scan("posts").collect()["channel_id"]) <= {"guestbook:south", "guestbook:west"}


def test_what_is_old_leaves_and_replay_and_crawl_bring_nothing_back(store):
    visit(store, "north", post(1, said(1, "ana.k", "vieux mot"), day=2, text="Vieille sortie"))
    visit(store, "north", post(2), at=NOON + 9 * DAY, run_id="run 2")
    vigie("--before", "2026-03-25", "--yes", "--lake", store.root)
    assert hits(store.root, "ana.k", "vieux mot", "Vieille sortie") == []
    assert rows(store, "posts") == 0  # both were published before
    assert rows(store, "pages") == 1
    assert replay(store).restated == {}
    visit(store, "north", post(1, day=2), post(5, day=28), at=NOON + 10 * DAY, run_id="run 3")
    assert store.scan("posts").collect()["post_id"].to_list() == ["guestbook:p5"]


def test_files_that_doctor_set_aside_are_named(lake):
    (Path(lake.root) / "quarantine").mkdir()
    told = vigie("--author", "lea_grimpe", "--yes", "--lake", lake.root)
    assert f"{lake.root}/quarantine may hold it still" in told.stderr
    (Path(lake.root) / "quarantine").rmdir()
    assert vigie("--author", "tom.b", "--yes", "--lake", lake.root).stderr == ""


def test_a_dry_run_tells_and_changes_nothing(lake):
    before = everything(lake)
    done = vigie("--author", "lea_grimpe", "--dry-run", "--lake", lake.root)
    assert "comments\t2" in done.stdout
    assert same(before, everything(lake))


def test_unusable_input_and_nobody_to_confirm(lake):
    before = everything(lake)
    for arguments in (
        (), ("--author", "a", "--before", "2026-01-01"), ("--before", "soon"), ("--author", " @ "),
        ("--channel", "guestbook:nobody"), ("--author", "lea_grimpe"),
    ):  # fmt: skip
        vigie(*arguments, "--lake", lake.root, expect=2)
    assert same(before, everything(lake))


def test_after_kill_9_the_next_erasure_completes_it(store):
    fill(store)
    command = [sys.executable, "-c", KILLED, store.root]
    root = Path(__file__).parents[3]
    assert subprocess.run(command, cwd=root, check=False).returncode == -9
    assert hits(store.root, "feed:crete") != []
    assert forget.complete(store)
    assert hits(store.root, "feed:crete", "crete.example", "Bivouac au lac") == []
    assert not forget.complete(store)


def test_an_erasure_that_breaks_anywhere_is_completed(lake, monkeypatch):
    remove, calls = Store.remove, []

    def broken(self, table, keys):
        calls.append(table)
        if len(calls) in {1, 4, 9}:
            raise KeyboardInterrupt
        return remove(self, table, keys)

    monkeypatch.setattr(Store, "remove", broken)
    job = forget.channel_job(lake, "guestbook:north")
    for again in (lambda: forget.carry_out(lake, job), *[lambda: forget.complete(lake)] * 2):
        with pytest.raises(KeyboardInterrupt):
            again()
    retention.retain(lake, NOON)  # as every crawl and build does
    assert len(calls) > 9
    assert hits(lake.root, "guestbook:north", "House north", "north.example") == []


def test_others_who_write_are_waited_for(lake, monkeypatch):
    from data import lock

    monkeypatch.setattr(forget, "PATIENCE_S", 0.1)
    with lock.shared(lake.root):
        vigie("--author", "lea_grimpe", "--yes", "--lake", lake.root, expect=1)
    assert rows(lake, "comments") == 4


def test_comments_go_after_the_retention_period_by_themselves(store):
    visit(store, "north", post(1, said(1, "ana.k", "vieux mot")))
    visit(store, "north", post(2, said(2, "tom.b", "neuf")), at=NOON + 300 * DAY, run_id="run 2")
    retention.set_days(store, 395)
    assert retention.retain(store, NOON + 301 * DAY) == {}
    for day in (330, 360, 390):
        assert retention.retain(store, NOON + day * DAY) == {}
    assert retention.retain(store, NOON + 396 * DAY)["pages"] == 1
    assert hits(store.root, "ana.k", "vieux mot") == []
    assert store.scan("pages").sort("fetched_at").collect()["erased"].to_list()[0] == "retention"
    assert rows(store, "posts") == 2
    assert replay(store).restated == {}
    assert retention.retain(store, NOON + 396 * DAY) == {}


def test_a_new_key_renames_everybody_and_later_crawls_follow(lake):
    before = lake.scan("comments").sort("comment_id").collect()
    vigie("--author", "tom.b", "--yes", "--lake", lake.root)
    vigie("--rotate-key", "--yes", "--lake", lake.root)
    after = lake.scan("comments").sort("comment_id").collect()
    assert set(after["author_key"]).isdisjoint(before["author_key"])
    assert after["author_key"].n_unique() == 2  # Léa here, and there under capital letters
    assert replay(lake).restated == {}
    assert len(lake.secret()) == 64
    key = Path(lake.root) / "pseudonyms.key"
    assert key.stat().st_mode & 0o777 == 0o600
    again = said(9, "tom.b", "me revoici")
    visit(lake, "north", post(1, again), at=NOON + 2 * DAY, run_id="run 3")
    assert hits(lake.root, "me revoici") == []


def test_who_opted_out_is_erased_once_and_never_stored_again(lake, capsys):
    told = parse("""
market: M
brand: {name: north, channels: [https://north.example/]}
opt_out: {authors: ["@lea_grimpe"], channels: ["guestbook:south"]}
""")
    channels = [PlanChannel(f"guestbook:{name}", name, "guestbook", name, f"https://{name}.example/")
                for name in ("north", "south")]  # fmt: skip
    assert optout.honoured(lake, told, channels) == channels[:1]
    assert "guestbook:south" in capsys.readouterr().err
    assert hits(lake.root, *LEA, "guestbook:south") == []
    marks = lake.scan("erasures").collect()
    visit(lake, "north", post(7, said(7, "lea_grimpe", LEA[2])), at=NOON + 3 * DAY, run_id="run 4")
    assert optout.honoured(lake, told, channels) == channels[:1]
    assert lake.scan("erasures").collect().equals(marks)
    assert hits(lake.root, *LEA) == []
    assert lake.scan("posts").filter(pl.col("post_id") == "guestbook:p7").collect().height == 1
