import ast
import string
from pathlib import Path

import pytest
from typer.testing import CliRunner

import flows
from flows.cli import app
from flows.words import messages
from flows.words.french import FRENCH
from flows.words.problems import FellShort, Unusable

SPEAKERS = {"say", "problem", "note", "Unusable", "FellShort", "step"}
HEADERS = {"table", "COLUMNS", "names", "columns"}


def spoken():
    """Every text that the code says, found in its source."""
    for file in sorted(Path(flows.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in SPEAKERS:
                for argument in node.args[:1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(autouse=True)
def _forget_language():
    yield
    messages._chosen.clear()


def test_every_text_has_its_french():
    texts = set(spoken()) - {"{problem}"}
    assert len(texts) > 30
    assert texts <= set(FRENCH)


@pytest.mark.parametrize("english", FRENCH)
def test_french_has_the_same_values(english):
    assert fields(FRENCH[english]) == fields(english)


def test_language_is_the_chosen_one_else_the_setting_else_the_systems(monkeypatch):
    monkeypatch.setattr("os.environ", {"LANG": "fr_FR.UTF-8"})
    assert messages.say("yes") == "oui"
    messages._chosen.clear()
    monkeypatch.setattr("os.environ", {"LANG": "C.UTF-8"})
    assert messages.say("yes") == "yes"
    messages.speak("fr")
    assert messages.say("{file}: {reason}", file="a", reason="b") == "a : b"


def test_problems_speak_the_language_in_use_and_are_kept_in_english():
    messages.speak("fr")
    problem = Unusable("--now {now}: add its zone, such as Z", now="2026")
    assert str(problem) == "--now 2026 : ajoutez son fuseau, par exemple Z"
    assert problem.in_english() == "--now 2026: add its zone, such as Z"
    assert (problem.code, FellShort("no").code) == (2, 1)


def test_what_is_wrong_with_a_watchlist_is_told_in_the_language_asked_for(tmp_path):
    file = tmp_path / "w.yaml"
    file.write_text("market: M\nbrand: {name: A, channels: ['ftp://a.example']}\n")
    for language, told in (("fr", "doit être une adresse"), ("en", "must be an address")):
        done = CliRunner().invoke(app, ["check", str(file), "--lang", language])
        assert done.exit_code == Unusable.code
        assert told in done.stderr
    file.write_text(
        "market: M\nbrand: {name: A, channels: [{platform: nowhere, url: 'https://a.example'}]}\n"
    )
    done = CliRunner().invoke(app, ["check", str(file), "--lang", "fr"])
    assert "ligne 2 : aucune plateforme ne s’appelle « nowhere » ; il y a" in done.stderr
