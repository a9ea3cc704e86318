"""Pages that need a browser, shut in behind the gate."""

import asyncio
import base64
import json
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import Settings

from crawlers import rendering
from crawlers.gate import Gate
from data.settings import settings
from data.store import Store
from tests.crawlers.hostile import serving
from tests.crawlers.scripted import channel, plan, start


@pytest.fixture
def chromium():
    path = settings().browser_path()
    if path is None:
        pytest.skip("no Chromium or Chrome on the path; set VIGIE_CHROMIUM")
    return path


@pytest.mark.browser
def test_a_rendered_page_is_read_and_its_script_gets_nowhere(tmp_path, chromium):
    with serving() as (base, _):
        channels = [
            channel(name, base_url=f"{base}/{name}", browser=True)
            for name in ("scripted", "metadata", "ok")
        ]
        given = plan(tmp_path / "lake", channels, allow_private_networks=True, chromium=chromium)
        out, err = start(given).communicate(timeout=200)
    summary = json.loads(out)
    assert {one["channel_id"]: one["reason"] for one in summary["incomplete"]} == {
        "scripted:metadata": "private network: 169.254.169.254 is not asked"
    }, err
    pages = Store(tmp_path / "lake").scan("pages").collect()
    bodies = dict(pages.select("url", "body").iter_rows())
    assert b"leak" not in bodies["https://scripted.example/list.json"]
    posts = Store(tmp_path / "lake").scan("posts").collect()
    assert set(posts["channel_id"]) == {"scripted:scripted", "scripted:ok"}


async def through_the_gate(head, *, allow_private, known=True):
    gate = Gate(allow_private=allow_private, limit=1_000_000)
    address = await gate.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    token = base64.b64encode(f"{gate.username}:{gate.password}".encode()).decode()
    lines = [head, *([f"Proxy-Authorization: Basic {token}"] if known else []), "", ""]
    writer.write("\r\n".join(lines).encode())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await gate.close()
    return answer, gate.refused


def test_the_gate_refuses_private_addresses():
    head = "CONNECT 127.0.0.1:443 HTTP/1.1"
    answer, refused = asyncio.run(through_the_gate(head, allow_private=False))
    assert answer.startswith(b"HTTP/1.1 403")
    assert refused == ["private network: 127.0.0.1 is not asked"]


def test_the_gate_passes_what_is_allowed_on():
    with serving() as (base, asked):
        head = f"GET {base}/ok/list.json?from=10 HTTP/1.1"
        answer, refused = asyncio.run(through_the_gate(head, allow_private=True))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"ok-p1" in answer
    assert not refused
    assert [path for _, path, _ in asked] == ["/ok/list.json?from=10"]
    assert "Proxy-Authorization" not in asked[0][2]


def test_the_gate_serves_its_own_browser_only():
    head = "GET http://127.0.0.1:9/ HTTP/1.1"
    answer, _ = asyncio.run(through_the_gate(head, allow_private=True, known=False))
    assert answer.startswith(b"HTTP/1.1 407")


CRAWLER = SimpleNamespace(
    settings=Settings(
        {"DOWNLOAD_MAXSIZE": 1000, "DOWNLOAD_TIMEOUT": 0, "VIGIE_ALLOW_PRIVATE": True,
         "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2}
    )
)  # fmt: skip


class Unanswering:
    """Playwright's handler where it waits for good: a page is opened as the browser dies."""

    ends = True

    def __init__(self, crawler):
        self.config = SimpleNamespace(launch_options={})
        self.stats = SimpleNamespace(get_value=lambda *_: self.launched)
        self.launched = 0

    async def download_request(self, request):
        self.launched = 1
        self.browser = SimpleNamespace(is_connected=lambda: True)
        await asyncio.sleep(0.05)
        if self.ends:
            del self.browser
        await asyncio.Event().wait()

    async def close(self):
        await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("ends", "patience_s", "error"),
    [(True, 60, DownloadFailedError), (False, 0.3, DownloadTimeoutError)],
)
def test_a_browser_that_ends_or_falls_silent_is_not_waited_for(
    monkeypatch, ends, patience_s, error
):
    monkeypatch.setattr(rendering, "ScrapyPlaywrightDownloadHandler", Unanswering)
    monkeypatch.setattr(rendering, "LOOK_S", 0.02)
    monkeypatch.setattr(rendering, "STARTING_S", patience_s)
    monkeypatch.setattr(Unanswering, "ends", ends)

    async def render():
        browser = rendering.Browser(CRAWLER)
        try:
            await browser.render(Request("https://x.example/"), None)
        finally:
            monkeypatch.setattr(rendering, "STARTING_S", 0.1)
            await browser.close()

    with pytest.raises(error):
        asyncio.run(asyncio.wait_for(render(), 50))


class Slow(Unanswering):
    """Playwright's handler: two tabs, and each page takes a while."""

    def __init__(self, crawler):
        super().__init__(crawler)
        self.tabs = asyncio.Semaphore(2)

    async def download_request(self, request):
        async with self.tabs:
            await asyncio.sleep(0.2)
        request.meta["playwright_page"] = SimpleNamespace(close=self.close)
        return Response(request.url)

    async def close(self):
        return


def test_who_waits_for_a_tab_is_not_out_of_time(monkeypatch):
    monkeypatch.setattr(rendering, "ScrapyPlaywrightDownloadHandler", Slow)
    monkeypatch.setattr(rendering, "STARTING_S", 0.9)

    async def render():
        browser = rendering.Browser(CRAWLER)
        asked = [Request(f"https://{n}.example/") for n in range(20)]
        try:
            return await asyncio.gather(*(browser.render(one, None) for one in asked))
        finally:
            await browser.close()

    assert len(asyncio.run(render())) == 20
