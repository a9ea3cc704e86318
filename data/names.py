"""Public names of people: one written in several ways, and found inside texts."""

import re
from collections.abc import Collection, Iterator
from typing import Final

SHORTEST: Final = 4
"""Letters of a name that is looked for inside texts: shorter ones are words."""
INSTEAD: Final = "[…]"
"""What stands for a name that was taken out, also for the author of a comment."""


def plain(name: str) -> str:
    """`@Léa.Grimpe ` → `léa.grimpe`."""
    return name.strip().removeprefix("@").casefold()


def guises(name: str) -> tuple[str, ...]:
    """A name in the forms that platforms hash: as written, lower case, with and without `@`."""
    bare = name.strip().removeprefix("@")
    return tuple(dict.fromkeys((bare, bare.lower(), bare.casefold(), f"@{bare}")))


def pattern_of(names: Collection[str]) -> re.Pattern[str] | None:
    """Finds handles and addresses inside texts, however their letters are written; or None.

    A name that a word might be (letters only) is found after `@` or `/` only; a short one, or one
    of several words, is not looked for: it is other people's too.
    """
    ways = sorted(set(_ways(names)), reverse=True)
    return re.compile(rf"(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE) if ways else None


def _ways(names: Collection[str]) -> Iterator[str]:
    for name in map(plain, names):
        if len(name) >= SHORTEST and not re.search(r"\s", name):
            sure = re.search(r"[\W\d_]", name)
            yield (r"(?<!\w)@?" if sure else "(?<=[@/])") + re.escape(name)
