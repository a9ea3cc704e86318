"""The order of things: from the core tables to every out table but `alerts`.

A full build and a daily one run the same functions; a daily one hands them the weeks that the new
data reach (`plan`) and takes the other rows from the build before. What both give is the same,
to rounding. Content types are refitted weekly, or when too many new posts fit no type; between
refits a post's type depends on its words alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from data import edits
from data.vocabulary import PERIODS, RATE_PERIODS
from features import (
    audits,
    benchmark,
    cadence,
    community,
    content_types,
    definitions,
    effects,
    followers,
    formats,
    gaps,
    kpis,
    measures,
    members,
    model_state,
    periods,
    reputation,
    stretches,
    trends,
    voice,
)
from features.frames import Core, monday, week_of
from features.plan import Job, Previous, is_continued, row_counts, weeks_to_build
from features.post_table import built_posts, pair_sums, snapped, together, with_weeks
from features.stretches import Posted, Spool, contract
from features.typed import Types, typed

STATE_VERSION: Final = 6
SUMMED: Final = (
    "post_id", "channel_id", "entity_id", "platform", "published_at", "format", "engagement",
    "engagement_7d", "engagement_7d_is_measured", "engagement_rate", "view_rate", "lift", "age_h",
    "weekday", "hour",
)  # fmt: skip
"""What the tables that sum up posts read of post_features."""


@dataclass(frozen=True)
class Built:
    """What a build made: tables, the months of some that they replace, the state.

    A table named in `months` holds all rows of its "YYYY-MM" months and no others; every other
    table is whole. `state` is a JSON document for the next build. The tables of
    `stretches.SPOOLED` are whole in the spool if `is_spooled`, and none of `tables`.
    """

    tables: dict[str, pl.DataFrame]
    months: dict[str, list[str]]
    state: dict[str, Any]
    is_spooled: bool = False


def build(
    core: Core,
    at: datetime,
    timezone: str,
    previous: Previous | None = None,
    *,
    full: bool = False,
    spool: Spool | None = None,
) -> Built:
    """Every out table of the features at the reference time.

    Continues `previous` unless `full` or unless history was rewritten since (`plan.is_continued`).
    `timezone` is the market's: it decides weekdays, hours and weeks. With a `spool`, a build of
    everything in a large lake goes by stretches of weeks.
    """
    job = begun(core, at, timezone, previous, full=full)
    runs = [] if spool is None or job.weeks is not None else stretches.stretches(job)
    if spool is not None and len(runs) > 1:
        done = stretches.spooled(job, runs, spool)
        return Built(conformed(summed_up(done)), {}, state(done), is_spooled=True)
    done = at_once(job)
    tables = summed_up(done) | {
        "post_features": done.rows, "post_types": done.types.rows, "mentions": done.said.rows
    }  # fmt: skip
    months = within_months(done.said.job, "mentions", tables)
    for name in ("post_features",) if done.types.are_all else ("post_features", "post_types"):
        months |= within_months(job, name, tables)
    return Built(conformed(tables), months, state(done))


def conformed(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Each table with exactly the columns of its contract."""
    return {name: contract(name, frame) for name, frame in tables.items()}


def at_once(job: Job) -> Posted:
    """The post tables of the weeks to build."""
    found, snaps = snapped(job)
    sums = pair_sums(job, snaps)
    posts, rows = built_posts(job, found, snaps, sums)
    return Posted(job, rows, sums, typed(job, posts), voice.mentioned(job))


def summed_up(done: Posted) -> dict[str, pl.DataFrame]:
    """Every table but those of posts."""
    job, types = done.job, done.types
    whole = together(job, "post_features", done.rows).select(SUMMED)
    whole = periods.named(with_weeks(whole, job.timezone), *periods.CELL).collect().lazy()
    tables = summaries(job, whole, done.said) | rated(job, done.rows)
    tables["trends"] = trended(job, whole, types)
    fresh = types.every.filter(pl.col("published_at") > job.at - effects.LONGEST)
    tables["effects"] = effects.effects(whole, fresh, job.core["entities"], job.at)
    tables["content_types"] = content_types.content_types(
        types.model, types.every, edits.labels(types.edits), types.merges
    )
    return tables


def state(done: Posted) -> dict[str, Any]:
    """What the next build continues from."""
    job, types = done.job, done.types
    return {
        "version": STATE_VERSION,
        "at": job.at.isoformat(),
        "timezone": job.timezone,
        "rows": row_counts(job.core, job.at),
        "curve": done.sums.to_dict(as_series=False),
        "content_types": None if types.model is None else model_state.dump(types.model),
        "merges": types.merges,
        "names": done.said.names,
    }


def begun(core: Core, at: datetime, timezone: str, previous: Previous | None, *, full: bool) -> Job:
    """The job: the weeks that new data reach, or all of them."""
    if previous is None or full or not is_continued(core, at, timezone, previous):
        return Job(core, at, timezone, None, previous)
    weeks = weeks_to_build(core, previous.at, at, timezone)
    return Job(core, at, timezone, weeks, previous, since=previous.at)


def within_months(job: Job, name: str, tables: dict[str, pl.DataFrame]) -> dict[str, list[str]]:
    """Cut a table of posts to the months that change, and name them; nothing if all do."""
    if job.previous is None or job.weeks is None:
        return {}
    rows = tables[name]
    if not job.weeks:
        return {name: []}
    days = pl.DataFrame({"week": job.weeks}, schema={"week": pl.Int16})
    first, last = with_days(days)
    month = pl.col("published_at").dt.strftime("%Y-%m")
    months = sorted(
        set(pl.select(pl.date_range(first, last).dt.strftime("%Y-%m")).to_series().to_list())
    )
    low = pl.select(pl.lit(first).dt.month_start().cast(pl.Datetime("us", "UTC"))).item()
    kept = together(job, name, rows, low).filter(month.is_in(months))
    order = [name for name in ("channel_id", "published_at", "post_id") if name in rows.columns]
    tables[name] = kept.sort(order).collect()
    return {name: months}


def with_days(weeks: pl.DataFrame) -> tuple[Any, Any]:
    """First and last day of the weeks, with a day more on both sides for the time zone."""
    day = pl.duration(days=1)
    return weeks.select(
        first=monday(pl.col("week").min()) - day, last=monday(pl.col("week").max() + 1) + day
    ).row(0)


def trended(job: Job, posts: pl.LazyFrame, grouped: Types) -> pl.DataFrame:
    """The trends: those of weeks that nothing new reaches stand, the others are tested anew."""
    tested = trends.tested_weeks(posts, job.at, job.timezone)
    again, kept = tested, None
    if job.previous is not None and job.weeks is not None and grouped.are_same:
        start = job.weeks[0] if job.weeks else tested[-1] + 1 if tested else 0
        again = [week for week in tested if week >= start]
        standing = [week for week in tested if week < start]
        number = {"_week": week_of(pl.col("week"))}
        chosen = pl.col("_week").is_in(standing)
        carried = job.previous.tables["trends"].with_columns(**number)
        kept = carried.filter(chosen).drop("_week").collect()
    tags, types = job.core["posts"].select("post_id", "published_at", "hashtags"), grouped.every
    if again:
        first = again[0] - trends.BASELINE_WEEKS
        day_before = (monday(pl.lit(first, pl.Int16)) - pl.duration(days=1)).cast(
            pl.Datetime("us", "UTC")
        )
        posts = posts.filter(pl.col("week") >= first)
        tags, types = (rows.filter(pl.col("published_at") >= day_before) for rows in (tags, types))
    tagged = posts.join(tags.drop("published_at"), on="post_id", how="left")
    found = trends.trends(tagged, types, again)
    if kept is None or found.is_empty():
        return found if kept is None else kept
    return pl.concat([kept, contract("trends", found)]).sort("week", *trends.KEYS)


def rated(job: Job, rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Engagement rates under every definition, audits of accounts, and the tone of comments."""
    longest = max(PERIODS[name] for name in RATE_PERIODS)
    recent = together(job, "post_features", rows, job.at - timedelta(days=longest))
    core = job.core
    return {
        "rates": definitions.rates(recent, core["profiles"], core["insights"], job.at),
        "definitions": definitions.table(),
        "tones": reputation.tones_of(recent, job.at),
        "models": reputation.models(),
        "audits": audits.audits(
            recent, core["comments"], core["profiles"], core["entities"], job.at
        ),
    }


def summaries(job: Job, posts: pl.LazyFrame, said: voice.Said) -> dict[str, pl.DataFrame]:
    """The tables that sum up posts: cadence, formats, benchmark, gaps, registry."""
    core, at, timezone = job.core, job.at, job.timezone
    seen = followers.observations(core["profiles"], at)
    who = posts.select("post_id", "channel_id", "entity_id", "platform")
    asked = community.questions(core["comments"], who, at, timezone).drop("text").collect().lazy()
    replied = community.replies(asked, ["channel_id", "week"])
    weeks = cadence.channel_weeks(posts, seen, asked, replied, at, timezone)
    cells = periods.format_cells(posts, at).collect().lazy()
    days = benchmark.watched_days(posts, at)
    paces = measures.daily_dispersion(periods.day_counts(posts, at), days).collect().lazy()
    return {
        "channel_weeks": weeks.collect(),
        "format_stats": formats.format_stats(cells),
        "benchmark": compared(job, posts, (cells, paces, voice.cut(said)), asked, seen),
        "gaps": gaps.gaps(cells, paces, core["entities"].select("entity_id", "role").collect()),
        "kpis": kpis.table(),
        **members.tables(core["comments"], who, at, timezone),
    }


def compared(
    job: Job,
    posts: pl.LazyFrame,
    sums: tuple[pl.LazyFrame, pl.LazyFrame, pl.LazyFrame],
    asked: pl.LazyFrame,
    seen: pl.LazyFrame,
) -> pl.DataFrame:
    """The benchmark of all entities but topics; `sums`: format cells, paces, `voice.cut`."""
    cells, paces, said = sums
    roles = job.core["entities"].select("entity_id", "role").with_columns(peers=benchmark.peers())
    ranked = periods.named(roles.filter(pl.col("peers").is_not_null()), "entity_id").drop("role")
    channels = job.core["channels"].select("channel_id", "entity_id", "platform")
    listed = ranked.select("entity_id")
    found = benchmark.values(
        posts.join(listed, on="entity_id", how="semi"),
        (
            cells.join(ranked, on="entity_id"),
            paces.join(listed, on="entity_id", how="semi"),
            said.join(ranked, on="entity_id"),
        ),
        asked.join(listed, on="entity_id", how="semi"),
        seen,
        periods.named(channels).join(ranked, on="entity_id"),
        job.at,
    )
    return benchmark.benchmark(found)
