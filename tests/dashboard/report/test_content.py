"""The content says what the tables say, in both languages, whatever the lake lacks."""

import re
from dataclasses import replace

import polars as pl
import pytest

from dashboard import i18n, queries
from dashboard.queries import lake
from dashboard.report import make, wording
from data.store import Store
from tests.dashboard.report.conftest import block, gaps, texts

RTL = "\u202e"


def table(report, kpi):
    (section,) = (one for one in report.sections if one.key == "figures")
    (found,) = (one for one in section.blocks if one.key == kpi)
    return found


def column(table, key):
    (place,) = (n for n, one in enumerate(table.columns) if one.key == key)
    return [row[place].value for row in table.rows]


def test_every_figure_of_the_benchmark_is_in_the_report(report, facts):
    known = dict(facts.entities.select("entity_id", "name").iter_rows())
    told = report()
    for kpi in facts.kpis["kpi"]:
        wanted = facts.benchmark.filter(pl.col("kpi") == kpi)
        shown = table(told, kpi)
        found = list(zip(*(column(shown, key) for key in
                     ("who", "value", "low", "high", "n", "rank")), strict=True))  # fmt: skip
        columns = ("entity_id", "value", "low", "high", "n", "rank")
        assert sorted(found, key=str) == sorted(
            ((known[one], *rest) for one, *rest in wanted.select(columns).iter_rows()), key=str
        )


def test_rank_and_verdicts_are_those_of_the_table(report, facts):
    row = facts.benchmark.filter(
        pl.col("entity_id") == "maison-alpine", pl.col("kpi") == "engagement_rate"
    ).row(0, named=True)
    first = report().findings[0]
    assert f"is {i18n.ordinal(row['rank'])} of" in first.title
    assert f"n\u00a0=\u00a0{row['n']}" in first.text
    assert i18n.percent(row["value"]) in first.text
    mine = facts.benchmark.filter(pl.col("entity_id") == "maison-alpine")["verdict"].to_list()
    title = report().findings[1].title
    assert f"level on {mine.count('level')}" in title
    assert f"behind on {mine.count('behind')}" in title


def test_the_widest_gap_is_told_with_its_parts(report):
    (gap,) = (one for one in report().findings if "interactions a week more" in one.title)
    assert gap.title == "Crête & Co gets 890 interactions a week more than Maison Alpine"
    assert gap.tone == "bad"
    for part in ("volume +120 [+110 to +130]", "format mix −30.5 [−40.5 to −20.5]",
                 "engagement per post +800 [+790 to +810]"):  # fmt: skip
        assert part in gap.text
    chart = block(report(), "gap_parts")
    sums = [sum(values) for values in zip(*(one.values for one in chart.series), strict=True)]
    assert sums == [mark.value for mark in chart.totals] == [889.75, -200.0]


def test_a_gap_that_may_be_chance_says_so_and_none_is_good_news(report):
    told = report(gaps=gaps(("crete-co", 3.0, 0.0, 2.0)))
    assert any("it may be chance" in one.text for one in told.findings)
    told = report(gaps=gaps(("crete-co", -3.0, 0.0, -200.0)))
    (finding,) = (one for one in told.findings if "No competitor gets more" in one.title)
    assert (finding.tone, "The closest is Crête & Co." in finding.text) == ("good", True)


def test_what_moves_is_told_with_its_counts(report, facts):
    (finding,) = (one for one in report().findings if one.title.startswith("Rising: "))
    rising = facts.trends.filter(pl.col("status") == "rising")
    assert rising.height == 3
    assert "#bivouac" in finding.title
    assert "carousel" in finding.title
    row = rising.filter(pl.col("key") == "bivouac").row(0, named=True)
    assert f"{i18n.times(row['ratio'])}×" in finding.text
    assert f"{row['posts']} posts, {row['accounts']} accounts" in finding.text


def test_under_five_posts_no_figure_is_given(report, facts):
    cut = facts.benchmark.with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in ("value", "low", "high")
    ).with_columns(rank=pl.lit(None, pl.Int64), verdict=pl.lit("not enough posts"), n=pl.lit(3))
    told = report(benchmark=cut)
    assert told.findings[0].title.startswith("Not enough posts to rank Maison Alpine")
    assert {card.value for card in told.cards} == {"not enough posts"}
    assert not [one for one in told.sections[0].blocks if hasattr(one, "marks")]
    few = facts.formats.with_columns(n=pl.lit(4), posts=pl.lit(4))
    formats = block(report(formats=few), "formats")
    assert set(column(formats, "share")) == set(column(formats, "lift")) == {None}


def test_coverage_names_what_was_not_had_and_the_way_instead(report, facts):
    told = block(report(), "coverage")
    why = [value for value in column(told, "why") if value]
    assert len(why) == 2
    assert len(told.rows) == facts.coverage.height
    (forbidden,) = (one for one in why if "robots.txt" in one)
    assert "Instead: " in forbidden
    assert report().findings[-1].text == "Fell short: refuge-7 and granit."


def test_examples_and_evidence_lead_to_posts(report, facts):
    (place,) = (n for n, one in enumerate(block(report(), "types").columns) if one.key == "example")
    links = [row[place].url for row in block(report(), "types").rows]
    urls = {row["url"] for row in facts.cards.values()}
    assert set(links) <= urls
    assert None not in links
    assert any(row[-1].url for row in block(report(), "alerts").rows)


def test_nothing_english_is_left_in_french(report, facts):
    english = {one.id for one in i18n.catalogue("fr") if one.id and isinstance(one.id, str)}
    same = {str(one.string) for one in i18n.catalogue("fr") if isinstance(one.string, str)}
    fixed = {text for text in english - same if "{" not in text and len(text) > 3}
    told = list(texts(report("fr")))
    assert len(told) > 500
    for text in told:
        assert text not in fixed
        assert not [one for one in fixed if len(one) > 24 and one in text]
    # What was crawled, and an alert's sentence, which is in the market's language.
    plain = [text for text in told if text not in facts.alerts["title"].to_list()]
    assert not [text for text in plain if re.search(r"\d\.\d|\w [:;!?%](\s|$)", text)]


def test_both_languages_hold_the_same_numbers(report):
    def values(told):
        return [
            cell.value
            for section in told.sections
            for one in section.blocks
            if hasattr(one, "rows")
            for row in one.rows
            for cell in row
            if isinstance(cell.value, int | float)
        ]

    assert values(report("fr")) == values(report("en"))


def test_a_market_without_a_brand_is_still_reported(report, facts):
    told = report(entities=facts.entities.filter(pl.col("role") != "brand"))
    assert told.subject == "Outdoor France"
    assert told.cards == ()
    assert any("comes first" in one.message for one in told.sections[0].blocks)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_empty_lake_gives_a_report_that_says_so(tmp_path, speak, lang):
    told = make.make(Store(tmp_path / "lake").root, "28d", lang, "Outdoor")
    assert told.subject == "Outdoor"
    assert len(told.findings) == 1
    assert "vigie run" in told.findings[0].text
    assert [one.key for one in told.sections] == ["coverage", "method"]


def test_a_crawled_lake_without_figures_says_what_to_run(report, facts):
    told = report(benchmark=facts.benchmark.clear())
    assert [one.title for one in told.findings] == ["No figures yet"]
    assert "vigie build" in told.findings[0].text


def test_one_entity_alone_is_reported(report, facts):
    def alone(name):
        return getattr(facts, name).filter(pl.col("entity_id") == "maison-alpine")

    names = ("entities", "benchmark", "weeks", "formats", "type_shares", "coverage", "alerts")
    told = report(gaps=facts.gaps.clear(), **{name: alone(name) for name in names})
    assert told.subject == "Maison Alpine"
    assert {one.key for one in told.sections} >= {"benchmark", "publishing", "types", "alerts"}
    assert told.sections[1].blocks == ()


def test_the_lake_is_the_one_asked_for_and_only_while_it_is_read(sample_lake, speak):
    before = lake.address()
    told = make.make(str(sample_lake), "90d", "fr")
    assert lake.address() == before
    assert told.market == "Outdoor"
    assert told.title == "Audit concurrentiel"
    assert "90 derniers jours" in told.facts[1][1].replace("\u202f", " ").replace("\u00a0", " ")
    queries.forget()


def test_crawled_texts_lose_what_could_turn_or_break_a_line():
    assert wording.said(f"a{RTL}b\x00c\u200fd\ne\ufffe") == "abcd e"
    assert wording.said("👩\u200d🚀 été") == "👩\u200d🚀 été"
    assert len(wording.said("x" * 10_000)) == wording.NAME
    assert wording.said(None) == ""


def test_addresses_are_those_a_reader_may_be_sent_to():
    assert wording.address("https://a.example/x") == "https://a.example/x"
    for bad in ("javascript:alert(1)", "data:text/html,x", "https://a.example/" + "x" * 3000, None):
        assert wording.address(bad) is None


def test_unknown_periods_of_time_are_no_crash(report, facts):
    told = report(captured=(None, None), period="7d")
    assert dict(told.facts)["Pages captured"] == i18n.NONE
    assert report(weeks=facts.weeks.clear(), trends=facts.trends.clear(),
                  types=facts.types.clear(), kpis=facts.kpis.clear(),
                  formats=facts.formats.clear(), alerts=facts.alerts.clear()).sections  # fmt: skip
    assert replace(facts, as_of=None).started is None
