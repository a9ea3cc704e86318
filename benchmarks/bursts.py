"""How well bursts of talk are found: the score of the Numenta Anomaly Benchmark (NAB).

    .venv/bin/python benchmarks/bursts.py --data DIR

DIR holds the CSVs (timestamp, value) and their `windows.json`; the series that both know are
scored. Standard profile: the earliest detection in a window counts up to 1, a missed window -1,
each detection elsewhere up to -0.11; the first 15 % of a series (750 rows at most) are not
judged; one threshold for all series, the best on the set, as NAB sets it; 100 is perfect, 0 is
silence.
`score` is `features.bursts`, `baseline` NAB's windowed Gaussian (6,400 rows, moved by 100);
`held_out` sets each series' threshold on the others. The last line is one JSON object.
"""

import argparse
import csv
import json
import math
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.bursts import bursts

FP: Final = 0.11
NEVER: Final = 1.1
WINDOW: Final = 6400
STRIDE: Final = 100
MONDAY: Final = datetime(2001, 1, 1)  # noqa: DTZ001 - the files give local time without a zone

Floats = NDArray[np.float64]


class Series(NamedTuple):
    """A series and what a detection at each of its rows is worth in NAB."""

    times: Floats
    values: Floats
    worth: Floats
    window: NDArray[np.int64]
    """Number of the window around each row, -1 outside."""


def read(folder: Path) -> dict[str, Series]:
    """The series that have a CSV and an entry in `windows.json`, by file name."""
    known: dict[str, list[list[str]]] = json.loads((folder / "windows.json").read_text())
    labels = {key.rpartition("/")[2]: spans for key, spans in known.items()}
    return {
        path.stem: read_series(path, labels[path.name])
        for path in sorted(folder.glob("*.csv"))
        if path.name in labels
    }


def read_series(path: Path, spans: list[list[str]]) -> Series:
    """A CSV with what its windows make of each row."""
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    stamps = [datetime.fromisoformat(row["timestamp"]) for row in rows]
    windows = [
        (stamps.index(datetime.fromisoformat(a)), stamps.index(datetime.fromisoformat(b)))
        for a, b in spans
    ]
    times = np.array([(stamp - MONDAY).total_seconds() for stamp in stamps])
    values = np.array([float(row["value"]) for row in rows])
    return Series(times, values, *worths(len(rows), windows))


def sigmoid(position: float) -> float:
    """NAB's scaled sigmoid: -1 is a window's left edge, 0 its right one, 3 and more far away."""
    return -1.0 if position >= 3 else 2 / (1 + math.exp(5 * position)) - 1  # noqa: PLR2004


def worths(rows: int, windows: list[tuple[int, int]]) -> tuple[Floats, NDArray[np.int64]]:
    """What a detection at each row is worth, and the window it lies in.

    After Lavin & Ahmad 2015 and NAB's `sweeper.py`; windows are first and last row.
    """
    worth, window = np.full(rows, -FP), np.full(rows, -1)
    for number, (first, last) in enumerate(windows):
        width = last - first + 1
        for i in range(first, last + 1):
            worth[i] = sigmoid(-(last - i + 1) / width) / sigmoid(-1.0)
            window[i] = number
        end = windows[number + 1][0] if number + 1 < len(windows) else rows
        for i in range(last + 1, end):
            worth[i] = FP * sigmoid((i - last) / (width - 1))
    return worth, window


def judged(series: Series, scores: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Scores, worths and windows after probation."""
    rows = len(series.values)
    start = math.ceil(min(math.floor(0.15 * rows), 0.15 * 5000))
    return scores[start:], series.worth[start:], series.window[start:]


def raw_scores(series: Series, scores: Floats, thresholds: Floats) -> Floats:
    """NAB's raw score of a series at each threshold (descending); a score equal to it detects."""
    found, worth, window = judged(series, scores)
    raw = np.zeros(len(thresholds))
    outside = np.argsort(-found[window < 0], kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(worth[window < 0][outside])])
    raw += sums[np.searchsorted(-found[window < 0][outside], -thresholds, side="right")]
    for number in np.unique(window[window >= 0]):
        order = np.argsort(-found[window == number], kind="stable")
        best = np.maximum.accumulate(worth[window == number][order])
        reached = np.searchsorted(-found[window == number][order], -thresholds, side="right")
        raw += np.concatenate([[-1.0], best])[reached]
    return raw


def windows_in(series: Series) -> int:
    """How many windows are judged."""
    window = judged(series, series.values)[2]
    return len(np.unique(window[window >= 0]))


def nab(every: dict[str, Series], scores: dict[str, Floats]) -> dict[str, Any]:
    """The normalised score of all series at their best threshold, of each, and held out."""
    parts = [judged(every[name], scores[name])[0] for name in every]
    thresholds = np.unique(np.concatenate([*parts, [NEVER]]))[::-1]
    raw = {name: raw_scores(every[name], scores[name], thresholds) for name in every}
    counts = {name: windows_in(series) for name, series in every.items()}
    whole = sum(raw.values(), np.zeros(len(thresholds)))
    best = int(whole.argmax())
    held_out = sum(raw[name][int((whole - raw[name]).argmax())] for name in every)
    windows = sum(counts.values())
    return {
        "score": normalised(float(whole[best]), windows),
        "held_out": normalised(float(held_out), windows),
        "threshold": float(thresholds[best]),
        "series": {name: normalised(float(raw[name][best]), counts[name]) for name in every},
    }


def normalised(raw: float, windows: int) -> float:
    """100 where every window is found at once, 0 for a detector that says nothing."""
    return 100 * (raw + windows) / (2 * windows)


def windowed_gaussian(values: Floats) -> Floats:
    """NAB's baseline: 1 - Gaussian tail probability, two-sided, over the last 6,400 values."""
    scores = np.zeros(len(values))
    for i in range(1, len(values)):
        start = max(0, i - WINDOW) // STRIDE * STRIDE
        if i <= WINDOW or (i - WINDOW) % STRIDE == 0:
            past = values[start : min(i, start + WINDOW)]
            mean, spread = past.mean(), past.std() or 1e-6
        scores[i] = 1 - 0.5 * math.erfc(abs(values[i] - mean) / spread / math.sqrt(2))
    return scores


def rounded(figures: Any) -> Any:
    """The figures to three places."""
    if isinstance(figures, dict):
        return {key: rounded(value) for key, value in figures.items()}
    return round(float(figures), 3)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    every = read(parser.parse_args().data)
    step = {name: float(np.median(np.diff(one.times))) for name, one in every.items()}
    ours = {name: bursts(one.times, one.values, step[name]).score for name, one in every.items()}
    gaussian = {name: windowed_gaussian(one.values) for name, one in every.items()}
    mine, theirs = nab(every, ours), nab(every, gaussian)
    for name in every:
        print(f"{name:24} {mine['series'][name]:6.1f} {theirs['series'][name]:6.1f}")
    figures = {
        "score": mine["score"], "baseline": theirs["score"], "held_out": mine["held_out"],
        "baseline_held_out": theirs["held_out"], "threshold": mine["threshold"],
        "per_series": mine["series"], "baseline_per_series": theirs["series"],
    }  # fmt: skip
    print(json.dumps(rounded(figures)))


if __name__ == "__main__":
    main()
