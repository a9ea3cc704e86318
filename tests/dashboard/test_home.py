"""The home pages show what the tables hold, say no more, and say it in both languages."""

import csv
import io
import re
from html import unescape

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import charts, i18n, names, queries, theme
from dashboard.queries.standing import Change
from dashboard.queries.stats import Estimate
from dashboard.widgets import export, safe, sentences, sides
from data.store import Store
from tests.dashboard import sample, sample_home
from tests.dashboard.test_pages import charts_of, html, open_page

BRAND = "maison-alpine"
GAPS = pl.DataFrame(
    {
        "competitor_id": ["a", "b"], "gap": [90.0, -40.0], "gap_low": [30.0, -90.0],
        "gap_high": [150.0, 10.0], "from_volume": [60.0, 0.0], "from_volume_low": [20.0, -9.0],
        "from_mix": [10.0, 0.0], "from_mix_low": [-20.0, -9.0], "from_rate": [20.0, -40.0],
        "from_rate_low": [-10.0, -80.0],
    }
)  # fmt: skip
KNOWN = {"a": "Crête", "b": "Nordlys"}


def shown(app: AppTest) -> str:
    return unescape(html(app))


def line(verdict: str, rank: int | None = 2) -> dict[str, object]:
    return {"rank": rank, "rank_low": 1, "rank_high": 3, "verdict": verdict, "value": 0.02,
            "low": 0.01, "high": 0.03, "peer_median": 0.015, "n": 12}  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("ahead", "ahead of the others"), ("behind", "behind the others"), ("level", "may be chance")],
)
def test_the_first_sentence_follows_the_verdict(verdict, words):
    said = sentences.standing("Us", line(verdict), 5)
    assert said.startswith("Us is 2nd of 5 by engagement rate [1st–3rd]")
    assert words in said
    assert "2.00%" in said
    assert "1.50%" in said


@pytest.mark.parametrize("row", [None, line("not enough posts", None) | {"n": 3}])
def test_without_enough_posts_nobody_is_ranked(row):
    assert "can’t be ranked" in sentences.standing("Us", row, 5)
    assert "not known" in sentences.share("Us", None, None)
    assert "not known" in sentences.share("Us", line("level") | {"value": None}, None)


@pytest.mark.parametrize(
    ("by", "words"),
    [((0.04, 0.01, 0.07), "more than in the period before: +4.00 [+1.00 to +7.00] points"),
     ((-0.04, -0.07, -0.01), "less than in the period before: −4.00 [−7.00 to −1.00] points"),
     ((0.01, -0.03, 0.05), "no clear change"), (None, "can’t be told yet")],
)  # fmt: skip
def test_the_second_sentence_calls_a_change_one_beyond_chance_only(by, words):
    some = Estimate(0.1, 0.08, 0.12, 9)
    change = Change(some, some, Estimate(*by, 9) if by else None, 2, 2)
    assert words in sentences.share("Us", line("level"), change)


def test_the_third_sentence_names_who_surely_gets_more_and_why():
    said = sentences.gap("Us", GAPS, KNOWN)
    assert said == (
        "Crête gets 90.0 [30.0–150] more interactions a week than Us, mostly because they "
        "publish more."
    )
    unsure = GAPS.with_columns(from_volume_low=pl.lit(-5.0))
    assert "may be chance" in sentences.gap("Us", unsure, KNOWN)


@pytest.mark.parametrize("part", sentences.PARTS)
def test_french_elides_before_every_reason(part):
    i18n.use("fr")
    rows = GAPS.with_columns(
        pl.lit(1.0 if name == part else 0.0).alias(f"{name}{end}")
        for name in sentences.PARTS for end in ("", "_low")
    )  # fmt: skip
    said = sentences.gap("Nous", rows, KNOWN)
    assert re.search(r"parce qu’[aeiou]", said)


def test_the_third_sentence_claims_no_gap_that_may_be_chance():
    level = sentences.gap("Us", GAPS.with_columns(gap_low=pl.lit(-5.0)), KNOWN)
    assert level.startswith("No competitor surely gets more engagement a week than Us")
    assert "0 of the 2 compared" in level
    ahead = GAPS.with_columns(gap_low=pl.lit(-90.0), gap_high=pl.lit(-5.0))
    assert "than every competitor compared (2)" in sentences.gap("Us", ahead, KNOWN)
    assert "No gap" in sentences.gap("Us", GAPS.clear(), KNOWN)


def test_a_change_line_says_why_it_is_missing_and_over_what():
    some = Estimate(2.0, 1.0, 3.0, 9)
    told = sentences.change_line(Change(some, some, Estimate(1, 0.5, 2, 9), 2, 3), "posts/week")
    assert "up, +1 a week [+0.50 to +2] (n\u00a0=\u00a09, before: 9), over 2 of 3 channels" in told
    assert "not enough posts" in sentences.change_line(Change(some, None, None, 1, 1), "ratio")
    assert "not known" in sentences.change_line(Change(None, None, None, 0, 2), "ratio")
    assert "not known" in sentences.change_line(None, "ratio")


def test_leadership_shows_the_figures_of_the_tables(full):
    page = shown(open_page("leadership"))
    rows = queries.benchmark("all", "28d").filter(pl.col("entity_id") == BRAND)
    for row in rows.filter(
        pl.col("kpi").is_in(["share_of_engagement", "posts_per_week"])
    ).iter_rows(named=True):
        write = i18n.percent if row["kpi"] == "share_of_engagement" else i18n.decimal
        assert write(row["value"]) in page
        assert i18n.interval(row["low"], row["high"], write) in page
        assert f"n\u00a0=\u00a0{row['n']}" in page
    for volume, mix, rate, half in sample_home.GAPS.values():
        gap = volume + mix + rate
        value, _gap, span = i18n.signed(gap, gap - half, gap + half).partition(" ")
        assert f"<b>{value}</b> <small>{span}</small>" in page
    assert page.count("<li>") == 3
    assert "Crête & Co gets 1,380 [1,080–1,680] more interactions a week than Maison Alpine" in page


def test_the_gap_chart_has_every_part_with_its_interval(full):
    assert charts_of(open_page("leadership")) == 1
    frame = pl.DataFrame({"name": ["x"] * 2, "part": ["Gap", "Volume"], "value": [3.0, -1.0],
                          "low": [1.0, -2.0], "high": [5.0, 0.5], "text": "t"})  # fmt: skip
    spec = charts.gap_parts(frame, ["Gap", "Volume"], {"Gap": "#888888", "Volume": "#0072B2"}, "t")
    assert charts.columns_used(spec) <= set(frame.columns)
    spans = [
        (one["encoding"]["x"].get("field"), one["encoding"].get("x2")) for one in spec["layer"]
    ]
    assert ("value", {"datum": 0}) in spans
    assert ("low", {"field": "high"}) in spans


def test_the_export_holds_the_page_and_no_formula(full):
    assert open_page("leadership").main.get("download_button")
    registry = {row["kpi"]: row for row in queries.kpis().iter_rows(named=True)}
    ours = queries.benchmark("all", "28d").filter(pl.col("entity_id") == BRAND)
    rows = {row["kpi"]: row | {"entry": registry[row["kpi"]]} for row in ours.iter_rows(named=True)}
    frame = export.standing("=1+1", rows, {}, queries.gaps("all", "28d"))
    assert frame.filter(pl.col("who") == "=1+1").height == 3
    assert frame.filter(pl.col("against") == "=1+1").height == 4 * len(sample_home.GAPS)
    lines = list(csv.DictReader(io.StringIO(safe.to_csv(frame).decode("utf-8-sig"))))
    assert {one["who"] for one in lines[:3]} == {"'=1+1"}
    assert float(lines[3]["value"]) == pytest.approx(1380)


def test_the_community_page_lists_whom_to_answer(full):
    page = shown(open_page("community"))
    assert "3 comments wait under 2 posts; 1 of them asks something." in page
    assert "Do you ship to Belgium?" in page
    assert "2 of 3 comments unanswered" in page
    assert "Long ago?" not in page


def test_whoever_waits_longer_down_the_list_is_one_click_away(full, use_lake, tmp_path):
    store = copied(full, use_lake(tmp_path / "many"))
    for table in ("post_features", "trends", "effects"):
        store.replace(table, full.scan(table).collect())
    asked = full.scan("comments").filter(pl.col("comment_id") == "c1").collect()
    own = full.scan("post_features").filter(pl.col("entity_id") == BRAND).collect()["post_id"]
    many = [asked.with_columns(comment_id=pl.lit(f"m{n}"), post_id=pl.lit(post))
            for n, post in enumerate(own.sort().head(9))]  # fmt: skip
    store.replace("comments", pl.concat(many))
    queries.forget()
    app = open_page("community")
    assert "3 more posts" in [one.label for one in app.main.expander]
    assert shown(app).count("Do you ship to Belgium?") == 9


def test_the_community_page_says_which_moments_are_better(full):
    app = open_page("community")
    page = shown(app)
    assert "Better than average: Sun (1.40× [1.20–1.63], 58 posts, 9 accounts)." in page
    assert "No time of day is shown to be better than another." in page
    rising = queries.trends("all").filter(pl.col("status") == "rising").height
    titles = [one.label for one in app.main.expander]
    assert len(titles) == rising > 0
    best = queries.breakouts(queries.Scope())["post_id"][0]
    assert queries.cards((best,))["text"][0] in page


def test_a_week_without_a_rise_says_so(full, use_lake, tmp_path):
    store = copied(full, use_lake(tmp_path / "calm"))
    calm = full.scan("trends").with_columns(status=pl.lit("steady")).collect()
    store.replace("trends", calm)
    for table in ("comments", "effects"):
        store.replace(table, full.scan(table).collect().clear())
    calm_features = full.scan("post_features").with_columns(lift_low=pl.lit(0.5)).collect()
    store.replace("post_features", calm_features)
    app = open_page("community")
    said = " ".join(one.value for one in app.info)
    assert re.search(r"No significant rise this week: \d+ things were tested\.", said)
    assert "No post got surely more than usual" in said
    assert "No comment waits" in said
    assert said.count("Not enough posts") == 2


def copied(full: Store, store: Store) -> Store:
    """The tables that every page needs."""
    for table in ("entities", "channels", "coverage", "kpis", "benchmark", "posts",
                  "channel_weeks", "content_types", "post_types"):  # fmt: skip
        store.replace(table, full.scan(table).collect())
    return store


def test_the_strategist_compares_any_two_sides(full):
    page = shown(open_page("strategy", a=BRAND, b="lea-grimpe", bt="90d"))
    ours, theirs = (
        queries.benchmark("all", period).filter(
            pl.col("entity_id") == who, pl.col("kpi") == "engagement_rate"
        ).row(0, named=True)
        for who, period in ((BRAND, "28d"), ("lea-grimpe", "90d"))
    )  # fmt: skip
    by = sides.compared(ours, theirs)
    value, span = sentences.difference(by, names.RATIO)
    assert f"<b>{value}</b> <small>{span}</small>" in page
    assert by.value == pytest.approx(theirs["value"] - ours["value"])
    assert "Léa Grimpe (all platforms, last 90 days)" in page
    assert sides.compared(ours, theirs | {"value": None}) is None


def test_the_strategist_sees_openings_with_their_posts(full):
    app = open_page("strategy")
    titles = " | ".join(one.label for one in app.main.expander)
    assert "Carousel – 1\\.62×" in titles
    assert "Contests – 1\\.45×" in titles
    assert "Live" not in titles
    page = shown(app)
    assert "6.00%" in page
    assert "2 / " not in page
    lea = queries.influencers("all", "28d").filter(pl.col("entity_id") == "lea-grimpe")
    assert i18n.decimal(lea["followers"][0]) in page


def test_no_opening_is_said_plainly(full, use_lake, tmp_path):
    store = copied(full, use_lake(tmp_path / "shut"))
    store.replace("post_features", full.scan("post_features").collect())
    shut = full.scan("effects").with_columns(status=pl.lit("usual")).collect()
    store.replace("effects", shut)
    said = " ".join(one.value for one in open_page("strategy").info)
    assert "No opening is sure" in said


def cell(**more: object) -> pl.DataFrame:
    row = {"label": "x", "form": "Photo", "shade": 0.2, "lift_text": "1.2×", "n_short": "n = 9",
           "text": "t", "n_text": "n", "firm": False, "sure": True}  # fmt: skip
    return pl.DataFrame([row | more])


@pytest.mark.parametrize(
    ("make", "frame"),
    [
        (lambda frame: charts.grid(frame, ["x"], ["Photo"]), cell()),
        (lambda frame: charts.calendar(frame, ["A"], ["2026-11-16"]),
         pl.DataFrame({"name": "A", "day": ["2026-11-16"], "posts": 2, "day_text": "d"})),
        (lambda frame: charts.moments(frame, {"better": theme.GOOD, "worse": theme.BAD}),
         pl.DataFrame({"label": ["Mon"], "lift": 1.2, "low": 1.1, "high": 1.3,
                       "verdict": "better", "text": "t", "n_text": "n"})),
    ],
)  # fmt: skip
def test_charts_name_only_columns_that_they_have(make, frame):
    spec = make(frame)
    assert charts.columns_used(spec) <= set(frame.columns)
    assert spec["data"]["values"]


WORDS = re.compile(r"\b(the|with|posts|of|is|and|against|brings?|nobody|level)\b")


@pytest.mark.parametrize("page", ["leadership", "community", "strategy"])
def test_no_english_is_left_in_french(full, page):
    app = open_page(page, lang="fr")
    text = re.sub(r"<[^>]*>", " ", shown(app))
    # Posts, labels and alerts are sentences of the lake, in its own language.
    crawled = (sample.posts()["text"], queries.content_types()["label"], queries.alerts()["title"])
    own = " ".join(text for column in crawled for text in column)
    labels = [one.label for one in (*app.main.expander, *app.main.selectbox)]
    left = {word for word in WORDS.findall(" ".join([text, *labels])) if word not in own.split()}
    assert not left


@pytest.mark.parametrize(("param", "value"), [("kpi", "reply_rate"), ("of", "granit")])
def test_older_links_to_the_first_page_open_the_benchmark(full, param, value):
    app = open_page("leadership", **{param: value})
    assert "Benchmark" in shown(app)
    assert app.query_params[param] == value
