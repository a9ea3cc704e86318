"""Tone of the comments, by two short word lists that anybody can read.

A first, transparent version: a comment is negative when it holds a negative word that is not
negated, positive likewise, and neither when it holds both or none. Only French and English words
are known, so the figure speaks of comments in these languages.
"""

from typing import Final

import polars as pl

MIN_COMMENTS: Final = 3
"""Comments under a post from which its tone is said to be measurable."""
NEGATIVE: Final = (
    "arnaque", "arnaqueurs?", "honte", "honteux", "scandale", "scandaleux", "scandaleuse", "nul",
    "nulle", "nuls", "déçue?s?", "décevante?s?", "décevants?", "déception", "inadmissible",
    "inacceptable", "pire", "mauvaise?s?", "défectueu(?:x|ses?)", "cassée?s?", "déchirée?s?",
    "remboursez", "boycott\\w*", "mensonges?", "menteurs?", "dangereu(?:x|ses?)", "ridicules?",
    "horribles?", "catastroph\\w+", "lamentables?", "médiocres?", "voleurs?", "plus jamais",
    "scam", "shame", "shameful", "disgust\\w+", "awful", "terrible", "horrible", "worst", "bad",
    "disappoint\\w+", "broken", "broke", "defective", "refund", "liars?", "lies", "useless",
    "unacceptable", "outrageous", "dangerous", "ridiculous", "pathetic", "poor quality",
    "never again", "rip[- ]?off", "fail(?:ed|s|ure)?", "hate", "angry", "furious", "trash",
    "garbage", "greenwashing",
)  # fmt: skip
POSITIVE: Final = (
    "merci", "bravo", "super", "génial\\w*", "magnifiques?", "superbes?", "parfaite?s?",
    "excellente?s?", "excellents", "adore", "top", "beau", "belles?", "formidables?",
    "incroyables?", "félicitations", "hâte", "qualité", "recommande", "bonne?s?", "bons",
    "great", "love", "loved", "awesome", "amazing", "beautiful", "perfect", "excellent", "thanks",
    "thank you", "wonderful", "nice", "good", "best", "fantastic", "brilliant", "recommend",
    "congrats", "congratulations", "cool",
)  # fmt: skip
NEGATION: Final = (
    r"(?i)\b(?:pas|jamais|aucune?|sans|not|never|no|isn['’]t|wasn['’]t|don['’]t)\s+"
    r"(?:(?:de|du|un|une|si|très|vraiment|a|an|the|so|very|really|that)\s+)?"
)


def _counts(words: tuple[str, ...]) -> pl.Expr:
    """How often a list's words occur without a negation right before them."""
    listed = rf"(?:{'|'.join(words)})\b"
    text = pl.col("text").fill_null("")
    negated = text.str.count_matches(NEGATION + listed)
    return text.str.count_matches(rf"(?i)\b{listed}").cast(pl.Int64) - negated.cast(pl.Int64)


def toned(comments: pl.LazyFrame) -> pl.LazyFrame:
    """Adds tone: -1, 0 or 1 to rows with `text`; null where there is no text."""
    bad, good = _counts(NEGATIVE) > 0, _counts(POSITIVE) > 0
    tone = good.cast(pl.Int8) - bad.cast(pl.Int8)
    letters = pl.col("text").str.contains(r"\pL")
    return comments.with_columns(tone=pl.when(letters).then(tone))


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
    """Comments and negative comments per entity and day, for `signals.bad_buzz`.

    In: `community.questions(...)`. Out: entity_id, day (local date), comments, negative,
    post_ids (those with negative comments, most first).
    """
    day = pl.col("published_at").dt.convert_time_zone(timezone).dt.date()
    per_post = (
        toned(asked)
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
