"""Public counts as pages write them: "1,2 k", "26K", "5.04m", "1 234", "3 M de vues"."""

import re
from typing import Final

LARGEST: Final = 10**15
"""No public count is larger; beyond it the text means something else."""

SCALES: Final = {
    "": 0,
    "k": 3, "mille": 3, "thousand": 3,
    "m": 6, "mio": 6, "million": 6, "millions": 6,
    "b": 9, "bn": 9, "md": 9, "mrd": 9, "billion": 9, "billions": 9, "milliard": 9,
    "milliards": 9,
}  # fmt: skip
"""Suffix → power of ten, in English and French."""

NOUNS: Final = (
    r"views?|vues?|plays?|lectures?|watching|viewers?|spectateurs?|likes?|j[’']aime|"
    r"mentions j[’']aime|comments?|commentaires?|repl(?:y|ies)|réponses?|shares?|partages?|"
    r"reposts?|followers?|following|abonn[ée]e?s?|abonnements?|subscribers?|members?|membres?|"
    r"posts?|publications?|videos?|vidéos?"
)
NONE: Final = re.compile(rf"(?:no|aucune?|pas de) (?:{NOUNS})", re.IGNORECASE)
NUMBER: Final = re.compile(
    rf"([0-9][0-9 .,']*?) ?({'|'.join(sorted(SCALES, key=len, reverse=True))})"
    rf"(?: (?:d[e’'] ?)?(?:{NOUNS}))?",
    re.IGNORECASE,
)
GROUPED: Final = re.compile(r"[0-9]{1,3}([ .,'])[0-9]{3}(?:\1[0-9]{3})*")
SPACED: Final = re.compile(r"[0-9]{1,3}(?:[ '][0-9]{3})+")
DECIMAL: Final = re.compile(r"([0-9]{1,4}|[0-9]{1,3}(?:[ '][0-9]{3})+)[.,]([0-9]{1,2})")
MIXED: Final = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]{1,2})")
SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007\t\n", " ") | {"’": "'"})


def count(value: str | float | None) -> int | None:
    """The whole number that a page shows, or None when the text is not surely a count.

    A separator followed by three digits groups ("1,234" and "1.234" are 1234); with a suffix
    one or two digits after it are decimals ("1,2 k" is 1200). "1.234k" could be either: None.
    """
    if value is None or isinstance(value, bool):
        return None
    if not isinstance(value, str):
        return int(value) if 0 <= value <= LARGEST and value == int(value) else None
    text = value.translate(SPACES).strip()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= len(str(LARGEST)) - 1 else None
    if NONE.fullmatch(text):
        return 0
    match = NUMBER.fullmatch(text)
    return _scaled(match[1].strip(), SCALES[match[2].lower()]) if match else None


def _scaled(number: str, power: int) -> int | None:
    """`number` × 10^power, in whole numbers only so that nothing is lost to floats."""
    decimals = ""
    if power and (match := DECIMAL.fullmatch(number) or MIXED.fullmatch(number)):
        number, decimals = match.groups()
    elif not (number.isdigit() or (GROUPED if not power else SPACED).fullmatch(number)):
        return None
    whole = int(re.sub(r"[ .,']", "", number) + decimals) * 10 ** (power - len(decimals))
    return whole if whole <= LARGEST else None
