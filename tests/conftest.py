"""Fixtures for every test: a lake of its own, and the real recordings where they are at hand."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from data.settings import settings
from data.store import Store

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("VIGIE_REAL", ROOT.parent / "shared" / "real"))

hypothesis_settings.register_profile("vigie", deadline=None, print_blob=True)
hypothesis_settings.load_profile("vigie")


SLOW_FIRST = ("faults", "integration", "dashboard", "flows", "security")
"""Folders whose files take minutes: begun last, one of them would keep a single worker busy."""


def pytest_collection_modifyitems(items):
    """Slow folders first, in the order (a random one) that the tests came in."""
    items.sort(key=lambda item: item.path.relative_to(ROOT / "tests").parts[0] not in SLOW_FIRST)


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch, tmp_path_factory):
    """No test reads the user's settings or writes to the user's lake."""
    for name in list(os.environ):
        if name.startswith("VIGIE_") and name != "VIGIE_CHROMIUM":
            monkeypatch.delenv(name)
    monkeypatch.setenv("VIGIE_LAKE", str(tmp_path_factory.mktemp("lake")))
    # Streamlit's AppTest leaves its app there, which processes that a later test spawns would run.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True, scope="module")
def _own_platforms():
    """A platform that a file of tests makes known is known to that file only."""
    yield
    registry = sys.modules.get("crawlers.registry")
    if registry is not None and registry.platforms.cache_info().currsize:
        registry.platforms().pop("scripted", None)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "lake")


@pytest.fixture(scope="session")
def recorded():
    """Folder of real recorded answers."""
    folder = REAL / "recorded"
    if not folder.is_dir():
        pytest.skip(f"no real recordings at {folder}; set VIGIE_REAL to their folder")
    return folder


@pytest.fixture(scope="session")
def datasets():
    """Folder of real data sets."""
    folder = Path(os.environ.get("VIGIE_REAL_DATA", REAL / "datasets"))
    if not folder.is_dir():
        pytest.skip(f"no real data sets at {folder}; set VIGIE_REAL_DATA to their folder")
    return folder
