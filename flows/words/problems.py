"""What may go wrong for a reason that its user can act on."""

from flows.words.messages import said_in, say


class Problem(Exception):  # noqa: N818 - its two kinds say what it is
    """Told to the user in one sentence; the text is a key of the message catalogue."""

    code = 1

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text, values)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return say(self.text, **self.values)

    def in_english(self) -> str:
        """As it is kept in tables, whatever the user's language."""
        return said_in("en", self.text, **self.values)


class FellShort(Problem):
    """Something was not had; exit code 1."""


class Unusable(Problem):
    """The input can't be used: names it and the cure; exit code 2."""

    code = 2
