"""What is said of the brand: who names it, how often, and the posts to open."""

from html import unescape

import polars as pl
import pytest

from dashboard import queries
from dashboard.widgets import said
from data.tables import TABLES
from tests.dashboard.test_pages import html, open_page

BRAND = "maison-alpine"


def test_posts_that_name_it_within_the_period_and_platform(full):
    every = queries.said_of(queries.Scope("all", "365d", (BRAND,)))
    assert every["published_at"].is_sorted(descending=True)
    assert BRAND not in set(every["by_entity_id"])
    assert every["name"].null_count() == 0
    platform, n = every.group_by("platform").len().row(0)
    assert queries.said_of(queries.Scope(platform, "365d", (BRAND,))).height == n
    week = queries.said_of(queries.Scope("all", "7d", (BRAND,)))
    assert 0 < week.height <= every.height
    assert queries.said_of(queries.Scope("all", "365d", ("crete-co",))).is_empty()


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "What is said of us"), ("fr", "Ce qui se dit de nous")]
)
def test_the_community_page_shows_them(full, lang, title):
    shown = unescape(html(open_page("community", lang=lang)))
    assert title in shown
    assert ("Share of voice" if lang == "en" else "Part de voix") in shown
    rows = queries.said_of(queries.Scope("all", "28d", (BRAND,)))
    assert rows.height > 0
    assert said._by_whom(rows).split(",")[0] in shown


def test_most_frequent_first_and_the_rest_counted():
    names = ["Trail"] * 3 + ["Léa"] * 2 + ["A", "B", "C", None]
    rows = pl.DataFrame({"name": names}, schema={"name": pl.String})
    assert said._by_whom(rows) == "Trail (3), Léa (2), ? (1), A (1), 2 more"
    assert said._by_whom(rows.head(3)) == "Trail (3)"


def test_nobody_naming_it_is_said(full, monkeypatch):
    empty = TABLES["mentions"].create_empty().with_columns(name=pl.lit(None, pl.String))
    monkeypatch.setattr(queries, "said_of", lambda scope: empty)
    told = " ".join(one.value for one in open_page("community").info)
    assert "No collected post of others names the brand" in told
