"""What may be wrong with a file, worded so that a caller can translate it."""

from typing import Any

from msgspec import Struct


class ImportProblem(ValueError):  # noqa: N818 - its kinds say what they are
    """A text with places for values: a key of the message catalogue, and what fills it."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text, values)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.text.format(**self.values)


class SheetError(ImportProblem):
    """The file is no table that can be read; the message names the cure."""


class CellError(ImportProblem):
    """The cell is not what its column holds; the message says what it should be."""


class LetterError(ImportProblem):
    """The message can't be read as a newsletter; says why."""


class Bad(Struct, frozen=True):
    """A line (or message) that can't be read, and why."""

    line: int
    problem: ImportProblem
