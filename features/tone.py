"""Tone of French and English texts: negative, neutral or positive, by a small linear model.

A text is read three ways: hashed n-grams of letters; what its words feel like (the mean of word
vectors made once with the multilingual encoder, so that French and English words lie together,
and the valence that lexicons give or that was learned from them, turned round after a negation);
and how it is written (capitals, marks, emoticons). Softmax regression puts them together. Weights
are plain arrays: `docs/models/sentiment.md` says what they were learned from and how good they are.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WEIGHTS: Final = Path(__file__).parent / "weights"
WORDS_FILE: Final = WEIGHTS / "words.npz"
TONE_FILE: Final = WEIGHTS / "tone.npz"
GRAMS: Final = 2**15
SHORTEST: Final = 2
LONGEST: Final = 5
BATCH: Final = 10_000
LANGUAGES: Final = ("fr", "en")
DOUBT: Final = 8.0
"""Log odds from which another language is clearly likelier."""
UNIT: Final = 127.0
"""Word tables hold bytes: 127 stands for one."""
REACH: Final = 3
"""Words after a negation that it turns round."""
SIGNS: Final = 22
"""Columns of `signs` before the axes."""
WEAK: Final = 0.1
"""Learned valences nearer to zero are noise."""
ADDRESS: Final = re.compile(r"https?\S*|www\.\S+")
HANDLE: Final = re.compile(r"@\w+")
CLITIC: Final = re.compile(r"\b(?:[cdjlmnst]|qu)'", re.IGNORECASE)
TOKEN: Final = re.compile(
    r"[^\W\d_]+|[:;=8x][-o^']?[()DPp/\\|*\]\[]+|<3+|[\U0001F000-\U0001FAFF\u2600-\u27BF]|[.!?;,]"
)
STOPS: Final = frozenset(".!?;,")
NEGATIONS: Final = frozenset({
    "pas", "jamais", "aucun", "aucune", "sans", "ni", "rien", "not", "never", "no", "none", "nor",
    "cannot", "without", "nothing", "nobody", "isn", "wasn", "don", "doesn", "didn", "won", "can",
    "couldn", "shouldn", "wouldn", "aren", "haven", "hasn", "ain", "dont", "cant", "wont",
})  # fmt: skip

Floats = NDArray[np.float32]


class Words(NamedTuple):
    """What single words feel like. Arrays have a row a word."""

    rows: dict[str, int]
    listed: Floats
    """Valence that people gave, -1 to 1; 0 where nobody did."""
    learned: Floats
    """Valence predicted from the word's vector."""
    axes: Floats
    """The word's vector, its main directions only, rarer words longer."""


class Tone(NamedTuple):
    """A fitted model."""

    mean: Floats
    spread: Floats
    idf: Floats
    of_signs: Floats
    of_grams: Floats
    bias: Floats


@cache
def words() -> Words:
    """The word table that is shipped."""
    with np.load(WORDS_FILE, allow_pickle=False) as file:
        known = bytes(file["words"]).decode().split("\n")
        listed, learned, axes = (
            file[name].astype(np.float32) / UNIT for name in ("listed", "learned", "axes")
        )
    return Words({word: row for row, word in enumerate(known)}, listed, learned, axes)


@cache
def shipped() -> Tone:
    """The model that is shipped."""
    with np.load(TONE_FILE, allow_pickle=False) as file:
        return Tone(*(file[name].astype(np.float32) for name in Tone._fields))


def plain(text: str) -> str:
    """The text without addresses and handles, with one kind of apostrophe."""
    text = unicodedata.normalize("NFC", text).replace("’", "'")
    return HANDLE.sub(" ", ADDRESS.sub(" ", text))


def felt(text: str, table: Words) -> tuple[list[float], list[float], list[int]]:
    """Listed and learned valences of a text's words, turned after a negation; rows of its words."""
    listed, learned, rows = [], [], []
    turned = 0
    for token in TOKEN.findall(CLITIC.sub(" ", text.lower())):
        if token in NEGATIONS:
            turned = REACH + 1
        elif token in STOPS:
            turned = 0
        elif (row := table.rows.get(token)) is not None:
            sign = -1.0 if turned else 1.0
            rows.append(row)
            listed.append(sign * float(table.listed[row]))
            learned.append(sign * float(table.learned[row]))
        turned = max(turned - 1, 0)
    return listed, [value for value in learned if abs(value) > WEAK], rows


def summed(values: Sequence[float], length: int) -> list[float]:
    """Positive and negative sums, both, extremes, and the sum for the text's length."""
    up = sum(value for value in values if value > 0)
    down = sum(value for value in values if value < 0)
    high, low = max(values, default=0.0), min(values, default=0.0)
    return [up, down, up + down, max(high, 0.0), min(low, 0.0), (up + down) / (length + 1) ** 0.5]


def written(text: str, tokens: int) -> list[float]:
    """How a text is written: marks, capitals, length, figures, hashtags, quotes."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters) / max(len(letters), 1)
    return [
        float("!" in text), float("?" in text), float("..." in text or "…" in text),
        float(text.count("!")), float(text.count("?")), float(text.count("#")), capitals,
        float(np.log1p(tokens)), float(any(mark in text for mark in '"“«')),
        float(any(letter.isdigit() for letter in text)),
    ]  # fmt: skip


def signs(texts: Sequence[str], table: Words) -> Floats:
    """One row a (plain) text: feeling, writing and mean word vector."""
    width = table.axes.shape[1]
    rows = np.zeros((len(texts), SIGNS + width), dtype=np.float32)
    for i, text in enumerate(texts):
        listed, learned, found = felt(text, table)
        facts = summed(listed, len(found)) + summed(learned, len(found))
        rows[i, :SIGNS] = facts + written(text, len(found))
        if found:
            rows[i, SIGNS:] = table.axes[found].sum(axis=0) / (len(found) + 1) ** 0.5
    return rows


@cache
def hasher() -> Any:
    """Letters' n-grams within words to hashed counts; nothing of the text can be read back."""
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(SHORTEST, LONGEST),
        n_features=GRAMS,
        norm=None,
        alternate_sign=False,
        dtype=np.float32,
    )


def grams(texts: Sequence[str]) -> "csr_matrix":
    """Hashed n-grams of (plain) texts, 1 + log of their counts."""
    counts = hasher().transform(texts)
    counts.data = 1 + np.log(counts.data)
    return counts


def weighted(counts: "csr_matrix", idf: Floats) -> "csr_matrix":
    """Rows of TF-IDF of length one."""
    from sklearn.preprocessing import normalize

    return normalize(counts.multiply(idf).tocsr())


def probabilities(texts: Sequence[str], model: Tone, table: Words) -> Floats:
    """Probability of negative, neutral and positive, one row a text."""
    known = [plain(text) for text in texts]
    dense = (signs(known, table) - model.mean) / model.spread
    scores = dense @ model.of_signs + weighted(grams(known), model.idf) @ model.of_grams
    scores = np.exp(scores + model.bias - (scores + model.bias).max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), dtype=np.float32)


def is_readable(text: str) -> bool:
    """Whether a text is French or English.

    At least half of its words are in the table, and no other language is clearly likelier: short
    texts ("Super, merci") are never certain, so theirs is given the benefit of the doubt.
    """
    import py3langid

    tokens = set(TOKEN.findall(CLITIC.sub(" ", plain(text).lower()))) - STOPS - NEGATIONS
    if 2 * len(tokens & words().rows.keys()) < len(tokens):
        return False
    scores = dict(py3langid.rank(text))
    best = max(scores.values())
    return any(float(best - scores[code]) <= DOUBT for code in LANGUAGES)


def tones(texts: Sequence[str], least: float = 0) -> list[int]:
    """-1, 0 or 1: the likeliest tone of each French or English text, by the shipped model.

    A tone less probable than `least` is said to be 0.
    """
    found: list[int] = []
    for start in range(0, len(texts), BATCH):
        some = probabilities(texts[start : start + BATCH], shipped(), words())
        found += np.where(some.max(axis=1) < least, 0, some.argmax(axis=1) - 1).tolist()
    return found
