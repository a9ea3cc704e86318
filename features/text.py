"""What a text does: its language, how it addresses readers, whether it asks, sells or discloses.

Everything is a Polars string expression (a million posts in seconds) but language detection,
which runs only on texts that no platform declares. The word lists are short on purpose: each
entry is a form that a reader would accept as proof.
"""

from typing import Final

import polars as pl

MIN_LETTERS: Final = 20
"""Detection on fewer letters than this is a guess."""
LINK: Final = r"https?://\S+"
TU: Final = r"(?i)\b(?:tu|toi|t['’](?:as|es|aimes?|attends?|inscris)|ton|ta|tes)\b"
VOUS: Final = r"(?i)\b(?:vous|votre|vos)\b|(?i)\b(?:d[ée]couvrez|rejoignez|profitez|participez)\b"
QUESTION: Final = r"\?(?:\s|$|[^\w/=&])"
CTA: Final = (
    r"(?i)\b(?:d[ée]couvr(?:ez|e)|inscri(?:vez|s)[- ](?:vous|toi)|rejoign(?:ez|s)[- ]|"
    r"profite[zr]?\b|cliqu(?:ez|e)\b|lien en bio|abonne(?:z-vous|-toi)|"
    r"partage[zr]?[- ](?:vos|tes|le)|"
    r"r[ée]serve[zr]\b|t[ée]l[ée]charge[zr]?\b|commente[zr]\b|dites-nous|dis-nous|"
    r"en savoir plus|visitez|"
    r"link in bio|sign up|join us|shop now|buy now|order now|learn more|read more|click|"
    r"subscribe|discover our|check out|book now|download|tell us|share your|swipe up|follow us|"
    r"tag a friend|register now|get yours)"
)
CONTEST: Final = (
    r"(?i)\b(?:jeu[- ]concours|concours|tirage au sort|[àa] gagner|"
    r"tentez (?:de gagner|votre chance)|tente ta chance|"
    r"giveaway|sweepstakes?|contest|prize draw|win (?:a|an|one|two|our|your)|chance to win|"
    r"enter to win)\b"
)
SPONSORED: Final = (
    r"(?i)#(?:ad|ads|pub|publicit[ée]|sponsored|sponso|sponsoris[ée]|partenariat|"
    r"collaborationcommerciale|partenariatr[ée]mun[ée]r[ée]|paidpartnership|advert)\b|"
    r"\bcollaboration commerciale\b|\bpartenariat r[ée]mun[ée]r[ée]\b|\bpaid partnership\b|"
    r"\b(?:contenu|article|post|billet) sponsoris[ée]\b|\bsponsored (?:by|post)\b|"
    r"\bpublicit[ée]\s*:|"
    r"\[(?:ad|pub)\]"
)


def body() -> pl.Expr:
    """Title and text as one, never null, without addresses."""
    joined = pl.concat_str("title", "text", separator="\n", ignore_nulls=True)
    return joined.fill_null("").str.replace_all(LINK, " ")


def detect(texts: pl.Series) -> pl.Series:
    """ISO 639-1 code of each text by a naive Bayes model over byte n-grams (langid)."""
    import py3langid

    distinct = texts.unique()
    codes = [py3langid.classify(text)[0] for text in distinct]
    return texts.replace_strict(distinct, codes, return_dtype=pl.String)


def languages(posts: pl.DataFrame) -> pl.DataFrame:
    """post_id, language: as declared, else detected in texts of twenty letters or more."""
    declared = pl.col("language").str.to_lowercase().str.slice(0, 2)
    rows = posts.lazy().select("post_id", language=declared, body=body()).collect()
    letters = pl.col("body").str.replace_all(r"[^\pL]", "").str.len_chars()
    open_ = rows.filter(pl.col("language").is_null()).filter(letters >= MIN_LETTERS)
    found = open_.select("post_id", detected=detect(open_["body"]))
    return rows.join(found, on="post_id", how="left").select(
        "post_id", language=pl.coalesce("language", "detected")
    )


def features(posts: pl.LazyFrame) -> pl.LazyFrame:
    """What the words of each post do.

    In: post_id, title, text, language (of `languages`), sponsored.
    Out: post_id, language, register (tu, vous or neutral; French only), has_question, has_cta,
    is_contest, is_sponsored (the platform's own mark, or a form that French law or English
    usage takes as disclosure).
    """
    has = pl.col("body").str.contains
    tu, vous = pl.col("body").str.count_matches(TU), pl.col("body").str.count_matches(VOUS)
    form = pl.when(tu > vous).then(pl.lit("tu")).when(vous > 0).then(pl.lit("vous"))
    return posts.with_columns(body=body()).select(
        "post_id",
        "language",
        register=pl.when(pl.col("language") == "fr").then(form.otherwise(pl.lit("neutral"))),
        has_question=has(QUESTION),
        has_cta=has(CTA),
        is_contest=has(CONTEST),
        is_sponsored=pl.col("sponsored").fill_null(value=False) | has(SPONSORED),
    )
