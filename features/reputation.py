"""Tone of the comments, by the small French and English model of `tone`.

The figure speaks of comments in these two languages only: others have no tone, since nothing
measured says that theirs is read better than by chance.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

import polars as pl

from data.vocabulary import PERIODS, RATE_PERIODS
from features import tone
from features.measures import clustered
from features.periods import GROUP, named, with_all

MIN_COMMENTS: Final = 3
"""Comments under a post from which its tone is said to be measurable."""
SURE: Final = 0.6
"""Probability from which a comment counts towards an alert: of tweets said to be negative so surely
80 % are (72 % of all said to be), by cross-validation within the train halves."""
QUALITY: Final = {"fr": 0.72, "en": 0.64}
"""Macro-F1 of the model by language, on texts that it never saw: `docs/models/sentiment.md`. The
largest class alone would have 0.17; a language that is not here gets no tone."""
HALF_WIDTH: Final = 0.05
"""Of the 95 % interval of those figures, with TESTED texts a language."""
TESTED: Final = 324
LARGEST_CLASS: Final = 0.17
LEAST_READ: Final = 30
"""Comments from which the shares of an entity are given, under LEAST_POSTS posts or more."""
LEAST_POSTS: Final = 5
SIDES: Final = ("positive", "negative")


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
    """How the other people's comments under each post sound.

    Out: post_id, sentiment (mean tone, where three or more have one), comments_read (those with a
    tone), comments_positive, comments_negative.
    """
    read = pl.col("tone").count().cast(pl.Int64)
    mean = pl.col("tone").cast(pl.Int64).sum() / read
    return (
        toned(comments.filter(~pl.col("from_channel")).select("post_id", "text"))
        .group_by("post_id")
        .agg(
            sentiment=pl.when(read >= MIN_COMMENTS).then(mean),
            comments_read=read,
            comments_positive=(pl.col("tone") > 0).sum().cast(pl.Int64),
            comments_negative=(pl.col("tone") < 0).sum().cast(pl.Int64),
        )
    )


def tones_of(posts: pl.LazyFrame, at: datetime) -> pl.DataFrame:
    """The table `tones`: shares of positive and negative comments of each entity.

    In: `posts` of post_features, of the longest of RATE_PERIODS at least. Share = comments read as
    such / comments that have a tone, over the posts that appeared in the period. Interval:
    `measures.clustered`, posts as clusters: comments under one post agree more than others. It
    holds chance, not the comments that the model misreads.
    """
    counts = posts.filter(pl.col("comments_read") > 0).select(
        "entity_id", "platform", "published_at", read="comments_read",
        positive="comments_positive", negative="comments_negative",
    )  # fmt: skip
    both = with_all(named(counts))
    cut = pl.concat(
        both.filter(pl.col("published_at") > at - timedelta(days=PERIODS[name])).with_columns(
            period=pl.lit(name).cast(pl.Categorical)
        )
        for name in RATE_PERIODS
    )
    read = pl.col("read")
    sums = {
        f"{side}_{name}": value.sum()
        for side in SIDES
        for name, value in (
            ("sum", pl.col(side)), ("squares", pl.col(side) ** 2), ("cross", pl.col(side) * read),
        )
    }  # fmt: skip
    found = (
        cut.group_by(GROUP)
        .agg(n=read.sum(), posts=pl.len().cast(pl.Int64), read_squares=(read**2).sum(), **sums)
        .collect()
    )
    enough = (pl.col("n") >= LEAST_READ) & (pl.col("posts") >= LEAST_POSTS)
    shares = [pl.when(enough).then(part) for side in SIDES for part in _share(side)]
    keys = pl.col(GROUP).cast(pl.String)
    return found.select(keys, *shares, "n", "posts").sort(GROUP)


def _share(side: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """A share over clusters and both ends of its interval, from sums over the clusters."""
    n, posts = pl.col("n"), pl.col("posts")
    p = pl.col(f"{side}_sum") / n
    scatter = pl.col(f"{side}_squares") - 2 * p * pl.col(f"{side}_cross") + (
        p**2 * pl.col("read_squares")
    )  # fmt: skip
    low, high = clustered(p, n, posts, scatter)
    return p.alias(side), low.clip(0).alias(f"{side}_low"), high.alias(f"{side}_high")


def models() -> pl.DataFrame:
    """The table `models`: how good the model of `tone` is in each language."""
    return pl.DataFrame(
        {
            "model": "tone", "language": language, "measure": "macro-F1", "value": value,
            "low": value - HALF_WIDTH, "high": value + HALF_WIDTH, "baseline": LARGEST_CLASS,
            "n": TESTED, "source": "docs/models/sentiment.md",
        }
        for language, value in sorted(QUALITY.items())
    )  # fmt: skip


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
