"""What a monitor is told: in the format that its own parser reads, with the lake's figures."""

import http.client
import math
import re
import socket
from datetime import UTC, timedelta
from pathlib import Path

import polars as pl
import pytest
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from data import progress
from data.tables import TABLES
from flows import progress as telling
from flows.cli import app
from flows.watching import metrics
from flows.watching.scraped import Scraped
from flows.words.problems import Unusable
from tests.data.rows import T0
from tests.flows.lakes import covered, fill, rows
from tests.flows.serving.test_outbox import raised

NOW = T0 + timedelta(days=3)
CHANNELS = {
    "feed:crete": "feed",
    "feed:away": "feed",
    'web:a "b"\\n\n': "website",
    "feed:new": "feed",
}


@pytest.fixture
def lake(store):
    fill(store)
    url = {"entity_id": "crete-co", "account": "x", "url": "https://crete.example"}
    store.merge("channels", rows("channels", *(
        {"channel_id": name, "platform": platform, **url} for name, platform in CHANNELS.items()
    )))  # fmt: skip
    day = T0 + timedelta(days=2)
    covered(store, "r2", day, channel="feed:away")
    covered(store, "r3", day + timedelta(hours=1), channel="feed:away", complete=False, posts=0,
            new_posts=0, pages=3, errors=2, reason="login_wall: sign in")  # fmt: skip
    covered(store, "import-x-1", NOW, channel="feed:away", posts=99)
    covered(store, "r3", day, channel='web:a "b"\\n\n', dropped=4, complete=False, reason="x")
    return store


def read(text):
    """Samples by name and labels, as Prometheus's own parser reads them."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def told(lake):
    return read(metrics.text(metrics.families(lake, NOW)))


def test_freshness_is_the_time_since_the_last_complete_crawl(told):
    name = "vigie_channel_freshness_seconds"
    days = {key[1][1]: value / 86_400 for key, value in told.items() if key[0] == name}
    assert days == {"feed:crete": 1, "feed:away": 1, "feed:new": math.inf,
                    'web:a "b"\\n\n': math.inf}  # fmt: skip
    assert told["vigie_platform_freshness_seconds", ("platform", "feed")] == math.inf
    assert told["vigie_channel_complete", ("channel", "feed:away"), ("platform", "feed")] == 0
    assert told["vigie_channel_complete", ("channel", "feed:crete"), ("platform", "feed")] == 1


def test_platforms_are_summed_over_the_newest_crawls_of_their_channels(told):
    feed = {
        key[0].removeprefix("vigie_platform_"): value
        for key, value in told.items()
        if ("platform", "feed") in key and key[0].startswith("vigie_platform_")
    }
    assert feed == {
        "freshness_seconds": math.inf, "channels": 2, "error_ratio": 2 / 4, "blocked_ratio": 1 / 2,
        "posts": 2, "new_posts": 2, "dropped": 0,
    }  # fmt: skip
    assert told["vigie_platform_blocked_ratio", ("platform", "website")] == 0
    assert told["vigie_platform_dropped", ("platform", "website")] == 4


def test_every_table_has_its_rows(told, lake):
    names = {key[1][1] for key in told if key[0] == "vigie_table_rows"}
    assert names == set(TABLES)
    assert told["vigie_table_rows", ("table", "posts")] == 2


def test_open_alerts_are_recent_and_unmuted(lake):
    for name, age in (("a", 0), ("b", 6), ("old", 8)):
        raised(lake, name, at=NOW - timedelta(days=age))
    raised(lake, "broken", at=NOW, kind="source_broken", key="feed:x")
    found = read(metrics.text(metrics.families(lake, NOW)))
    assert found["vigie_alerts_open", ("kind", "breakout_post")] == 2
    assert found["vigie_alerts_open", ("kind", "source_broken")] == 1
    mute = {"alert_id": "x", "kind": "breakout_post", "entity_id": "crete-co", "by": "b",
            "until": NOW.date(), "at": NOW}  # fmt: skip
    lake.merge("alert_mutes", rows("alert_mutes", mute))
    found = read(metrics.text(metrics.families(lake, NOW)))
    assert found["vigie_alerts_open", ("kind", "breakout_post")] == 0


def outcome(lake):
    found = read(metrics.text(metrics.families(lake, NOW)))
    (name,) = [key[1][1] for key, value in found.items()
               if key[0] == "vigie_run_outcome" and value == 1]  # fmt: skip
    return name, "vigie_run_end_timestamp_seconds" in {key[0] for key in found}


def test_the_newest_run_is_told_by_how_it_ended(lake, told):
    assert not any(key[0] == "vigie_run_outcome" for key in told)
    with telling.kept(lake.root, "w.yaml"):
        assert outcome(lake) == ("running", False)
    assert outcome(lake) == ("done", True)
    with pytest.raises(ValueError, match="x"), telling.kept(lake.root, "w.yaml"):
        raise ValueError("x")
    assert outcome(lake) == ("failed", True)
    with progress.begun(lake.root, "w.yaml", "command", None):
        pass
    assert outcome(lake) == ("died", False)


def test_an_empty_lake_tells_of_its_tables_only(store):
    found = read(metrics.text(metrics.families(store, NOW)))
    assert {key[0] for key in found} == {"vigie_table_rows", "vigie_alerts_open"}


def test_the_command_prints_them_once(lake):
    done = CliRunner().invoke(app, ["metrics", "--lake", lake.root])
    assert done.exit_code == 0
    assert read(done.output)["vigie_table_rows", ("table", "posts")] == 2
    missing = CliRunner().invoke(app, ["metrics", "--lake", f"{lake.root}-none", "--lang", "en"])
    assert missing.exit_code == 2
    assert "there is no lake" in missing.output


def ask(port, path="/metrics", host=None):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", path, headers={} if host is None else {"Host": host})
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return answer, body


def test_a_port_of_this_machine_answers_a_scrape(lake):
    with Scraped(lake.root, 0) as server:
        port = server.server_address[1]
        answer, body = ask(port)
        assert (answer.status, answer.headers["Content-Type"]) == (200, metrics.CONTENT_TYPE)
        assert read(body)["vigie_table_rows", ("table", "posts")] == 2
        assert server.server_address[0] == "127.0.0.1"
        assert ask(port, "/")[0].status == 404
        assert ask(port, host="evil.example")[0].status == 403
        lake.remove("posts", lake.scan("posts").select("post_id").collect())
        assert ask(port)[1] == body, "an answer serves for some seconds"


def test_a_lake_that_cannot_be_read_is_an_error_to_the_monitor(lake, monkeypatch):
    def broken(*_):
        raise pl.exceptions.ComputeError("broken")

    monkeypatch.setattr(metrics, "families", broken)
    with Scraped(lake.root, 0) as server:
        answer, body = ask(server.server_address[1])
        assert answer.status == 503
        assert "broken" not in body


def test_a_port_that_is_taken_is_named(lake):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Unusable, match=f"--metrics-port {port}"):
            Scraped(lake.root, port)


def test_times_are_utc(lake):
    with telling.kept(lake.root, "w.yaml"):
        pass
    run = progress.latest(lake.root)
    found = read(metrics.text(metrics.families(lake, NOW)))
    end = found["vigie_run_end_timestamp_seconds",]
    assert end == pytest.approx(run.end.at.astimezone(UTC).timestamp(), abs=1e-3)


def test_what_the_rules_of_the_docs_ask_for_exists(lake):
    with telling.kept(lake.root, "w.yaml"):
        pass
    names = {key[0] for key in read(metrics.text(metrics.families(lake, NOW)))}
    told = (Path(__file__).parents[3] / "docs" / "serve.md").read_text(encoding="utf-8")
    rules = set(re.findall(r"vigie_\w+", told.partition("# vigie.rules.yml")[2]))
    assert len(rules) >= 4
    assert rules <= names
