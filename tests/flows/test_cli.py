"""The command as its user meets it."""

import json
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from data import lock
from data.store import Store
from flows import turns
from flows.cli import app
from flows.commands import demo
from flows.words import messages
from flows.words.problems import FellShort, Unusable
from tests.flows.lakes import BODY, WATCHLIST, fill

COMMANDS = (
    "demo", "run", "audit", "crawl", "build", "replay", "parse", "check", "import", "export",
    "dashboard", "serve",
)  # fmt: skip
SHOWN = ("show post", "show kpi", "show page")
FEED = b"""\
<rss version="2.0"><channel><title>Cr\xc3\xaate</title><item>
<title>Bivouac au lac</title><link>https://crete.example/1</link><guid>1</guid>
<pubDate>Sun, 01 Nov 2026 12:00:00 GMT</pubDate>
</item></channel></rss>"""
CONSENT = b"<!DOCTYPE html><html><body><h1>Before you continue</h1></body></html>"


@pytest.fixture(autouse=True)
def _forget_language():
    yield
    messages._chosen.clear()


@pytest.fixture
def vigie():
    def invoked(*arguments, expect=0):
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert done.exit_code == expect, (done.output, done.exception)
        return done

    return invoked


@pytest.fixture
def lake(tmp_path):
    root = tmp_path / "lake"
    fill(Store(root))
    return root


@pytest.mark.parametrize("command", [*COMMANDS, *SHOWN])
def test_every_command_has_help_with_an_example_and_a_language(vigie, command):
    shown = vigie(*command.split(), "--help").stdout
    assert f"Example: vigie {command}" in shown
    assert "--lang" in shown
    assert "--lake" in shown


def test_the_program_lists_its_commands_and_starts_without_heavy_libraries():
    code = (
        "import sys; from flows.cli import app\n"
        "heavy = {'polars', 'prefect', 'scrapy', 'streamlit', 'sklearn', 'pydantic', 'rich'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("language", ["de", "FR"])
def test_an_unknown_language_is_unusable(vigie, language):
    vigie("export", "posts", "--lang", language, expect=2)


def test_a_missing_lake_is_said_in_the_language_asked_for(vigie, tmp_path):
    done = vigie("export", "posts", "--lake", tmp_path / "no", "--lang", "fr", expect=2)
    assert "il n’y a pas de lac" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["crawl", "run", "check"])
@pytest.mark.parametrize(
    ("text", "part"),
    [
        (None, "there is no such file"),
        ("market: [", "not readable as YAML"),
        (WATCHLIST.replace("brand", "brnad"), "“brand” is missing; add it"),
        (WATCHLIST.replace("platform: wordpress", "platform: no"), "line 12: no platform"),
    ],
)
def test_an_unusable_watchlist_is_named_with_its_cure(vigie, tmp_path, command, text, part):
    if command == "run":
        pytest.skip("its server starts first: held by test_run.py")
    file = tmp_path / "w.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    done = vigie(command, file, "--lang", "en", expect=2)
    assert f"{file}" in done.stderr
    assert part in done.stderr
    assert done.stdout == ""


def test_parse_prints_typed_records(vigie, tmp_path):
    file = tmp_path / "feed.xml"
    file.write_bytes(FEED)
    at = ("--fetched-at", "2026-11-02T06:00:00Z")
    done = vigie("parse", "feed", file, "--url", "https://crete.example/blog/feed", *at)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["type"] for line in lines if line["type"] == "Post"] == ["Post"]
    (post,) = (line for line in lines if line["type"] == "Post")
    assert post["title"] == "Bivouac au lac"
    assert post["published_at"] == "2026-11-01T12:00:00Z"


def test_parse_names_single_items_that_it_drops(vigie, tmp_path):
    file = tmp_path / "feed.xml"
    file.write_bytes(FEED.replace(b"</item>", b"</item><item><title>no key</title></item>"))
    done = vigie("parse", "feed", file, "--url", "https://crete.example/feed", "--lang", "en")
    assert '"Bivouac au lac"' in done.stdout
    assert done.stderr.startswith("dropped ")


@pytest.mark.parametrize(("body", "part"), [(CONSENT, "empty_shell"), (b"<rss", ""), (b"", "")])
def test_parse_says_why_a_page_is_no_content(vigie, tmp_path, body, part):
    file = tmp_path / "page"
    file.write_bytes(body)
    done = vigie("parse", "feed", file, "--url", "https://crete.example/feed", expect=1)
    assert done.stdout == ""
    assert done.stderr.startswith(f"{file}: ")
    assert part in done.stderr


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("nowhere", "{file}", "--url", "https://x.example"), "no platform is called nowhere"),
        (("feed", "{file}.no", "--url", "https://x.example"), "can't be read"),
        (("feed", "{file}", "--url", "u", "--fetched-at", "noon"), "write a time like"),
    ],
)
def test_parse_names_unusable_input(vigie, tmp_path, arguments, part):
    file = tmp_path / "feed.xml"
    file.write_bytes(FEED)
    told = [argument.format(file=file) for argument in arguments]
    done = vigie("parse", *told, "--lang", "en", expect=2)
    assert part in done.stderr


def test_parse_keys_comments_with_the_lakes_secret_and_makes_none(tmp_path):
    from flows.commands import parse

    lake = tmp_path / "lake"
    assert parse._secret(str(lake)) == b""
    assert not lake.exists()
    assert parse._secret(str(lake)) == b""
    kept = Store(lake).secret()
    assert parse._secret(str(lake)) == kept


def test_export_writes_a_file_or_standard_output(vigie, lake, tmp_path):
    file = tmp_path / "posts.parquet"
    assert vigie("export", "posts", "--format", "parquet", "-o", file, "--lake", lake).stdout == ""
    piped = vigie("export", "posts", "--format", "parquet", "--lake", lake)
    assert piped.stdout_bytes == file.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["posts.parquet"]


@pytest.mark.parametrize(
    "arguments", [("nothing",), ("posts", "--format", "doc"), ("posts", "--format", "warc")]
)
def test_a_failed_export_leaves_no_file(vigie, lake, tmp_path, arguments):
    file = tmp_path / "out"
    vigie("export", *arguments, "-o", file, "--lake", lake, expect=2)
    assert not file.exists()
    assert list(tmp_path.glob(".out*")) == []


def test_export_into_a_missing_folder_is_unusable(vigie, lake, tmp_path):
    target = tmp_path / "no" / "posts.csv"
    done = vigie("export", "posts", "-o", target, "--lake", lake, "--lang", "en", expect=2)
    assert "can't be written" in done.stderr


def test_show_goes_from_figure_to_post_to_page(vigie, lake):
    kpi = vigie("show", "kpi", "crete-co/all/28d/engagement_rate", "--lake", lake).stdout
    assert "value: 0.021\nlow: 0.01\nhigh: 0.03\nn: 12\n" in kpi
    post = vigie("show", "post", "feed:1", "--lake", lake).stdout
    assert "text: Bivouac au lac\n" in post
    (page_id,) = set(re.findall(r"^page_id: (\w+)$", post, re.MULTILINE))
    assert "bytes: 51\nbody: <rss>" in vigie("show", "page", page_id, "--lake", lake).stdout
    body = vigie("show", "page", page_id, "--body", "--lake", lake)
    assert body.stdout_bytes == BODY


@pytest.mark.parametrize("what", ["post", "kpi", "page"])
def test_show_says_what_it_does_not_know(vigie, lake, what):
    done = vigie("show", what, "nothing", "--lake", lake, expect=2)
    assert "nothing" in done.stderr


def test_text_of_a_post_can_not_move_the_cursor(vigie, lake):
    from flows.words.console import cell

    assert cell("a\x1b[2J\nb\u202ec") == "a [2J b c"


def test_build_needs_a_crawl(vigie, tmp_path):
    store = Store(tmp_path / "lake")
    store.secret()
    done = vigie("build", "--lake", store.root, "--lang", "en", expect=2)
    assert "nothing was crawled yet" in done.stderr


def test_replay_knows_its_platforms(vigie, lake):
    done = vigie("replay", "--platform", "no", "--lake", lake, "--lang", "en", expect=2)
    assert "no platform is called no" in done.stderr


@pytest.mark.parametrize("restated", [{}, {"posts": 2}])
def test_what_a_replay_changed_is_built_anew(vigie, lake, monkeypatch, restated):
    from crawlers.replay import Replayed
    from flows import build
    from flows.commands import replay

    asked = []

    def carried_out(store, platform):
        assert build.is_rewritten(store)  # so that a replay which is killed is not forgotten
        return Replayed("r", channels=1, pages=2, unreadable=0, restated=restated)

    monkeypatch.setattr(replay, "carried_out", carried_out)
    monkeypatch.setattr(build, "build_lake", lambda *_, full: asked.append(full))
    shown = vigie("replay", "--lake", lake).stdout
    assert shown.startswith("channels\tpages\tunreadable\n1\t2\t0\n")
    assert ("posts\t2" in shown) is bool(restated)
    assert asked == [True] * len(restated)
    assert build.is_rewritten(Store(lake)) is bool(restated)  # the build that ran here is none


def test_a_replay_that_dies_says_so(lake, monkeypatch):
    from flows.commands import replay

    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(FellShort, match="ended with code 1: -"):
        replay.carried_out(Store(lake), None)


def test_the_demo_only_replaces_a_demo(tmp_path):
    lake = tmp_path / "lake"
    assert demo.fresh(str(lake)) == str(lake)
    with turns.taken(str(lake), "vigie demo"):
        demo.empty(lake, 1)
        (lake / "posts").mkdir()
        (lake / "watchlist.yaml").touch()
        assert demo.fresh(str(lake)) == str(lake)
        demo.empty(lake, 1)
        assert {entry.name for entry in lake.iterdir()} == {"demo.json", lock.RUN}
    (lake / "demo.json").unlink()
    assert demo.fresh(str(lake)) == str(lake)
    (lake / "posts").mkdir()
    with pytest.raises(Unusable, match="something else is there"):
        demo.fresh(str(lake))
    assert (lake / "posts").is_dir()
    with pytest.raises(Unusable, match="a folder of this machine"):
        demo.fresh("s3://bucket/lake")
