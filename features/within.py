"""A regression within groups of posts, with intervals that hold for few and unequal accounts.

The model is a level for each group plus one effect for each column that a post is in (a format, a
weekday …), on the log of what it got. Groups lie inside clusters: those may be correlated within,
not between. Only sums over posts are ever held: columns times columns for each cluster.

Estimate: least squares within groups (Frisch & Waugh 1933), then Huber's (1964) weights by
winsorised residuals (Huber 1981, 7.8), so that a viral post does not decide; in Gaussian data
hardly anything is cut. Variance: CR2, the sandwich that is unbiased when posts are independent and
right when they are not (Bell & McCaffrey 2002), in its form for absorbed levels, with
Satterthwaite's degrees of freedom of each contrast (Pustejovsky & Tipton 2018): a contrast that
three accounts inform gets the wide t interval that three deserve.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

CUT: Final = 2.5
"""Residuals are winsorised at so many robust standard deviations."""
STEPS: Final = 4
TINY: Final = 1e-8
LEVERAGE: Final = 1e-6
"""Below it a cluster alone decides a direction, and can show no error of it."""
MIN_DF: Final = 1.0
LEAST_SEEN: Final = 0.5
"""Share of a contrast's variance that clusters must be able to show; else it has no interval."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Posts in the order of their clusters, and of their groups inside.

    Attributes:
        values: what each post got, on the log scale.
        columns: (posts, dimensions), the column that it is in for each dimension; below `width`.
        group, cluster: their numbers, from 0, without gaps, never falling from post to post.
    """

    values: Floats
    columns: Ints
    group: Ints
    cluster: Ints
    width: int


@dataclass(frozen=True)
class Fit:
    """What `contrasts` needs: effects, their information, and the scores of each cluster.

    Attributes:
        effects: one a column, up to the directions of `free`.
        inverse: of the information, (width, width).
        free: (width, k): directions in which the effects can move without a change of any value.
        parts: information that each cluster brings, (clusters, width, width).
        adjust: of `adjusted`.
        scores: of each cluster, (clusters, width).
    """

    effects: Floats
    inverse: Floats
    free: Floats
    parts: Floats
    adjust: Floats
    scores: Floats


def centred(values: Floats, group: Ints, sizes: Floats) -> Floats:
    """Values less the mean of their group."""
    means = np.bincount(group, weights=values) / sizes
    return np.asarray(values - means[group])


def summed(sample: Sample, values: Floats) -> Floats:
    """Sums of values by cluster and column."""
    clusters = int(sample.cluster[-1]) + 1
    found = np.zeros(clusters * sample.width)
    for column in sample.columns.T:
        place = sample.cluster * sample.width + column
        found += np.bincount(place, weights=values, minlength=found.size)
    return found.reshape(clusters, sample.width)


def information(sample: Sample) -> Floats:
    """Columns times columns within groups, for each cluster."""
    width = sample.width
    starts = np.flatnonzero(np.diff(sample.cluster, prepend=-1))
    stops = np.append(starts, sample.cluster.size)[1:]
    parts = np.zeros((starts.size, width, width))
    for place, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        columns = sample.columns[start:stop]
        group = sample.group[start:stop] - sample.group[start]
        sums = np.zeros((int(group[-1]) + 1) * width)
        for one in columns.T:
            sums += np.bincount(group * width + one, minlength=sums.size)
            for other in columns.T:
                pairs = np.bincount(one * width + other, minlength=width * width)
                parts[place] += pairs.reshape(width, width)
        table = sums.reshape(-1, width)
        parts[place] -= table.T @ (table / np.bincount(group)[:, None])
    return parts


def inverted(whole: Floats) -> tuple[Floats, Floats]:
    """Inverse of a matrix on the directions that it knows, and those that it doesn't."""
    sizes, axes = np.linalg.eigh(whole)
    known = sizes > TINY * max(float(sizes[-1]), 1.0)
    some = axes[:, known]
    return (some / sizes[known]) @ some.T, axes[:, ~known]


def scale(residuals: Floats) -> float:
    """Robust standard deviation; where most are alike, half of the ordinary one at least."""
    return max(1.4826 * float(np.median(np.abs(residuals))), float(residuals.std()) / 2)


def roots(parts: Floats) -> tuple[Floats, Floats]:
    """Square roots of positive matrices, and the inverses of these where they have one."""
    sizes, axes = np.linalg.eigh(parts)
    known = sizes > TINY * np.maximum(sizes[:, -1:], 1.0)
    root = np.sqrt(np.where(known, sizes, 0.0))
    inverse = np.where(known, 1 / np.where(known, root, 1.0), 0.0)
    turned = axes.transpose(0, 2, 1)
    return (axes * root[:, None, :]) @ turned, (axes * inverse[:, None, :]) @ turned


def adjusted(parts: Floats, inverse: Floats) -> Floats:
    """What blows up each cluster's scores by what fitting took from its residuals (CR2).

    In and out: (clusters, width, width). The outcome's transpose applies to scores.
    """
    root, back = roots(parts)
    sizes, axes = np.linalg.eigh(np.eye(inverse.shape[0]) - root @ inverse @ root)
    known = sizes > LEVERAGE
    blown = np.where(known, 1 / np.sqrt(np.where(known, sizes, 1.0)), 0.0)
    return np.asarray(back @ ((axes * blown[:, None, :]) @ axes.transpose(0, 2, 1)) @ root)


def fit(sample: Sample) -> Fit:
    """The effects. In: at least one post."""
    sizes = np.bincount(sample.group).astype(np.float64)
    parts = information(sample)
    inverse, free = inverted(parts.sum(axis=0))
    left = raw = centred(sample.values, sample.group, sizes)
    effects = np.zeros(sample.width)
    for _ in range(STEPS):
        pull = centred(raw, sample.group, sizes)
        moved = inverse @ summed(sample, pull).sum(axis=0)
        effects = effects + moved
        shift = centred(moved[sample.columns].sum(axis=1), sample.group, sizes)
        left = left - (raw - pull) - shift  # the groups' levels move with what is pulled
        limit = CUT * scale(left)
        raw = np.clip(left, -limit, limit) / (np.abs(left) <= limit).mean()
    scores = summed(sample, centred(raw, sample.group, sizes))
    return Fit(effects, inverse, free, parts, adjusted(parts, inverse), scores)


def contrasts(fitted: Fit, wanted: Floats) -> tuple[Floats, Floats, Floats]:
    """Estimate and 95 % limits of each column of `wanted` (width, contrasts).

    NaN limits where the clusters are too few to show an error (`MIN_DF`, `LEAST_SEEN`); NaN
    estimates where the posts can't tell.
    """
    told = np.abs(fitted.free.T @ wanted).sum(axis=0) < np.sqrt(TINY)
    value = np.where(told, fitted.effects @ wanted, np.nan)
    weight = fitted.adjust @ (fitted.inverse @ wanted)
    variance = ((weight * fitted.scores[:, :, None]).sum(axis=1) ** 2).sum(axis=0)
    seen = fitted.parts @ weight
    own = (weight * seen).sum(axis=1)
    # Per contrast, how the clusters' parts of the variance vary together when posts are alike.
    shared = np.einsum("gwc,wv,hvc->cgh", seen, fitted.inverse, seen, optimize=True)
    gamma = np.einsum("gc,gh->cgh", own, np.eye(own.shape[0])) - shared
    trace = np.trace(gamma, axis1=1, axis2=2)
    df = trace**2 / np.maximum((gamma**2).sum(axis=(1, 2)), TINY**2)
    expected = (wanted * (fitted.inverse @ wanted)).sum(axis=0)
    sure = told & (df >= MIN_DF) & (trace >= LEAST_SEEN * expected) & (variance > 0)
    half = special.stdtrit(np.where(sure, df, np.nan), 0.975) * np.sqrt(variance)
    return value, value - half, value + half
