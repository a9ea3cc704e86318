from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import i18n, queries
from dashboard.queries import lake
from data import settings
from data.store import Store
from tests.dashboard import sample


@pytest.fixture(autouse=True)
def _english():
    """No test reads in the language that another one chose."""
    i18n.use("en")


@pytest.fixture(scope="session")
def sample_lake(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("dashboard") / "lake"
    sample.fill(Store(root))
    return root


@pytest.fixture
def use_lake(monkeypatch) -> Iterator:
    """Makes a folder the lake of this process, until the test ends."""

    def use(root: Path, **more: str) -> Store:
        monkeypatch.setenv("VIGIE_LAKE", str(root))
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        settings.settings.cache_clear()
        queries.forget()
        return Store(root)

    monkeypatch.delenv("VIGIE_LANG", raising=False)
    yield use
    monkeypatch.undo()
    settings.settings.cache_clear()
    queries.forget()
    lake.store.cache_clear()
    i18n.use("en")


@pytest.fixture
def full(use_lake, sample_lake) -> Store:
    return use_lake(sample_lake)
