"""One row a publication: the features of posts put together."""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from data.tables import TABLES
from features import (
    accumulation,
    boost,
    engagement,
    followers,
    lift,
    originality,
    reputation,
    text,
)
from features.frames import Core, conform, own_posts, published_in, week_of
from features.lift import TAIL_WEEKS
from features.plan import Job

LIFT_INPUTS = (
    "channel_id", "platform", "format", "week", "engagement_7d", "engagement_7d_is_measured",
    "age_h", "likes", "comments", "shares",
)  # fmt: skip


def with_weeks(rows: pl.LazyFrame, timezone: str) -> pl.LazyFrame:
    """Adds `day` and `week`, in the market's time zone, to rows with `published_at`."""
    day = pl.col("published_at").dt.convert_time_zone(timezone).dt.date()
    return rows.with_columns(day=day, week=week_of(day))


def together(
    job: Job, name: str, rows: pl.DataFrame, since: datetime | None = None
) -> pl.LazyFrame:
    """A table of posts whole: rows built now, and those of other weeks from the build before.

    `since` leaves out older rows, which lets the reader skip whole months.
    """
    if job.previous is None or job.weeks is None:
        return rows.lazy()
    chosen = pl.LazyFrame({"week": job.weeks}, schema={"week": pl.Int16})
    before = job.previous.tables[name]
    if since is not None:
        before = before.filter(pl.col("published_at") >= since)
        rows = rows.filter(pl.col("published_at") >= since)
    old = with_weeks(before, job.timezone).join(chosen, on="week", how="anti")
    return pl.concat([old.select(rows.columns), rows.lazy()])


def before(weeks: Iterable[int] | None, reach: int) -> list[int]:
    """The weeks, not among those given, that lie up to `reach` before one of them."""
    chosen = set(weeks or ())
    return sorted({w - back for w in chosen for back in range(1, reach + 1)} - chosen)


def measured(posts: pl.DataFrame, snaps: pl.DataFrame, sums: pl.DataFrame) -> pl.LazyFrame:
    """Posts with their engagement now and at seven days; nulls where no snapshot exists."""
    counted = engagement.at_seven_days(snaps.lazy(), sums)
    return posts.lazy().join(counted, on="post_id", how="left")


def with_rates(posts: pl.LazyFrame, core: Core, at: datetime) -> pl.LazyFrame:
    """Adds followers of the day, engagement_rate and view_rate."""
    seen = followers.observations(core["profiles"], at)
    audience = pl.when(pl.col("followers") > 0).then(pl.col("followers"))
    return followers.at_times(posts, seen, "published_at").with_columns(
        engagement_rate=pl.col("engagement_7d") / audience,
        view_rate=pl.col("views") / audience,
    )


def with_lifts(
    posts: pl.LazyFrame, tail: pl.LazyFrame | None, weeks: list[int] | None
) -> pl.DataFrame:
    """Adds lift, its interval and is_boost_suspect; `tail` holds the comparables before."""
    # Grouping millions of rows by numbers (categories) costs a fraction of grouping by texts.
    names = pl.col("channel_id", "platform", "format")
    rows = posts.with_columns(names.cast(pl.Categorical)).collect()
    pool = [rows.lazy().select(LIFT_INPUTS)]
    if tail is not None:
        pool.append(tail.select(LIFT_INPUTS).with_columns(names.cast(pl.Categorical)))
    comparable = pl.concat(pool).collect().lazy()
    base = lift.baselines(comparable, weeks).collect().lazy()
    lifted = lift.lifts(rows.lazy(), base)
    found = boost.suspects(lifted, boost.usual_ratio(comparable, weeks))
    return found.with_columns(names.cast(pl.String)).collect()


def texts(
    core: Core, posts: pl.DataFrame, weeks: list[int] | None, at: datetime, timezone: str
) -> pl.LazyFrame:
    """What the words of each post do, and how original they are."""
    spoken = text.features(posts.lazy())
    columns = ["post_id", "channel_id", "published_at", "title", "text"]
    pool = [posts.lazy().select(columns)]
    if weeks is not None:
        earlier = published_in(
            own_posts(core, at, timezone), before(weeks, originality.LOOK_BACK_WEEKS)
        )
        pool.append(earlier.select(columns))
    alike = originality.originality(pl.concat(pool))
    return spoken.join(alike, on="post_id", how="left")


def post_features(
    core: Core,
    posts: pl.DataFrame,
    snaps: pl.DataFrame,
    sums: pl.DataFrame,
    tail: pl.LazyFrame | None,
    weeks: list[int] | None,
    span: tuple[datetime, str],
) -> pl.DataFrame:
    """The table of the same name for the posts given.

    In: `posts` of `frames.own_posts` with their language settled; `snaps` of
    `engagement.snapshots`; `sums` behind the accumulation curve; `tail` as in `with_lifts`; `span`
    the reference time and the zone.
    """
    at, timezone = span
    facts = posts.drop("title", "text", "language", "hashtags", "mentions", "links", "sponsored")
    rated = with_rates(measured(facts, snaps, sums), core, at)
    lifted = with_lifts(rated, tail, weeks)
    tone = reputation.sentiment(core["comments"].filter(pl.col("published_at") <= at))
    rows = (
        lifted.lazy()
        .join(texts(core, posts, weeks, at, timezone), on="post_id", how="left")
        .join(tone, on="post_id", how="left")
        .sort("channel_id", "published_at", "post_id")
        .collect()
    )
    return conform(rows, TABLES["post_features"].create_empty().schema)


def with_languages(job: Job, posts: pl.DataFrame) -> pl.DataFrame:
    """Posts with their language settled; what the build before detected is not detected again."""
    if job.since is None or job.previous is None:
        found = text.languages(posts)
    else:
        changed = (pl.col("first_seen_at") > job.since) | (
            pl.col("edited_at") > job.since
        ).fill_null(value=False)
        features = with_weeks(job.previous.tables["post_features"], job.timezone)
        known = published_in(features, job.weeks).select("post_id", known="language").collect()
        old = posts.filter(~changed).select("post_id").join(known, on="post_id")
        fresh = posts.join(old, on="post_id", how="anti")
        found = pl.concat([old.rename({"known": "language"}), text.languages(fresh)])
    return posts.drop("language").join(found, on="post_id", how="left").sort("post_id")


def snapped(job: Job) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Own posts of the weeks to build, deleted ones too, and their snapshots."""
    every = own_posts(job.core, job.at, job.timezone, with_deleted=True)
    found = published_in(every, job.weeks).collect()
    metrics = since_first(job.core["metrics"], "observed_at", found)
    return found, engagement.snapshots(metrics, found.lazy(), job.at).collect()


def pair_sums(job: Job, snaps: pl.DataFrame) -> pl.DataFrame:
    """The sums behind the accumulation curve, of these snapshots and of the build before."""
    sums = accumulation.pair_sums(snaps.lazy(), job.since).collect()
    if job.since is None or job.previous is None:
        return sums
    old = pl.DataFrame(job.previous.state["curve"], schema=accumulation.SUMS)
    return accumulation.add_sums(old, sums)


def built_posts(
    job: Job, found: pl.DataFrame, snaps: pl.DataFrame, sums: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The posts that are not deleted, with their texts, and their `post_features`.

    In: `snapped(job)`, `pair_sums`.
    """
    alive = pl.col("deleted_at").is_null() | (pl.col("deleted_at") > job.at)
    posts = with_languages(job, found.filter(alive))
    tail = None
    if job.previous is not None and job.weeks is not None:
        known = with_weeks(job.previous.tables["post_features"], job.timezone)
        tail = published_in(known, before(job.weeks, TAIL_WEEKS))
    span = (job.at, job.timezone)
    comments = since_first(job.core["comments"], "published_at", posts)
    core = {**job.core, "comments": comments}
    pairs = conform(sums, accumulation.SUMS)
    return posts, post_features(core, posts, snaps, pairs, tail, job.weeks, span)


def since_first(rows: pl.LazyFrame, time: str, posts: pl.DataFrame) -> pl.LazyFrame:
    """The rows no older than the first of the posts: lets the reader skip whole months."""
    first = posts["published_at"].min()
    return rows if first is None else rows.filter(pl.col(time) >= first)
