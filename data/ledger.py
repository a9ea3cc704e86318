"""The ledger of posts: what was known of them, combined with what captures showed. Pure Polars.

A capture that shows a post is a sighting. Sightings are folded into the ledger in order of time,
by the same function in a crawl and in a replay, so that both come to the same rows.
"""

from collections.abc import Collection
from typing import Final

import polars as pl

from data.tables.core import Posts

COLUMNS: Final = tuple(Posts.column_names())
SIGHTING: Final = {
    **{
        name: column.dtype
        for name, column in Posts.columns().items()
        if name not in {"first_seen_at", "last_seen_at"}
    },
    "observed_at": pl.Datetime("us", "UTC"),
    "kind": pl.String(),
}
"""Columns of sightings: those of posts, the time of the capture and its kind of page."""

_LATEST: Final = ("url", "format", "is_repost", "is_reply")
_KEPT: Final = ("title", "text", "language", "media_count", "duration_s", "sponsored")
_LISTS: Final = ("hashtags", "mentions", "links")


def combine(
    known: pl.DataFrame,
    seen: pl.DataFrame,
    kinds: pl.DataFrame | None = None,
    topics: Collection[str] = (),
) -> pl.DataFrame:
    """The posts that the sightings show, as the ledger should hold them now.

    Args:
        known: posts as the ledger holds them (columns of `posts`); others are ignored.
        seen: sightings (columns of SIGHTING), any number a post, in any order.
        kinds: `page_id`, `kind` of the captures that the known posts came from, where known.
        topics: channels that show other people's posts: they lose a post to its own channel.

    Returns:
        One row a sighted post, in no particular order, with the columns of `posts`:

        - content comes from the latest capture of the kind of page that tells most: a capture of
          another kind takes over only when its text is the same or longer. What it leaves out
          stays;
        - `published_at` comes from the capture that is surest of it (`published_within_s`);
        - `edited_at` is what the platform says, else the time of the first capture whose text
          differs from the previous one of the same kind of page;
        - a post that shows up again is not deleted any more;
        - a sighting not newer than `last_seen_at` only moves `first_seen_at`, so that folding
          the same captures twice changes nothing.
    """
    pages = pl.DataFrame(schema={"page_id": pl.String, "kind": pl.String})
    pages = pages if kinds is None else kinds.select("page_id", "kind").unique("page_id")
    state = known.join(seen.select("post_id").unique(), on="post_id", how="semi")
    state = state.select(COLUMNS).join(pages, on="page_id", how="left")
    if state.is_empty() and seen["post_id"].is_unique().all():
        return _fold(state, seen, topics).select(COLUMNS)  # most pages of a first crawl
    turns = seen.sort("observed_at", maintain_order=True).with_columns(
        turn=pl.int_range(pl.len()).over("post_id")
    )
    for turn in range(0 if turns.is_empty() else int(turns["turn"].max()) + 1):  # type: ignore[arg-type]
        state = _fold(state, turns.filter(pl.col("turn") == turn), topics)
    return state.select(COLUMNS)


def strike(known: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """The posts to be marked as deleted.

    Args:
        known: posts as the ledger holds them.
        gone: `post_id` and `at`: the first capture that should show the post and does not.

    Returns:
        The rows of `known` that change: not deleted yet, and not seen since.
    """
    first = gone.group_by("post_id").agg(pl.col("at").min())
    struck = known.join(first, on="post_id", how="inner").filter(
        pl.col("deleted_at").is_null(), pl.col("last_seen_at") < pl.col("at")
    )
    return struck.with_columns(deleted_at=pl.col("at")).select(COLUMNS)


def _fold(state: pl.DataFrame, seen: pl.DataFrame, topics: Collection[str]) -> pl.DataFrame:
    """The state after at most one more sighting of each post."""
    first = {"first_seen_at": pl.col("observed_at"), "last_seen_at": pl.col("observed_at")}
    columns = [*COLUMNS, "kind"]
    if state.is_empty():
        return seen.with_columns(**first).select(columns)
    fresh = seen.join(state, on="post_id", how="anti").with_columns(**first)
    old = state.rename({name: f"{name}_k" for name in state.columns if name != "post_id"})
    both = seen.join(old, on="post_id", how="inner")
    late = pl.col("observed_at") <= pl.col("last_seen_at_k")
    again = both.filter(~late).with_columns(_taken()).with_columns(_after(topics))
    stale = both.filter(late).select(
        "post_id",
        *(pl.col(f"{name}_k").alias(name) for name in columns if name != "post_id"),
        at=pl.col("observed_at"),
    )
    stale = stale.with_columns(first_seen_at=pl.min_horizontal("first_seen_at", "at"))
    untouched = state.join(seen.select("post_id"), on="post_id", how="anti")
    parts = (fresh, again, stale, untouched)
    return pl.concat([part.select(columns) for part in parts])


def _taken() -> pl.Expr:
    """Whether a sighting takes over the content, as the column `taken`."""
    same_kind = pl.col("kind").eq_missing(pl.col("kind_k"))
    longer = _length("text") > _length("text_k")
    same_text = pl.col("text").eq_missing(pl.col("text_k"))
    return (same_kind | longer | same_text).alias("taken")


def _after(topics: Collection[str]) -> list[pl.Expr]:
    """The columns of a known post after a newer sighting."""
    taken = pl.col("taken")
    topic = pl.Series(list(topics), dtype=pl.String)
    freed = pl.col("channel_id_k").is_in(topic.implode()) & ~pl.col("channel_id").is_in(
        topic.implode()
    )
    edited = (
        pl.col("kind").eq_missing(pl.col("kind_k")) & (pl.col("text") != pl.col("text_k"))
    ).fill_null(value=False)
    surer = _surer()
    return [
        *(_choose(taken, name) for name in (*_LATEST, "page_id", "kind")),
        *(_choose(freed, name) for name in ("channel_id",)),
        *(
            pl.when(taken)
            .then(pl.coalesce(name, f"{name}_k"))
            .otherwise(pl.coalesce(f"{name}_k", name))
            .alias(name)
            for name in _KEPT
        ),
        *(_choose(taken | (pl.col(f"{name}_k").list.len() == 0), name) for name in _LISTS),
        *(_choose(surer, name) for name in ("published_at", "published_within_s")),
        pl.min_horizontal("first_seen_at_k", "observed_at").alias("first_seen_at"),
        pl.col("observed_at").alias("last_seen_at"),
        pl.coalesce("edited_at", pl.when(edited).then(pl.col("observed_at")), "edited_at_k").alias(
            "edited_at"
        ),
    ]


def _surer() -> pl.Expr:
    """Whether a sighting knows the time of publication better.

    A time that is exact in both may have been corrected; of two vague ones the earlier stays, so
    that it does not wander.
    """
    unsure = float("inf")
    within = pl.col("published_within_s").fill_null(unsure)
    before = pl.col("published_within_s_k").fill_null(unsure)
    better = (within < before) | ((within == before) & (within == 0) & pl.col("taken"))
    known = pl.col("published_at").is_not_null()
    return known & (pl.col("published_at_k").is_null() | better)


def _choose(condition: pl.Expr, name: str) -> pl.Expr:
    return pl.when(condition).then(pl.col(name)).otherwise(pl.col(f"{name}_k")).alias(name)


def _length(name: str) -> pl.Expr:
    return pl.col(name).str.len_chars().fill_null(0)
