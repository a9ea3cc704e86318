"""Files that are kept for some days, whatever the clock says meanwhile."""

from datetime import date, timedelta

import pytest

from data.stale import stale

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize("form", ["%Y-%m-%d.jsonl", "%Y%m%dT101112.123456-ab12.jsonl"])
def test_files_go_by_their_day_and_a_clock_that_jumps_takes_none(tmp_path, form):
    ages = {age: tmp_path / f"{TODAY - timedelta(days=age):{form}}" for age in (0, 29, 31, 400)}
    for file in (*ages.values(), tmp_path / "other.jsonl", tmp_path / f"{TODAY}.txt"):
        file.touch()
    old = {ages[31], ages[400]}
    assert set(stale(tmp_path, TODAY, 30)) == old
    assert set(stale(tmp_path, TODAY + timedelta(days=730), 30)) == old
    assert stale(tmp_path, TODAY - timedelta(days=730), 30) == []
    # Back again, with a file of the wrong day among them: the clock of today counts.
    (tmp_path / f"{TODAY + timedelta(days=730):{form}}").touch()
    assert set(stale(tmp_path, TODAY, 30)) == old


def test_an_empty_folder_has_none(tmp_path):
    assert stale(tmp_path / "none", TODAY, 30) == []
