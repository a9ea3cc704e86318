"""Tone by two word lists: the version before the model, kept as what the model must beat."""

from typing import Final

import polars as pl

NEGATIVE: Final = (
    "arnaque", "arnaqueurs?", "honte", "honteux", "scandale", "scandaleux", "scandaleuse", "nul",
    "nulle", "nuls", "déçue?s?", "décevante?s?", "décevants?", "déception", "inadmissible",
    "inacceptable", "pire", "mauvaise?s?", "défectueu(?:x|ses?)", "cassée?s?", "déchirée?s?",
    "remboursez", "boycott\\w*", "mensonges?", "menteurs?", "dangereu(?:x|ses?)", "ridicules?",
    "horribles?", "catastroph\\w+", "lamentables?", "médiocres?", "voleurs?", "plus jamais",
    "scam", "shame", "shameful", "disgust\\w+", "awful", "terrible", "horrible", "worst", "bad",
    "disappoint\\w+", "broken", "broke", "defective", "refund", "liars?", "lies", "useless",
    "unacceptable", "outrageous", "dangerous", "ridiculous", "pathetic", "poor quality",
    "never again", "rip[- ]?off", "fail(?:ed|s|ure)?", "hate", "angry", "furious", "trash",
    "garbage", "greenwashing",
)  # fmt: skip
POSITIVE: Final = (
    "merci", "bravo", "super", "génial\\w*", "magnifiques?", "superbes?", "parfaite?s?",
    "excellente?s?", "excellents", "adore", "top", "beau", "belles?", "formidables?",
    "incroyables?", "félicitations", "hâte", "qualité", "recommande", "bonne?s?", "bons",
    "great", "love", "loved", "awesome", "amazing", "beautiful", "perfect", "excellent", "thanks",
    "thank you", "wonderful", "nice", "good", "best", "fantastic", "brilliant", "recommend",
    "congrats", "congratulations", "cool",
)  # fmt: skip
NEGATION: Final = (
    r"(?i)\b(?:pas|jamais|aucune?|sans|not|never|no|isn['’]t|wasn['’]t|don['’]t)\s+"
    r"(?:(?:de|du|un|une|si|très|vraiment|a|an|the|so|very|really|that)\s+)?"
)


def _counts(words: tuple[str, ...]) -> pl.Expr:
    """How often a list's words occur without a negation right before them."""
    listed = rf"(?:{'|'.join(words)})\b"
    text = pl.col("text").fill_null("")
    negated = text.str.count_matches(NEGATION + listed)
    return text.str.count_matches(rf"(?i)\b{listed}").cast(pl.Int64) - negated.cast(pl.Int64)


def listed_tone() -> pl.Expr:
    """-1, 0 or 1 for the column `text`: words of one list and not of the other."""
    bad, good = _counts(NEGATIVE) > 0, _counts(POSITIVE) > 0
    return good.cast(pl.Int8) - bad.cast(pl.Int8)
