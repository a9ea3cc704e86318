"""Runs are started, watched and stopped from a page, by those who may."""

import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from dashboard import access, queries, runs
from dashboard.queries import Scope, Wanted
from data import progress
from data.progress import Begin, Ended, Planned, Step, Visited
from flows import progress as told
from tests.dashboard.test_edits import press
from tests.dashboard.test_pages import html, open_page

GO = "Run now"
SHORT = Visited("feed:crete", 0, 0, "gone: no such page (HTTP 404)")
SLEEP = """import sys, time
from flows import progress
with progress.kept(sys.argv[2], sys.argv[-1]):
    time.sleep(600)
"""
REFUSE = "import sys; sys.exit('the watchlist is *odd*')"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "watchlist.yaml"
    path.write_text(
        "market: Outdoor\nbrand: {name: Maison, channels: ['https://a.example/feed.xml']}\n"
    )
    return path


@pytest.fixture
def lake(use_lake, tmp_path, file):
    """A lake without anything in it, and its watchlist."""
    (tmp_path / "lake").mkdir()
    yield use_lake(tmp_path / "lake", VIGIE_WATCHLIST=str(file))
    runs._leave()


def until(reached):
    ends = time.monotonic() + 60
    while not (found := reached()):
        assert time.monotonic() < ends
        time.sleep(0.02)
    return found


def labels(app):
    return {one.label: one.disabled for one in app.get("button")}


def shown(app):
    """Everything that the page says, escapes of Markdown taken out."""
    boxes = [one.value for kind in ("success", "warning", "error") for one in app.get(kind)]
    bars = [one.proto.text for one in app.get("progress")]
    return "\n".join([*boxes, *bars, html(app)]).replace("\\", "").replace("\u2060", "")


def has_happened(lake, *events):
    with progress.begun(lake.root, "w.yaml", "schedule", None) as writer:
        for event in events:
            writer.tell(event)


def test_a_run_starts_is_watched_and_is_stopped(lake, file, monkeypatch):
    monkeypatch.setattr(runs, "COMMAND", ("-c", SLEEP))
    app = press(open_page("watchlist"), GO)
    status = until(lambda: (now := runs.status()).run and now)
    assert (status.is_live, status.is_ours) == (True, True)
    assert (status.run.begin.origin, status.run.begin.watchlist) == ("dashboard", str(file))
    assert status.run.begin.by == runs.edits.who()
    with pytest.raises(runs.RunError, match="busy"):
        runs.start(file)
    app = open_page("watchlist")
    assert labels(app)[GO] is True
    assert "Getting ready (1 of 4) · 0 of 0 channels · 0 new posts" in shown(app)
    press(app, "Stop")
    until(lambda: not runs.status().is_live)
    app = open_page("watchlist")
    assert labels(app)[GO] is False
    assert "Stop" not in labels(app)


def test_the_server_stops_its_runs_when_it_ends(lake, file, monkeypatch):
    monkeypatch.setattr(runs, "COMMAND", ("-c", SLEEP))
    runs.start(file)
    until(lambda: runs.status().run)
    (one,) = runs._started.values()
    runs._leave()
    assert one.process.poll() is not None
    assert not runs.status().is_live


def test_a_run_that_never_began_says_why(lake, file, monkeypatch):
    monkeypatch.setattr(runs, "COMMAND", ("-c", REFUSE))
    runs.start(file)
    until(lambda: runs.status().said)
    assert "did not start: the watchlist is *odd*" in shown(open_page("watchlist"))


def test_the_command_is_a_list_and_the_path_no_option(lake, tmp_path, monkeypatch):
    asked = {}

    def popen(command, **more):
        asked.update(more, command=command)
        raise OSError("no more processes")

    monkeypatch.setenv("VIGIE_OIDC_CLIENT_SECRET", "s3cret")
    monkeypatch.setattr(runs.subprocess, "Popen", popen)
    with pytest.raises(runs.RunError, match="no more processes"):
        runs.start(tmp_path / "--now")
    given = ["run", "--lake", lake.root, "--lang", "en", "--", str(tmp_path / "--now")]
    assert asked["command"] == [sys.executable, "-P", "-c", runs.COMMAND[2], *given]
    assert asked["start_new_session"] is True
    assert "s3cret" not in asked["env"].values()
    assert asked["env"]["VIGIE_LAKE"] == lake.root


def test_a_run_gets_its_settings_and_nobodys_sign_in():
    own = {
        "PATH": "/bin", "HOME": "/h", "VIGIE_CONTACT": "a@b.example", "LC_ALL": "C",
        "VIGIE_OIDC_CLIENT_SECRET": "s", "VIGIE_EDITORS": "x", "VIGIE_ALLOW": "y",
        "VIGIE_IMAP_PASSWORD": "p", "AWS_SECRET_ACCESS_KEY": "k", "PYTHONPATH": "/evil",
        "STREAMLIT_SERVER_COOKIE_SECRET": "c", "LD_PRELOAD": "/evil.so",
    }  # fmt: skip
    assert set(runs.environment(own)) == {"PATH", "HOME", "VIGIE_CONTACT", "LC_ALL"}


def test_viewers_watch_and_start_and_stop_nothing(lake, file, monkeypatch):
    monkeypatch.setattr(access, "may_edit", lambda: False)
    for act in (lambda: runs.start(file), runs.stop):
        with pytest.raises(PermissionError):
            act()
    assert runs._started == {}
    has_happened(lake, Planned("r", ["feed:crete"]), Visited("feed:crete", 2, 2, None),
                 Ended(datetime.now(UTC), "done", 0))  # fmt: skip
    app = open_page("watchlist")
    assert not {GO, "Stop"} & set(labels(app))
    assert "The run is done. 1 of 1 channel · 2 new posts · exit code 0" in shown(app)


def test_somebody_elses_run_is_watched_and_not_stopped_from_here(lake):
    with told.kept(lake.root, "w.yaml", "schedule"):
        told.phase("crawl")
        told.planned("r", ["feed:crete", "feed:b"])
        told._visited(SHORT)
        app = open_page("watchlist", lang="fr")
        assert "Lancée par l’horaire de «\xa0vigie serve\xa0»" in shown(app)
        assert "Visite des canaux (2 sur 4) · 1 sur 2 canaux · 0 nouvelle" in shown(app)
        assert "le compte ou la page n’existe plus (HTTP 404)" in shown(app)
        assert labels(app)["Lancer la collecte"] is True
        assert "Arrêter" not in labels(app)


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (Ended(datetime.now(UTC), "short", 1), "something fell short. 1 of 1 channel"),
        (Ended(datetime.now(UTC), "stopped", 143), "was stopped. What it had read"),
        (Ended(datetime.now(UTC), "failed", 2, "[x](javascript:1)"), "[x](javascript:1) · exit"),
        (None, "ended without a word"),
    ],
)
def test_every_end_is_named(lake, end, says):
    events = [Step(datetime.now(UTC), "crawl"), Planned("r", ["feed:crete"]), SHORT]
    has_happened(lake, *events, *([end] if end else []))
    app = open_page("watchlist")
    assert says in shown(app)
    assert "exit code" not in shown(app) if end is None else f"exit code {end.code}" in shown(app)
    assert labels(app)[GO] is False


def test_a_lake_elsewhere_says_where_to_run(use_lake, file, monkeypatch):
    monkeypatch.setattr(runs.queries, "address", lambda: "s3://bucket/lake")
    assert not runs.is_possible()
    assert runs.status() == runs.Status()
    with pytest.raises(runs.RunError, match="remote"):
        runs.start(file)
    monkeypatch.undo()
    use_lake(file.parent, VIGIE_WATCHLIST=str(file))
    monkeypatch.setattr(runs, "is_possible", lambda: False)
    app = open_page("watchlist")
    assert "This lake is no folder of this machine" in html(app)
    assert "vigie run watchlist.yaml --lake" in html(app)
    assert GO not in labels(app)


def test_hostile_names_stay_text(lake):
    bad = "feed:<img src=x onerror=alert(1)>"
    begin = Begin(datetime.now(UTC), "dashboard", "<script>a</script>", "w")
    has_happened(lake, begin, Planned("r", [bad]), Visited(bad, 0, 0, "<b>no</b>"))
    assert "<img" not in html(open_page("watchlist"))
    assert "<b>no" not in html(open_page("watchlist"))


def test_a_runs_posts_are_those_that_it_saw_first(full):
    """Every post of the sample was first seen by run-1, and seen again by run-2."""
    seen = full.scan("posts").collect()["first_seen_at"].max()
    assert queries.run_times("run-1") == (seen, seen + timedelta(days=1))
    assert queries.run_times("run-2") == (seen + timedelta(days=1), None)
    assert queries.run_times("never") is None
    week, year = Scope(period="7d"), Scope(period="365d")
    every = queries.find(year, Wanted())[1]
    assert queries.find(week, Wanted())[1] < every
    assert queries.find(week, Wanted(run="run-1"))[1] >= every, "whenever it was published"
    assert queries.find(year, Wanted(run="run-2"))[1] == 0
    assert queries.find(year, Wanted(run="never"))[1] == 0


def test_the_posts_page_says_whose_posts_it_lists_and_leads_back(full):
    app = open_page("posts", run="run-1")
    assert "First seen by the run of" in html(app)
    press(app, "Show all posts")
    assert "First seen by" not in html(app)
    assert "No post fits" in open_page("posts", run="<b>x").info[0].value
