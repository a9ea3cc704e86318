"""What was forgotten does not come back from the pages that stay."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

from crawlers import registry
from crawlers.replay import replay
from data.records import Profile
from data.tables import TABLES
from flows.cli import app
from flows.erasing import forget as erasing
from tests.flows.guestbook import NOON, Guestbook, post, said, visit

DAY = timedelta(days=1)
OLD = ("Vieille sortie", "guestbook:p1", "vieux mot", "mot tardif")
KEPT = ("Sortie neuve", "guestbook:p5", "mot neuf")
BEFORE = "2026-03-25"


class Portrayed(Guestbook):
    """A guestbook whose house says what it is."""

    def parse(self, page):
        yield Profile(name="House", description=f"Maison du {page.fetched_at:%d %B}")
        yield from super().parse(page)


@pytest.fixture(autouse=True)
def unbuilt(monkeypatch):
    """Out tables are built anew from what is left, which takes long; test_forget_members does."""
    monkeypatch.setattr(erasing, "_rebuild", lambda _: None)


@pytest.fixture
def lake(store, monkeypatch):
    """An old post that a later page of comments still tells of, and a new one."""
    monkeypatch.setitem(registry.platforms(), "guestbook", Portrayed())
    visit(store, "north", post(1, said(1, "ana.k", OLD[2]), day=18, text=OLD[0]))
    late = {"id": "p1", "at": "2026-03-29T08:00:00+00:00", "said": [said(2, "tom.b", OLD[3])]}
    fresh = post(5, said(5, "tom.b", KEPT[2]), day=28, text=KEPT[0])
    visit(store, "north", fresh, at=NOON + 10 * DAY, run_id="run 2", talk=[late])
    restated(store)
    assert [told(store, text) for text in (*OLD, *KEPT)] == [True] * 7
    return store


def restated(store):
    """Let a replay correct what old and new observations say."""
    for table in ("profiles", "metrics"):
        rows = store.scan(table).collect()
        column = {"profiles": "description", "metrics": "likes"}[table]
        wrong = "Une erreur" if table == "profiles" else 7
        store.replace(table, rows.with_columns(pl.lit(wrong, rows.schema[column]).alias(column)))
    assert replay(store).restated.keys() >= {"profiles", "metrics"}


def told(store, text):
    """Whether any row of any table but the archive says it."""
    return any(text in repr(row) for table in TABLES if table != "pages"
               for row in store.scan(table).collect().iter_rows())  # fmt: skip


def forget(store, *arguments):
    command = ["forget", *arguments, "--yes", "--lake", store.root, "--lang", "en"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, (done.output, done.exception)


def test_what_was_old_stays_away_whatever_later_pages_tell_of_it(lake):
    forget(lake, "--before", BEFORE)
    before = datetime.fromisoformat(BEFORE).replace(tzinfo=UTC)
    for _ in range(2):
        assert [told(lake, text) for text in OLD] == [False] * 4
        assert [told(lake, text) for text in KEPT] == [True] * 3
        for table in ("profiles", "metrics"):
            assert lake.scan(table).select(pl.col("observed_at").min()).collect().item() > before
        noted = lake.scan("restatements").filter(pl.col("table") != "posts").collect()
        assert "2026-03-20" not in " ".join(noted["key"])
        assert replay(lake).restated == {}
    late = {"id": "p1", "at": "2026-04-02T08:00:00+00:00", "said": [said(9, "tom.b", OLD[3])]}
    visit(lake, "north", at=NOON + 15 * DAY, run_id="run 3", talk=[late])
    assert [told(lake, text) for text in OLD] == [False] * 4


def test_comments_on_a_forgotten_strangers_post_stay_away_too(store, monkeypatch):
    monkeypatch.setitem(registry.platforms(), "guestbook", Guestbook())
    lea = post(1, text="Par @lea_grimpe")
    visit(store, "lea_grimpe", lea)
    visit(store, "north", post(2), at=NOON + DAY, run_id="run 2", talk=[
        {"id": "p1", "at": "2026-03-21T08:00:00+00:00", "said": [said(4, "tom.b", "Pas mal")]}
    ])  # fmt: skip
    forget(store, "--channel", "guestbook:lea_grimpe")
    assert not told(store, "Pas mal")
    assert replay(store).restated == {}
    assert not told(store, "guestbook:p1")
