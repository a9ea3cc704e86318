"""What is asked of any table, and what is said of its lines."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from crawlers.imports import insights, posts
from crawlers.imports.lines import Clock, lines_of
from crawlers.imports.posts import Origin
from crawlers.imports.problems import SheetError
from crawlers.imports.sheet import sheets
from crawlers.imports.table import table_of
from tests.crawlers.imports.test_families import CLOCK, read


def test_columns_can_be_told():
    table, lines = read("A,B\nx,3\n", id="A", likes="B", format="=photo", text="")
    assert table.shown() == [("id", "A"), ("format", "=photo"), ("likes", "B")]
    assert lines[0].values == {"id": "x", "format": "photo", "likes": 3}


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"views": "C"}, "--map views=C: the file has no column of that name"),
        ({"fans": "A"}, "--map fans=…: no such name; there are id, url"),
    ],
)
def test_what_is_told_must_exist(told, problem):
    with pytest.raises(SheetError, match=problem):
        table_of(sheets(b"id,likes\nx,3\n"), told)


def test_a_table_without_any_known_header_says_so():
    with pytest.raises(SheetError, match="no row looks like a header"):
        table_of(sheets(b"a,b\n1,2\n"), {})


@pytest.mark.parametrize(
    ("text", "check", "problem"),
    [
        ("title,likes\na,3\n", posts.require_posts, "--map id=@line"),
        ("id,likes\na,3\n", posts.require_posts, "--map format==photo"),
        ("title,reach\na,3\n", insights.require_insights, "--map day=COLUMN"),
        ("id,likes\na,3\n", insights.require_insights, "--as posts"),
    ],
)
def test_a_missing_column_is_named_with_its_cure(text, check, problem):
    with pytest.raises(SheetError) as caught:
        check(table_of(sheets(text.encode()), {}))
    assert problem in str(caught.value)


def test_dates_that_may_be_read_both_ways_are_asked_for():
    text = b"id,date,reach\na,1/2/2026,3\n"
    table = table_of(sheets(text), {})
    with pytest.raises(SheetError, match="--dates dmy or --dates mdy"):
        lines_of(table, CLOCK)
    days = [lines_of(table, Clock(CLOCK.made_at, CLOCK.zone, order))[0] for order in ("dmy", "mdy")]
    assert [lines[0].values["day"] for lines in days] == [date(2026, 2, 1), date(2026, 1, 2)]


def test_a_column_that_mixes_both_orders_is_refused():
    table = table_of(sheets(b"id,date,reach\na,31/1/2026,3\nb,1/31/2026,4\n"), {})
    with pytest.raises(SheetError, match="some dates only fit"):
        lines_of(table, CLOCK)
    good, bad = lines_of(table, Clock(CLOCK.made_at, CLOCK.zone, "dmy"))
    assert ([line.line for line in good], [one.line for one in bad]) == ([2], [3])


def test_unreadable_lines_are_named_with_every_problem():
    text = b"id,date,reach,paid\na,2026-02-30,x,maybe\nb,2026-02-03,4,no,extra\nc,2027-02-03,1,no\n"
    good, bad = lines_of(table_of(sheets(text), {}), CLOCK)
    assert good == []
    assert [f"{one.line}: {one.problem}" for one in bad] == [
        "2: date: “2026-02-30” is no date",
        "2: reach: “x” is no whole number",
        "2: paid: “maybe” is neither yes nor no",
        "3: 5 cells under 4 columns",
        "4: date: “2027-02-03” is later than the file itself",
    ]


def test_of_the_same_id_the_last_line_counts():
    table, lines = read("id,format,likes\na,photo,1\nb,photo,2\na,video,3\n")
    found, _, doubles = posts.posts_of(table, lines, Origin("feed", "crete", "s", "f.csv"))
    assert doubles == 1
    assert [(post.native_id, post.format) for post in found[0].posts] == [
        ("a", "video"), ("b", "photo"),
    ]  # fmt: skip
    assert [metrics.likes for metrics in found[0].metrics] == [3, 2]


def test_lines_as_ids_differ_from_file_to_file_and_never_make_up_an_address():
    table, lines = read("likes,type\n1,photo\n2,photo\n", id="@line")
    stems = [posts.posts_of(table, lines, Origin("facebook", "c", s, "f.csv"))[0] for s in "ab"]
    ids = [[post.native_id for post in found[0].posts] for found in stems]
    assert ids == [["a-2", "a-3"], ["b-2", "b-3"]]
    assert stems[0][0].posts[0].url == "file:f.csv#line=2"


def test_lines_that_name_no_account_are_bad():
    table, lines = read("id,type\n1_1,photo\n")
    found, bad, _ = posts.posts_of(table, lines, Origin("feed", None, "s", "f.csv"))
    assert (found, str(bad[0].problem)) == ([], "names no account; say whose it is with --channel")


def test_real_statuses_add_up_to_the_files_own(datasets):
    body = (datasets / "fb_live_sellers_thailand" / "Live.csv").read_bytes()
    table = table_of(sheets(body), {})
    lines, bad = lines_of(table, CLOCK)
    found, nameless, doubles = posts.posts_of(
        table, lines, Origin("facebook", None, "s", "Live.csv")
    )
    assert (len(lines), bad, nameless, doubles, len(found)) == (7050, [], [], 53, 9)
    forms = [line.values["format"] for line in lines]
    assert {form: forms.count(form) for form in set(forms)} == {
        "photo": 4288, "video": 2334, "text": 365, "link": 63,
    }  # fmt: skip
    videos = [line.values["comments"] for line in lines if line.values["format"] == "video"]
    assert sum(videos) / len(videos) == pytest.approx(642.5, abs=0.05)
    days = [line.values["published_at"].at for line in lines]
    assert (min(days).year, max(days).year) == (2012, 2018)
    assert sum(len(one.posts) for one in found) == 6997


def test_real_insights_add_up_to_the_files_own(datasets):
    body = (datasets / "fb_metrics_cosmetics" / "dataset_Facebook.csv").read_bytes()
    with pytest.raises(SheetError, match="--map id=@line"):
        posts.require_posts(table_of(sheets(body), {}))
    table = table_of(sheets(body), {"id": "@line"})
    (one,), bad, _ = posts.posts_of(
        table, lines_of(table, CLOCK)[0], Origin("facebook", "c", "s", "f.csv")
    )
    place = table.columns.index("Total Interactions")
    own = {row.line: int(row.cells[place]) for row in table.rows}
    ours = {
        int(metrics.native_id.partition("-")[2]): sum(
            count or 0 for count in (metrics.comments, metrics.likes, metrics.shares)
        )
        for metrics in one.metrics
    }
    assert (len(one.posts), bad) == (500, [])
    assert ours == own
    assert all(a.native_id != b.native_id for a, b in pairwise(one.posts))


def test_a_post_without_a_time_belongs_to_its_day_in_the_files_zone():
    clock = Clock(CLOCK.made_at, ZoneInfo("Europe/Paris"))
    table = table_of(sheets(b"id,published,reach\na,2026-02-13,3\n"), {})
    lines, _ = lines_of(table, clock)
    origin = Origin("feed", None, "s", "f.csv")
    rows, *_ = insights.insights_of(table, lines, origin, lambda *_: None, clock)
    assert lines[0].values["published_at"].at.isoformat() == "2026-02-12T23:00:00+00:00"
    assert rows[0]["day"] == date(2026, 2, 13)
