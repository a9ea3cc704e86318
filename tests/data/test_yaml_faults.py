"""What the parser stumbles over is told by its line and its cure, never in the parser's words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from data.watchlist_french import FRENCH
from data.yaml_faults import KINDS, explained

LINES = "market: Outdoor\nbrand:\n  name: Crête\n  channels:\n    - https://crete.example\n"
SLIPS = st.sampled_from([*"\t@%`!*&{}[],\"'|>#?:-\\\x01\x7f", ": ", "\n", "---\n", "  ", "a: 1\n"])


def fault(text):
    with pytest.raises(YAMLError) as error:
        YAML(typ="rt").load(text)
    return explained(error.value, text)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("a: b: c\n", 1, "quote texts that hold “: ”"),
        ("a:\n  b: 1\n c: 2\n", 3, "indentation"),
        ("a: 'it's'\n", 1, "write '' for a '"),
        ("a:\n\tb: 1\n", 2, "a tab begins the line"),
        ("a: 1\nb: @x\n", 2, "begins with @; put it in quotes"),
        ("a: *x\n", 1, "begins with *; put it in quotes"),
        ("a: !q!x y\n", 1, "begins with !; put it in quotes"),
        ("a: b\nnoway\nc: d\n", 2, "“: ” is missing after a name"),
        ('a: 1\nb: "x\nc: d\n', 2, "a quotation mark is never closed"),
        ("a: [1, 2\nb: 3\n", 1, "a bracket is never closed"),
        ("a: 1\na: 2\n", 2, "“a” is given twice; keep one"),
        ("a: 1\n---\nb: 2\n", 2, "remove the line “---”"),
        ('a: "\\q"\n', 1, "use single quotes"),
        ("a: 1\nb: \x01\n", 2, "(U+0001); remove it"),
    ],
)
def test_a_slip_is_told_by_its_line_and_cure(text, line, told):
    found, why = fault(text)
    assert found == line
    assert told in str(why)


@given(st.lists(st.tuples(st.integers(0, len(LINES)), SLIPS), min_size=1, max_size=4))
@example([(0, "%YAML 2.0\n")])
def test_whatever_the_slip_it_is_told_in_french_too(slips):
    text = LINES
    for place, slip in slips:
        text = text[:place] + slip + text[place:]
    try:
        YAML(typ="rt").load(text)
    except YAMLError as error:
        line, why = explained(error, text)
        assert 1 <= line <= text.count("\n") + 1
        assert why.text in FRENCH
        assert why.told("fr") != why.told("en")


def test_every_kind_has_its_french():
    assert {kind.text for _, kind in KINDS} <= FRENCH.keys()
