"""A build of everything, a stretch of weeks at a time: its memory is that of one stretch.

Each stretch is built from the one before as a day is from the build before, by the same
functions, so the numbers are those of a build in one go.
"""

from dataclasses import dataclass, replace
from typing import Final, Protocol

import polars as pl

from data import edits
from data.tables import TABLES
from features import accumulation, content_fit, content_types, text, voice
from features.frames import conform, own_posts, week_of
from features.plan import Job, Previous
from features.post_table import built_posts, pair_sums, snapped
from features.typed import Types, in_force, stored_model
from features.vectors import Memory

POSTS: Final = 250_000
"""Publications in a stretch, about."""
SPOOLED: Final = ("post_features", "post_types", "mentions")
"""Tables that are built a stretch at a time."""


class Spool(Protocol):
    """Where finished stretches wait outside memory."""

    def put(self, table: str, rows: pl.DataFrame) -> None:
        """Keep a stretch's rows."""
        ...

    def scan(self, table: str) -> pl.LazyFrame:
        """All rows put so far, with the contract's columns."""
        ...


@dataclass(frozen=True)
class Posted:
    """The post tables of a build, and what they were made with.

    Attributes:
        job: what was computed; its `previous` has all other rows.
        rows: `post_features` that were computed.
        sums: behind the accumulation curve.
        types: the content types.
        said: who named whom.
    """

    job: Job
    rows: pl.DataFrame
    sums: pl.DataFrame
    types: Types
    said: voice.Said


def stretches(job: Job) -> list[list[int]]:
    """The weeks that hold publications, in runs of about POSTS of them."""
    day = pl.col("published_at").dt.convert_time_zone(job.timezone).dt.date()
    counts = (
        job.core["posts"]
        .filter(pl.col("published_at") <= job.at)
        .group_by(week=week_of(day))
        .len()
        .sort("week")
        .with_columns(stretch=pl.col("len").cum_sum().cast(pl.Int64) // POSTS)
        .group_by("stretch", maintain_order=True)
        .agg("week")
        .collect()
    )
    return counts["week"].to_list()


def clustering(job: Job, memory: Memory) -> content_types.Model | None:
    """The clustering in force, or a new one of a sample of all texts."""
    if (kept := in_force(job)) is not None:
        return kept
    every = own_posts(job.core, job.at, job.timezone).select(
        "post_id", "channel_id", "published_at", "title", "text", "language"
    )
    chosen = content_fit.sample(every, content_fit.FIT_POSTS)
    known = chosen.drop("language").join(text.languages(chosen), on="post_id").sort("post_id")
    total = int(every.select(pl.len()).collect().item())
    return content_fit.fit(known, job.at, stored_model(job.previous), memory, among=total)


def spooled(job: Job, runs: list[list[int]], spool: Spool) -> Posted:
    """Build the post tables a run of weeks at a time. In: a job of all weeks, `stretches(job)`.

    What is returned has nothing computed: its job's `previous` are the rows in the spool.
    """
    names = voice.listed(voice.named(job.core))
    before = Previous(job.at, job.timezone, {"names": names}, {})
    sums = pl.DataFrame(schema=accumulation.SUMS)
    for weeks in runs:
        part = replace(job, weeks=weeks, previous=before)
        sums = accumulation.add_sums(sums, pair_sums(part, snapped(part)[1]))
    memory = Memory()
    model = clustering(job, memory)
    changes = job.core["type_edits"].collect()
    into = edits.merges(changes, model.type_ids if model is not None else ())
    for weeks in runs:
        kept = {name: spool.scan(name) for name in SPOOLED}
        part = replace(job, weeks=weeks, previous=replace(before, tables=kept))
        posts, rows = built_posts(part, *snapped(part), sums)
        spool.put("post_features", rows)
        spool.put("mentions", contract("mentions", voice.mentioned(part).rows))
        if model is not None:
            found = content_types.post_types(model, posts, memory).lazy()
            spool.put("post_types", contract("post_types", edits.merged(found, into).collect()))
    kept = {name: spool.scan(name) for name in SPOOLED}
    rest = replace(job, weeks=[], previous=replace(before, tables=kept))
    types = Types(
        model, empty("post_types"), kept["post_types"],
        are_all=False, are_same=False, edits=changes, merges=into,
    )  # fmt: skip
    return Posted(rest, empty("post_features"), sums, types, voice.mentioned(rest))


def empty(name: str) -> pl.DataFrame:
    """The table without rows."""
    return TABLES[name].create_empty()


def contract(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with exactly the columns of its table."""
    return conform(frame, empty(name).schema)
