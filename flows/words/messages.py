"""What the commands say, in English and French. The English text is the key."""

import os
from typing import Final

from flows.words.french import FRENCH

LANGUAGES: Final = ("fr", "en")
_chosen: list[str] = []


def speak(language: str) -> None:
    """Say everything in this language from now on."""
    _chosen[:] = [language]


def language() -> str:
    """The language in use: chosen, else VIGIE_LANG, else the system's, else English."""
    if not _chosen:
        from data.settings import settings

        system = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
        speak(settings().lang or ("fr" if system.lower().startswith("fr") else "en"))
    return _chosen[0]


def say(text: str, **values: object) -> str:
    """A message in the language in use, with its values put in."""
    return said_in(language(), text, **values)


def said_in(tongue: str, text: str, **values: object) -> str:
    """A message in one language, with its values put in."""
    return (FRENCH.get(text, text) if tongue == "fr" else text).format(**values)
