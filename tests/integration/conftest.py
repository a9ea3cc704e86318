"""What several of these tests start from."""

import pytest

from data.market import Market, serve, watchlist_yaml
from data.store import Store
from tests.integration.command import vigie


@pytest.fixture(scope="session")
def market(tmp_path_factory):
    """A market, its watchlist, and the lake that one machine makes of it."""
    folder = tmp_path_factory.mktemp("market")
    simulated = Market(11, days=30)
    with serve(simulated) as site:
        site.now = simulated.end
        told = watchlist_yaml(simulated, site.base_url).replace("delay_s: 0", "delay_s: 0.1")
        (folder / "outdoor.yaml").write_text(told, encoding="utf-8")
        lake = folder / "plain"
        now = simulated.end.isoformat()
        vigie("run", folder / "outdoor.yaml", "--lake", lake, "--now", now, timeout_s=600)
        yield folder, now, Store(lake)
