"""The JSON that Meta's pages (Facebook, Threads) carry for their own scripts."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from crawlers.platform import ParseError

Node = dict[str, Any]

SCRIPT: Final = re.compile(r"<script[^>]{0,500}>(.*?)(?:</script|\Z)", re.DOTALL | re.IGNORECASE)
CALLED: Final = re.compile(r'\{"__bbox":\{"(?:complete|result)"')
"""Where an answer to the page's own queries starts, inside a call of a script."""
DEEPEST: Final = 80


def documents(markup: str, *words: str) -> Iterator[Any]:
    """Every JSON document in the page's scripts that has one of the words, in order.

    Raises:
        ParseError: one starts and does not end: the page is cut off or malformed.
    """
    for match in SCRIPT.finditer(markup):
        body = match[1].strip()
        if not any(word in body for word in words):
            continue
        if body.startswith(("{", "[")):
            yield _whole(body)
        else:
            yield from _called(body, words)


def _whole(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise ParseError("script", "not a whole JSON document") from error


def _called(body: str, words: tuple[str, ...]) -> Iterator[Any]:
    """The answers that a script hands to its functions."""
    decoder, place = json.JSONDecoder(), 0
    while match := CALLED.search(body, place):
        try:
            place = decoder.raw_decode(body, match.start())[1]
        except (ValueError, RecursionError) as error:
            raise ParseError("__bbox", "not a whole JSON object") from error
        text = body[match.start() : place]
        if any(word in text for word in words):
            yield _whole(text)


def having(node: Any, *keys: str, depth: int = DEEPEST) -> Iterator[Node]:
    """Every object that has all of the keys, in document order; not inside a found one."""
    if depth == 0:
        return
    if isinstance(node, dict):
        if all(key in node for key in keys):
            yield node
            return
        node = list(node.values())
    for value in node if isinstance(node, list) else ():
        yield from having(value, *keys, depth=depth - 1)
