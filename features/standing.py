"""Where each of a few values stands among the others, and how sure that is.

The intervals come from draws: values that each entity's KPI might as well have taken.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from features.measures import LEAST

DRAWS: Final = 500
ENDS: Final = (int(DRAWS * 0.025) - 1, int(DRAWS * 0.975))
"""Places, in the draws sorted, of the two ends of a 95 % interval."""
SURE: Final = 0.975
PEERS: Final = ("peer_p25", "peer_median", "peer_p75")
COLUMNS: Final = ("rank", "rank_low", "rank_high", *PEERS, "verdict")

Array = NDArray[np.float64]
Ranks = NDArray[np.int32]


def levelled(value: Array) -> Array:
    """Values without the last digits, which are those of the order of adding up: ties stay ties."""
    return value.astype(np.float32).astype(np.float64)


def draws(value: Array, sd: Array, scale: str, seed: int) -> Array:
    """Values that might as well have been: draws × entities; normal, on the log if `scale` is."""
    value = levelled(value)
    noise = sd * np.random.default_rng(seed).standard_normal((DRAWS, value.size))
    if scale == "log":
        return np.asarray(np.maximum(value, LEAST) * np.exp(noise), dtype=np.float64)
    return value + noise


def ranks_of(sample: Array, ordered: Array, order: NDArray[np.intp]) -> Ranks:
    """1 = lowest along the last axis; ties share the lower rank.

    `ordered` and `order`: the sample sorted, and the places that the values came from.
    """
    place = np.tile(np.arange(1, sample.shape[1] + 1, dtype=np.int32), (len(sample), 1))
    place[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    shared = np.maximum.accumulate(place, axis=1)
    ranks = np.empty(sample.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, shared, axis=1)
    return ranks


def median_of_others(sample: Array, ordered: Array) -> Array:
    """Median of each row without each of its entries, from the row sorted."""
    n = sample.shape[1]
    half = n // 2
    at = ordered[:, [half]]
    below, above = ordered[:, [max(half - 1, 0)]], ordered[:, [min(half + 1, n - 1)]]
    if n % 2 == 0:
        return np.asarray(np.where(sample < at, at, below))
    rest = np.where(sample < at, (at + above) / 2, (below + at) / 2)
    return np.asarray(np.where(sample == at, (below + above) / 2, rest))


def verdicts(sample: Array, ordered: Array) -> NDArray[np.str_]:
    """Ahead or behind when 97.5 % of the draws lie below, or above, the others' median."""
    difference = sample - median_of_others(sample, ordered)
    below, above = np.mean(difference < 0, axis=0), np.mean(difference > 0, axis=0)
    return np.where(below >= SURE, "ahead", np.where(above >= SURE, "behind", "level"))


def quartiles(value: Array) -> Array:
    """Quartiles of the others, one column for each entity; NaN where it has no peer."""
    n = value.size
    if n == 1:
        return np.full((len(PEERS), 1), np.nan)
    ordered, own = np.sort(value), places(value)
    spot = np.array([[0.25], [0.5], [0.75]]) * (n - 2)
    below, above = np.floor(spot).astype(np.intp), np.ceil(spot).astype(np.intp)
    # Without its own value, all that stands above an entity moves down by one place.
    low, high = ordered[below + (below >= own)], ordered[above + (above >= own)]
    return np.asarray(low + (spot - below) * (high - low))


def places(value: Array) -> NDArray[np.intp]:
    """How many values lie below each."""
    return np.searchsorted(np.sort(value), value)


def standing(value: Array, sample: Array, better: str) -> dict[str, NDArray[Any]]:
    """COLUMNS of entities with a value: rank (1 = best), its 95 % interval, peers, verdict.

    In: `value` per entity; `sample` of `draws`; `better`: higher, lower or neither, which ranks
    the highest first and gives no verdict.
    """
    signed = sample if better == "lower" else -sample
    order = np.argsort(signed, axis=1)
    ordered = np.take_along_axis(signed, order, axis=1)
    drawn = np.partition(ranks_of(signed, ordered, order).T.copy(), ENDS, axis=1)
    rank = places(levelled(value if better == "lower" else -value)) + 1
    level = value.size == 1 or better == "neither"
    told = np.full(value.size, "level") if level else verdicts(signed, ordered)
    return {
        "rank": rank,
        "rank_low": np.minimum(drawn[:, ENDS[0]], rank),
        "rank_high": np.maximum(drawn[:, ENDS[1]], rank),
        **dict(zip(PEERS, quartiles(value), strict=True)),
        "verdict": told,
    }
