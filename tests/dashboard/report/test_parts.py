"""What works, platform pages, definitions, tone, muted alerts: in the content and every file."""

import re
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import polars as pl
import pytest

from dashboard import audited, i18n, queries
from dashboard.report import make, svg
from dashboard.report.facts import read
from dashboard.report.model import Dots, Mark
from data.store import Store
from tests.dashboard import sample, sample_home, test_alerted, test_published
from tests.dashboard import test_audited as audits
from tests.dashboard.report.conftest import block, texts
from tests.dashboard.test_members import MODELS, TONES

BRAND = "maison-alpine"


def section(report, key):
    found = [one for one in report.sections if one.key == key]
    return found[0] if found else None


def test_what_works_is_told_with_intervals_and_only_where_it_is_sure(report):
    told = report()
    works = section(told, "effects")
    best = "format “Carousel”, content type “Contests” and weekday “Sun”"
    assert works.message == f"Surely brings more: {best}"
    marks = {mark.label: mark for one in works.blocks[:4] for mark in one.marks}
    rows = {row[1]: row for row in sample_home.EFFECTS}
    assert marks["Carousel"].value == rows["carousel"][4]
    assert marks["Carousel"].low < marks["Carousel"].value < marks["Carousel"].high
    assert "n\u00a0=\u00a024" in marks["Carousel"].text
    # Three posts carry no figure.
    assert "Live" not in marks
    table = block(told, "effects")
    assert len(table.rows) == len(sample_home.EFFECTS)
    assert "hours of Europe/Paris" in works.notes[0]


def test_without_a_sure_effect_it_says_so(report, facts):
    wide = facts.effects.with_columns(lift_low=pl.col("lift") / 9, lift_high=pl.col("lift") * 9)
    works = section(report(effects=wide), "effects")
    assert works.message == "Nothing is shown to bring more than the rest"
    assert "No day is shown to be better" in works.blocks[2].message
    assert section(report(effects=wide.clear()), "effects").blocks == ()


def test_each_platform_with_posts_has_a_page_with_its_own_figures(report, facts):
    told = report()
    pages = [one for one in told.sections if one.key.startswith("on-")]
    assert {one.key for one in pages} == {f"on-{name}" for name in facts.by_platform}
    rows = facts.by_platform["bluesky"]
    mine = rows.filter(pl.col("entity_id") == BRAND, pl.col("kpi") == "engagement_rate")
    score = block(told, "scorecard_bluesky")
    (line,) = (row for row in score.rows if row[0].value == "Engagement rate")
    assert line[1].value == mine["value"][0]
    assert line[2].value == mine["n"][0]
    there = block(told, "who_bluesky")
    assert [row[0].value for row in there.rows] == ["Maison Alpine", "Granit", "Nordlys"]
    keys = [one.key for page in told.sections for one in page.blocks]
    # A workbook names its cells after them; every KPI has a picture and a table.
    twice = {key for key in keys if keys.count(key) > 1} - set(facts.kpis["kpi"])
    assert not twice


def test_where_the_brand_is_silent_or_nobody_speaks_it_says_so(report, facts):
    mastodon = section(report(), "on-mastodon")
    assert mastodon.message == "Maison Alpine did not publish on Mastodon in this period"
    silent = {**facts.by_platform, "mastodon": facts.benchmark.clear()}
    assert section(report(by_platform=silent), "on-mastodon") is None
    alone = {"bluesky": facts.by_platform["bluesky"]}
    assert section(report(by_platform=alone), "on-bluesky") is None


def test_the_brands_rate_stands_under_every_definition(report, facts):
    told = section(report(), "definitions")
    chart, table = told.blocks
    values = dict(facts.rates.select("name_en", "value").iter_rows())
    shown = {row[0].value: row[2].value for row in table.rows}
    ours = shown.pop("Vigie’s: the median at seven days")
    assert shown == values
    mine = facts.benchmark.filter(
        pl.col("entity_id") == BRAND, pl.col("kpi") == "engagement_rate"
    )["value"].to_list()  # fmt: skip
    assert [ours] == mine
    assert [mark.label for mark in chart.marks if mark.bold] == [
        "Vigie’s: the median at seven days"
    ]
    assert section(report(rates=facts.rates.clear()), "definitions") is None


def test_beside_definitions_of_another_period_our_own_rate_is_left_out(report):
    told = section(report(period="7d"), "definitions")
    assert "Vigie’s: the median at seven days" not in [row[0].value for row in told.blocks[1].rows]
    assert told.notes[-1] == "Shown: last 28 days."


def test_the_tone_is_told_with_the_quality_of_its_reader_or_not_at_all(report):
    tones = sample.conform("tones", pl.DataFrame(TONES))
    models = sample.conform("models", pl.DataFrame(MODELS))
    told = section(report(tones=tones, models=models), "tone")
    (row,) = (row for row in told.blocks[0].rows if row[0].value == "Nordlys")
    assert [cell.value for cell in row[1:4]] == [0.44, 0.31, 0.58]
    assert "macro-F1 0.72" in told.blocks[0].note
    assert section(report(tones=tones), "tone") is None
    assert section(report(models=models), "tone") is None


@pytest.fixture
def muted(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "muted")
    for table in ("entities", "channels", "kpis", "benchmark", "coverage", "alerts", "posts"):
        store.replace(table, full.scan(table).collect())
    until = datetime.now(UTC).date() + timedelta(days=3)
    mute = {"alert_id": "a1", "kind": "breakout_post", "entity_id": "crete-co", "key": None,
            "until": until, "by": "léa", "at": datetime.now(UTC)}  # fmt: skip
    store.replace("alert_mutes", sample.conform("alert_mutes", pl.DataFrame([mute])))
    queries.forget()
    return store


def test_a_muted_alert_is_counted_and_not_told(muted, report):
    found = read("28d")
    told = report("fr", alerts=found.alerts, muted=found.muted)
    assert found.alerts["alert_id"].to_list() == ["a2", "a3"]
    shown = "\n".join(texts(told))
    assert "4.1 times" not in shown
    assert "1 alerte mise en sourdine n’est pas reprise." in shown
    assert len(block(told, "alerts").rows) == 2


def test_a_mute_that_is_over_hides_nothing(muted):
    rows = muted.scan("alert_mutes").collect()
    over = datetime.now(UTC).date() - timedelta(days=1)
    muted.replace("alert_mutes", rows.with_columns(until=pl.lit(over)))
    queries.forget()
    assert read("28d").muted.is_empty()


def test_every_part_is_in_the_workbook_and_the_slides(sample_lake, tmp_path, speak):
    from pptx import Presentation

    told = make.make(Store(sample_lake).root, "28d", "en", "Outdoor")
    make.write(told, tmp_path / "r.xlsx", ".xlsx")
    make.write(told, tmp_path / "r.pptx", ".pptx")
    with ZipFile(tmp_path / "r.xlsx") as book:
        names = set(re.findall(r'definedName name="(\w+)"', book.read("xl/workbook.xml").decode()))
    assert {"effects_lift", "definitions_value", "who_bluesky_posts", "scorecard_youtube_value",
            "influencers_who"} <= names  # fmt: skip
    slides = Presentation(str(tmp_path / "r.pptx")).slides
    heads = {shape.text_frame.text.partition(" · ")[0] for slide in slides
             for shape in slide.shapes if shape.has_text_frame}  # fmt: skip
    assert {"What works", "On Bluesky", "Definitions", "Influencers"} <= heads
    queries.forget()


def test_long_names_that_differ_at_their_end_stay_apart_in_a_picture():
    i18n.use("en")
    names = ("Counts as they are, followers of the day", "Counts as they are, followers today")
    marks = tuple(Mark(name, 0.1, None, None, "10%", "#000000") for name in names)
    drawn = svg.dots(Dots("x", "X", "", marks, "ratio"))
    assert "the day</text>" in drawn
    assert "today</text>" in drawn


def test_the_report_names_what_to_ask_about_and_why_it_may_be_fine(facts, report):
    posts = list(facts.cards)[:2]
    boosted = audits.check("boost_share", 0.05, 0.01, 0.12, evidence=posts)
    rows = [audits.JUMP, boosted, audits.FINE]
    told = report(audits=sample.conform("audits", pl.DataFrame(rows)))
    (section,) = (one for one in told.sections if one.key == "influencers")
    assert section.message == "2 of 3 checks found a figure worth a look"
    assert "never a proof" in section.notes[0]
    rows = {row[1].value: row for row in block(told, "signals").rows}
    assert rows[audited.name("growth_jump")][5].text == "3 Nov 2026"
    assert rows[audited.name("boost_share")][5].url.startswith("https://social.example/")
    assert block(told, "influencers").rows[0][0].value == "Léa Grimpe"


def test_a_report_without_influencers_has_no_such_section(facts, report):
    told = report(influencers=facts.influencers.clear())
    assert "influencers" not in {one.key for one in told.sections}


def test_alerts_are_worded_in_the_language_of_the_report(report):
    rows = pl.DataFrame([test_alerted.SAID[0][0]], infer_schema_length=None).unnest("evidence")
    told = {lang: block(report(lang, alerts=rows), "alerts").rows[0][1] for lang in ("en", "fr")}
    assert told["en"].value == "Crête & Co: a post gets 12 times its usual engagement"
    assert "une publication obtient 12 fois" in told["fr"].value
    assert told["fr"].small == "Publication qui perce · Crête & Co"


def test_published_figures_stand_in_pictures_cards_and_annex(report):
    given = sample.conform("references", pl.DataFrame(test_published.GIVEN))
    told = report("fr", references=given)
    assert any("Publié\u00a0: 1,75" in line for card in told.cards for line in card.lines)
    mark = block(told, "engagement_rate").marks[-1]
    assert (mark.value, mark.low) == (0.0175, None)
    assert "Yearly table of Ondes, 2026" in mark.text
    table = block(told, "references")
    assert [row[3].value for row in table.rows] == [0.0175, 0.031, 4.5]
    assert [row[4].url for row in table.rows] == ["https://ondes.example/table", None, None]
    # On its own page, a platform is held against what was published of it.
    own = block(told, "engagement_rate_bluesky").marks[-1]
    assert own.value == 0.031
    assert not [one for one in texts(report("fr")) if "Publié" in one]
