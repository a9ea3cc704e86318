"""Makes features/weights/words.npz: what single French and English words feel like.

    .venv/bin/python benchmarks/word_table.py --lists DIR

DIR holds files of four public packages: `fr.json.gz` and `en.json.gz` of pyspellchecker (MIT: the
words and how common they are), `vader_lexicon.txt` of vaderSentiment (MIT) and `fr-sentiment.xml`
and `en-sentiment.xml` of pattern (public domain: words that people rated). The multilingual
encoder places each word; ridge regression from the rated words gives every other word a valence,
across languages. Nothing of any post, comment or tweet goes in. About two minutes.
"""

import argparse
import gzip
import json
import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import Ridge

from features import tone
from features.vectors import encoder

LANGUAGES: Final = ("fr", "en")
WORD: Final = re.compile(r"[a-zàâäçéèêëîïôöùûüÿœæ]{2,}")
EMOTICON: Final = re.compile(r"[:;=8x][-o^']?[()dp/\\|*\]\[]+|<3+")
RATED: Final = re.compile(r'<word form="([^"]+)".*?polarity="([^"]+)"')
COMMON: Final = {"fr": 50, "en": 300}
"""Occurrences in subtitles from which a word is kept; both leave about as many words."""
TYPICAL: Final = 8000
"""Common words of a language that the axes are drawn through."""
AXES: Final = 16
PATTERN_SCALE: Final = 0.7
"""Pattern's ratings reach further than VADER's, which are divided by their largest, 4."""
VADER_SCALE: Final = 0.25
PER_MILLION: Final = 50
"""A word this common counts for about half a rare one."""
EMOJI: Final = {
    0.5: "😀😃😄😁😆😊🙂😍🥰😘😂🤣👍👏🎉🔥💪🙏❤💙💚💛💜🧡😎🤩😋🥳✨💯✅👌🤗☺",
    -0.5: "😡😠🤬👎😢😭😞😔😤💩🤮🤢😒🙄😩😫😱💔😣😖🤦😳😨😰",
}

Floats = NDArray[np.float32]


def frequencies(folder: Path) -> dict[str, NDArray[np.float64]]:
    """Each word kept with how often it occurs per million, in French and in English."""
    lists = []
    for code in LANGUAGES:
        with gzip.open(folder / f"{code}.json.gz") as file:
            counts: dict[str, int] = json.load(file)
        lists.append((counts, COMMON[code], 1e6 / sum(counts.values())))
    kept = sorted(
        {
            word
            for counts, least, _ in lists
            for word, count in counts.items()
            if count >= least and WORD.fullmatch(word)
        }
    )
    return {
        word: np.array([counts.get(word, 0) * each for counts, _, each in lists]) for word in kept
    }


def ratings(folder: Path) -> dict[str, float]:
    """What people said that words and emoticons are worth, -1 to 1."""
    found: dict[str, float] = {}
    for code in LANGUAGES:
        text = (folder / f"{code}-sentiment.xml").read_text(encoding="utf-8")
        for word, polarity in RATED.findall(text):
            value = PATTERN_SCALE * float(polarity)
            if abs(value) >= abs(found.get(word.lower(), 0)):
                found[word.lower()] = value
    for line in (folder / "vader_lexicon.txt").read_text(encoding="utf-8").splitlines():
        word, value, *_ = line.split("\t")
        found[word.lower()] = VADER_SCALE * float(value)
    return found | {mark: value for value, marks in EMOJI.items() for mark in marks}


def axes(vectors: Floats, often: NDArray[np.float64]) -> Floats:
    """The main directions of the words' vectors; common words are shortened, as IDF does."""
    typical = np.unique(np.argsort(-often, axis=0)[:TYPICAL])
    centre = vectors[typical].mean(axis=0)
    turn = TruncatedSVD(AXES, random_state=0).fit(vectors[typical] - centre)
    weight = 1 / (1 + np.log1p(often.max(axis=1) / PER_MILLION))
    found = turn.transform(vectors - centre) * weight[:, None]
    return np.asarray(found / np.abs(found).max(), dtype=np.float32)


def as_bytes(values: Any) -> NDArray[np.int8]:
    """Values of -1 to 1 as bytes."""
    whole = np.round(np.asarray(values) * tone.UNIT)
    return np.clip(whole, -tone.UNIT, tone.UNIT).astype(np.int8)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lists", type=Path, required=True, help="a folder of the five files")
    folder = parser.parse_args().lists
    often, rated = frequencies(folder), ratings(folder)
    words = list(often)
    vectors = encoder().encode(words)
    told = [row for row, word in enumerate(words) if word in rated]
    ridge = Ridge(1.0).fit(vectors[told], [rated[words[row]] for row in told])
    marks = [word for word in rated if EMOTICON.fullmatch(word) or word in "".join(EMOJI.values())]
    worth = [rated[mark] for mark in marks]
    table = axes(vectors, np.array([often[word] for word in words]))
    np.savez_compressed(
        tone.WORDS_FILE,
        allow_pickle=False,
        words=np.frombuffer("\n".join(words + marks).encode(), np.uint8),
        listed=as_bytes([rated.get(word, 0.0) for word in words] + worth),
        learned=as_bytes([*ridge.predict(vectors), *worth]),
        axes=as_bytes(np.vstack([table, np.zeros((len(marks), AXES))])),
    )
    print(f"{len(words)} words, {len(marks)} emoji and emoticons, {len(told)} rated")


if __name__ == "__main__":
    main()
