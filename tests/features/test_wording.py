import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import text

ADDRESSED = {
    "tu": (
        "Et toi, tu pars où ?", "Ton avis nous intéresse", "Découvre la collection !",
        "Envie d'air ? Viens avec ton chien", "T'as vu la neige ?",
    ),
    "vous": (
        "Votre avis compte", "Nouveauté : testez la tente", "Partez léger !",
        "Vous et nous, au sommet", "🎒 Venez nombreux",
    ),
    "neutral": (
        "Rendez-vous samedi au refuge", "Il a donné le ton dès le départ",
        "Un camaïeu ton sur ton", "« Vous êtes fous », disait le gardien",
        'Le slogan "tu peux le faire" a vingt ans', "Elle découvre la montagne",
        "On reste chez Marie, assez fatigués", "Le vent s'est tu au matin",
        "Chez nous, la neige tombe. Assez tôt cette année",
    ),
}  # fmt: skip
TRAITS = {
    "has_question": (
        ("Vous venez ?", "Where next?", "Prêts ?!", "Et toi ?🏔️"),
        ("https://x.example/?q=1", "voir x.example/?id=2", "Dites-nous tout",
         "« Où est le refuge ? » fut sa seule phrase", 'They said "why?" and left'),
    ),
    "has_cta": (
        ("Découvrez la gamme", "Inscrivez-vous vite", "🎒 Découvre la gamme", "Lien en bio",
         "Partagez vos photos !", "Clique sur le lien", "Bonjour ! Rejoins-nous", "Sign up today",
         "Click here for more", "Shop now", "Tag a friend", "Please share this with a friend"),
        ("Ils découvrent la montagne", "Elle profite de la neige", "Profiter de la vie",
         "Vous découvrez souvent la région ?", "Si vous cliquez trop vite, rien ne se passe",
         "L'inscription était chère", "This is pure clickbait", "They shared it and clicked",
         "The checkout was closed", "Download speeds are slow", "We book a guide each year"),
    ),
    "is_contest": (
        ("Grand jeu concours de Noël", "Jeu-concours !", "Tentez de gagner une tente",
         "Un sac à gagner", "Tente ta chance", "Concours photo : à vos appareils",
         "#concours en story", "Win a tent! Giveaway", "Enter to win", "Photo contest is open",
         "Your chance to win a tent"),
        ("Avec le concours de la région", "Un concours de circonstances", "Hors concours",
         "Nous avons tout à gagner à partir tôt", "On a gagné du temps",
         "Il a réussi le concours d'entrée", "They contest the decision",
         "We never win a match", "To win you need legs"),
    ),
    "is_sponsored": (
        ("Collaboration commerciale avec la marque", "Publicité\nLa tente idéale",
         "PUBLICITÉ : la tente", "Publicité | Collaboration commerciale", "Veste offerte #pub",
         "Communication commerciale", "Collab commerciale", "#CollaborationCommerciale",
         "Partenariat rémunéré", "#PartenariatRémunéré", "#sponsorisé", "Vidéo sponsorisée",
         "Belle sortie ! #enpartenariat", "Article sponsorisé par une marque", "Publireportage",
         "(pub) La veste", "#ad new jacket", "[ad] boots", "Ad: our new boots", "#gifted",
         "Paid partnership with them", "Includes paid promotion", "Advertisement - boots"),
        ("Notre adresse #adventure", "une publication de plus", "ad hoc", "partenariat avec",
         "La publicité nous agace", "Publicité mensongère : notre enquête", "#publicspeaking",
         "Cet avis n'est pas sponsorisé", "Article non sponsorisé", "#pubquiz ce soir",
         "Notre partenaire nous accueille", "une nouvelle publicité pour le ski",
         "Contenu sans partenariat rémunéré", "Rien à voir avec la pub", "This is not an ad",
         "Not sponsored by anyone", "#adidas"),
    ),
}  # fmt: skip


def said(words, language="fr"):
    frame = pl.LazyFrame(
        {"post_id": ["p"], "title": [None], "text": [words], "language": [language],
         "sponsored": [None]},
        schema_overrides={"title": pl.String, "sponsored": pl.Boolean, "text": pl.String},
    )  # fmt: skip
    return text.features(frame).collect().row(0, named=True)


@pytest.mark.parametrize(
    ("words", "register"), [(words, form) for form, some in ADDRESSED.items() for words in some]
)
def test_register(words, register):
    assert said(words)["register"] == register


@pytest.mark.parametrize(
    ("words", "trait", "expected"),
    [
        (words, trait, expected)
        for trait, (yes, no) in TRAITS.items()
        for expected, some in ((True, yes), (False, no))
        for words in some
    ],
)
def test_traits_and_their_false_friends(words, trait, expected):
    assert said(words)[trait] is expected


@pytest.mark.parametrize(
    ("words", "emoji", "hashtags", "count"),
    [
        ("👨‍👩‍👧‍👦🇫🇷 👍🏽 1️⃣ ❤️ ☀️", 6, 0, 0),
        ("Prix 5 € © 2024 ® #1 100% * 3 ↔", 0, 0, 1),
        ("#neige @refuge.sud belle #ski2024, a#b https://x.example/#top", 0, 2, 2),
        ("L'été, c'est là-haut", 0, 0, 3),
        (None, 0, 0, 0),
    ],
)
def test_counts(words, emoji, hashtags, count):
    got = said(words)
    assert (got["emoji_count"], got["hashtag_count"], got["word_count"]) == (emoji, hashtags, count)


def test_capitals_are_a_share_of_letters():
    assert said("ÉTÉ 2024 au lac")["capital_share"] == pytest.approx(3 / 8)
    assert said("2024 👍")["capital_share"] is None


@pytest.mark.parametrize(
    ("sentence", "times", "language", "ease"),
    [
        # 6 words of a syllable each.
        ("The cat sat on the mat. ", 4, "en", 206.835 - 1.015 * 6 - 84.6),
        # the ta-ble was pain-ted and the hor-ses jumped home: 9 words, 12 syllables.
        ("The table was painted and the horses jumped home. ", 3, "en",
         206.835 - 1.015 * 9 - 84.6 * 12 / 9),
        # la pe-tit mon-tagn do-min un va-llé tran-quill: 7 words, 12 syllables.
        ("La petite montagne domine une vallée tranquille. ", 3, "fr",
         207 - 1.015 * 7 - 73.6 * 12 / 7),
    ],
)  # fmt: skip
def test_readability_as_counted_by_hand(sentence, times, language, ease):
    got = said(sentence * times, language)["readability"]
    assert got == pytest.approx(ease)
    noisy = f"#neige @refuge {sentence * times} https://x.example"
    assert said(noisy, language)["readability"] == pytest.approx(ease)


def test_long_words_and_sentences_are_harder_to_read():
    plain = "Il fait beau. On part tôt. Le lac est loin. On y va à pied. Le sac est prêt. On rit."
    heavy = (
        "L'administration départementale responsable de l'aménagement territorial communiquera "
        "prochainement les dispositions réglementaires applicables aux installations "
        "d'hébergement temporaire situées à proximité immédiate des établissements touristiques."
    )
    assert said(plain)["readability"] > 100
    assert said(heavy)["readability"] < 20


def test_readability_needs_prose_in_a_known_language():
    sentence = "The cat sat on the mat. "
    assert said(sentence * 3, "en")["readability"] is None
    assert said(sentence * 9, "de")["readability"] is None
    assert said(sentence * 9, None)["readability"] is None


@given(st.none() | st.text(max_size=80), st.sampled_from(["fr", "en", None]))
def test_any_text_can_be_counted(words, language):
    got = said(words, language)
    assert min(got["word_count"], got["emoji_count"], got["hashtag_count"]) >= 0
    assert got["capital_share"] is None or 0 <= got["capital_share"] <= 1
    assert got["readability"] is None or math.isfinite(got["readability"])
