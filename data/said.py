"""Messages about a watchlist, told by the command line and by pages in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from data.watchlist_french import FRENCH


@dataclass(frozen=True)
class Said:
    """A message with its values; the English text is the key to the French one.

    A value that is a message itself is told in the same language.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def told(self, language: str) -> str:
        """The message in `fr` or `en`."""
        text = FRENCH.get(self.text, self.text) if language == "fr" else self.text
        shown = {
            name: value.told(language) if isinstance(value, Said) else value
            for name, value in self.values.items()
        }
        return text.format(**shown)

    def __str__(self) -> str:
        return self.told("en")


def bare(text: object) -> Said:
    """A text of somebody else's, told as it is."""
    return Said("{text}", {"text": text})


class WrongError(ValueError):
    """A value of a watchlist is no good; says what would be."""

    def __init__(self, text: str, **values: object) -> None:
        self.said = Said(text, values)
        super().__init__(str(self.said))


class WatchlistError(ValueError):
    """The watchlist can't be used; each message names the file, the line and the cure."""

    def __init__(self, *problems: Said) -> None:
        self.problems = problems
        super().__init__(self.told("en"))

    def told(self, language: str) -> str:
        """Every problem in `fr` or `en`, a line each."""
        return "\n".join(problem.told(language) for problem in self.problems)
