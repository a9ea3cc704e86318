"""`vigie check`: what can be had from each channel, for a person and for a program."""

import io
import re
import sys
from datetime import date, timedelta

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from crawlers.alternatives import NAMED
from crawlers.platform import Fetch
from data.store import Store
from flows import crawl
from flows.cli import app
from flows.commands import check
from flows.probing import probed
from flows.words import messages
from tests.data.rows import T0, frame, post
from tests.flows.lakes import WATCHLIST, capture, covered, fill, rows

CLOSED = WATCHLIST.replace(
    "{platform: wordpress, url: https://blog.crete.example}", "https://www.reddit.com/r/bivouac/"
)
FEED, REDDIT = "feed:https://crete.example/blog/feed", "reddit:r/bivouac"
ROBOTS = "robots.txt forbids https://www.reddit.com/r/bivouac/new.json"


@pytest.fixture(autouse=True)
def _forget_language():
    yield
    messages._chosen.clear()


@pytest.fixture
def watchlist(tmp_path):
    file = tmp_path / "watchlist.yaml"
    file.write_text(CLOSED, encoding="utf-8")
    return file


@pytest.fixture
def probing(monkeypatch):
    """The crawl's place taken by one that finds a feed and a closed forum."""

    def crawled(store, run, told, channels, *, together, probe):
        assert together
        assert probe
        seen = ((-1, 39), (0, 40), (1, None))
        known = {"channel_id": FEED, "followers": 7, "page_id": "p"}
        profiles = [
            {**known, "observed_at": T0 + timedelta(days=days), "posts_total": total}
            for days, total in seen
        ]
        store.merge("profiles", rows("profiles", *profiles))
        store.merge("posts", frame("posts", post(1, channel_id=FEED), post(
            2, channel_id=FEED, published_at=T0 - timedelta(days=400))))  # fmt: skip
        covered(store, run.run_id, run.started_at, channel="bluesky:maisonalpine.example", posts=0,
                complete=False, pages=1, reason="data[0].id: missing")  # fmt: skip
        covered(store, run.run_id, run.started_at, channel=FEED)
        covered(store, run.run_id, run.started_at, channel=REDDIT, complete=False, pages=0,
                posts=0, reason=f"{ROBOTS}; lawful alternative: some")  # fmt: skip
        return crawl.covered(store, run, channels)

    monkeypatch.setattr(crawl, "crawl", crawled)


@pytest.fixture
def checked(watchlist, probing, tmp_path):
    """The lines of a piped check, by channel, and what it says on standard error."""

    def invoked(*options):
        arguments = ["check", str(watchlist), "--lake", str(tmp_path / "lake"), *options]
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 1, (done.output, done.exception)
        head, *lines = (line.split("\t") for line in done.stdout.splitlines())
        told = (dict(zip(head, line, strict=True)) for line in lines)
        return {line["channel_id"]: line for line in told}, done.stderr

    return invoked


def test_a_program_reads_all_that_can_be_had(checked, tmp_path):
    found, _ = checked("--lang", "fr")
    assert list(found) == ["bluesky:maisonalpine.example", FEED, REDDIT]
    assert tuple(found[FEED]) == check.COLUMNS
    feed = found[FEED]
    assert (feed["access"], feed["confidence"], feed["robots"]) == ("feed", "solid", "allows")
    assert (feed["posts"], feed["posts_total"], feed["in_lake"]) == ("2", "40", "0")
    assert feed["oldest"] == str((T0 - timedelta(days=400)).date())
    assert feed["counts"] == "followers"
    assert "shares" in feed["hidden"].split()
    assert (feed["reason"], feed["instead"]) == ("", "")
    assert not (tmp_path / "lake").exists()


def test_what_is_closed_comes_with_the_lawful_way(checked):
    found, said = checked("--lang", "en")
    assert found[REDDIT]["robots"] == "forbids"
    assert found[REDDIT]["instead"] == NAMED["reddit"]
    assert found[REDDIT]["oldest"] == found[REDDIT]["posts_total"] == ""
    assert f"{REDDIT}: {ROBOTS}; instead: set VIGIE_REDDIT_CLIENT_ID" in said
    assert "lawful alternative: some" not in said
    # A page that can't be read is no wall.
    assert found["bluesky:maisonalpine.example"]["instead"] == ""
    assert "bluesky:maisonalpine.example: data[0].id: missing\n" in said


def test_the_lake_is_counted_and_the_reasons_are_said_in_french(checked, tmp_path):
    store = Store(tmp_path / "lake")
    fill(store)
    store.merge("posts", frame("posts", post(7, channel_id=FEED)))
    before = store.version()
    found, said = checked("--lang", "fr")
    assert found[FEED]["in_lake"] == "1"
    assert "à la place : renseignez VIGIE_REDDIT_CLIENT_ID" in said
    assert Store(tmp_path / "lake").version() == before


@pytest.mark.parametrize(
    ("got", "with_token", "obeys", "said"),
    [
        ({"reason": None, "pages": 2}, False, True, "allows"),
        ({"reason": None, "pages": 2}, True, True, "not needed"),
        ({"reason": None, "pages": 2}, False, False, "not asked"),
        ({"reason": ROBOTS, "pages": 3}, False, True, "forbids"),
        ({"reason": "robots.txt of x.example can't be had: …", "pages": 0}, False, True, "fails"),
        ({"reason": "timeout", "pages": 0}, False, True, None),
    ],
)
def test_the_verdict_of_robots_txt(got, with_token, obeys, said):
    assert probed.verdict(got, with_token=with_token, obeys=obeys) == said


def test_a_channel_read_with_a_token_says_so(tmp_path):
    store = Store(tmp_path / "probe")
    store.archive([capture(1)])
    assert not probed.used_token(store, "feed:crete")
    fetch = Fetch("https://api.crete.example/1", official=True)
    with_token = msgspec.structs.replace(
        capture(2, b"{}"), fetch=msgspec.json.encode(fetch).decode()
    )
    store.archive([with_token])
    assert probed.used_token(store, "feed:crete")


class Terminal(io.StringIO):
    """Standard output with a person before it."""

    def isatty(self):
        return True


def wide():
    """Rows as long as they come: every count, a long address, every closed word."""
    common = {
        "access": "browser", "confidence": "solid", "posts": 1200, "oldest": date(2020, 1, 31),
        "posts_total": 123456, "counts": ["followers", "likes", "comments", "shares", "views"],
        "complete": True, "reason": None, "instead": None,
    }  # fmt: skip
    names = ("website:https://www.maisonalpine.example/fr/journal/actualites/", "x:maisonalpine")
    return [{**common, "channel_id": name, "robots": "not needed"} for name in names]


@pytest.mark.parametrize(
    ("language", "heads", "words", "total"),
    [
        ("en", ("channel", "access", "confidence", "robots", "posts", "oldest", "counts"),
         ("browser", "solid", "not needed", "followers", "comments"), "1200 of 123456"),
        ("fr", ("canal", "accès", "fiabilité", "robots.txt", "publications", "depuis le",
                "compteurs"),
         ("navigateur", "solide", "sans objet", "abonnés", "commentaires"), "1200 sur 123456"),
    ],
)  # fmt: skip
def test_a_terminal_of_a_hundred_columns_shows_it_all(monkeypatch, language, heads, words, total):
    messages.speak(language)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", Terminal())
    check.show(wide())
    lines = re.sub(r"\x1b\[[\d;]*m", "", sys.stdout.getvalue()).splitlines()
    assert max(map(len, lines)) <= 100
    text = "\n".join(lines)
    for part in (*heads, *words, "2020-01-31", total):
        assert part in text, part
    assert "…" not in text  # folded, never cut


@pytest.mark.parametrize(
    ("posts", "total", "said"),
    [(3, None, 3), (3, 40, "3 of 40"), (3, 3, "3 of 3"), (9, 7, "9 (7 counted)"), (0, 0, "0 of 0")],
)
def test_posts_stand_beside_what_the_platform_counts(posts, total, said):
    messages.speak("en")
    assert check.for_person({"posts": posts, "posts_total": total}, "posts") == said


def test_complete_channels_end_well_and_others_with_one(capsys):
    (row, *_) = wide()
    check.show([{**row, "platform": "X", "in_lake": 0, "hidden": []}])
    short = {**row, "platform": "X", "in_lake": 0, "hidden": [], "complete": False}
    with pytest.raises(typer.Exit) as left:
        check.show([short])
    assert left.value.exit_code == 1
    assert capsys.readouterr().err.endswith(": -\n")
