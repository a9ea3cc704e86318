"""Fitting the content types: how many there are, what they are called, which were there before."""

from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from features import clusters, vectors
from features.content_types import MIN_WORDS, Floats, Labels, Model, assign, texts_of
from features.vectors import Memory
from features.words import STOP, plain, telling, words

FIT_POSTS: Final = 4_000
EMBED_POSTS: Final = 10_000
MIN_POSTS: Final = 40
MAX_VOCABULARY: Final = 20_000
FLOOR_QUANTILE: Final = 0.005
FLOOR_MARGIN: Final = 0.05
SMOOTHING: Final = 0.1
SAME: Final = 0.25
"""Jaccard overlap from which a cluster is the same type as one of the version before."""
KEYWORDS: Final = 12
TAG: Final = r"#\S+"
"""Hashtags are words run together: they make poor labels."""
EXAMPLES: Final = 5


def sample(posts: pl.DataFrame | pl.LazyFrame, size: int) -> pl.DataFrame:
    """Up to `size` posts with enough words, the same ones whatever the order of rows."""
    letters = plain().str.count_matches(r"\pL{3,}")
    return (
        posts.lazy()
        .filter(letters >= MIN_WORDS)
        .sort(pl.col("post_id").hash(seed=1), "post_id")
        .head(size)
        .sort("post_id")
        .collect()
    )


def word_model(posts: pl.DataFrame, labels: Labels, k: int) -> tuple[list[str], Floats, Floats]:
    """Multinomial naive Bayes of the labels: vocabulary, log P(word | type), log P(type)."""
    rows = posts.with_row_index("row").with_columns(type=pl.Series(labels))
    found = words(rows.lazy()).collect().join(rows.select("row", "type"), on="row")
    used = found.group_by("word").agg(docs=pl.col("row").n_unique()).filter(pl.col("docs") > 1)
    vocabulary = sorted(
        used.sort("docs", "word", descending=[True, False]).head(MAX_VOCABULARY)["word"].to_list()
    )
    place = pl.DataFrame({"word": vocabulary}, schema={"word": pl.String}).with_row_index("at")
    counts = found.join(place, on="word").group_by("at", "type").len()
    table = np.full((len(vocabulary), k), SMOOTHING)
    table[counts["at"].to_numpy(), counts["type"].to_numpy()] += counts["len"].to_numpy()
    weights = np.log(table / table.sum(axis=0))
    prior = np.log(np.bincount(labels, minlength=k) / len(labels))
    return vocabulary, weights.astype(np.float32), prior.astype(np.float32)


def kept_ids(
    labels: Labels, k: int, before: Labels | None, previous: Model | None
) -> tuple[list[str], int]:
    """Ids of the new clusters: those of the old types that hold the same posts, else new ones.

    One to one, by the Hungarian method on the overlap of the two assignments of the fit sample.
    """
    from scipy.optimize import linear_sum_assignment

    ids: list[str | None] = [None] * k
    next_id = 1
    if previous is not None and before is not None:
        next_id = previous.next_id
        shared = clusters.overlap(labels, before, k, len(previous.type_ids))
        for new, old in zip(*linear_sum_assignment(-shared), strict=True):
            if shared[new, old] >= SAME:
                ids[new] = previous.type_ids[old]
    out = []
    for kept in ids:
        out.append(kept or f"t{next_id:03d}")
        next_id += kept is None
    return out, next_id


def located(posts: pl.DataFrame, memory: Memory) -> tuple[Floats, dict[str, Floats]]:
    """A vector per post, and the language means taken off (none in the fallback)."""
    texts, languages = texts_of(posts)
    if vectors.encoder() is None:
        return vectors.from_words(texts, sorted(STOP)), {}
    raw = memory.embed(texts)
    means = vectors.language_means(raw, languages)
    return vectors.without_language(raw, languages, means), means


def names(posts: pl.DataFrame, labels: Labels, k: int) -> list[list[str]]:
    """Keywords of each cluster, most telling first."""
    rows = posts.with_row_index("post").with_columns(
        pl.col("text").str.replace_all(TAG, " "), type=pl.Series(labels)
    )
    found = (
        words(rows.lazy().rename({"post": "row"}))
        .unique()
        .collect()
        .rename({"row": "post"})
        .join(rows.select("post", "type", channel="channel_id"), on="post")
    )
    told = dict(telling(found, KEYWORDS).iter_rows())
    return [told.get(i, []) for i in range(k)]


def nearest(posts: pl.DataFrame, labels: Labels, own: Floats, k: int) -> list[list[str]]:
    """post_ids nearest to each centre."""
    order = np.argsort(-own, kind="stable")
    ids = posts["post_id"]
    return [[ids[int(row)] for row in order[labels[order] == i][:EXAMPLES]] for i in range(k)]


def fit(
    posts: pl.DataFrame, at: datetime, previous: Model | None, memory: Memory, among: int = 0
) -> Model | None:
    """A new clustering; None if the posts are too few.

    In: post_id, channel_id, title, text, language. The outcome doesn't depend on their order.
    `among`: how many there are, if the posts given are just `sample` of them.
    """
    chosen = sample(posts, FIT_POSTS)
    if chosen.height < MIN_POSTS:
        return None
    found, means = located(chosen, memory)
    labels, silhouette, stability = clusters.cluster(found)
    k = len(silhouette)
    centres = vectors.unit(np.stack([found[labels == i].mean(axis=0) for i in range(k)]))
    own = (found * centres[labels]).sum(axis=1)
    floors = [np.quantile(own[labels == i], FLOOR_QUANTILE) - FLOOR_MARGIN for i in range(k)]
    before = None if previous is None else assign(previous, chosen, memory)[0]
    type_ids, next_id = kept_ids(labels, k, before, previous)
    vocabulary, weights, prior = word_model(chosen, labels, k)
    return Model(
        version=1 if previous is None else previous.version + 1,
        fitted_at=at,
        by="vectors" if means and (among or posts.height) <= EMBED_POSTS else "words",
        type_ids=type_ids,
        next_id=next_id,
        keywords=names(chosen, labels, k),
        examples=nearest(chosen, labels, own, k),
        silhouette=silhouette,
        stability=stability,
        vocabulary=vocabulary,
        weights=weights,
        prior=prior,
        centres=centres,
        floors=np.array(floors, dtype=np.float32),
        means=means,
    )
