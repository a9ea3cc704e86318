import csv
import importlib.util
import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.bursts import FLAG, WARM_UP, bursts

HOUR, DAY = 3600.0, 86_400.0
BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "bursts.py"


def talk(seed, step_s, days, a_day, noise=4.0):
    """Overdispersed counts with a daily and a weekly season: quiet nights, half on Sundays."""
    rng = np.random.default_rng(seed)
    seconds = np.arange(0, days * DAY, step_s)
    rate = np.full(len(seconds), a_day * step_s / DAY)
    if step_s < DAY:
        rate *= 1 + 0.8 * np.sin(2 * np.pi * (seconds / DAY - 0.4))
    rate *= np.where(seconds // DAY % 7 == 6, 0.5, 1.0)
    return seconds, rate, rng, noise


def drawn(rate, rng, noise):
    return rng.negative_binomial(noise, noise / (noise + rate)).astype(float)


@pytest.mark.parametrize(("step_s", "a_day"), [(300, 3000), (HOUR, 200), (HOUR, 30), (DAY, 40)])
def test_usual_talk_with_seasons_a_step_up_and_holidays_raises_few_alarms(step_s, a_day):
    """Ten series whose level doubles for good half-way, with three holidays almost silent.

    The change is news for three days, once or twice; what is flagged elsewhere is false.
    """
    days = {300: 42, HOUR: 84, DAY: 364}[step_s]
    change, news, false = days / 2, 0, 0
    for seed in range(10):
        seconds, rate, rng, noise = talk(seed, step_s, days, a_day)
        rate[seconds > change * DAY] *= 2
        for day in (13, 27, 34):
            rate[(seconds // DAY) == day] *= 0.1
        flagged = seconds[bursts(seconds, drawn(rate, rng, noise), step_s).flag] / DAY
        of_change = (flagged >= change) & (flagged < change + 3)
        news, false = news + of_change.sum(), false + (~of_change).sum()
    assert false / (10 * days / 7) <= 0.03
    assert news <= 15


@pytest.mark.parametrize(
    ("step_s", "a_day", "hours"), [(300, 3000, 2.0), (HOUR, 200, 3.0), (HOUR, 30, 8.0)]
)
def test_a_burst_of_ten_times_the_usual_is_found_within_hours(step_s, a_day, hours):
    """It rises within four hours and stays for eight; found means flagged while it lasts."""
    delays = []
    for seed in range(20):
        seconds, rate, rng, noise = talk(seed, step_s, 42, a_day)
        start = (28 + seed % 14) * DAY + 10 * HOUR
        age = (seconds - start) / HOUR
        rate *= np.where((age >= 0) & (age < 8), 1 + 9 * np.clip(age / 4, 0, 1), 1.0)
        flagged = seconds[bursts(seconds, drawn(rate, rng, noise), step_s).flag]
        inside = flagged[(flagged >= start) & (flagged < start + 8 * HOUR)]
        delays.append((inside[0] - start) / HOUR if len(inside) else np.inf)
    assert np.isfinite(delays).mean() >= 0.9
    assert np.median(delays) <= hours


@pytest.mark.parametrize("weekday", range(7))
def test_a_daily_burst_is_found_on_its_day_whatever_the_weekday(weekday):
    seconds, rate, rng, noise = talk(weekday, DAY, 98, 20)
    day = 70 + weekday
    rate[day] = 200
    found = bursts(seconds, drawn(rate, rng, noise), DAY)
    assert found.flag[day]
    assert found.usual[day] == pytest.approx(20, rel=0.6)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=120),
    st.lists(st.integers(0, 10_000), max_size=40),
    st.sampled_from([300.0, HOUR, 6 * HOUR, DAY]),
)
def test_the_future_changes_nothing(before, after, step_s):
    counts = np.array([*before, *after], dtype=float)
    seconds = np.arange(len(counts)) * step_s
    whole = bursts(seconds, counts, step_s)
    part = bursts(seconds[: len(before)], counts[: len(before)], step_s)
    for one, other in zip(whole, part, strict=True):
        assert np.array_equal(one[: len(before)], other)
    assert ((whole.score >= 0) & (whole.score <= 1)).all()


def test_a_long_burst_is_told_once_and_silence_never():
    counts = np.full(24 * 28, 20.0)
    counts[24 * 21 : 24 * 21 + 12] = 400.0
    found = bursts(np.arange(len(counts)) * HOUR, counts, HOUR)
    assert np.flatnonzero(found.flag).tolist() == [24 * 21]
    silent = bursts(np.arange(200) * DAY, np.zeros(200), DAY)
    assert not silent.flag.any()
    assert silent.usual.max() == pytest.approx(0, abs=1e-9)


def test_nothing_is_said_before_there_is_a_past():
    found = bursts(np.arange(WARM_UP) * DAY, np.array([0.0] * (WARM_UP - 1) + [999.0]), DAY)
    assert found.score.max() == 0
    assert bursts(np.zeros(0), np.zeros(0), DAY).score.tolist() == []


@pytest.fixture(scope="module")
def nab():
    spec = importlib.util.spec_from_file_location("benchmark_bursts", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def series(nab, rows, windows):
    return nab.Series(np.arange(rows) * 300.0, np.zeros(rows), *nab.worths(rows, windows))


def test_the_benchmark_scores_as_published(nab):
    """Figures of the scaled sigmoid given with the benchmark: 0.98661, 0.84828, 0."""
    assert nab.sigmoid(-1.0) == pytest.approx(0.98661, abs=1e-5)
    assert nab.sigmoid(-0.5) == pytest.approx(0.84828, abs=1e-5)
    assert nab.sigmoid(0.0) == 0
    assert nab.sigmoid(1.0) == pytest.approx(-0.98661, abs=1e-5)
    one = series(nab, 1000, [(500, 599)])
    perfect, silent = np.zeros(1000), np.full(1000, 0.5)
    perfect[500] = 1.0
    assert nab.nab({"a": one}, {"a": perfect})["score"] == pytest.approx(100)
    assert nab.nab({"a": one}, {"a": np.zeros(1000)})["score"] == 0
    assert nab.nab({"a": one}, {"a": silent})["score"] == 0
    late = np.zeros(1000)
    late[550] = 1.0
    got = nab.nab({"a": one}, {"a": late})["score"]
    assert got == pytest.approx(50 * (1 + 0.84828 / 0.98661), abs=0.01)


def test_false_alarms_cost_and_probation_is_not_judged(nab):
    one = series(nab, 1000, [(500, 599)])
    scores = np.zeros(1000)
    scores[[20, 300, 500]] = 1.0
    assert nab.nab({"a": one}, {"a": scores})["score"] == pytest.approx(50 * (2 - 0.11))
    scores[[300, 650]] = [0.0, 1.0]
    near = 50 * (2 + 0.11 * nab.sigmoid(51 / 99))
    assert nab.nab({"a": one}, {"a": scores})["score"] == pytest.approx(near)


def test_the_benchmark_reads_a_folder_and_ends_with_one_object(nab, tmp_path, monkeypatch, capsys):
    start = datetime(2026, 1, 5)  # noqa: DTZ001 - as in the files
    rows = [start + timedelta(minutes=5 * i) for i in range(3000)]
    values = np.random.default_rng(0).poisson(20, 3000)
    values[2000:2012] = 400
    with (tmp_path / "made_up.csv").open("w", newline="") as out:
        csv.writer(out).writerows([("timestamp", "value"), *zip(rows, values, strict=True)])
    spans = {"some/made_up.csv": [[f"{rows[1990]}.000000", f"{rows[2090]}.000000"]]}
    (tmp_path / "windows.json").write_text(json.dumps(spans))
    monkeypatch.setattr("sys.argv", ["bursts.py", "--data", str(tmp_path)])
    nab.main()
    got = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert got["score"] > 95
    assert set(got["per_series"]) == {"made_up"}


def test_real_mentions_are_scored_beside_the_baseline(datasets, nab):
    every = nab.read(datasets / "nab_real_tweets")
    ours = {name: bursts(one.times, one.values, 300.0).score for name, one in every.items()}
    got = nab.nab(every, ours)
    assert got["score"] >= 75
    assert abs(got["threshold"] - FLAG) < 0.05
