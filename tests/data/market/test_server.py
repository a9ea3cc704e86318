"""The loopback server: every host by path, conditional requests, time that moves when told."""

import json
import subprocess
import sys
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from data.market import Market, serve, watchlist_yaml
from data.watchlist import load

MARKET = Market(seed=1, days=90)
PROFILE = "/xrpc/app.bsky.actor.getProfile?actor=vallon.example"


@pytest.fixture(scope="module")
def served():
    with serve(MARKET) as running:
        yield running


def get(url, method="GET", data=None, **headers):
    request = Request(url, data=data, method="POST" if data else method, headers=headers)
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as refused:
        with refused:
            return refused.code, dict(refused.headers), refused.read()


def test_an_unchanged_page_is_not_sent_twice(served):
    _, headers, body = get(served.base_url + PROFILE)
    assert body
    status, _, again = get(served.base_url + PROFILE, **{"If-None-Match": headers["ETag"]})
    assert (status, again) == (304, b"")


def test_a_changed_page_is_sent_again(served):
    served.now = MARKET.end
    _, headers, _ = get(served.base_url + PROFILE)
    served.now = MARKET.end - timedelta(days=30)
    status, _, _ = get(served.base_url + PROFILE, **{"If-None-Match": headers["ETag"]})
    served.now = MARKET.end
    assert status == 200


def test_head_sends_no_body(served):
    status, headers, body = get(served.base_url + PROFILE, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 100


def test_robots_allow_everything(served):
    _, _, body = get(served.base_url + "/robots.txt")
    assert b"Allow: /" in body


def test_unknown_paths_are_404(served):
    assert get(served.base_url + "/nothing/here")[0] == 404


def test_time_moves_by_request(served):
    _, _, body = get(served.base_url + "/_market/now", data=b"2026-11-01T06:00:00Z")
    assert json.loads(body) == {"now": "2026-11-01T06:00:00+00:00"}
    assert served.now.isoformat() == "2026-11-01T06:00:00+00:00"
    assert get(served.base_url + "/_market/now", data=b"tomorrow")[0] == 400
    served.now = MARKET.end


def test_a_continuation_needs_its_token(served):
    assert get(served.base_url + "/youtubei/v1/browse", data=b"{}")[0] == 400


def test_the_watchlist_is_valid_and_moves_every_platform(tmp_path, served):
    path = tmp_path / "watchlist.yaml"
    path.write_text(watchlist_yaml(MARKET, served.base_url), encoding="utf-8")
    watchlist = load(path)
    names = [entity.name for _, entity in watchlist.entities()]
    assert len(names) == 12
    assert watchlist.brand.name == "Maison Alpine"
    assert {option.base_url for option in watchlist.platforms.values()} == {served.base_url}
    assert watchlist.crawl.allow_private_networks
    assert watchlist.crawl.obey_robots
    urls = [channel.url for _, entity in watchlist.entities() for channel in entity.channels]
    assert sorted(urls) == sorted(channel.url for channel in MARKET.channels)


def test_it_runs_alone():
    command = [sys.executable, "-m", "data.market", "--days", "20", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("# serving at"):
                break
        process.kill()
    assert any("brand:" in line for line in lines)
    assert lines[-1].startswith("# serving at http://127.0.0.1:")
