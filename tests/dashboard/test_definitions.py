"""The Definitions page: one account's engagement rate under every definition."""

import polars as pl
import pytest

from dashboard import i18n, names, queries
from features.definitions import DEFINITIONS
from tests.dashboard.test_pages import charts_of, html, open_page

WHOSE = "nordlys"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_definition_shows_what_the_table_holds(full, lang):
    shown = html(open_page("definitions", lang=lang, whose=WHOSE))
    i18n.use(lang)
    rows = queries.rates(WHOSE, "all", "28d")
    assert 3 <= rows.height <= len(DEFINITIONS)
    for row in rows.iter_rows(named=True):
        assert row[f"name_{lang}"] in shown
        assert names.figure(row["value"], names.RATIO) in shown


def test_vigie_s_own_rate_stands_beside_them(full):
    ours = queries.benchmark("all", "28d").row(
        by_predicate=(pl.col("entity_id") == WHOSE) & (pl.col("kpi") == "engagement_rate"),
        named=True,
    )
    shown = html(open_page("definitions", lang="en", whose=WHOSE))
    assert "Vigie’s: the median at seven days" in shown
    assert names.figure(ours["value"], names.RATIO) in shown


def test_the_spread_is_said_in_words_and_drawn(full):
    app = open_page("definitions", lang="en", whose=WHOSE)
    assert "The same posts: from " in html(app)
    assert charts_of(app) == 1


@pytest.mark.parametrize(("asked", "shown"), [("7d", "28"), ("365d", "90")])
def test_a_period_without_rates_shows_the_nearest(full, asked, shown):
    found = html(open_page("definitions", lang="en", whose=WHOSE, period=asked))
    assert f"Shown: last {shown} days." in found


def test_where_nothing_was_published_it_says_so(full):
    app = open_page("definitions", lang="en", whose=WHOSE, platform="wordpress")
    assert "Nothing was published" in app.info[0].value
