"""Strict access to decoded documents: what is missing is named by its path."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final, TypeVar, overload

import msgspec

from crawlers.platform import ParseError

T = TypeVar("T")
Count = Annotated[int, msgspec.Meta(ge=0, le=10**15)]
"""A public count in a typed document: never negative, never absurd."""
Step = str | int

AT: Final = re.compile(r"(?s)(.*) - at `\$?\.?(.*)`")
MISSING: Final = re.compile(r"Object missing required field `(.*)`")
DEEPEST: Final = 60
"""Levels that `find` goes down: real pages stay under 40, a hostile one may not end."""


def decode(decoder: msgspec.json.Decoder[T], body: bytes | msgspec.Raw) -> T:
    """The typed document.

    Raises:
        ParseError: not JSON, or not of the decoder's type; with the path inside the document.
    """
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _translated(str(error)) from error


def _translated(message: str) -> ParseError:
    match = AT.fullmatch(message)
    problem, path = (match[1], match[2]) if match else (message, "")
    if missing := MISSING.fullmatch(problem):
        return ParseError(f"{path}.{missing[1]}".lstrip("."), "missing")
    return ParseError(path, problem[:1].lower() + problem[1:])


@overload
def get(node: Any, *steps: Step) -> Any: ...
@overload
def get(node: Any, *steps: Step, of: type[T]) -> T: ...
def get(node: Any, *steps: Step, of: type[Any] = object) -> Any:
    """The value at the end of the steps (keys and list positions), which must be there.

    Raises:
        ParseError: a step leads nowhere, or the value is not of type `of`; with its path.
    """
    for number, step in enumerate(steps):
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            raise ParseError(_path(steps[: number + 1]), "missing") from None
    if not isinstance(node, of):
        raise ParseError(_path(steps), f"expected {of.__name__}, got {type(node).__name__}")
    return node


@overload
def maybe(node: Any, *steps: Step) -> Any: ...
@overload
def maybe(node: Any, *steps: Step, of: type[T]) -> T | None: ...
def maybe(node: Any, *steps: Step, of: type[Any] = object) -> Any:
    """As `get`, but None where the value is missing or of another type."""
    try:
        return get(node, *steps, of=of)
    except ParseError:
        return None


def find(node: Any, key: str, depth: int = DEEPEST) -> Iterator[Any]:
    """Every value under `key`, wherever it lies, in document order; not inside a found one."""
    if depth == 0:
        return
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            else:
                yield from find(value, key, depth - 1)
    elif isinstance(node, list):
        for value in node:
            yield from find(value, key, depth - 1)


def _path(steps: tuple[Step, ...]) -> str:
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(parts).lstrip(".")
