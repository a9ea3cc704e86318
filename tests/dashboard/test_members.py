"""The Community page: the four Cs and the most active members, by pseudonym."""

import math
from datetime import UTC, datetime
from html import unescape

import polars as pl
import pytest

from dashboard import i18n, queries
from data.tables import TABLES
from tests.dashboard.test_pages import html, open_page

WHOSE = "nordlys"
WHEN = {"entity_id": WHOSE, "platform": "all", "period": "28d"}
DAY = datetime(2026, 11, 18, 9, tzinfo=UTC)
TALK = {
    **WHEN, "members": 40, "comments": 120,
    "share_of_top_10pct": 0.31, "share_of_top_10pct_low": 0.25, "share_of_top_10pct_high": 0.38,
    "returning_rate": 0.42, "returning_rate_low": 0.3, "returning_rate_high": 0.55,
    "returning_rate_n": 33, "member_to_member": 0.17, "member_to_member_low": 0.11,
    "member_to_member_high": 0.25, "member_to_member_n": 120,
}  # fmt: skip


AUDITS = [
    {"entity_id": WHOSE, "platform": "bluesky", "check": check, "value": value, "low": low,
     "high": high, "n": n, "status": status, "evidence": []}
    for check, value, low, high, n, status in (
        ("boost_share", 0.04, 0.01, 0.12, 50, "ok"),
        ("regularity", 12.4, 1.0, 6.5, 50, "watch"),
        ("growth_jump", 0.0953, -0.01, 0.02, 60, "watch"),
        ("size_tier", None, None, None, 3, "not enough posts"),
    )
]  # fmt: skip


def member(rank, comments):
    return {
        **WHEN, "author_key": f"{rank:02d}abcdef0123456789", "comments": comments,
        "posts_commented": 3, "weeks_active": 2, "first_at": DAY, "last_at": DAY,
        "share": comments / 120, "answered": 1, "rank": rank,
    }  # fmt: skip


TONES = [
    {**WHEN, "entity_id": who, "positive": share, "positive_low": low, "positive_high": high,
     "negative": None if share is None else 0.08, "negative_low": None if share is None else 0.03,
     "negative_high": None if share is None else 0.18, "n": n, "posts": 12}
    for who, share, low, high, n in (
        (WHOSE, 0.44, 0.31, 0.58, 96), ("granit", None, None, None, 11),
    )
]  # fmt: skip
MODELS = [
    {"model": "tone", "language": language, "measure": "macro-F1", "value": value,
     "low": value - 0.05, "high": value + 0.05, "baseline": 0.17, "n": 324,
     "source": "docs/models/sentiment.md"}
    for language, value in (("fr", 0.72), ("en", 0.64))
]  # fmt: skip


@pytest.fixture
def talking(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "talking")
    for table in ("entities", "channels", "kpis", "benchmark", "coverage"):
        store.replace(table, full.scan(table).collect())
    rows = {"communities": [TALK], "members": [member(1, 14), member(2, 6)], "audits": AUDITS,
            "tones": TONES, "models": MODELS}  # fmt: skip
    for table, found in rows.items():
        schema = TABLES[table].create_empty().schema
        store.replace(table, pl.DataFrame(found, schema=schema))
    return store


@pytest.mark.parametrize(
    ("lang", "cs", "back"),
    [
        ("en", ("Context", "Content", "Connectivity", "Continuity"), "Members who come back"),
        ("fr", ("Contexte", "Contenu", "Connectivité", "Continuité"), "Membres qui reviennent"),
    ],
)
def test_the_four_cs_show_figures_with_interval_and_n(talking, lang, cs, back):
    shown = html(open_page("members", lang=lang, community=WHOSE))
    i18n.use(lang)
    assert all(name in shown for name in cs)
    assert back in shown
    assert i18n.percent(0.42) in shown
    assert i18n.interval(0.11, 0.25, i18n.percent) in shown
    assert "n\u00a0=\u00a033" in shown


def test_members_are_pseudonyms_in_their_order(talking):
    shown = html(open_page("members", lang="en", community=WHOSE))
    assert shown.index("01abcdef01") < shown.index("02abcdef01")
    assert "01abcdef0123456789" not in shown
    assert f"tenth of the members wrote {i18n.percent(0.31)}" in shown


def test_where_nobody_spoke_twice_it_says_so(full):
    app = open_page("members", lang="en", community="granit")
    assert "Nobody commented twice" in app.info[0].value
    assert "The four Cs" in html(app)


def test_a_long_period_shows_the_members_of_the_nearest(talking):
    shown = html(open_page("members", lang="en", community=WHOSE, period="7d"))
    assert "Members: last 28 days." in shown
    assert "01abcdef01" in shown


def test_audits_come_with_their_range_and_what_wants_a_look_first(talking):
    shown = html(open_page("members", lang="fr", community=WHOSE))
    i18n.use("fr")
    assert shown.index("à regarder") < shown.index("habituel</span>")
    for told in (i18n.percent(math.expm1(0.0953)), i18n.interval(0.01, 0.12, i18n.percent), "12,4"):
        assert told in shown
    assert "pas assez de données</span>" in shown


@pytest.mark.parametrize(
    ("lang", "right", "few"),
    [
        ("en", "in French it is right on about 7 comments of 10 (macro-F1 0.72 [0.67–0.77])",
         "not enough comments"),
        ("fr", "en anglais, il a raison sur environ 6 commentaires sur 10 (macro-F1 0,64",
         "pas assez de commentaires"),
    ],
)  # fmt: skip
def test_the_tone_stands_beside_the_quality_of_its_reader(talking, lang, right, few):
    app = open_page("members", lang=lang, community=WHOSE)
    shown = unescape(html(app))
    i18n.use(lang)
    assert right in shown
    assert "docs/models/sentiment.md" in shown
    assert i18n.percent(0.44) in shown
    assert i18n.interval(0.31, 0.58, i18n.percent) in shown
    assert shown.count(few) == 2


@pytest.mark.parametrize("models", [[], [MODELS[0] | {"low": 0.16}]])
def test_no_tone_without_a_measured_quality_above_the_commonest_class(talking, models):
    schema = TABLES["models"].create_empty().schema
    talking.replace("models", pl.DataFrame(models, schema=schema))
    queries.forget()
    assert "Tone of the comments" not in html(open_page("members", lang="en", community=WHOSE))
