"""`vigie serve` on its schedule, its letters taken by a real mail server on loopback.

The server must run (SMTP at 1025, what arrived at 1080). Without VIGIE_TEST_SERVERS=1 these tests
are skipped.
"""

import os
import signal
import subprocess
import time
import urllib.request

import pytest

from data.market import Market, serve, watchlist_yaml
from tests.flows.processes.test_children import gone
from tests.integration.command import VIGIE, vigie
from tests.integration.test_real_servers import ask

SMTP = os.environ.get("VIGIE_TEST_SMTP", "127.0.0.1:1025")
MAIL = os.environ.get("VIGIE_TEST_MAIL", "http://127.0.0.1:1080")
TO = "lea@maison.example"
RUN_S = 400

pytestmark = [
    pytest.mark.servers,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        os.environ.get("VIGIE_TEST_SERVERS") != "1",
        reason="needs real servers on loopback; start them and set VIGIE_TEST_SERVERS=1",
    ),
]


def letters():
    """Subjects of what arrived for us, oldest first."""
    found = sorted(ask(f"{MAIL}/api/email"), key=lambda one: one["time"])
    return [one["subject"] for one in found if one["to"][0]["address"] == TO]


@pytest.fixture(scope="module")
def market():
    simulated = Market(5, days=60)
    with serve(simulated) as site:
        yield simulated, watchlist_yaml(simulated, site.base_url)


@pytest.fixture
def watchlist(market, tmp_path):
    urllib.request.urlopen(urllib.request.Request(f"{MAIL}/api/email/all", method="DELETE")).close()
    file = tmp_path / "watchlist.yaml"
    address = f"mailto://{SMTP}?from=vigie@maison.example&to={TO}&mode=insecure"
    file.write_text(f"{market[1]}\nalerts: ['{address}']\n", encoding="utf-8")
    return file


def test_one_run_sends_one_letter_and_the_next_none(market, watchlist, tmp_path):
    command = ("serve", watchlist, "--once", "--lake", tmp_path / "lake", "--lang", "en")
    now = market[0].end.isoformat()
    first = vigie(*command, "--now", now, timeout_s=RUN_S)
    assert "alerts sent: " in first.stderr
    (subject,) = letters()
    assert subject.startswith("Vigie, Outdoor France")
    again = vigie(*command, "--now", now, timeout_s=RUN_S)
    assert "alerts sent" not in again.stderr
    assert letters() == [subject]


def test_the_schedule_goes_on_after_a_failed_run_and_leaves_nothing(watchlist, tmp_path):
    lake = tmp_path / "lake"
    log = tmp_path / "log"
    whole = watchlist.read_text(encoding="utf-8")
    with log.open("wb") as there:
        process = subprocess.Popen(
            [str(VIGIE), "serve", str(watchlist), "--every", "1m", "--lake", str(lake),
             "--lang", "en"], stderr=there, stdout=there, start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(log, "next run: ")
        watchlist.write_text(whole.replace("brand:", "brnd:"), encoding="utf-8")
        wait_for(log, "the run failed: ")
        watchlist.write_text(whole, encoding="utf-8")
        wait_for(log, "alerts sent: ")
        second = vigie("serve", watchlist, "--lake", lake, "--lang", "en", expect=(1,))
        assert "runs on it already" in second.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 143
    finally:
        process.kill()
        process.wait()
    assert gone(str(lake), 60)
    subjects = letters()
    assert any(subject.endswith("la collecte a échoué") for subject in subjects)
    assert subjects[-1].endswith("alertes")


def wait_for(log, words):
    ends = time.monotonic() + RUN_S
    while words not in log.read_text(errors="replace"):
        if time.monotonic() > ends:
            pytest.fail(f"“{words}” was not said:\n{log.read_text(errors='replace')}")
        time.sleep(0.5)
