"""The command as a process: exit codes, what it prints, and kills at any time."""

import json
import random
import time
from datetime import timedelta

import msgspec
import polars as pl
import pytest

from crawlers import __main__
from crawlers.plan import PlanError, load
from data.store import Store
from tests.crawlers.hostile import POSTS, serving
from tests.crawlers.scripted import NOON, TOLD_EARLY, channel, plan, start


def said(**changes):
    document = msgspec.to_builtins(plan("lake", [])) | changes
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "the plan can't be read"),
        (said(colour="red"), "colour"),
        (said(channels=[{"channel_id": "x"}]), "entity_id"),
        (said(started_at="2026-03-20T12:00:00"), "needs a time zone"),
        (said(contact="a\nX-Evil: 1"), "one short printable line"),
    ],
)
def test_an_unusable_plan_is_named(text, message):
    with pytest.raises(PlanError, match=message):
        load(text)


def test_unknown_platforms_and_doubles_are_named():
    nowhere = msgspec.structs.replace(channel("a"), platform="nowhere")
    with pytest.raises(PlanError, match="no platform is called nowhere"):
        load(msgspec.json.encode(plan("lake", [nowhere])))
    one = msgspec.structs.replace(channel("a"), platform="feed")
    with pytest.raises(PlanError, match="named twice"):
        load(msgspec.json.encode(plan("lake", [one, one])))


def test_the_exit_code_of_an_unusable_plan_is_2(tmp_path, capsys):
    file = tmp_path / "plan.json"
    file.write_bytes(b"{}")
    assert __main__.main(["crawl", "--plan", str(file)]) == 2
    assert __main__.main(["crawl", "--plan", str(tmp_path / "none.json")]) == 2
    assert "run_id" in capsys.readouterr().err


def test_replay_prints_one_line(tmp_path, capsys):
    assert __main__.main(["replay", "--lake", str(tmp_path / "lake")]) == 0
    assert json.loads(capsys.readouterr().out)["pages"] == 0


@pytest.fixture
def two_shops():
    with serving() as (base, asked):
        yield Shops([channel(name, base_url=f"{base}/{name}") for name in ("here", "there")], asked)


class Shops(list):
    """Two channels, and what their server was asked."""

    def __init__(self, channels, asked):
        super().__init__(channels)
        self.asked = asked


def test_a_run_that_gets_everything_exits_with_0(tmp_path, two_shops):
    given = plan(tmp_path / "lake", two_shops, allow_private_networks=True)
    process = start(given)
    out, _ = process.communicate(timeout=100)
    summary = json.loads(out)
    assert process.returncode == 0
    assert (summary["channels"], summary["pages"], summary["posts"]) == (2, 6, 2 * POSTS)
    assert (summary["new_posts"], summary["incomplete"]) == (2 * POSTS, [])


def test_stopping_a_run_keeps_what_it_has(tmp_path, two_shops):
    given = plan(tmp_path / "lake", two_shops, allow_private_networks=True, delay_s=2.0)
    process = start(given)
    wait_for(lambda: any("from=" in path for _, path, _ in two_shops.asked))
    process.terminate()
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted" in json.loads(out)["incomplete"][0]["reason"]
    store = Store(tmp_path / "lake")
    assert store.scan("coverage").collect()["complete"].to_list() == [False, False]
    kept = set(store.scan("pages").select("page_id").collect()["page_id"])
    assert kept
    assert set(store.scan("posts").select("page_id").collect()["page_id"]) <= kept


def test_a_stop_before_the_engine_runs_is_not_forgotten(tmp_path, two_shops):
    given = plan(tmp_path / "lake", two_shops, allow_private_networks=True)
    process = start(given, TOLD_EARLY)
    out, _ = process.communicate(timeout=100)
    assert process.returncode == 1
    missing = json.loads(out)["incomplete"]
    assert [one["reason"].partition(":")[0] for one in missing] == ["interrupted"] * 2


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_a_kill_the_next_run_has_every_row_once(tmp_path, two_shops, seed):
    lake = tmp_path / "lake"
    options = {"allow_private_networks": True, "frozen_clock": False}
    process = start(plan(lake, two_shops, delay_s=0.3, **options))
    time.sleep(random.Random(seed).uniform(2, 9))
    process.kill()
    process.communicate()
    later = plan(lake, two_shops, run_id="next", at=NOON + timedelta(hours=1), **options)
    process = start(later)
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    assert not json.loads(out)["incomplete"]
    store = Store(lake)
    posts = store.scan("posts").collect()
    assert posts.height == 2 * POSTS == posts["post_id"].n_unique()
    metrics = store.scan("metrics").collect()
    assert metrics.height == metrics.select("post_id", "observed_at").n_unique() >= 2 * POSTS
    pages = set(store.scan("pages").select("page_id").collect()["page_id"])
    assert set(posts["page_id"]) | set(metrics["page_id"]) <= pages
    assert posts.filter(pl.col("deleted_at").is_not_null()).is_empty()
