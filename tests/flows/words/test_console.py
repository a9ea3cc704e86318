"""What is told on a terminal, where a server or a post said part of it."""

import sys

import pytest

from flows.words import console

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnorw\u2066\r\tdone"


@pytest.mark.parametrize("tell", [console.problem, console.note])
def test_no_sign_acts_on_the_terminal(tell, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    tell("{channel}: {reason}", channel="feed:crête", reason=HOSTILE)
    said = capsys.readouterr().err
    assert said.startswith("feed:crête: ")
    assert said.endswith("done\n")
    assert not console.UNSEEN.search(said)
    assert "]0;owned" in said, "what is left of it is harmless text"


def test_blanks_of_french_and_ends_of_lines_stay(capsys):
    console.problem("{problem}", problem="ligne 3\u00a0: à revoir\u202f!\nligne 4")
    assert capsys.readouterr().err == "ligne 3\u00a0: à revoir\u202f!\nligne 4\n"


def test_no_cell_acts_on_the_terminal(capsys):
    console.table(("text",), [[HOSTILE]])
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "text"
    assert shown.endswith("done\n")
    assert not console.UNSEEN.search(shown)
