"""Posts, and the way from a post down to the pages that show it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl

from dashboard.queries.activity import Scope
from dashboard.queries.by_hand import post_types, tagged
from dashboard.queries.lake import address, cached, guarded, scan, store
from data.records import Capture

SHOWN: Final = (
    "post_id", "entity_id", "channel_id", "platform", "format", "published_at", "engagement",
    "engagement_7d", "engagement_7d_is_measured", "engagement_rate", "lift", "lift_low",
    "lift_high", "age_h", "followers",
)  # fmt: skip
SORTS: Final = ("published_at", "lift", "engagement_7d", "engagement_rate")


@dataclass(frozen=True)
class Wanted:
    """Which publications of a scope; an empty text leaves out none.

    `search` is looked for literally in text, title and hashtags, whatever the case. `run` leaves
    those that a run saw first, whenever they were published.
    """

    search: str = ""
    form: str = ""
    type_id: str = ""
    tag: str = ""
    run: str = ""


EVERYTHING: Final = Wanted()


def texts_of(rows: pl.DataFrame) -> pl.LazyFrame:
    """What these posts say; files of other times than theirs are not opened."""
    when = rows["published_at"]
    within = pl.col("published_at").is_between(when.min(), when.max())
    return (
        scan("posts")
        .filter(pl.col("post_id").is_in(rows["post_id"].to_list()), within)
        .select("post_id", "url", "title", "text", "hashtags")
    )


@cached
def cards(post_ids: tuple[str, ...]) -> pl.DataFrame:
    """What a card shows of these posts, in the order asked for; unknown ids are left out."""
    order = pl.DataFrame({"post_id": list(post_ids)}, schema={"post_id": pl.String})
    known = scan("post_features").filter(pl.col("post_id").is_in(post_ids)).select(SHOWN)
    found = order.lazy().join(known, on="post_id", maintain_order="left").collect()
    return found.join(texts_of(found).collect(), on="post_id", how="left", maintain_order="left")


@cached
def find(
    scope: Scope, wanted: Wanted = EVERYTHING, sort: str = "published_at", limit: int = 200
) -> tuple[pl.DataFrame, int]:
    """Own publications in the scope, best first, with their texts; and how many there are."""
    chosen = choose(scope, wanted)
    total = int(chosen.select(pl.len()).collect().item())
    best = (
        chosen.select(SHOWN)
        .sort(sort, "post_id", descending=[True, False], nulls_last=True)
        .head(limit)
        .collect()
    )
    texts = texts_of(best).collect()
    return best.join(texts, on="post_id", how="left", maintain_order="left"), total


def choose(scope: Scope, wanted: Wanted) -> pl.LazyFrame:
    """The rows of `post_features` that are wanted; texts are read only where one is searched."""
    chosen = scan("post_features").filter(scope.where(), scope.on_platform())
    if wanted.run:
        chosen = chosen.join(_first_seen_by(wanted.run), on="post_id", how="semi")
    else:
        chosen = chosen.filter(scope.within())
    if wanted.form:
        chosen = chosen.filter(pl.col("format") == wanted.form)
    if wanted.type_id:
        these = post_types().filter(pl.col("type_id") == wanted.type_id).select("post_id")
        chosen = chosen.join(these, on="post_id", how="semi")
    if wanted.tag:
        chosen = chosen.join(tagged(wanted.tag), on="post_id", how="semi")
    if wanted.search:
        when = scope.within() if not wanted.run else pl.lit(value=True)
        chosen = chosen.join(_matching(when, wanted.search), on="post_id", how="semi")
    return chosen


@cached
def run_times(run_id: str) -> tuple[datetime, datetime | None] | None:
    """When a run began, and when the one after it did, if any; None for an unknown run."""
    starts = scan("coverage").group_by("run_id").agg(at=pl.col("started_at").min()).collect()
    began = dict(starts.iter_rows()).get(run_id)
    if began is None:
        return None
    later = starts.filter(pl.col("at") > began)["at"]
    return began, None if later.is_empty() else later.sort()[0]


def _first_seen_by(run_id: str) -> pl.LazyFrame:
    """post_id of the posts that were first seen from this run's start to the next one's."""
    times = run_times(run_id)
    began, until = times or (datetime.max.replace(tzinfo=UTC), None)
    seen = pl.col("first_seen_at")
    within = seen >= began if until is None else (seen >= began) & (seen < until)
    return scan("posts").filter(within).select("post_id")


def _matching(within: pl.Expr, search: str) -> pl.LazyFrame:
    needle = search.lower().removeprefix("#")
    said = pl.concat_str(
        "title", "text", pl.col("hashtags").list.join(" "), separator=" ", ignore_nulls=True
    )
    return (
        scan("posts")
        .filter(within, said.str.to_lowercase().str.contains(needle, literal=True))
        .select("post_id")
    )


@cached
def post(post_id: str) -> pl.DataFrame:
    """One row of `posts` with what is known of it in `post_features`; no row if unknown."""
    row = scan("posts").filter(pl.col("post_id") == post_id)
    extra = scan("post_features").filter(pl.col("post_id") == post_id)
    own = [name for name in extra.collect_schema().names() if name not in ("post_id", "channel_id")]
    names = set(row.collect_schema().names())
    extra = extra.select("post_id", *(name for name in own if name not in names))
    owner = scan("channels").select(
        "channel_id", pl.col("entity_id").alias("owner"), pl.col("platform").alias("place")
    )
    return (
        row.join(extra, on="post_id", how="left").join(owner, on="channel_id", how="left").collect()
    )


@cached
def snapshots(post_id: str) -> pl.DataFrame:
    """The public counts of a post over time: observed_at, likes … saves, page_id, in order."""
    return (
        scan("metrics").filter(pl.col("post_id") == post_id).drop("post_id").collect()
    ).sort("observed_at")  # fmt: skip


@cached
def captures(page_ids: tuple[str, ...]) -> pl.DataFrame:
    """Archived pages, latest first: page_id, url, fetched_at, status, content_type, bytes."""
    return (
        scan("pages")
        .filter(pl.col("page_id").is_in(page_ids))
        .select("page_id", "url", "fetched_at", "status", "content_type", "bytes")
        .collect()
        .sort("fetched_at", descending=True)
    )


def page(page_id: str) -> Capture | None:
    """One archived page with its body; None if the archive has no such page."""
    if captures((page_id,)).is_empty():
        return None
    return guarded(lambda: store(address()).read_page(page_id))
