"""Which content type each post has in this build: fitted anew, or by the clustering in force."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import polars as pl

from data import edits
from data.tables import TABLES
from features import content_fit, content_types, model_state
from features.content_types import Model
from features.frames import own_posts, published_in
from features.plan import Job, Previous
from features.post_table import together, with_weeks
from features.vectors import Memory

REFIT_AFTER: Final = timedelta(days=7)
DRIFT_POSTS: Final = 200
DRIFT_SHARE: Final = 0.3
"""A refit comes early when this share of at least so many new posts fits no type."""


@dataclass(frozen=True)
class Types:
    """The content types of a build.

    Attributes:
        model: the clustering in force, which knows no merges.
        rows: types of posts, merged as people asked.
        every: the same of every post.
        are_all: whether `rows` are; if not, those of all other posts stand.
        are_same: whether a type means what it meant in the build before.
        edits: rows of `type_edits`.
        merges: type_id → the type that it counts as.
    """

    model: Model | None
    rows: pl.DataFrame
    every: pl.LazyFrame
    are_all: bool
    are_same: bool
    edits: pl.DataFrame
    merges: dict[str, str]


def stored_model(previous: Previous | None) -> Model | None:
    """The clustering of the build before."""
    document = None if previous is None else previous.state.get("content_types")
    return None if document is None else model_state.load(document)


def in_force(job: Job) -> Model | None:
    """The clustering of the build before, unless it is due for a refit."""
    old = stored_model(job.previous)
    if old is None or not timedelta(0) <= job.at - old.fitted_at < REFIT_AFTER:
        return None
    return old


def typed(job: Job, posts: pl.DataFrame) -> Types:
    """The content types, found and then merged; a merge of today reaches the posts of before."""
    model, rows, are_all = found(job, posts)
    changes = job.core["type_edits"].collect()
    into = edits.merges(changes, model.type_ids if model is not None else ())
    state = {} if job.previous is None else job.previous.state
    before = state.get("merges", {})
    every = rows.lazy() if are_all else together(job, "post_types", rows)
    if into or before:
        rows, every = edits.merged(rows.lazy(), into).collect(), edits.merged(every, into)
    if into != before and not are_all:
        rows, are_all = every.collect(), True
    old = stored_model(job.previous)
    version = None if model is None else model.version
    are_same = version == (None if old is None else old.version) and into == before
    return Types(model, rows, every, are_all, are_same, changes, into)


def found(job: Job, posts: pl.DataFrame) -> tuple[Model | None, pl.DataFrame, bool]:
    """The clustering in force, types of posts, and whether these are all there are.

    If not, they are those of `posts`, and the types of all other posts stand.
    """
    memory = Memory()
    if (kept := in_force(job)) is not None:
        types = continued(job, kept, posts, memory)
        if not drifted(types, job, posts):
            return kept, types, job.weeks is None
    every = posts if job.weeks is None else all_texts(job, posts)
    model = content_fit.fit(every, job.at, stored_model(job.previous), memory)
    if model is None:
        return None, TABLES["post_types"].create_empty(), True
    return model, content_types.post_types(model, every, memory), True


def all_texts(job: Job, posts: pl.DataFrame) -> pl.DataFrame:
    """Texts of every own post, with the languages settled before or now."""
    if job.previous is None:
        return posts
    known = pl.concat(
        [
            posts.lazy().select("post_id", "language"),
            job.previous.tables["post_features"].select("post_id", "language"),
        ]
    ).unique("post_id", keep="first", maintain_order=True)
    return (
        own_posts(job.core, job.at, job.timezone)
        .select("post_id", "channel_id", "published_at", "title", "text")
        .join(known, on="post_id", how="left")
        .sort("post_id")
        .collect()
    )


def continued(job: Job, model: Model, posts: pl.DataFrame, memory: Memory) -> pl.DataFrame:
    """Types of the posts by the same clustering: known ones keep theirs, new ones are assigned.

    Merges of the build before are taken back.
    """
    if job.previous is None or job.since is None:
        return content_types.post_types(model, posts, memory)
    changed = pl.any_horizontal(
        (pl.col(name) > job.since).fill_null(value=False) for name in ("first_seen_at", "edited_at")
    )
    old = published_in(with_weeks(job.previous.tables["post_types"], job.timezone), job.weeks)
    kept = (
        old.filter(pl.col("version") == model.version)
        .join(posts.lazy().filter(~changed).select("post_id"), on="post_id", how="semi")
        .drop("day", "week")
        .collect()
    )
    fresh = posts.join(kept, on="post_id", how="anti")
    return pl.concat([kept, content_types.post_types(model, fresh, memory).select(kept.columns)])


def drifted(types: pl.DataFrame, job: Job, posts: pl.DataFrame) -> bool:
    """Whether too many of the posts that came in since the last build fit no type."""
    if job.since is None:
        return False
    new = posts.filter(pl.col("first_seen_at") > job.since).select("post_id")
    found = types.join(new, on="post_id", how="semi")["type_id"]
    return len(found) >= DRIFT_POSTS and found.null_count() > DRIFT_SHARE * len(found)
