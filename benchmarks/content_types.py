"""How well the content types agree with what people said the texts are about.

    .venv/bin/python benchmarks/content_types.py --data train.csv
    .venv/bin/python benchmarks/content_types.py --data fra.tsv --pair eng.tsv

The file (CSV, or TSV by its name) has a column of texts and one of labels. The product's own
clustering chooses its number of clusters; beside it TF-IDF + SVD + k-means is told the true
number, and BERTopic's recipe runs on the same embedding where it is installed. With `--pair`, a
second file holds the same texts in another language under the same ids: both are clustered
together, and `agreement` is how many pairs land in one cluster. The last line is one JSON object.
"""

import argparse
import json
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from threadpoolctl import threadpool_limits

from features import clusters, content_fit, text
from features.vectors import Memory

TEXTS: Final = ("text", "sentence", "content", "message")
LABELS: Final = ("label", "category", "intent", "topic", "class")
IDS: Final = ("index_id", "id")
SVD: Final = 100
MOST: Final = 160
TEXTS_A_CLUSTER: Final = 20

Labels = NDArray[np.int64]


def read(path: Path) -> pl.DataFrame:
    """id, text, label of a file."""
    if path.suffix.lower() in {".tsv", ".tab"}:
        rows = pl.read_csv(path, separator="\t", quote_char=None, infer_schema=False)
    else:
        rows = pl.read_csv(path, infer_schema=False)
    found = {}
    for name, known in (("text", TEXTS), ("label", LABELS)):
        column = next((column for column in rows.columns if column.lower() in known), None)
        if column is None:
            raise SystemExit(f"{path}: no column of {name}s; call it one of {', '.join(known)}")
        found[name] = pl.col(column)
    ids = next((pl.col(column) for column in rows.columns if column.lower() in IDS), None)
    number = pl.int_range(pl.len()).cast(pl.String)
    return rows.select(id=number if ids is None else ids, **found).drop_nulls()


def as_posts(rows: pl.DataFrame) -> pl.DataFrame:
    """The texts as the features read posts, with their language detected."""
    posts = rows.select(
        "text",
        post_id=pl.int_range(pl.len()).cast(pl.String),
        title=pl.lit(None, pl.String),
        language=pl.lit(None, pl.String),
    )
    found = text.languages(posts)
    return posts.drop("language").join(found, on="post_id", maintain_order="left")


def baseline(texts: list[str], k: int) -> Labels:
    """TF-IDF + SVD + k-means, told the true number of clusters."""
    matrix = TfidfVectorizer(stop_words="english").fit_transform(texts)
    size = min(SVD, matrix.shape[1] - 1)
    points = TruncatedSVD(size, random_state=0).fit_transform(matrix)
    return np.asarray(KMeans(k, n_init=4, random_state=0).fit_predict(points), dtype=np.int64)


def bertopic(texts: list[str], vectors: NDArray[np.float32]) -> Labels | None:
    """BERTopic's recipe on the same embedding, where it is installed."""
    if find_spec("bertopic") is None:
        return None
    from bertopic import BERTopic

    topics, _ = BERTopic(embedding_model=None).fit_transform(texts, vectors)
    return np.asarray(topics, dtype=np.int64)


def compared(rows: pl.DataFrame, pairs: int) -> dict[str, Any]:
    """Both sides on one file; the last `pairs` rows translate the first ones, in their order."""
    told, texts = rows["label"].to_list(), rows["text"].to_list()
    start = time.process_time()
    vectors, _ = content_fit.located(as_posts(rows), Memory())
    most = min(MOST, max(clusters.MOST, rows.height // TEXTS_A_CLUSTER))
    found = clusters.cluster(vectors, most).labels
    spent = time.process_time() - start
    with threadpool_limits(1):
        plain = baseline(texts, len(set(told)))
    nmi, base = (normalized_mutual_info_score(told, labels) for labels in (found, plain))
    figures = {
        "texts": rows.height, "true_k": len(set(told)), "k": int(found.max()) + 1,
        "nmi": nmi, "ari": adjusted_rand_score(told, found), "baseline_nmi": base,
        "baseline_ari": adjusted_rand_score(told, plain), "nmi_ratio": nmi / base, "cpu_s": spent,
    }  # fmt: skip
    if (topics := bertopic(texts, vectors)) is not None:
        figures["bertopic_nmi"] = normalized_mutual_info_score(told, topics)
    if pairs:
        figures["agreement"] = float((found[:pairs] == found[-pairs:]).mean())
    return figures


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="texts and labels")
    parser.add_argument("--pair", type=Path, help="the same texts in another language")
    given = parser.parse_args()
    rows, pairs = read(given.data), 0
    if given.pair:
        other = read(given.pair)
        rows = rows.join(other, on="id", how="semi").unique("id").sort("id")
        other = other.join(rows, on="id", how="semi").unique("id").sort("id")
        rows, pairs = pl.concat([rows, other]), rows.height
    figures = compared(rows, pairs)
    for name, value in figures.items():
        print(f"{name:14} {value:.3f}" if isinstance(value, float) else f"{name:14} {value}")
    print(json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}))


if __name__ == "__main__":
    main()
