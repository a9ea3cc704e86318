"""Alerts speak the reader's language, from their kind and figures; old ones keep their sentence."""

from html import unescape

import polars as pl
import pytest

from dashboard import alerted, i18n, queries
from data.vocabulary import ALERT_KINDS
from tests.dashboard import sample
from tests.dashboard.test_pages import html, open_page

WHO = {"crete-co": "Crête & Co"}
LABELS = {"ct-3": "Réparer"}
OLD = "Ein alter Satz"


def alert(kind, **more):
    return {"alert_id": kind, "raised_at": sample.END, "kind": kind, "entity_id": "crete-co",
            "key": None, "severity": "warning", "title": OLD, "value": None, "usual": None,
            "reason": None, "evidence": {"post_ids": [], "page_ids": []}, **more}  # fmt: skip


SAID = [
    (alert("breakout_post", value=12.04), "Crête & Co: a post gets 12 times its usual engagement",
     "Crête & Co : une publication obtient 12 fois l’engagement habituel"),
    (alert("competitor_silent", value=24.9),
     "Crête & Co: silent for 25 days, longer than ever before",
     "Crête & Co : silence depuis 25 jours, plus long que jamais"),
    (alert("bad_buzz", value=67.0, usual=1.5),
     "Crête & Co: 67 negative comments in a day, against 1.5 as a rule",
     "Crête & Co : 67 commentaires négatifs en un jour, contre 1,5 d’habitude"),
    (alert("rising_trend", entity_id=None, key="format/short", value=3.456),
     "The format “short video” rises: 3.46 times its usual rate",
     "Le format « vidéo courte » monte : 3,46 fois son rythme habituel"),
    (alert("rising_trend", entity_id=None, key="content_type/ct-3", value=2.0),
     "The content type “Réparer” rises: 2 times its usual rate",
     "Le type de contenu « Réparer » monte : 2 fois son rythme habituel"),
    (alert("rising_trend", entity_id=None, key="hashtag/a/b", value=2.0),
     "The hashtag “a/b” rises: 2 times its usual rate",
     "Le mot-dièse « a/b » monte : 2 fois son rythme habituel"),
    (alert("source_broken", key="feed:x", reason="gone: no such page (404)"),
     "feed:x: nothing could be read: the account or page no longer exists (404)",
     "feed:x : rien n’a pu être lu : le compte ou la page n’existe plus (404)"),
    (alert("source_broken", entity_id=None, key="mastodon", value=0.125, usual=0.992,
           reason=alerted.lost("likes", 16, 240)),
     "Mastodon: likes on 12.5% of 16 posts, usually on 99.2% of 240",
     "Mastodon : j’aime sur 12,5 % de 16 publications, d’habitude sur 99,2 % de 240"),
    (alert("source_broken", key="youtube:@x", value=0.0, usual=1.0,
           reason=alerted.lost("followers", 3, 84)),
     "youtube:@x: followers on 0% of 3 profiles, usually on 100% of 84",
     "youtube:@x : abonnés sur 0 % de 3 profils, d’habitude sur 100 % de 84"),
    (alert("source_broken", key="feed:x", value=0.5, usual=19.8,
           reason=alerted.lost("posts", 2, 40)),
     "feed:x: 0.5 posts a list page, usually 19.8: its reader may be broken",
     ("feed:x : 0,5 publications par page de liste, d’habitude 19,8 : sa lecture est peut-être "
      "cassée")),
]  # fmt: skip


@pytest.mark.parametrize(("row", "english", "french"), SAID)
def test_a_sentence_is_worded_in_both_languages_and_leaves_the_one_around_it(row, english, french):
    i18n.use("en")
    assert alerted.said_in("fr", row, WHO, LABELS).replace("\u202f", " ").replace(
        "\xa0", " "
    ) == french  # fmt: skip
    assert i18n.lang() == "en"
    assert alerted.title(row, WHO, LABELS) == english


def test_every_kind_is_worded():
    assert {row["kind"] for row, _, _ in SAID} == set(ALERT_KINDS)


def test_an_alert_of_an_older_lake_keeps_its_sentence():
    assert alerted.title(alert("bad_buzz"), WHO, LABELS) == OLD
    assert alerted.title(alert("source_broken", key="feed:x"), WHO, LABELS) == OLD


def test_a_page_words_alerts_in_the_readers_language(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "worded")
    for table in ("entities", "channels", "kpis", "benchmark", "coverage"):
        store.replace(table, full.scan(table).collect())
    rows = pl.DataFrame([SAID[0][0]], infer_schema_length=None)
    store.replace("alerts", sample.conform("alerts", rows))
    queries.forget()
    shown = unescape(html(open_page("benchmark", lang="fr")))
    assert "une publication obtient 12 fois" in shown
    assert OLD not in shown
