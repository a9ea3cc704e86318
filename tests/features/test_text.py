from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import originality, reputation, text

from . import world


def said(words, language="fr", *, sponsored=None):
    frame = pl.LazyFrame(
        {"post_id": ["p"], "title": [None], "text": [words], "language": [language],
         "sponsored": [sponsored]},
        schema_overrides={"title": pl.String, "sponsored": pl.Boolean, "text": pl.String},
    )  # fmt: skip
    return text.features(frame).collect().row(0, named=True)


@pytest.mark.parametrize(
    ("words", "register"),
    [
        ("Et toi, tu pars où ce week-end ?", "tu"),
        ("Découvrez votre nouvelle veste", "vous"),
        ("Neige fraîche ce matin au col", "neutral"),
    ],
)
def test_register_of_french(words, register):
    assert said(words)["register"] == register
    assert said(words, "en")["register"] is None


@pytest.mark.parametrize(
    "words",
    [
        "#ad new jacket", "Veste offerte #pub", "Collaboration commerciale avec la marque",
        "Partenariat rémunéré", "Paid partnership with them", "PUBLICITÉ : la tente",
        "#sponsorisé", "[ad] boots",
    ],
)  # fmt: skip
def test_disclosures(words):
    assert said(words)["is_sponsored"]


@pytest.mark.parametrize(
    "words", ["Notre adresse #adventure", "une publication de plus", "ad hoc", "partenariat avec"]
)
def test_no_disclosures(words):
    assert not said(words)["is_sponsored"]


def test_the_platform_s_own_mark_counts():
    assert said("rien", sponsored=True)["is_sponsored"]


@pytest.mark.parametrize(
    ("words", "trait"),
    [
        ("Vous venez ?", "has_question"),
        ("Lien en bio pour en profiter", "has_cta"),
        ("Sign up today", "has_cta"),
        ("Grand jeu concours de Noël", "is_contest"),
        ("Win a tent! Giveaway", "is_contest"),
    ],
)
def test_traits(words, trait):
    assert said(words)[trait]
    assert not said("Neige fraîche au col")[trait]


def test_an_address_asks_nothing():
    assert not said("https://x.example/?q=1&r=2")["has_question"]


@given(st.none() | st.text(max_size=60))
def test_any_text_has_features(words):
    got = said(words)
    assert all(got[name] in (True, False) for name in ("has_question", "has_cta", "is_contest"))


def test_declared_language_wins_and_short_texts_are_not_guessed():
    rows = [
        {"post_id": "a", "text": "The weather on the ridge was wonderful today", "language": None},
        {"post_id": "b", "text": "Quelle belle journée dans les alpages ensoleillés"},
        {"post_id": "c", "text": "wow"},
        {"post_id": "d", "text": "The weather on the ridge was wonderful", "language": "fr-FR"},
    ]
    got = text.languages(world.frame("posts", rows)).sort("post_id")["language"].to_list()
    assert got == ["en", "fr", None, "fr"]


def spoken(*rows):
    """(post_id, channel_id, days, text)."""
    names = ["post_id", "channel_id", "days", "text"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    when = pl.lit(world.AT) + pl.duration(days=pl.col("days"))
    posts = frame.select(
        "post_id", "channel_id", "text", title=pl.lit(None, pl.String), published_at=when
    )
    return dict(originality.originality(posts.lazy()).collect().iter_rows())


WORDS = "la nouvelle tente du refuge résiste enfin au vent du nord"


def test_a_copy_of_another_channel_is_not_original():
    got = spoken(
        ("first", "a", 0, WORDS), ("copy", "b", 2, f"{WORDS.upper()} https://x.example"),
        ("late", "c", 40, WORDS), ("self", "a", 1, WORDS), ("short", "d", 3, "la nouvelle"),
        ("half", "e", 3, "la nouvelle tente du refuge est arrivée hier soir en magasin"),
    )  # fmt: skip
    assert got["first"] == 1
    assert got["copy"] == 0
    assert got["late"] == 1
    assert got["self"] == 1
    assert got["short"] is None
    assert 0.5 < got["half"] < 1


def test_originality_needs_another_channel_even_when_its_own_posts_lie_between():
    rows = [("a", "a", 0, WORDS), ("b1", "b", 1, WORDS), ("b2", "b", 2, WORDS)]
    got = spoken(*rows)
    assert got == spoken(*reversed(rows))
    assert (got["a"], got["b1"], got["b2"]) == (1, 0, 0)


def comments(*texts, post="p"):
    rows = [
        {"comment_id": str(i), "post_id": post, "text": words, "published_at": world.AT}
        for i, words in enumerate(texts)
    ]
    return world.frame("comments", rows).lazy()


@pytest.mark.parametrize(
    ("words", "tone"),
    [("C'est une honte, remboursez !", -1), ("Super, merci", 1), ("Très déçue, plus jamais", -1),
     ("This is a scam", -1), ("not bad at all", 1), ("au sommet demain", 0), ("Love it 😍", 1),
     ("Never again, terrible service", -1), ("When will it be in stores?", 0),
     (None, None), ("👍", None), ("", None)],
)  # fmt: skip
def test_tone(words, tone):
    assert reputation.toned(comments(words)).collect()["tone"].to_list() == [tone]


@pytest.mark.parametrize(
    "words",
    ["Das Zelt ist leider schon nach einem Tag kaputt gegangen", "ありがとう", "Vielen Dank",
     "Muy bien", "Grazie mille"],
)  # fmt: skip
def test_other_languages_have_no_tone(words):
    assert reputation.toned(comments(words)).collect()["tone"].to_list() == [None]


@given(st.lists(st.none() | st.text(max_size=40), max_size=4))
def test_any_comment_has_a_tone_or_none(texts):
    got = reputation.toned(comments(*texts)).collect()
    assert got["tone"].is_in([-1, 0, 1]).fill_null(value=True).all()
    assert got["text"].to_list() == texts


def test_sentiment_is_a_mean_of_at_least_three():
    assert reputation.sentiment(comments("C'est nul", "Super, merci", "bravo")).collect()[
        "sentiment"
    ].to_list() == [pytest.approx(1 / 3)]
    two = reputation.sentiment(comments("c'est nul", "super, merci")).collect()
    assert two["sentiment"].to_list() == [None]


def test_a_doubtful_tone_counts_towards_no_alert():
    doubtful, sure = "On peut avoir le lien ?", "Quelle horreur, c'est scandaleux"
    asked = comments(doubtful, sure).with_columns(entity_id=pl.lit("e"))
    assert reputation.daily(asked, world.ZONE).collect()["negative"].to_list() == [1]
    got = reputation.toned(comments(doubtful, sure), 0.9).collect()["tone"].to_list()
    assert got == [0, -1]


def test_daily_counts_name_the_posts_behind_them():
    asked = comments("Quelle honte", "C'est nul", "merci").with_columns(entity_id=pl.lit("e"))
    got = reputation.daily(asked, world.ZONE).collect().row(0, named=True)
    assert (got["comments"], got["negative"], got["post_ids"]) == (3, 2, ["p"])
    assert got["day"] == (world.AT + timedelta(hours=2)).date()
