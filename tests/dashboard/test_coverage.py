"""The Coverage page: what fell short, what to do instead, how each platform is read."""

import polars as pl
import pytest

from dashboard import queries
from tests.dashboard import sample
from tests.dashboard.test_pages import html, open_page


def test_when_all_channels_were_complete_none_comes_first(full, use_lake, tmp_path):
    assert "the others come first" in html(open_page("coverage"))
    store = use_lake(tmp_path / "complete")
    for table in ("entities", "channels"):
        store.replace(table, full.scan(table).collect())
    rows = full.scan("coverage").with_columns(complete=pl.lit(value=True), reason=None)
    store.replace("coverage", sample.conform("coverage", rows.collect()))
    shown = html(open_page("coverage"))
    channels = full.scan("channels").collect().height
    assert f"All {channels} channels were complete" in shown
    assert "the others" not in shown


@pytest.mark.parametrize(
    ("lang", "said", "read"),
    [
        ("en", "Instead:</b> its feed or the newsletter", "pages</td>"),
        ("fr", "À la place\u00a0:</b> son flux ou la lettre", "pages</td>"),
    ],
)
def test_coverage_says_how_platforms_are_read_and_the_way_round_none(full, lang, said, read):
    shown = html(open_page("coverage", lang=lang))
    assert said in shown
    assert read in shown
    assert "https://granit.example/" in shown
    assert "the user&#x27;s own export" not in shown
    assert "<code>vigie import --as newsletter</code>" in shown
    # An account that is gone is no closed door.
    assert shown.count("</b> its feed") + shown.count("</b> son flux") == 1
    hidden = {
        "en": "length of videos, edits, paid posts, titles, views",
        "fr": "durée des vidéos, modifications, publications payées, titres, vues",
    }
    assert hidden[lang] in shown


def test_coverage_of_an_older_lake_does_without_the_table(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "older")
    for table in ("entities", "channels", "coverage"):
        store.replace(table, full.scan(table).collect())
    assert queries.platform_facts().is_empty()
    shown = html(open_page("coverage"))
    assert "How platforms are read" not in shown
    assert "lawful alternative: the official API" in shown


def test_coverage_lists_platforms_in_the_scope_only(full):
    shown = html(open_page("coverage", platform="bluesky"))
    part = shown.partition("How platforms are read")[2].partition("What platforms show")[0]
    assert "Bluesky" in part
    assert "YouTube" not in part
