"""`vigie doctor` names every damage; its repair loses nothing that the archive holds."""

import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable
from typer.testing import CliRunner

from data import lock, pseudonyms, soundness
from data.contracts import arranged
from data.delta import StoreError
from data.store import Store
from flows import build
from flows.cli import app
from flows.erasing import forget
from flows.repair.doctor import TEXTS, examine
from flows.words.french import FRENCH
from tests.crawlers.scripted import Site, crawl, plan, register
from tests.flows.lakes import held

PAGE = "https://shop.example/list.json"
SITE = {PAGE: {
    "name": "Shop", "followers": 9,
    "posts": [
        {"id": f"p{n}", "at": f"2026-03-{n:02d}T08:00:00Z", "likes": n, "text": f"Tente {n}",
         "said": ["merci"]}
        for n in range(1, 9)
    ],
}}  # fmt: skip
READ_AGAIN = ("posts", "metrics", "comments", "profiles")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    register()
    root = tmp_path_factory.mktemp("crawled") / "lake"
    crawl(plan(root), Site(SITE))
    return root


@pytest.fixture
def built(monkeypatch):
    """Reference times of the builds that a repair asked for; none is carried out."""
    times = []
    monkeypatch.setattr("flows.build.build_lake", lambda _, at, *__, **___: times.append(at))
    return times


@pytest.fixture
def lake(crawled, store, built):
    """A crawled lake of this test's own."""
    shutil.copytree(crawled, store.root)
    return store


def doctor(lake, *options, expect):
    done = CliRunner().invoke(app, ["doctor", "--lake", str(lake.root), "--lang", "en", *options])
    assert done.exit_code == expect, (done.output, done.exception)
    return done.output


def files(lake, table):
    return [uri.removeprefix("file://") for uri in DeltaTable(f"{lake.root}/{table}").file_uris()]


def cut(path):
    with Path(path).open("r+b") as file:
        file.truncate(file.seek(0, 2) // 2)


def contents(lake):
    return {table: held(lake, table).drop("page_id") for table in READ_AGAIN}


def test_a_sound_lake_is_sound_in_both_languages(lake):
    assert doctor(lake, expect=0) == ""
    assert {text for texts in TEXTS.values() for text in texts} <= set(FRENCH)


def test_cut_files_are_named_and_their_rows_are_read_from_the_archive(lake, built):
    before = contents(lake)
    for table in READ_AGAIN:
        cut(files(lake, table)[0])
    told = doctor(lake, expect=1)
    for table in READ_AGAIN:
        assert f"{table}\t{table}/" in told
    assert told.count("missing or unreadable") == len(READ_AGAIN)
    doctor(lake, "--repair", expect=0)
    assert len(built) == 1
    assert doctor(lake, expect=0) == ""
    after = contents(lake)
    assert all(before[name].equals(after[name], null_equal=True) for name in before)
    assert len([*(Path(lake.root) / "quarantine").rglob("*.parquet")]) == len(READ_AGAIN)


def test_a_cut_log_goes_back_to_the_commit_before(lake):
    before = contents(lake)
    *_, last = sorted((Path(lake.root) / "posts" / "_delta_log").glob("*.json"))
    cut(last)
    assert "log can't be read" in doctor(lake, expect=1)
    assert "posts: the rows of its last commits are lost" in doctor(lake, "--repair", expect=1)
    assert doctor(lake, expect=0) == ""
    assert contents(lake)["posts"].equals(before["posts"], null_equal=True)


def test_a_file_that_only_one_of_two_libraries_can_read_is_set_aside(lake):
    (file,) = map(Path, files(lake, "profiles"))
    whole = file.read_bytes()
    for place in reversed(range(len(whole) * 8)):
        content = bytearray(whole)
        content[place // 8] ^= 1 << place % 8
        file.write_bytes(content)
        if soundness._is_readable(file) and not soundness.is_taken(Path(lake.root) / "profiles"):
            break
    assert "profiles\tprofiles/" in doctor(lake, expect=1)
    doctor(lake, "--repair", expect=0)
    assert doctor(lake, expect=0) == ""


def test_a_log_that_was_begun_on_a_full_disk_is_no_damage(lake):
    (Path(lake.root) / "restatements" / "_delta_log").mkdir(parents=True, exist_ok=True)
    (Path(lake.root) / "audits" / "_delta_log").mkdir(parents=True)
    assert doctor(lake, expect=0) == ""
    assert doctor(lake, "--repair", expect=0) == ""


@pytest.mark.parametrize("left", ["", "ab", "x" * 64])
def test_a_damaged_key_of_pseudonyms_is_named(lake, left):
    key = Path(lake.root) / pseudonyms.FILE
    key.write_text(left)
    key.chmod(0o600)
    assert "holds no key of pseudonyms" in doctor(lake, expect=1)
    with pytest.raises(StoreError, match="bring it back from a copy"):
        lake.secret()


def test_pages_that_a_disk_lost_are_named_and_asked_for_anew(lake):
    for file in files(lake, "pages"):
        cut(file)
    assert "pages: 1 rows are lost" in doctor(lake, "--repair", expect=1)
    assert held(lake, "posts").height == 8
    assert "8 rows come from a page" in doctor(lake, expect=1)
    assert held(lake, "validators").is_empty()
    site = Site(SITE)
    crawl(plan(lake.root, run_id="next"), site)
    assert site.urls[0] == PAGE


def test_bytes_that_changed_on_disk_are_set_aside_and_marked(lake):
    pages = lake.scan("pages").collect()
    lake.merge("pages", pages.with_columns(body=pl.lit(b"{}")))
    assert "1 pages hold other bytes" in doctor(lake, expect=1)
    doctor(lake, "--repair", expect=0)
    assert doctor(lake, expect=0) == ""
    (row,) = lake.scan("pages").collect().to_dicts()
    assert (row["body"], row["erased"]) == (None, "damaged")
    (copy,) = (Path(lake.root) / "quarantine").rglob("pages-altered.parquet")
    assert pl.read_parquet(copy)["body"].to_list() == [b"{}"]
    assert held(lake, "posts").height == 8


def test_doubled_keys_are_made_one(lake):
    folder = lake._folder
    rows = arranged("metrics", lake.scan("metrics").collect())
    folder.append(folder.must_open("metrics"), rows)
    before = rows.height
    assert f"{before} rows have the key of another" in doctor(lake, expect=1)
    doctor(lake, "--repair", expect=0)
    assert held(lake, "metrics").height == before


def test_what_a_kill_left_half_done_is_ended(lake, monkeypatch):
    lake.set_state(forget.PENDING, {"asked": "someone"})
    build.mark_rewritten(lake)
    told = doctor(lake, expect=1)
    assert "an erasure or a new key was begun" in told
    assert "rows changed after the last build" in told
    monkeypatch.undo()
    doctor(lake, "--repair", expect=0)
    assert doctor(lake, expect=0) == ""


def test_a_build_of_another_version_is_no_damage(lake):
    lake.set_state(build.STATE, {"version": -1})
    assert "another version" in doctor(lake, expect=0)


def test_a_readable_key_is_named_and_shut(lake):
    lake.secret()
    key = Path(lake.root) / "pseudonyms.key"
    key.chmod(0o644)
    assert "others on this machine may read it" in doctor(lake, expect=1)
    doctor(lake, "--repair", expect=0)
    assert key.stat().st_mode & 0o777 == 0o600


def test_readable_settings_are_only_warned_of(lake, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / ".env"
    settings.write_text("VIGIE_CONTACT=veille@example.org\n", encoding="utf-8")
    settings.chmod(0o644)
    assert f"chmod 600 {settings}" in doctor(lake, expect=0)
    settings.chmod(0o600)
    assert doctor(lake, expect=0) == ""


def test_who_writes_is_named_and_a_repair_waits_for_them(lake, monkeypatch):
    monkeypatch.setattr("flows.repair.mending.PATIENCE_S", 0.0)
    hold = (
        "import sys; from data import lock\n"
        "with lock.shared(sys.argv[1]): print('in', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", hold, lake.root], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with child:
        child.stdout.readline()
        assert f"process {child.pid} is writing" in doctor(lake, expect=0)
        cut(files(lake, "posts")[0])
        assert "somebody is writing there" in doctor(lake, "--repair", expect=1)
        child.stdin.close()
    doctor(lake, "--repair", expect=0)


def test_there_must_be_a_lake_in_a_folder(tmp_path):
    doctor(Store(tmp_path / "none"), expect=2)


def test_a_look_writes_nothing(lake):
    cut(files(lake, "posts")[0])
    before = sorted(Path(lake.root).rglob("*"))
    with lock.shared(lake.root):
        assert [finding.kind for finding in examine(lake) if finding.is_damage] == ["file"]
    assert sorted(Path(lake.root).rglob("*")) == before
