"""`vigie import` as its user meets it."""

from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from crawlers.registry import platforms
from crawlers.replay import replay
from data.watchlist import parse
from flows import build, watched
from flows.cli import app
from flows.looking import show
from flows.words import messages
from tests.flows.lakes import WATCHLIST, everything, fill, held

POSTS = """\
Post ID,Page ID,Title,Publish time,Permalink,Post type,Date,Reach,Reactions,Comments,Shares
122100000000000001,100000000000001,Nuit au lac,01/31/2026 18:30,,Photos,Lifetime,800,12,3,1
122100000000000002,100000000000001,=cmd|' /C calc'!A1,02/01/2026 06:00,,Videos,Lifetime,90,2,,0
"""
DAYS = "jour;portée;dépenses;payant\n01/02/2026;1 234;12,50;oui\n13/02/2026;2 000;;non\n"


@pytest.fixture(autouse=True)
def _forget_language():
    yield
    messages._chosen.clear()


def test_posts_become_rows_that_open_the_file(bring, store):
    shown = bring(POSTS, "--as", "posts", "--yes").stdout
    assert "read as: Meta Business Suite, Facebook" in shown
    assert "likes\tReactions\n" in shown
    assert "lines\tunreadable\ttwice\tleft out\tposts\tchannels\n2\t0\t0\t0\t2\t1\n" in shown
    assert shown.endswith("new\treplaced\n2\t0\n")
    post = show.post(store, "facebook:122100000000000001")
    assert post.post["url"] == "https://www.facebook.com/122100000000000001"
    assert post.post["channel_id"] == "facebook:100000000000001"
    assert post.counts.select("likes", "comments", "shares").rows() == [(12, 3, 1)]
    page = show.page(store, post.pages["page_id"][0])
    assert page.body == POSTS.encode()
    assert (page.url, page.fetched_at) == (
        "file:export.csv", datetime.fromtimestamp(1787000000, UTC),
    )  # fmt: skip
    assert held(store, "channels")["entity_id"].to_list() == ["maison-alpine"]
    assert build.is_rewritten(store)


def test_importing_twice_changes_nothing(bring, store):
    bring(POSTS, "--as", "posts", "--yes")
    bring(DAYS, "--as", "insights", "--yes", name="days.csv")
    before = everything(store)
    again = bring(POSTS, "--as", "posts", "--yes", name="renamed.csv").stdout
    assert "new\treplaced\n0\t0\n" in again  # another name, the same content: nothing is new
    for _ in range(2):
        assert (
            "nothing changed" in bring(POSTS, "--as", "posts", "--yes", name="renamed.csv").stdout
        )
        assert "nothing changed" in bring(DAYS, "--as", "insights", "--yes", name="days.csv").stdout
    after = everything(store)
    for table in ("posts", "metrics", "insights"):
        drop = ["page_id"]
        assert before[table].drop(drop).equals(after[table].drop(drop))


def test_another_mapping_takes_back_what_the_file_said_before(bring, store):
    bring(POSTS, "--as", "posts", "--yes", "--map", "likes=Reach")
    assert held(store, "metrics")["likes"].sum() == 890
    bring(POSTS, "--as", "posts", "--yes")
    assert held(store, "metrics").select("likes", "comments").sum().row(0) == (14, 3)
    assert held(store, "posts").height == 2


@pytest.mark.parametrize("before", [(), ("--map", "likes=Reach")])
def test_an_import_that_was_killed_is_done_by_the_next_one(bring, store, monkeypatch, before):
    if before:
        bring(POSTS, "--as", "posts", "--yes", *before)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("flows.imports.imported.enter", killed)
        bring(POSTS, "--as", "posts", "--yes", expect=130)
    bring(POSTS, "--as", "posts", "--yes")
    assert held(store, "metrics")["likes"].sum() == 14
    assert held(store, "coverage").height == 1


def test_a_newer_export_adds_an_observation_and_replaces_figures(bring, store):
    bring(POSTS, "--as", "posts", "--yes")
    bring(POSTS, "--as", "insights", "--yes")
    newer = POSTS.replace(",800,12,", ",850,15,")
    later = ("--made-at", "2026-11-01T06:00:00Z")
    bring(newer, "--as", "posts", "--yes", *later, name="newer.csv")
    shown = bring(newer, "--as", "insights", "--yes", *later, name="newer.csv").stdout
    assert shown.endswith("new\treplaced\n0\t2\n")
    assert show.post(store, "facebook:122100000000000001").counts["likes"].to_list() == [
        12,
        15,
    ]
    assert sorted(held(store, "insights")["reach"]) == [90, 850]


def test_figures_by_day(bring, store):
    bring(DAYS, "--as", "insights", "--yes")
    found = held(store, "insights")
    columns = ("entity_id", "post_id", "day", "source", "reach", "spend", "is_paid", "clicks")
    assert found.select(columns).rows() == [
        ("maison-alpine", "", date(2026, 2, 1), "generic", 1234, 12.5, True, None),
        ("maison-alpine", "", date(2026, 2, 13), "generic", 2000, None, False, None),
    ]
    assert show.page(store, found["page_id"][0]).body == DAYS.encode()
    assert held(store, "entities").rows() == [("maison-alpine", "Maison Alpine", "brand")]


def test_figures_find_known_posts_by_address(bring, store):
    fill(store)
    text = "url,day,reach\nhttp://www.crete.example/1?utm_source=x,2026-11-02,50\n"
    told = ("--channel", "feed", "--made-at", "2026-11-03")
    shown = bring(text, "--as", "insights", "--yes", *told, entity="crete-co").stdout
    assert "insights\tposts known\n1\t0\t0\t0\t1\t1\n" in shown
    assert held(store, "insights")["post_id"].to_list() == ["feed:1"]


@pytest.mark.parametrize("kind", ["posts", "insights"])
def test_one_bad_line_and_nothing_is_imported(bring, store, kind):
    bad = POSTS + "122100000000000003,1,x,02/31/2026 06:00,,Photos,Lifetime,many,1,1,1\n"
    done = bring(bad, "--as", kind, "--yes", expect=2)
    assert "line 4: Publish time: “02/31/2026 06:00” is no date of the calendar" in done.stderr
    assert "line 4: Reach: “many” is no whole number" in done.stderr
    assert "nothing was imported" in done.stderr
    assert all(table.is_empty() for table in everything(store).values())


def test_good_lines_alone_are_imported_where_asked_for(bring, store):
    bad = POSTS + "122100000000000003,1,x,02/31/2026 06:00,,Photos,Lifetime,9,1,1,1\n"
    done = bring(bad, "--as", "posts", "--yes", "--skip-bad", expect=1)
    assert "line 4: " in done.stderr
    assert held(store, "posts").height == 2


def test_a_dry_run_writes_nothing(bring, store):
    assert "likes\tReactions" in bring(POSTS, "--as", "posts", "--dry-run").stdout
    assert all(table.is_empty() for table in everything(store).values())


def test_nothing_is_imported_without_anybodys_consent(bring, store, monkeypatch):
    assert "add --yes" in bring(POSTS, "--as", "posts", expect=2).stderr
    monkeypatch.setattr("flows.commands.import_._agreed", lambda: False)
    bring(POSTS, "--as", "posts")
    assert all(table.is_empty() for table in everything(store).values())
    monkeypatch.setattr("flows.commands.import_._agreed", lambda: True)
    bring(POSTS, "--as", "posts")
    assert held(store, "posts").height == 2


@pytest.mark.parametrize(
    ("content", "options", "problem"),
    [
        (POSTS, ("--as", "posts", "--map", "likes"), "write it as own=column"),
        (POSTS, ("--as", "posts", "--map", "likes=Fans"), "has no column of that name"),
        (POSTS, ("--as", "posts", "--dates", "ymd"), "write dmy or mdy"),
        (POSTS, ("--as", "posts", "--timezone", "Mars"), "is no time zone"),
        (POSTS, ("--as", "posts", "--role", "friend"), "there are brand"),
        (POSTS, ("--as", "posts", "--made-at", "noon"), "write a time like"),
        (POSTS, ("--as", "stories"), "there are insights, posts, newsletter"),
        (POSTS, ("--as", "posts", "--sheet", "2"), "no sheet is called “2”"),
        ("id,likes,type\n1,2,photo\n", ("--as", "posts"), "add --channel PLATFORM:ACCOUNT"),
        ("likes\n1\n", ("--as", "posts"), "--map id=@line"),
        ("", ("--as", "posts"), "no row looks like a header"),
        (b"PK\x03\x04", ("--as", "posts"), "damaged or protected"),
        ("no letter", ("--as", "newsletter"), "line 1: names no sender"),
    ],
)
def test_unusable_input_is_named_with_its_cure(bring, store, content, options, problem):
    done = bring(content, *options, "--yes", expect=2)
    assert problem in done.stderr
    assert all(table.is_empty() for table in everything(store).values())


def test_a_missing_or_huge_file_is_unusable(bring, tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    arguments = ["--as", "posts", "--entity", "x", "--lang", "en"]
    for name in ("nothing.csv", "folder"):
        done = CliRunner().invoke(app, ["import", str(tmp_path / name), *arguments])
        assert done.exit_code == 2
        assert "can't be read" in done.stderr
    monkeypatch.setattr("crawlers.imports.sheet.MAX_BYTES", 10)
    assert "larger than" in bring(POSTS, "--as", "posts", expect=2).stderr


def test_problems_are_told_in_french(bring):
    bad = POSTS.replace(",800,", ",many,")
    done = bring(bad, "--as", "posts", "--yes", "--lang", "fr", expect=2)
    assert "ligne 2 : Reach : « many » n’est pas un nombre entier" in done.stderr


def test_an_unknown_entity_of_a_lake_in_use_needs_a_role(bring, store):
    fill(store)
    assert "there are crete-co" in bring(POSTS, "--as", "posts", "--yes", expect=2).stderr
    bring(POSTS, "--as", "posts", "--yes", "--role", "influencer")
    assert held(store, "entities")["role"].to_list() == ["competitor", "influencer"]


def test_somebody_elses_channel_is_refused(bring, store):
    fill(store)
    told = ("--channel", "feed:crete", "--role", "brand")
    assert "--entity crete-co" in bring(POSTS, "--as", "posts", "--yes", *told, expect=2).stderr


def test_posts_go_to_the_only_channel_that_is_known(bring, store):
    fill(store)
    text = "id,type,likes\na,article,3\n"
    told = ("--channel", "feed", "--made-at", "2026-11-05")
    bring(text, "--as", "posts", "--yes", *told, entity="Crête & Co")
    assert show.post(store, "feed:a").post["channel_id"] == "feed:crete"


def test_what_was_imported_outlives_the_next_run_and_a_replay(bring, store):
    bring(POSTS, "--as", "posts", "--yes", entity="Ailleurs")
    watchlist = parse(WATCHLIST)
    watched.register(store, watchlist, [])
    assert set(held(store, "entities")["entity_id"]) == {
        "ailleurs",
        "maison-alpine",
        "crete-co",
    }
    assert held(store, "channels")["channel_id"].to_list() == ["facebook:100000000000001"]
    before = everything(store)
    done = replay(store)
    assert (done.unreadable, done.restated) == (0, {})
    assert before["posts"].equals(held(store, "posts"))


def test_an_import_into_an_store_can_be_built(bring, store):
    bring(POSTS, "--as", "posts", "--yes", entity="Ailleurs")
    done = CliRunner().invoke(app, ["build", "--lake", store.root])
    assert done.exit_code == 0, done.output
    assert held(store, "post_features")["entity_id"].to_list() == ["ailleurs"] * 2


def test_formulas_of_an_export_come_out_as_text(bring, store):
    bring(POSTS, "--as", "posts", "--yes")
    out = CliRunner().invoke(app, ["export", "posts", "--lake", store.root]).stdout
    assert "'=cmd|" in out


def test_real_statuses(store, datasets):
    file = datasets / "fb_live_sellers_thailand" / "Live.csv"
    arguments = ["import", str(file), "--as", "posts", "--entity", "Sellers", "--yes"]
    done = CliRunner().invoke(app, [*arguments, "--lake", store.root, "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "\n7050\t0\t53\t0\t6997\t9\n" in done.stdout
    assert (held(store, "posts").height, held(store, "metrics").height) == (6997, 6997)
    assert set(held(store, "channels")["platform"]) == {"facebook"} <= set(platforms())


def test_real_insights(store, datasets):
    file = datasets / "fb_metrics_cosmetics" / "dataset_Facebook.csv"
    told = ["--entity", "Cosmetics", "--yes", "--lake", store.root, "--lang", "en"]
    refused = CliRunner().invoke(app, ["import", str(file), "--as", "insights", *told])
    assert refused.exit_code == 2
    assert "--map id=@line" in refused.stderr
    lined = [*told, "--map", "id=@line"]
    for kind in ("insights", "posts"):
        options = ["--as", kind, "--channel", "facebook:cosmetics"]
        done = CliRunner().invoke(app, ["import", str(file), *options, *lined])
        assert done.exit_code == 0, done.output
    totals = held(store, "metrics").select("comments", "likes", "shares").sum().row(0)
    assert sum(totals) == 106060
    assert held(store, "insights").select("reach", "is_paid").sum().row(0) == (6951680, 139)
    assert set(held(store, "insights")["post_id"]) == set(held(store, "posts")["post_id"])
