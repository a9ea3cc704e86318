"""How a text is built: its length, how easy it is to read, emoji, hashtags, capitals."""

from typing import Final

import polars as pl

MIN_WORDS: Final = 20
"""Words from which a formula made for prose means something."""
WORD: Final = r"\pL[\pL\pM'’\-]*"
HASHTAG: Final = r"(?:^|[^\pL\pN_&/])#[\pL\pN_]*\pL[\pL\pN_]*"
TAGGED: Final = r"[#@][\pL\pN_.]+"
SENTENCE: Final = r"[.!?…]+(?:[\s\"»”')\]]|$)|\pL[^\pL.!?…\n]*\n"
EMOJI: Final = (
    r"(?:[\x{1F1E6}-\x{1F1FF}]{2}|[0-9#*]\x{FE0F}?\x{20E3}|"
    r"\p{Extended_Pictographic}[\x{FE0F}\x{1F3FB}-\x{1F3FF}]*"
    r"(?:\x{200D}\p{Extended_Pictographic}[\x{FE0F}\x{1F3FB}-\x{1F3FF}]*)*)"
)
"""One a reader's eye: flags, keycaps, skin tones and joined families count once."""
NOT_EMOJI: Final = r"[©®™↔-↪‼⁉ℹ]"
FRENCH_VOWELS: Final = "aeiouyàâäéèêëîïôöùûüÿœæ"
ENGLISH_VOWELS: Final = "aeiouy"
SILENT: Final = {
    "fr": rf"([{FRENCH_VOWELS}][^{FRENCH_VOWELS}\W]+|[iéu])(?:e|es)\b",
    "en": r"([aeiouy][^aeiouy\W]*[^aeiouyl\W])e\b|([aeiouy][^aeiouy\W]*[^aeiouylsxz\W])es\b|"
    r"([aeiouy][^aeiouy\W]*[^aeiouytd\W])ed\b",
}
"""An end in e that isn't spoken, where a vowel stands before."""
GROUPS: Final = {"fr": rf"[{FRENCH_VOWELS}]+", "en": rf"[{ENGLISH_VOWELS}]+"}
FLESCH: Final = {"fr": (207.0, 1.015, 73.6), "en": (206.835, 1.015, 84.6)}
"""Constant, weight of words a sentence, weight of syllables a word."""


def readability(text: pl.Expr, language: pl.Expr) -> pl.Expr:
    """Reading ease: about 100 very easy, 60 plain, 30 and less difficult.

    Flesch (1948) for English, Kandel & Moles (1958) for French: constant - 1.015 × words a
    sentence - 84.6 (73.6) × syllables a word, cut to 0 … 120. Syllables are groups of vowels, a
    silent end left out. Null in other languages and under twenty words; hashtags, handles and
    addresses are no words.
    """
    prose = text.str.replace_all(TAGGED, " ")
    words = prose.str.count_matches(WORD)
    sentences = pl.max_horizontal(prose.str.count_matches(SENTENCE), 1)
    found = pl.lit(None, pl.Float64)
    for code, (constant, per_sentence, per_word) in FLESCH.items():
        heard = prose.str.to_lowercase().str.replace_all(SILENT[code], "${1}${2}${3}")
        syllables = pl.max_horizontal(heard.str.count_matches(GROUPS[code]), words)
        ease = constant - per_sentence * words / sentences - per_word * syllables / words
        found = pl.when(language == code).then(ease).otherwise(found)
    return pl.when(words >= MIN_WORDS).then(found.clip(0, 120))


def emoji(text: pl.Expr) -> pl.Expr:
    """How many emoji."""
    return text.str.replace_all(NOT_EMOJI, " ").str.count_matches(EMOJI).cast(pl.Int64)


def hashtags(text: pl.Expr) -> pl.Expr:
    """How many hashtags; "#1" and the anchor of an address are none."""
    return text.str.count_matches(HASHTAG).cast(pl.Int64)


def word_count(text: pl.Expr) -> pl.Expr:
    """How many words but hashtags and handles."""
    return text.str.replace_all(TAGGED, " ").str.count_matches(WORD).cast(pl.Int64)


def capitals(text: pl.Expr) -> pl.Expr:
    """Share of capitals among the letters; null without letters."""
    letters = text.str.count_matches(r"[\p{Lu}\p{Ll}]")
    return pl.when(letters > 0).then(text.str.count_matches(r"\p{Lu}") / letters)
