"""What YAML's parser stumbles over, as a person who writes a watchlist would say it."""

import re
from typing import Final

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from data.said import Said

INDENT: Final = Said(
    "its indentation doesn't fit the lines above, or “: ” comes twice in one line; "
    "indent by spaces and quote texts that hold “: ”"
)
TAB: Final = Said("a tab begins the line; indent by spaces")
SIGN: Final = Said("a text begins with {sign}; put it in quotes")
INNER: Final = Said(
    "text follows a closing quotation mark, or the indentation doesn't fit the lines above; "
    "write '' for a ' between single quotes"
)
COLON: Final = Said("“: ” is missing after a name, or “- ” before an entry")
QUOTE: Final = Said("a quotation mark is never closed")
BRACKET: Final = Said("a bracket is never closed, or a comma is missing")
TWICE: Final = Said("“{key}” is given twice; keep one")
SECOND: Final = Said("a second document begins; remove the line “---”")
ESCAPE: Final = Said("a backslash stands between double quotes; use single quotes")
CONTROL: Final = Said("it holds a sign that no text may hold ({sign}); remove it")
OTHER: Final = Said(
    "something is wrong here or in the line above; check the indentation and quote texts that "
    "hold “: ” or “#”"
)

KINDS: Final = (
    (re.compile(r"expected <block end>, but found '<scalar>'"), INNER),
    (re.compile(r"mapping values are not allowed|expected <block end>"), INDENT),
    (re.compile(r"found character '\\t'"), TAB),
    (re.compile(r"found character '(?P<sign>.)' that cannot start"), SIGN),
    (re.compile(r"found undefined alias"), Said(SIGN.text, {"sign": "*"})),
    (re.compile(r"found undefined tag handle"), Said(SIGN.text, {"sign": "!"})),
    (re.compile(r"could not find expected ':'"), COLON),
    (re.compile(r"found unexpected (?:end of stream|document separator)"), QUOTE),
    (re.compile(r"expected ',' or|expected the node content"), BRACKET),
    (re.compile(r"found duplicate key \"(?P<key>[^\"]*)\""), TWICE),
    (re.compile(r"found another document"), SECOND),
    (re.compile(r"unknown escape character|expected escape sequence"), ESCAPE),
)
OPENED: Final = (COLON, QUOTE, BRACKET)
"""Told for the line where it begins, not for the one where the parser gives up."""


def explained(error: YAMLError, text: str) -> tuple[int, Said]:
    """The line of the text (from 1) and what is wrong with it."""
    if isinstance(error, ReaderError):
        sign = f"U+{ord(text[error.position]):04X}"
        return text.count("\n", 0, error.position) + 1, Said(CONTROL.text, {"sign": sign})
    if not isinstance(error, MarkedYAMLError):
        return 1, OTHER
    told, values = OTHER, {}
    for pattern, kind in KINDS:
        if found := pattern.search(error.problem or ""):
            told, values = kind, found.groupdict()
            break
    marks = (error.problem_mark, error.context_mark)
    mark = next(filter(None, reversed(marks) if told in OPENED else marks), None)
    return (mark.line + 1 if mark else 1), Said(told.text, {**told.values, **values})
