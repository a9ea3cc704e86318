"""Who is spoken of: posts that name a watched entity and are not its own; share of voice.

A post names an entity by a handle of its on the same platform, by its name as whole words in title
or text, or by a hashtag that is the name without its spaces. Capitals don't matter. A name that is
an everyday word ("Orange") is found there too: `mentions` lists the posts, for anybody to judge.
Only collected posts count: other watched accounts', and strangers' where a topic is watched.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

import polars as pl

from features import periods
from features.frames import Core, published_in, week_of
from features.measures import clustered, finish
from features.periods import GROUP
from features.plan import Job
from features.post_table import together, with_weeks

SHORTEST: Final = 3
"""Letters from which a name says whom it means."""
KEY: Final = ["post_id", "entity_id"]
SCHEMA: Final[dict[str, Any]] = {
    "post_id": pl.String, "entity_id": pl.String, "by_entity_id": pl.String,
    "channel_id": pl.String, "platform": pl.String,
    "published_at": pl.Datetime("us", "UTC"), "named_by": pl.String,
}  # fmt: skip
FAMILY: Final = ["peers", "platform", "period"]


def heard(core: Core, at: datetime, timezone: str) -> pl.LazyFrame:
    """Posts in which somebody can be named: all but reposts, deleted ones and those of the future.

    Gives post_id, channel_id, by_entity_id, platform, published_at, week, text (with the title, in
    small letters), hashtags, mentions.
    """
    channels = core["channels"].select("channel_id", "platform", by_entity_id="entity_id")
    day = pl.col("published_at").dt.convert_time_zone(timezone).dt.date()
    said = pl.concat_str("title", "text", separator="\n", ignore_nulls=True)
    return (
        core["posts"]
        .filter(
            ~pl.col("is_repost"),
            pl.col("deleted_at").is_null() | (pl.col("deleted_at") > at),
            pl.col("published_at") <= at,
        )
        .join(channels, on="channel_id")
        .select(
            "post_id", "channel_id", "by_entity_id", "platform", "published_at",
            "hashtags", "mentions", week=week_of(day),
            text=said.fill_null("").str.to_lowercase(),
        )
    )  # fmt: skip


def named(core: Core) -> pl.DataFrame:
    """What entities but topics are called: entity_id, kind (name, tag, handle), word, platform.

    Words are in small letters; `platform` is that of a handle, null otherwise.
    """
    market = core["entities"].filter(pl.col("role") != "topic")
    name = pl.col("name").str.to_lowercase().str.strip_chars()
    tag = name.str.replace_all(r"[^\pL\pN_]", "")
    handles = core["channels"].join(market.select("entity_id"), on="entity_id", how="semi")
    account = pl.col("account").str.to_lowercase().str.strip_prefix("@")
    none = pl.lit(None, dtype=pl.String)
    parts = [
        market.select("entity_id", kind=pl.lit("name"), word=name, platform=none),
        market.select("entity_id", kind=pl.lit("tag"), word=tag, platform=none),
        handles.select("entity_id", kind=pl.lit("handle"), word=account, platform="platform"),
    ]
    long = pl.col("word").str.count_matches(r"[\pL\pN]") >= SHORTEST
    found = pl.concat(parts).filter(long, ~pl.col("word").str.contains("://")).unique()
    return found.sort("entity_id", "kind", "word").collect()


def listed(names: pl.DataFrame) -> list[list[str | None]]:
    """The names as the state of a build keeps them. In: `named`."""
    return [list(row) for row in names.rows()]


def by_words(posts: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """KEY and named_by: posts whose text holds an entity's name as whole words."""
    words = names.filter(pl.col("kind") == "name")
    if words.is_empty():
        return pl.DataFrame(schema=dict.fromkeys((*KEY, "named_by"), pl.String))
    near = posts.filter(pl.col("text").str.contains_any(words["word"].to_list()))
    parts = []
    for entity_id, word in words.select("entity_id", "word").iter_rows():
        whole = rf"(?:^|[^\pL\pN_]){re.escape(word)}(?:$|[^\pL\pN_])"
        held = near.filter(pl.col("text").str.contains(whole))
        parts.append(held.select("post_id", entity_id=pl.lit(entity_id), named_by=pl.lit("name")))
    return pl.concat(parts)


def by_marks(posts: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """KEY and named_by: posts with an entity's handle, on its platform, or name for a hashtag."""
    tags = names.filter(pl.col("kind") == "tag").select("entity_id", "word")
    handles = names.filter(pl.col("kind") == "handle").select("entity_id", "word", "platform")
    each = posts.select("post_id", word="hashtags").explode("word").drop_nulls()
    tagged = each.with_columns(pl.col("word").str.to_lowercase()).join(tags, on="word")
    called = posts.select("post_id", "platform", word="mentions").explode("word").drop_nulls()
    word = pl.col("word").str.to_lowercase().str.strip_prefix("@")
    told = called.with_columns(word).join(handles, on=["word", "platform"])
    return pl.concat([
        told.select(*KEY, named_by=pl.lit("handle")), tagged.select(*KEY, named_by=pl.lit("tag")),
    ])  # fmt: skip


def mentions(posts: pl.LazyFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The table of the same name. In: `heard`, `named`.

    One row a post and entity; `named_by` is the surest way of the three: handle, tag, name.
    """
    rows = posts.collect()
    found = pl.concat([by_marks(rows, names), by_words(rows, names)]).unique(
        KEY, keep="first", maintain_order=True
    )
    whole = found.join(rows.drop("text", "hashtags", "mentions", "week"), on="post_id")
    strange = whole.filter(pl.col("by_entity_id") != pl.col("entity_id"))
    return strange.select(*SCHEMA).sort("channel_id", "published_at", *KEY)


class Said(NamedTuple):
    """Who named whom: the rows built now, for which job, and the names looked for."""

    job: Job
    rows: pl.DataFrame
    names: list[list[str | None]]


def mentioned(job: Job) -> Said:
    """The mentions of the weeks to build; of all weeks once anybody is called something else."""
    names = named(job.core)
    if job.previous is None or job.previous.state["names"] != listed(names):
        job = replace(job, weeks=None)
    posts = published_in(heard(job.core, job.at, job.timezone), job.weeks)
    return Said(job, mentions(posts, names), listed(names))


def cut(said: Said) -> pl.LazyFrame:
    """All mentions as `share_of_voice` takes them, but for `peers`."""
    job = said.job
    rows = with_weeks(together(job, "mentions", said.rows), job.timezone)
    columns = ("entity_id", "platform", "channel_id", "published_at", "day")
    short = periods.named(rows.select(columns))
    return periods.by_period(periods.with_all(short), job.at).collect().lazy()


def share_of_voice(cut: pl.LazyFrame) -> pl.LazyFrame:
    """Mentions of an entity over those of its peer group. In: `cut` with `peers`.

    An account that names one today may do so all day: clusters of the interval are account-days.
    """
    cluster = ["channel_id", "day"]
    own = cut.group_by(*FAMILY, "entity_id", *cluster).agg(y=pl.len().cast(pl.Float64))
    totals = own.group_by(*FAMILY, *cluster).agg(t=pl.col("y").sum())
    families = totals.group_by(FAMILY).agg(
        total=pl.col("t").sum(), squares=pl.col("t").pow(2).sum(), clusters=pl.len()
    )
    share = pl.col("value")
    scatter = pl.col("yy") - 2 * share * pl.col("yt") + share**2 * pl.col("squares")
    low, high = clustered(share, pl.col("total"), pl.col("clusters").cast(pl.Float64), scatter)
    rows = (
        own.join(totals, on=[*FAMILY, *cluster])
        .group_by("peers", *GROUP)
        .agg(
            n=pl.col("y").sum(),
            yy=pl.col("y").pow(2).sum(),
            yt=(pl.col("y") * pl.col("t")).sum(),
        )
        .join(families, on=FAMILY)
        .with_columns(value=pl.col("n") / pl.col("total"))
        .with_columns(low=low, high=high)
    )
    return finish(rows, "share_of_voice", "identity")
