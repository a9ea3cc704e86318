"""Figures that others published: shown with source and year where they fit, nowhere else."""

from html import unescape

import polars as pl
import pytest

from dashboard import i18n, names, theme
from dashboard.widgets import published as widget
from tests.dashboard import sample
from tests.dashboard.test_pages import html, open_page

GIVEN = [
    {"name": "Median of retailers", "kpi": "engagement_rate", "platform": "all", "value": 0.0175,
     "source": "Yearly table of Ondes", "year": 2026, "url": "https://ondes.example/table"},
    {"name": "Their own <b>", "kpi": "engagement_rate", "platform": "bluesky", "value": 0.031,
     "source": "Ondes", "year": 2025, "url": "javascript:alert(1)"},
    {"name": "Usual pace", "kpi": "posts_per_week", "platform": "all", "value": 4.5,
     "source": "Book of paces", "year": 2024, "url": None},
]  # fmt: skip


@pytest.fixture
def given(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "given")
    for table in ("entities", "channels", "kpis", "benchmark", "coverage"):
        store.replace(table, full.scan(table).collect())
    store.replace("references", sample.conform("references", pl.DataFrame(GIVEN)))
    return store


def test_only_what_speaks_of_the_same_platform_stands_beside_the_peers(given):
    assert [row["value"] for row in widget.of("engagement_rate", "all")] == [0.0175]
    assert [row["value"] for row in widget.of("engagement_rate", "bluesky")] == [0.031]
    assert widget.of("engagement_rate", "youtube") == widget.of("reply_rate", "all") == []


def test_a_reference_is_a_grey_dot_without_interval_below_the_others():
    frame = pl.DataFrame({"name": ["Us"], "value": [0.02], "low": [0.01], "high": [0.03],
                          "text": ["2%"], "n_text": ["n = 9"], "rank_text": ["1st"]})  # fmt: skip
    told = widget.with_dots(frame, GIVEN[:1], "ratio").row(1, named=True)
    assert (told["name"], told["value"]) == ("Median of retailers (2026)", 0.0175)
    assert told["low"] is told["high"] is None
    assert "Yearly table of Ondes, 2026" in told["n_text"]
    assert widget.colours(GIVEN[:1]) == {"Median of retailers (2026)": theme.GREY}
    assert widget.with_dots(frame, [], "ratio").equals(frame)


def test_the_benchmark_page_lists_them_with_source_year_and_address(given):
    shown = html(open_page("benchmark", lang="fr", kpi="engagement_rate"))
    i18n.use("fr")
    for row in GIVEN[:2]:
        assert names.figure(row["value"], "ratio") in shown
        assert f">{row['year']}<" in shown
    assert 'href="https://ondes.example/table"' in shown
    assert "Their own &lt;b&gt;" in shown
    assert "javascript:" not in shown
    assert "Usual pace" not in shown


def test_the_leadership_cards_tell_theirs(given):
    shown = unescape(html(open_page("leadership", lang="en")))
    assert "Published: 1.75%, Median of retailers (Yearly table of Ondes, 2026)" in shown
    assert "Published: 4.50 a week, Usual pace (Book of paces, 2024)" in shown
    assert "Their own" not in shown


def test_without_references_nothing_is_said(full):
    assert "Published" not in html(open_page("benchmark", lang="en", kpi="engagement_rate"))
