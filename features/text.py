"""What a text does: its language, how it addresses readers, whether it asks, sells or discloses.

Everything is a Polars string expression (`wording`, `readability`) but language detection, which
runs only on texts that no platform declares.
"""

from typing import Final

import polars as pl

from features import readability, wording

MIN_LETTERS: Final = 20
"""Detection on fewer letters than this is a guess."""
LINK: Final = r"https?://\S+"


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
    usage takes as disclosure), word_count, readability, emoji_count, hashtag_count, capital_share.
    """
    words, said = pl.col("body"), pl.col("said")
    disclosed = wording.has(words, wording.SPONSORED, wording.NO_DISCLOSURE)
    return (
        posts.with_columns(body=body())
        .with_columns(said=wording.said(words))
        .select(
            "post_id",
            "language",
            register=pl.when(pl.col("language") == "fr").then(wording.register(said)),
            has_question=wording.has(said, wording.QUESTION),
            has_cta=wording.has(said, wording.CTA, wording.NO_CALL),
            is_contest=wording.has(said, wording.CONTEST, wording.NO_CONTEST),
            is_sponsored=pl.col("sponsored").fill_null(value=False) | disclosed,
            word_count=readability.word_count(words),
            readability=readability.readability(words, pl.col("language")),
            emoji_count=readability.emoji(words),
            hashtag_count=readability.hashtags(words),
            capital_share=readability.capitals(words),
        )
    )
