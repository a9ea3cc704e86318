"""Tone of the comments, by the small French and English model of `tone`.

The figure speaks of comments in these two languages only: others have no tone, since nothing
measured says that theirs is read better than by chance.
"""

from functools import partial
from typing import Final

import polars as pl

from features import tone

MIN_COMMENTS: Final = 3
"""Comments under a post from which its tone is said to be measurable."""
SURE: Final = 0.6
"""Probability from which a comment counts towards an alert: of tweets said to be negative so surely
80 % are (72 % of all said to be), by cross-validation within the train halves."""
QUALITY: Final = {"fr": 0.72, "en": 0.64}
"""Macro-F1 of the model by language, on texts that it never saw: `docs/models/sentiment.md`. The
largest class alone would have 0.17; a language that is not here gets no tone."""


def toned(comments: pl.LazyFrame, least: float = 0) -> pl.LazyFrame:
    """Adds tone: -1, 0 or 1 to rows with `text`; null without letters and in other languages.

    A tone less probable than `least` is 0.
    """
    read = partial(tones, least=least)
    return comments.with_columns(
        tone=pl.col("text").map_batches(read, return_dtype=pl.Int8, is_elementwise=True)
    )


def tones(texts: pl.Series, least: float = 0) -> pl.Series:
    """The tone of each text; each distinct text is read once."""
    distinct = texts.drop_nulls().unique()
    open_ = distinct.filter(distinct.str.contains(r"\pL"))
    read = [words for words in open_ if tone.is_readable(words)]
    found = tone.tones(read, least)
    return texts.replace_strict(read, found, default=None, return_dtype=pl.Int8)


def sentiment(comments: pl.LazyFrame) -> pl.LazyFrame:
    """post_id, sentiment: mean tone of other people's comments, where three or more have text."""
    return (
        toned(comments.filter(~pl.col("from_channel")).select("post_id", "text"))
        .group_by("post_id")
        .agg(n=pl.col("tone").count(), sentiment=pl.col("tone").cast(pl.Int64).sum())
        .select(
            "post_id",
            sentiment=pl.when(pl.col("n") >= MIN_COMMENTS).then(pl.col("sentiment") / pl.col("n")),
        )
    )


def daily(asked: pl.LazyFrame, timezone: str) -> pl.LazyFrame:
    """Comments and surely negative comments per entity and day, for `signals.bad_buzz`.

    In: `community.questions(...)`. Out: entity_id, day (local date), comments, negative,
    post_ids (those with negative comments, most first).
    """
    day = pl.col("published_at").dt.convert_time_zone(timezone).dt.date()
    per_post = (
        toned(asked, SURE)
        .with_columns(day=day, bad=(pl.col("tone") < 0).fill_null(value=False))
        .group_by("entity_id", "day", "post_id")
        .agg(comments=pl.len().cast(pl.Int64), negative=pl.col("bad").sum().cast(pl.Int64))
        .sort("negative", "post_id", descending=[True, False])
    )
    return (
        per_post.group_by("entity_id", "day", maintain_order=True)
        .agg(
            pl.col("comments", "negative").sum(),
            post_ids=pl.col("post_id").filter(pl.col("negative") > 0).head(10),
        )
        .sort("entity_id", "day")
    )
