"""What the checks of an account found: on its card, in the report, never as an accusation."""

import math
from datetime import date
from html import unescape

import polars as pl
import pytest

from dashboard import audited, i18n, queries
from data.vocabulary import AUDIT_CHECKS
from tests.dashboard import sample
from tests.dashboard.test_pages import html, open_page

WHOSE = "lea-grimpe"
TABLES = ("entities", "channels", "kpis", "benchmark", "coverage", "post_features",
          "channel_weeks", "posts", "format_stats")  # fmt: skip


def check(name, value, low, high, status="watch", evidence=()):
    return {"entity_id": WHOSE, "platform": "bluesky", "check": name, "value": value, "low": low,
            "high": high, "n": 41, "status": status, "evidence": list(evidence)}  # fmt: skip


JUMP = check("growth_jump", 0.0953, -0.01, 0.02, evidence=("2026-11-03",))
SIZE = check("size_tier", 0.002, 0.01, 0.03)
FINE = check("regularity", 2.0, 1.0, 6.5, status="ok")


@pytest.fixture
def checked(full, use_lake, tmp_path):
    def fill(*rows):
        store = use_lake(tmp_path / "checked")
        for table in TABLES:
            store.replace(table, full.scan(table).collect())
        store.replace("audits", sample.conform("audits", pl.DataFrame(rows)))
        queries.forget()
        return store

    return fill


def boosted(store):
    """A check that names two of the influencer's posts."""
    own = store.scan("post_features").filter(pl.col("entity_id") == WHOSE).collect()
    ids = own["post_id"].sort().head(2).to_list()
    return check("boost_share", 0.05, 0.01, 0.12, evidence=ids)


def test_a_figure_worth_a_look_is_told_with_range_n_and_day():
    i18n.use("en")
    told = audited.asked(JUMP)
    assert told.startswith("Largest growth of followers in a day: 10.00% (Bluesky, usual [")
    assert i18n.percent(math.expm1(0.02)) in told
    assert told.endswith("n\u00a0=\u00a041, 3 Nov 2026)")
    assert audited.days(JUMP) == [date(2026, 11, 3)]
    assert audited.posts(JUMP) == []


def test_nothing_is_usual_at_least_of_what_only_a_high_value_is_odd():
    i18n.use("en")
    assert audited.span(FINE) == "[≤\u202f6.50]"
    assert audited.span(SIZE) == "[1.00%–3.00%]"


def test_every_check_has_a_name_and_an_honest_reading():
    i18n.use("en")
    for name in AUDIT_CHECKS:
        row = check(name, 0.5, 0.1, 0.2)
        assert audited.name(name) != name
        # An honest reason is named beside the other one, and before it.
        assert " bought" not in audited.reading(row).partition(" or ")[0]
        assert audited.reading(row)
    assert "tired audience" in audited.reading(SIZE)
    assert "close community" in audited.reading(SIZE | {"value": 0.05})


def test_a_card_shows_what_to_ask_about_with_its_posts(full, checked):
    checked(JUMP, SIZE, boosted(full), FINE)
    app = open_page("strategy", lang="fr")
    shown = unescape(html(app))
    i18n.use("fr")
    assert "À regarder (3)" in [one.label for one in app.main.get("expander")]
    assert audited.asked(JUMP) in shown
    assert audited.reading(SIZE) in shown
    assert "jamais une preuve" in shown
    post = boosted(full)["evidence"][1]
    queried = [one.proto.query_string for one in app.main.get("page_link")]
    assert any(post.split("/")[-1] in asked and "post=" in asked for asked in queried)


def test_a_card_says_where_nothing_is_unusual_or_nothing_could_be_checked(checked):
    unknown = {"entity_id": "tom-outside", "status": "not enough posts", "value": None}
    checked(FINE, FINE | unknown)
    shown = html(open_page("strategy", lang="en"))
    assert shown.count("1 check of its figures, nothing unusual") == 1
    assert shown.count("can’t be checked yet") == 1
