"""Signing in to the dashboard at a real OpenID provider, in a browser; what crosses the wire.

The provider must run at 9401 with its client `dashboard`. Without VIGIE_TEST_SERVERS=1 these
tests are skipped.
"""

import os
import signal
import subprocess

import pytest
from playwright.sync_api import sync_playwright

from data.settings import settings
from data.store import Store
from tests.dashboard import sample
from tests.dashboard.test_browser import wait_for
from tests.flows.processes.test_children import gone
from tests.integration.command import VIGIE

ISSUER = os.environ.get("VIGIE_TEST_OIDC", "http://127.0.0.1:9401")
HERE = "http://127.0.0.1:8501"
"""Registered with the provider: the port can't be another one."""

pytestmark = [
    pytest.mark.servers,
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        os.environ.get("VIGIE_TEST_SERVERS") != "1",
        reason="needs real servers on loopback; start them and set VIGIE_TEST_SERVERS=1",
    ),
]


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    root = tmp_path_factory.mktemp("shared") / "lake"
    sample.fill(Store(root))
    env = {
        "VIGIE_OIDC_METADATA_URL": f"{ISSUER}/.well-known/openid-configuration",
        "VIGIE_OIDC_CLIENT_ID": "dashboard",
        "VIGIE_OIDC_CLIENT_SECRET": "dashboard-secret",
        "VIGIE_ALLOW": "group:analyst",
        "VIGIE_EDITORS": "admin@example.com",
        "VIGIE_LANG": "en",
    }
    process = subprocess.Popen(
        [str(VIGIE), "dashboard", "--lake", str(root), "--address", "0.0.0.0"],
        env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"{HERE}/_stcore/health")
        yield root
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert gone("secrets.toml", 60)


@pytest.fixture(scope="module")
def browser():
    path = settings().browser_path()
    if path is None:
        pytest.skip("no Chrome or Chromium on the path; set VIGIE_CHROMIUM")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def visit(browser, user, sign):
    """Sign in as somebody until `sign` shows; the page's text and all bytes that came."""
    came = []
    page = browser.new_context(locale="en-US").new_page()
    page.set_default_timeout(60_000)
    page.on("websocket", lambda socket: socket.on("framereceived", lambda one: came.append(
        one if isinstance(one, bytes) else one.encode())))  # fmt: skip
    page.on("requestfinished", lambda asked: came.append(body_of(asked)))
    page.goto(HERE)
    page.get_by_role("button", name="Sign in").click()
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", "x")
    page.click("button[type=submit]")
    page.wait_for_selector("input[name=login]", state="detached")
    page.click("button[type=submit]")
    page.get_by_text(sign).first.wait_for()
    page.wait_for_timeout(2000)
    text = page.inner_text("body")
    page.context.close()
    return text, b"".join(came)


def body_of(asked):
    if asked.resource_type in ("script", "stylesheet", "font", "image") or ":8501" not in asked.url:
        return b""
    answer = asked.response()
    return answer.body() if answer is not None and answer.status == 200 else b""


def test_members_see_figures_and_nobody_else_gets_a_byte_of_the_lake(dashboard, browser):
    names = Store(dashboard).scan("entities").collect()["name"].to_list()
    canaries = [name.encode() for name in names]
    for user in ("analyst", "admin"):
        text, came = visit(browser, user, "Sign out")
        assert f"{user}@example.com" in text
        assert any(one in came for one in canaries)
    text, came = visit(browser, "stranger", "No access")
    assert "stranger@example.com is signed in, but was not let in" in text
    assert len(came) > 1000
    assert not any(one in came for one in canaries)
