"""How well the tone of comments is read in French and English; trains the model that is shipped.

    .venv/bin/python benchmarks/sentiment.py --data DIR [--on test] [--save]

DIR holds one folder a language with `train_text.txt` and `train_labels.txt` (a text, a label a
line; 0 negative, 1 neutral, 2 positive) and the same for `val` (or `test`). Trained on the train
halves alone; nothing is chosen on the half that is reported. Beside it the recipe of TF-IDF and
logistic regression trained on the same texts, a language at a time, the word lists in
`reputation_words.py`, and the largest class. `shipped` judges the file in features/weights as it
is; `--save` writes it anew. The last line is one JSON object.
"""

import argparse
import html
import json
import re
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from reputation_words import listed_tone
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits

from features import tone
from features.tone import Tone

SIGN_SCALE: Final = 0.2
AXIS_SCALE: Final = 0.1
GRAM_SCALE: Final = 1.5
STRENGTH: Final = 0.7
"""Inverse regularisation; these four were chosen by cross-validation within the train halves."""
CODES: Final = {"english": "en", "french": "fr"}
ROUNDS: Final = 5

Labels = NDArray[np.int64]


class Half(NamedTuple):
    """Texts and what people said of them: 0 negative, 1 neutral, 2 positive."""

    texts: list[str]
    labels: Labels


def half(folder: Path, name: str) -> Half:
    """A half of a language; escapes that the publisher left in the texts are undone."""
    labels = [int(line) for line in (folder / f"{name}_labels.txt").read_text().split()]
    lines = (folder / f"{name}_text.txt").read_text(encoding="utf-8").split("\n")
    return Half([unescaped(line) for line in lines[: len(labels)]], np.array(labels))


def unescaped(line: str) -> str:
    r"""A text without `\u2019`, `&amp;` and quotes doubled by an export."""
    line = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), html.unescape(line))
    return line.replace('\\""""', '"').replace('""', '"').strip('" ')


def fitted(train: Half) -> Tone:
    """Softmax regression on signs and n-grams; the scales of the inputs are part of the model."""
    texts = [tone.plain(text) for text in train.texts]
    signs, counts = tone.signs(texts, tone.words()), tone.grams(texts)
    scale = np.full(signs.shape[1], AXIS_SCALE)
    scale[: tone.SIGNS] = SIGN_SCALE
    mean, spread = signs.mean(axis=0), (signs.std(axis=0) + 1e-6) / scale
    seen = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
    dense = sparse.csr_matrix((signs - mean) / spread)
    inputs = sparse.hstack([dense, tone.weighted(counts, idf) * GRAM_SCALE]).tocsr()
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(inputs, train.labels)
    weights = model.coef_.T.astype(np.float32)
    width = signs.shape[1]
    return Tone(
        mean=mean,
        spread=spread.astype(np.float32),
        idf=idf,
        of_signs=weights[:width],
        of_grams=weights[width:] * GRAM_SCALE,
        bias=model.intercept_.astype(np.float32),
    )


def save(model: Tone) -> None:
    """The model as the file that is shipped: arrays of half precision, nothing else."""
    halves = {name: array.astype(np.float16) for name, array in model._asdict().items()}
    np.savez_compressed(tone.TONE_FILE, allow_pickle=False, **halves)


def plain_recipe(train: Half, texts: list[str]) -> Labels:
    """The baseline: TF-IDF of words and logistic regression."""
    words = TfidfVectorizer()
    model = LogisticRegression(max_iter=2000).fit(words.fit_transform(train.texts), train.labels)
    return np.asarray(model.predict(words.transform(texts)))


def score(said: Labels, found: Labels) -> float:
    """Macro-F1: the mean over the three classes."""
    return float(f1_score(said, found, average="macro"))


def speed(texts: list[str], model: Tone) -> float:
    """Texts a second of processor time, the median of several rounds."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        tone.probabilities(texts, model, tone.words())
        spent.append(time.process_time() - start)
    return len(texts) / float(np.median(spent))


def judged(train: Half, asked: Half, model: Tone) -> dict[str, float]:
    """Macro-F1 on one language: ours, the baselines', and the largest class's."""
    found = tone.probabilities(asked.texts, model, tone.words()).argmax(axis=1)
    shipped = tone.probabilities(asked.texts, tone.shipped(), tone.words()).argmax(axis=1)
    largest = np.full(len(asked.labels), np.bincount(train.labels).argmax())
    words = pl.DataFrame({"text": asked.texts}).select(listed_tone() + 1).to_series().to_numpy()
    return {
        "macro_f1": score(asked.labels, found),
        "shipped": score(asked.labels, shipped),
        "baseline": score(asked.labels, plain_recipe(train, asked.texts)),
        "word_list": score(asked.labels, words),
        "largest_class": score(asked.labels, largest),
    }


def measured(folder: Path, on: str, *, ship: bool) -> dict[str, Any]:
    """Train on every language together, judge each apart; a bare key is the languages' mean."""
    names = [name for name in sorted(CODES) if (folder / name).is_dir()]
    train = {name: half(folder / name, "train") for name in names}
    asked = {name: half(folder / name, on) for name in names}
    every = Half(
        [text for part in train.values() for text in part.texts],
        np.concatenate([part.labels for part in train.values()]),
    )
    model = fitted(every)
    if ship:
        save(model)
    found = {CODES[name]: judged(train[name], asked[name], model) for name in names}
    figures: dict[str, Any] = {}
    for key in ("macro_f1", "baseline", "word_list", "largest_class", "shipped"):
        figures[key] = round(float(np.mean([row[key] for row in found.values()])), 4)
        figures |= {f"{key}_{code}": round(row[key], 4) for code, row in found.items()}
    texts = [text for part in asked.values() for text in part.texts]
    sizes = {"train": len(every.texts), "asked": len(texts), "on": on}
    return {**figures, **sizes, "comments_per_s_core": round(speed(texts, model))}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of languages")
    parser.add_argument("--on", default="val", choices=("val", "test"), help="the half to report")
    parser.add_argument("--save", action="store_true", help="write the model that is shipped")
    given = parser.parse_args()
    with threadpool_limits(1):
        figures = measured(given.data, given.on, ship=given.save)
    for name, value in figures.items():
        print(f"{name:20} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
