"""Originality: how much of a post another channel had already published.

Shingles of four words (Broder 1997) are hashed; a shingle is borrowed when another channel
published it within the 28 days before. Originality = 1 - borrowed / all. Addresses and case
don't count. Linear in the words: no pair of posts is ever compared.
"""

from typing import Final

import polars as pl

from features.text import body

LOOK_BACK_D: Final = 28
LOOK_BACK_WEEKS: Final = 4
WORDS: Final = 4
WORD: Final = r"[\pL\pN]+"
MIX: Final = (1_000_003, 998_244_353, 754_974_721, 167_772_161)
"""Odd multipliers that tell the places in a shingle apart."""


def shingles(posts: pl.LazyFrame) -> pl.LazyFrame:
    """row, shingle (hash), once per post; posts of fewer than four words give none.

    In: row (number), title, text.
    """
    words = (
        posts.select("row", word=body().str.to_lowercase().str.extract_all(WORD))
        .explode("word", empty_as_null=False, keep_nulls=False)
        .select("row", word=pl.col("word").hash(seed=0))
    )
    places = [pl.col("word").shift(-place) * MIX[place] for place in range(WORDS)]
    mixed = places[0] + places[1] + places[2] + places[3]
    same = pl.col("row") == pl.col("row").shift(1 - WORDS)
    return words.select("row", shingle=pl.when(same).then(mixed)).drop_nulls().unique()


def borrowed(found: pl.LazyFrame) -> pl.LazyFrame:
    """row, shingle of those that another channel published in the look-back before.

    In: row, shingle, channel (number), published_at.
    """
    shared = (
        found.group_by("shingle")
        .agg(low=pl.col("channel").min(), high=pl.col("channel").max())
        .filter(pl.col("low") != pl.col("high"))
        .select("shingle")
    )
    new_shingle = pl.col("shingle") != pl.col("shingle").shift(1)
    new_run = (new_shingle | (pl.col("channel") != pl.col("channel").shift(1))).fill_null(
        value=True
    )
    before = pl.when(new_run & ~new_shingle).then(pl.col("published_at").shift(1))
    age = pl.col("published_at") - pl.col("before").first().over("run")
    return (
        found.join(shared, on="shingle", how="semi")
        .sort("shingle", "published_at", "channel", "row")
        .with_columns(run=new_run.cum_sum(), before=before)
        .filter(age <= pl.duration(days=LOOK_BACK_D))
        .select("row", "shingle")
    )


def originality(posts: pl.LazyFrame) -> pl.LazyFrame:
    """post_id, originality in 0 … 1 (null under four words).

    In: post_id, channel_id, published_at, title, text, of the posts asked about and of the
    28 days before them.
    """
    # Collected, since both are read twice: the engine would do either again each time.
    keyed = posts.sort("published_at", "post_id").with_row_index("row").collect().lazy()
    all_ = shingles(keyed).collect().lazy()
    facts = keyed.select(
        "row", "published_at", channel=pl.col("channel_id").rank("dense").cast(pl.UInt32)
    )
    taken = borrowed(all_.join(facts, on="row")).group_by("row").agg(taken=pl.len())
    total = all_.group_by("row").agg(total=pl.len())
    return (
        keyed.select("row", "post_id")
        .join(total, on="row", how="left")
        .join(taken, on="row", how="left")
        .select("post_id", originality=1 - pl.col("taken").fill_null(0) / pl.col("total"))
    )
