"""Content types: what the market posts about, as clusters with words for names.

Fitted by `content_fit`. A lake of up to ten thousand posts is assigned by the nearest
centre of its embeddings; a larger one by a naive Bayes model over the words that the fit found
in each type, because embedding a million posts takes a quarter of an hour and a sparse product
takes seconds. The model is kept between runs, so that a post's type is a function of its words.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.edits import found_label
from features import vectors
from features.vectors import Memory
from features.words import plain, words

MIN_WORDS: Final = 2
TEMPERATURE: Final = 0.05
CHUNK: Final = 200_000
READ: Final = 240

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """A fitted clustering, enough to assign any post.

    `by` is "vectors" (centres, floors, means) or "words" (vocabulary, weights, prior).
    Everything per type is in the order of `type_ids`.
    """

    version: int
    fitted_at: datetime
    by: str
    type_ids: list[str]
    next_id: int
    keywords: list[list[str]]
    examples: list[list[str]]
    silhouette: list[float]
    stability: list[float]
    vocabulary: list[str]
    weights: Floats
    prior: Floats
    centres: Floats
    floors: Floats
    means: dict[str, Floats] = field(default_factory=dict)


def texts_of(posts: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Text and language ('' if unknown) of each post, as the encoder reads them.

    The start of a long text says what it is about, and costs less.
    """
    shown = posts.select(
        text=plain().str.replace_all(r"\d+", "0").str.head(READ),
        language=pl.col("language").fill_null(""),
    )
    return shown["text"].to_list(), shown["language"].to_list()


def softmax(scores: Floats) -> Floats:
    """Rows turned into probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def by_vectors(model: Model, posts: pl.DataFrame, memory: Memory) -> tuple[Labels, Floats]:
    """Nearest centre of every post; -1 where it is further than the type's posts ever were."""
    texts, languages = texts_of(posts)
    enough = posts.select(n=plain().str.count_matches(r"\pL{3,}"))["n"].to_numpy() >= MIN_WORDS
    found = vectors.without_language(memory.embed(texts), languages, model.means)
    near = found @ model.centres.T
    labels = near.argmax(axis=1).astype(np.int64)
    inside = near.max(axis=1) >= model.floors[labels]
    return np.where(enough & inside, labels, -1), softmax(near / TEMPERATURE).max(axis=1)


def by_words(model: Model, posts: pl.DataFrame) -> tuple[Labels, Floats]:
    """Likeliest type of every post from its words; -1 with fewer than two known words."""
    from scipy.sparse import csr_matrix

    place = pl.DataFrame({"word": model.vocabulary}, schema={"word": pl.String}).with_row_index(
        "at"
    )
    rows = posts.select("title", "text").with_row_index("row").lazy()
    found = words(rows).join(place.lazy(), on="word").select("row", "at").collect()
    shape = (posts.height, len(model.vocabulary))
    ones = np.ones(found.height, dtype=np.float32)
    matrix = csr_matrix((ones, (found["row"].to_numpy(), found["at"].to_numpy())), shape=shape)
    known = np.asarray(matrix.sum(axis=1)).ravel()
    scores = np.asarray(matrix @ model.weights, dtype=np.float32) + model.prior
    labels = scores.argmax(axis=1).astype(np.int64)
    return np.where(known >= MIN_WORDS, labels, -1), softmax(scores).max(axis=1)


def assign(model: Model, posts: pl.DataFrame, memory: Memory) -> tuple[Labels, Floats]:
    """Index of each post's type in `model.type_ids` (-1: outlier) and the confidence in it."""
    if posts.is_empty():
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    if model.by == "vectors" and vectors.encoder() is not None:
        return by_vectors(model, posts, memory)
    parts = [by_words(model, posts[i : i + CHUNK]) for i in range(0, posts.height, CHUNK)]
    return np.concatenate([one for one, _ in parts]), np.concatenate([two for _, two in parts])


def post_types(model: Model, posts: pl.DataFrame, memory: Memory) -> pl.DataFrame:
    """post_id, published_at, version, type_id (null for an outlier), confidence of each post.

    And found_type_id, empty: nothing is merged yet.
    """
    labels, confidence = assign(model, posts, memory)
    names = pl.Series([*model.type_ids, None], dtype=pl.String)
    chosen = np.where(labels < 0, len(model.type_ids), labels)
    return posts.select("post_id", "published_at").with_columns(
        pl.lit(model.version, dtype=pl.Int64).alias("version"),
        names.gather(pl.Series(chosen, dtype=pl.UInt32)).alias("type_id"),
        pl.Series("confidence", confidence.astype(np.float64)),
        pl.lit(None, dtype=pl.String).alias("found_type_id"),
    )


def content_types(
    model: Model | None,
    types: pl.LazyFrame,
    edited: Mapping[str, str] = MappingProxyType({}),
    gone: Collection[str] = (),
) -> pl.DataFrame:
    """The table of the same name.

    Args:
        model: the clustering in force.
        types: the whole of post_types.
        edited: type_id → the label that people gave it.
        gone: type_ids that were merged into others.
    """
    if model is None:
        return pl.DataFrame()
    sizes = types.group_by("type_id").agg(size=pl.len().cast(pl.Int64)).collect()
    rows = pl.DataFrame(
        {
            "type_id": model.type_ids,
            "label": [
                edited.get(type_id) or found_label(type_id, found)
                for type_id, found in zip(model.type_ids, model.keywords, strict=True)
            ],
            "keywords": model.keywords,
            "silhouette": model.silhouette,
            "stability": model.stability,
            "examples": model.examples,
        },
        schema_overrides={"keywords": pl.List(pl.String), "examples": pl.List(pl.String)},
    )
    return (
        rows.filter(~pl.col("type_id").is_in(list(gone)))
        .join(sizes, on="type_id", how="left")
        .with_columns(pl.col("size").fill_null(0), version=pl.lit(model.version))
        .sort("type_id")
    )
