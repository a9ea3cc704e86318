"""Writes the posts: a theme's sentences, filled in and put into the account's register."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.market import chatter, words_en, words_fr

BOOKS: Final = {"fr": words_fr, "en": words_en}
SLOT: Final = re.compile(r"\{(\w+)\}")
CHOICE: Final = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Voice:
    """How an account writes."""

    language: str
    register: str

    def fill(self, template: str, rng: np.random.Generator) -> str:
        """The template with its slots filled and its register chosen."""
        book = BOOKS[self.language].SLOTS
        group = 1 if self.register == "tu" else 2

        def slot(match: re.Match[str]) -> str:
            values: tuple[str, ...] = book[match[1]]
            return values[int(rng.integers(len(values)))]

        text = CHOICE.sub(lambda match: match[group], SLOT.sub(slot, template))
        return text[0].upper() + text[1:]

    def pick(self, templates: tuple[str, ...], rng: np.random.Generator) -> str:
        """One of the templates, filled."""
        return self.fill(templates[int(rng.integers(len(templates)))], rng)


def short_text(voice: Voice, theme: str, rng: np.random.Generator) -> str:
    """A post of two sentences, sometimes closed by a question or a call to action."""
    book = BOOKS[voice.language]
    parts = [voice.pick(book.OPENERS[theme], rng), voice.pick(book.DETAILS[theme], rng)]
    if rng.random() < 0.35:  # noqa: PLR2004 - about a third of posts ask for something
        parts.append(voice.pick(chatter.CLOSERS[voice.language], rng))
    return " ".join(parts)


def long_text(voice: Voice, theme: str, rng: np.random.Generator) -> str:
    """An article: an opening and four different details."""
    book = BOOKS[voice.language]
    order = rng.permutation(len(book.DETAILS[theme]))[:4]
    details = [voice.fill(book.DETAILS[theme][place], rng) for place in order]
    opening = voice.pick(book.OPENERS[theme], rng)
    return f"{opening} {' '.join(details[:2])}\n\n{' '.join(details[2:])}"


def title(voice: Voice, theme: str, rng: np.random.Generator) -> str:
    """A headline."""
    return voice.pick(BOOKS[voice.language].TITLES[theme], rng)


def hashtags(voice: Voice, theme: str, turn: int) -> tuple[str, ...]:
    """Two of the theme's tags, taken in turn."""
    tags = BOOKS[voice.language].TAGS[theme]
    return tags[turn % len(tags)], tags[(turn + 1) % len(tags)]
