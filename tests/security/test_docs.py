"""docs/security.md names tests and modules that exist, and keys that are shut."""

import re
from pathlib import Path

import pytest

from data.store import Store

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.count("|") == 4 and "`tests/" in line]
NAMED = re.compile(r"`([\w/]+(?:\.py|/))`")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_each_threat_names_a_test_and_a_place_that_exist(row):
    names = NAMED.findall(row)
    assert [name for name in names if not (ROOT / name).exists()] == []
    tests = [name for name in names if name.startswith("tests/")]
    assert tests
    for name in tests:
        assert "def test_" in (ROOT / name).read_text(encoding="utf-8")


def test_the_page_has_its_threats():
    assert len(ROWS) > 10


def test_the_key_of_the_pseudonyms_is_for_its_owner_only(tmp_path):
    Store(tmp_path / "lake").secret()
    assert (tmp_path / "lake" / "pseudonyms.key").stat().st_mode & 0o777 == 0o600
