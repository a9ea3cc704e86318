"""Bursts in counts at any step, from minutes to days, strictly causal; drops are none.

A count is compared with what is usual for the moment: the log of the count, less a level that
follows it over a week, less the season learned so far by hour and weekday. What is left, the
excess, is heavy-tailed in talk about brands, so no fixed distribution judges it: it is held
against the series' own past tail, the mean of its upper quantiles from 99 % on. The score
is count / (count + tail count), so that 0.5 means «as high as the highest one in some hundreds»
whatever the volume, and 0.6 means half as much again. A burst scores where it rises only: a
point that is not the highest excess of the past day scores 0.

Sources: Lavin & Ahmad 2015 (a score learned online, held against its own history); Hyndman &
Athanasopoulos 2021, §3 (log-additive seasons); Siffer et al. 2017 (the tail of the past as the
threshold, without a distribution).
"""

import math
from bisect import bisect_left, insort
from collections import deque
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

HOUR_S: Final = 3600.0
DAY_S: Final = 86_400.0
SMOOTH_S: Final = 900.0
"""Counts at finer steps are averaged over this time, against the noise of small numbers."""
LEVEL_S: Final = 7 * DAY_S
LEVEL_POINTS: Final = 14
"""The level follows over a week, and over two weeks of daily counts."""
SEEN_S: Final = 56 * DAY_S
SEEN_POINTS: Final = 400
"""How far back the tail reaches: eight weeks, or as many points where these are fewer."""
REFRACTORY_S: Final = DAY_S
RULE_OF_THREE: Final = 3.0
"""Added to every count: a true rate up to three a step can show zero (95 %)."""
STEADY: Final = 30.0
"""Days by which an hour's or a weekday's season is shrunk towards none."""
REMEMBERED: Final = 60.0
CLIP: Final = 2.0
"""One point moves level and season by no more than this log excess."""
TAILS: Final = (0.99, 0.995, 0.998, 0.9995)
WARM_UP: Final = 14
WARM_UP_S: Final = 3 * DAY_S
FLAG: Final = 0.6


class Bursts(NamedTuple):
    """Per point: score (0..1), flag, and the count that was usual at the moment."""

    score: NDArray[np.float64]
    flag: NDArray[np.bool_]
    usual: NDArray[np.float64]


def bursts(seconds: NDArray[np.float64], counts: NDArray[np.float64], step_s: float) -> Bursts:
    """Scores of a series of counts; each point is judged by those before it and itself.

    Args:
        seconds: local time of the points in seconds from a Monday, 00:00, ascending.
        counts: as many counts, silent steps as 0. A share is given as its numerator.
        step_s: seconds between two points.

    The first 14 points and the first three days score 0.
    """
    width = max(1, round(SMOOTH_S / step_s))
    smooth = _trailing_mean(np.asarray(counts, np.float64), width)
    excess, level = _excess(seconds, np.log(smooth + RULE_OF_THREE), step_s)
    over = excess - _tail(excess, max(SEEN_POINTS, round(SEEN_S / step_s)))
    score = np.where(_highest(excess, round(REFRACTORY_S / step_s)), 1 / (1 + np.exp(-over)), 0.0)
    score[: max(WARM_UP, round(WARM_UP_S / step_s))] = 0.0
    usual = np.maximum(np.exp(level) - RULE_OF_THREE, 0.0)
    return Bursts(score, score >= FLAG, usual)


def _trailing_mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Mean of each value and up to `width - 1` before it."""
    sums = np.cumsum(np.concatenate([np.zeros(1), values]))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - width, 0)
    means: NDArray[np.float64] = (sums[ends] - sums[starts]) / (ends - starts)
    return means


class _Season:
    """Log effects of the slots of a cycle, shrunk towards none until many days were seen."""

    def __init__(self, slots: int, slot_s: float, step_s: float) -> None:
        self.slot_s = slot_s
        self.share = min(1.0, step_s / slot_s)
        self.effects = [0.0] * slots
        self.days = [0.0] * slots

    def slot(self, second: float) -> int:
        return int(second // self.slot_s) % len(self.effects)

    def learn(self, slot: int, error: float) -> None:
        self.days[slot] = min(REMEMBERED, self.days[slot] + self.share)
        self.effects[slot] += error * self.share / (self.days[slot] + STEADY)


def _excess(
    seconds: NDArray[np.float64], logs: NDArray[np.float64], step_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each log count lies above what was usual before it, and that usual."""
    pace = 1 / max(LEVEL_POINTS, LEVEL_S / step_s)
    seasons = [_Season(7, DAY_S, step_s)]
    if step_s < DAY_S:
        seasons.append(_Season(24, HOUR_S, step_s))
    level = float(logs[0]) if len(logs) else 0.0
    usual = np.empty(len(logs))
    for i, (second, seen) in enumerate(zip(seconds.tolist(), logs.tolist(), strict=True)):
        slots = [season.slot(second) for season in seasons]
        expected = level
        for season, slot in zip(seasons, slots, strict=True):
            expected += season.effects[slot]
        usual[i] = expected
        error = max(-CLIP, min(CLIP, seen - expected))
        level += max(pace, 1 / (i + 1)) * error
        for season, slot in zip(seasons, slots, strict=True):
            season.learn(slot, error)
    return logs - usual, usual


def _tail(excess: NDArray[np.float64], memory: int) -> NDArray[np.float64]:
    """Mean of the upper quantiles of up to `memory` values before each; the first has none."""
    past: list[float] = []
    tail = np.full(len(excess), math.inf)
    values = excess.tolist()
    for i, value in enumerate(values):
        if past:
            top = len(past) - 1
            tail[i] = sum(past[min(top, int(q * len(past)))] for q in TAILS) / len(TAILS)
        insort(past, value)
        if i >= memory:
            del past[bisect_left(past, values[i - memory])]
    return tail


def _highest(values: NDArray[np.float64], reach: int) -> NDArray[np.bool_]:
    """Which values are higher than each of the `reach` before them."""
    falling: deque[tuple[int, float]] = deque()
    highest = np.zeros(len(values), dtype=bool)
    for i, value in enumerate(values.tolist()):
        while falling and falling[0][0] < i - reach:
            falling.popleft()
        highest[i] = not falling or value > falling[0][1]
        while falling and falling[-1][1] <= value:
            falling.pop()
        falling.append((i, value))
    return highest
