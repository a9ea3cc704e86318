"""The watchlist is edited where it lies: checked, saved in one step, with a way back."""

import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, edits, queries, watchlist
from dashboard.watchlist import Proposal
from data.settings import settings
from data.store import Store
from data.watchlist import parse
from flows import watched
from tests.dashboard.test_pages import html, open_page

TEXT = """\
# Qui nous suivons, revu chaque trimestre
market: Outdoor France
brand:
  name: Maison Alpine
  channels:
    - https://maisonalpine.example/feed.xml  # le blog
competitors:
  - name: Crête & Co   # le plus proche
    channels: [https://crete.example/feed]
"""
DRAFT = """\
market: "Granit"
brand:
  name: "Granit"
  channels:
    - "https://granit.example/feed"  # RSS, 0.95: link
    - {platform: website, url: "https://granit.example/"}
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "watchlist.yaml"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0o640)
    return path


@pytest.fixture
def edited(use_lake, tmp_path, file):
    """The file, beside a lake without anything in it."""
    (tmp_path / "lake").mkdir()
    use_lake(tmp_path / "lake", VIGIE_WATCHLIST=str(file))
    return file


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.get("button") if one.label == label).click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("lang", "save", "said"), [("en", "Save", "Saved."), ("fr", "Enregistrer", "Enregistré.")]
)
def test_a_change_is_saved_with_its_comments_and_the_version_before(edited, lang, save, said):
    app = open_page("watchlist", lang=lang)
    text = TEXT.replace("Crête & Co", "Crête et Cie")
    app.text_area(key="watchlist-draft").set_value(text)
    press(app, save)
    assert said in app.success[0].value
    assert edited.read_text(encoding="utf-8") == text
    assert edited.with_name("watchlist.yaml.previous").read_text(encoding="utf-8") == TEXT
    assert stat.S_IMODE(edited.stat().st_mode) == 0o640
    assert sorted(one.name for one in edited.parent.iterdir()) == [
        "lake",
        "watchlist.yaml",
        "watchlist.yaml.previous",
    ]


@pytest.mark.parametrize(("lang", "save"), [("en", "Save"), ("fr", "Enregistrer")])
def test_what_is_unsound_is_named_with_line_and_cure_and_not_saved(edited, lang, save):
    app = open_page("watchlist", lang=lang)
    wrong = TEXT.replace("name: Maison", "nmae: Maison")
    app.text_area(key="watchlist-draft").set_value(wrong)
    press(app, save)
    shown = "\n".join(one.value for one in app.error).replace("\\", "").replace("\u2060", "")
    missing, unknown = {
        "en": ("line 3: “brand.name” is missing; add it", "“brand.nmae” is not known here"),
        "fr": ("ligne 3 : « brand.name » manque", "« brand.nmae » n’est pas connu ici"),
    }[lang]
    assert missing in shown
    assert unknown in shown
    assert edited.read_text(encoding="utf-8") == TEXT
    assert app.text_area(key="watchlist-draft").value == wrong


def test_somebody_elses_change_is_not_overwritten(edited):
    app = open_page("watchlist")
    app.text_area(key="watchlist-draft").set_value(TEXT + "# mine\n")
    edited.write_text(TEXT + "# theirs\n", encoding="utf-8")
    press(app, "Save")
    assert "Somebody changed" in app.error[0].value
    assert "# theirs" in edited.read_text(encoding="utf-8")
    press(app, "Load again")
    assert "# theirs" in app.text_area(key="watchlist-draft").value


def test_who_saved_and_when_is_kept_and_listed_but_not_what(edited):
    begun = datetime.now(UTC)
    app = open_page("watchlist")
    assert "Who changed it" not in [one.label for one in app.expander]
    secret = "alerts: ['mailto://a:pass-word@mail.example']\n"
    text = TEXT.replace("https://crete.example/feed", "https://granit.example/feed") + secret
    app.text_area(key="watchlist-draft").set_value(text)
    press(app, "Save")
    press(app, "Save")
    rows = Store(settings().lake).scan("watchlist_edits").collect()
    counts = ("lines_added", "lines_removed", "channels_added", "channels_removed")
    assert set(rows.select(*counts).rows()) == {(2, 1, 1, 1), (0, 0, 0, 0)}
    assert set(rows["by"]) == {edits.who()}
    assert begun <= rows["at"].min() <= datetime.now(UTC)
    assert "pass-word" not in str(rows.rows())
    app = open_page("watchlist")
    assert [one.label for one in app.expander] == ["Who changed it"]
    assert f"<td>{edits.who()}</td><td>+2 −1</td><td>+1 −1</td>" in html(app)


def test_home_pages_are_asked_and_their_channels_offered(edited, monkeypatch):
    asked = []

    def run(command, **_):
        asked.append(command[command.index("discover") :])
        return subprocess.CompletedProcess(command, 1, DRAFT, "not had: x\n")

    monkeypatch.setattr(subprocess, "run", run)
    app = open_page("watchlist")
    app.text_area(key="homes").set_value("https://granit.example\n--help\n")
    press(app, "Find channels")
    assert asked == [["discover", "--lang", "en", "--", "https://granit.example", "--help"]]
    assert "not had" in app.warning[0].value
    press(app, "Add to the text above")
    text = app.text_area(key="watchlist-draft").value
    rival = parse(text).competitors[1]
    assert (rival.name, len(rival.channels)) == ("Granit", 2)
    for comment in ("# Qui nous suivons", "# le blog", "# le plus proche"):
        assert comment in text
    assert edited.read_text(encoding="utf-8") == TEXT, "nothing is saved unasked"


def test_a_failed_discovery_says_why(edited, monkeypatch):
    def run(command, **_):
        return subprocess.CompletedProcess(command, 2, "", "give the address of a home page\n")

    monkeypatch.setattr(subprocess, "run", run)
    app = open_page("watchlist")
    app.text_area(key="homes").set_value("x")
    press(app, "Find channels")
    assert "give the address of a home page" in app.error[0].value


def test_the_real_command_answers(edited):
    with pytest.raises(watchlist.WatchlistFileError, match="address of a home page"):
        watchlist.discover(["ftp://granit.example"])


def test_known_channels_are_not_added_twice():
    same = Proposal("Crête & Co", "https://crete.example/feed")
    fresh = Proposal("Crête & Co", {"platform": "website", "url": "https://crete.example/"})
    assert watchlist.added(TEXT, [same], "Crête & Co") == TEXT
    text = watchlist.added(TEXT, [same, fresh], "Crête & Co")
    assert [str(one.url) for one in parse(text).competitors[0].channels] == [
        "https://crete.example/feed", "https://crete.example/",
    ]  # fmt: skip
    assert watchlist.added("a: [", [fresh], "x") == "a: ["


def test_viewers_read_and_no_file_says_how_to_name_one(edited, use_lake, sample_lake, monkeypatch):
    monkeypatch.setattr(access, "may_edit", lambda: False)
    app = open_page("watchlist")
    assert TEXT.strip() in app.code[0].value
    assert not app.text_area
    with pytest.raises(PermissionError):
        watchlist.save(edited, TEXT, watchlist.mark(TEXT))
    use_lake(sample_lake, VIGIE_WATCHLIST=str(edited.parent / "gone.yaml"))
    assert "can’t be read" in html(open_page("watchlist"))
    use_lake(sample_lake, VIGIE_WATCHLIST="")
    assert "vigie dashboard --watchlist" in html(open_page("watchlist"))


def test_the_lake_remembers_the_file_of_the_last_run(use_lake, tmp_path, file):
    store = use_lake(tmp_path / "lake", VIGIE_WATCHLIST="")
    watched.remember(store, file)
    version = store.version_of("state")
    watched.remember(store, file)
    assert store.version_of("state") == version
    assert watchlist.path() == file
    queries.forget()
