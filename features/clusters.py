"""Clusters of unit vectors: how many, how apart, how stable."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SEED: Final = 20_260_101
DIMENSIONS: Final = 100
FEWEST: Final = 2
MOST: Final = 24
"""As many kinds of post as a person can keep apart."""
STEP: Final = 1.15
"""Beyond `MOST`, counts are tried at this ratio."""
POSTS_A_CLUSTER: Final = 8
SILHOUETTE_SAMPLE: Final = 1_200
SAMPLE_A_CLUSTER: Final = 40
TOLERANCE: Final = 0.02
RESAMPLES: Final = 8

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


class Clusters(NamedTuple):
    """Labels 0 … k-1 of every vector; per cluster its silhouette and its stability."""

    labels: Labels
    silhouette: list[float]
    stability: list[float]


def reduced(vectors: Floats) -> Floats:
    """The leading principal axes: less noise, faster distances."""
    from sklearn.decomposition import PCA

    size = min(DIMENSIONS, vectors.shape[1], vectors.shape[0] - 1)
    return np.asarray(PCA(size, random_state=SEED).fit_transform(vectors), dtype=np.float32)


def split(points: Floats, k: int, starts: int) -> Labels:
    """k-means labels, seeded."""
    from sklearn.cluster import KMeans

    return np.asarray(
        KMeans(k, n_init=starts, random_state=SEED).fit_predict(points), dtype=np.int64
    )


def counts(most: int) -> list[int]:
    """The numbers of clusters to try."""
    found = list(range(FEWEST, min(most, MOST) + 1))
    while found and found[-1] * STEP < most:
        found.append(int(found[-1] * STEP))
    return found


def chosen_count(points: Floats, most: int) -> int:
    """The number of clusters with the best silhouette (Rousseeuw 1987), on a sample.

    Of counts within `TOLERANCE` (a share) of the best, the smallest: more must earn their keep.
    """
    from sklearn.metrics import silhouette_score

    rng = np.random.default_rng(SEED)
    chosen = rng.permutation(len(points))[: max(SILHOUETTE_SAMPLE, SAMPLE_A_CLUSTER * most)]
    sample = points[chosen]
    scores: dict[int, float] = {}
    for k in counts(min(most, len(sample) // POSTS_A_CLUSTER)):
        labels = split(sample, k, starts=4)
        if len(set(labels.tolist())) == k:
            scores[k] = float(silhouette_score(sample, labels))
    if not scores:
        return FEWEST
    best = max(scores.values())
    return min(k for k, score in scores.items() if score >= best - TOLERANCE * abs(best))


def apartness(points: Floats, labels: Labels, k: int) -> list[float]:
    """Mean silhouette of each cluster, on a sample."""
    from sklearn.metrics import silhouette_samples

    rng = np.random.default_rng(SEED + 1)
    chosen = rng.permutation(len(points))[: 2 * SILHOUETTE_SAMPLE]
    if len(set(labels[chosen].tolist())) < FEWEST:
        return [0.0] * k
    each = silhouette_samples(points[chosen], labels[chosen])
    return [
        float(each[labels[chosen] == i].mean()) if (labels[chosen] == i).any() else 0.0
        for i in range(k)
    ]


def overlap(one: Labels, other: Labels, ones: int, others: int) -> NDArray[np.float64]:
    """Jaccard overlap of every cluster of one labelling with every one of another; -1 is none."""
    both = (one >= 0) & (other >= 0)
    table = np.zeros((ones, others))
    np.add.at(table, (one[both], other[both]), 1)
    size_one = np.bincount(one[one >= 0], minlength=ones)[:, None]
    size_other = np.bincount(other[other >= 0], minlength=others)[None, :]
    return np.asarray(table / np.maximum(size_one + size_other - table, 1))


def stability(points: Floats, labels: Labels, k: int) -> list[float]:
    """Mean Jaccard overlap of each cluster with its best match over bootstraps (Hennig 2007)."""
    from sklearn.cluster import KMeans

    rng = np.random.default_rng(SEED + 2)
    total = np.zeros(k)
    for turn in range(RESAMPLES):
        drawn = rng.integers(0, len(points), len(points))
        again = KMeans(k, n_init=2, random_state=SEED + turn).fit(points[drawn])
        found = np.asarray(again.predict(points), dtype=np.int64)
        total += overlap(labels, found, k, k).max(axis=1)
    return [float(value) for value in total / RESAMPLES]


def cluster(vectors: Floats, most: int = MOST) -> Clusters:
    """Labels, silhouettes and stabilities of at least `2 * POSTS_A_CLUSTER` unit vectors.

    `most` is the largest number of clusters to choose from.
    On one thread: the matrices are small, and threads that wait for each other cost ten times.
    """
    import sklearn.cluster  # the limit holds only for libraries already loaded
    import sklearn.metrics  # noqa: F401 - as above
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        points = reduced(vectors)
        k = chosen_count(points, most)
        labels = split(points, k, starts=16)
        return Clusters(labels, apartness(points, labels, k), stability(points, labels, k))
