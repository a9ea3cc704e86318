"""Whatever is wrong with a watchlist is told in French, too."""

import ast
import copy
import string
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from data import said, watchlist_french
from data.kinds import KINDS, wrong
from data.said import Said, WatchlistError, WrongError, bare
from data.watchlist import Watchlist, parse
from data.watchlist_french import FRENCH

ROOT = Path(said.__file__).parents[1]
SPEAKERS = ("data/watchlist.py", "data/delivery.py", "data/kinds.py", "data/said.py",
            "data/yaml_faults.py", "flows/watched.py")  # fmt: skip
SAYING = {"Said", "WrongError"}
WHOLE = {
    "market": "M", "timezone": "UTC", "language": "fr", "quiet_hours": "21:00-07:00",
    "brand": {
        "name": "a",
        "channels": [{"url": "https://a.example", "platform": "feed", "browser": False}],
    },
    "competitors": [{"name": "b", "channels": ["https://b.example"]}],
    "crawl": {
        "contact": "a", "history_days": 1, "refresh_days": 1, "obey_robots": True, "delay_s": 1.0,
        "allow_private_networks": False, "retention_days": 5,
    },
    "platforms": {"feed": {"base_url": "https://a.example", "api_url": "https://a.example"}},
    "opt_out": {"authors": ["ab"], "channels": ["abc"]},
    "alerts": [{"url": "mailto://x", "at_least": "info"}],
    "reports": [{"to": "mailto://x", "format": "pdf", "every": "day", "period": "7d"}],
    "references": [{
        "name": "r", "kpi": "k", "platform": "all", "value": 1.0, "source": "s", "year": 2020,
        "url": "https://a.example",
    }],
}  # fmt: skip
ODD = (
    None, "", "xxx", "1.5", "yes", [], ["x"], [None], [{}], {}, {"x": 1}, -5, 10**9, 10**30, 1.5,
    True, float("nan"), float("inf"), b"x", "9" * 5000, date(2026, 1, 1), {1: 2}, {None: []},
)  # fmt: skip


def spoken():
    """Every text that is said about a watchlist, found in the source."""
    for name in SPEAKERS:
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "Said",
                "WrongError",
            }:
                for text in node.args[:1]:
                    if isinstance(text, ast.Constant):
                        yield text.value


def places(node, path=()):
    """The path of every part of a document."""
    if path:
        yield path
    if isinstance(node, dict | list):
        for key, part in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(part, (*path, key))


def found(path, value):
    """What is wrong with the whole watchlist once one part of it is another value."""
    document = copy.deepcopy(WHOLE)
    node = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    try:
        Watchlist.model_validate(document)
    except ValidationError as error:
        return error.errors()
    return []


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_message_has_its_french_and_none_is_left_over():
    assert set(spoken()) == set(FRENCH)
    assert len(FRENCH) > 30


@pytest.mark.parametrize("english", FRENCH)
def test_french_has_the_same_values(english):
    assert fields(FRENCH[english]) == fields(english)


def test_every_odd_value_everywhere_is_told_in_words_of_ours():
    Watchlist.model_validate(WHOLE)
    kinds = set()
    for path in places(WHOLE):
        for value in ODD:
            for problem in found(path, value):
                if problem["type"] in {"missing", "extra_forbidden"}:
                    continue
                message = wrong(problem)
                assert message.text in set(FRENCH) - {"{text}"}, (path, value, problem["msg"])
                assert message.told("fr") != message.told("en")
                kinds.add(problem["type"])
    assert kinds - {"value_error"} == set(KINDS)


def test_all_problems_are_told_in_the_language_asked_for():
    with pytest.raises(WatchlistError) as error:
        parse("market: M\ntimezone: Paris\nbrand: {name: '', channels: [x]}\nodd: 1\n", "w.yaml")
    zone, name, address, odd = error.value.told("fr").splitlines()
    assert zone == (
        "w.yaml, ligne 2 : « timezone » : n’est pas un fuseau horaire ; "
        "écrivez par exemple Europe/Paris"
    )
    assert name == "w.yaml, ligne 3 : « brand.name » : est trop court ; il en faut au moins 1"
    assert address.startswith("w.yaml, ligne 3 : « brand.channels.0.url » : doit être une adresse")
    assert odd.startswith("w.yaml, ligne 4 : « odd » n’est pas connu ici")
    assert str(error.value) == error.value.told("en")
    assert "w.yaml, line 2: “timezone”: is no time zone" in str(error.value)


def test_braces_of_others_stay_as_they_are(monkeypatch):
    assert bare("{not} a {value}").told("fr") == "{not} a {value}"
    assert str(WrongError("“{name}” and “{other}” have the same name; rename one",
                          name="{0}", other="{x}")).startswith("“{0}” and “{x}”")  # fmt: skip
    monkeypatch.setitem(watchlist_french.FRENCH, "{text}!", "{text} !")
    assert Said("{text}!", {"text": bare("{a}")}).told("fr") == "{a} !"
