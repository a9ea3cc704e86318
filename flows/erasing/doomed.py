"""What an erasure takes out: the keys of rows, table by table, and the pages concerned."""

from datetime import UTC, datetime
from typing import Final

import polars as pl
from msgspec import Struct, field

from crawlers.forgetting import Shown
from data.store import Store
from data.tables import INTERNAL, TABLES

ORDER: Final = (
    "restatements", "alert_mutes", "alerts", "post_tags", "notes", "metrics", "comments",
    "insights", "profiles", "coverage", "validators", "posts", "pages", "entities", "channels",
)  # fmt: skip
"""Rows that others hang on go last: a second try finds what the first one would have taken."""

OBSERVED: Final = r" (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\S*$"
"""The time of an observation, at the end of its key in `restatements`."""


class Doomed(Struct):
    """Keys of the rows that go, by table in ORDER.

    `pages` is what is left of pages that stay, `replies` what the answers to comments that go
    answer then.
    """

    rows: dict[str, pl.DataFrame] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)
    replies: dict[str, str | None] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Rows by table; pages that only lose bytes count as `redacted`."""
        found = {table: keys.height for table, keys in self.rows.items()}
        return {table: n for table, n in {**found, "redacted": len(self.pages)}.items() if n}


def gathered(rows: dict[str, pl.LazyFrame], pages: dict[str, bytes]) -> Doomed:
    """The keys of rows, collected; each once."""
    contracts = {**TABLES, **INTERNAL}
    found: dict[str, pl.DataFrame] = {}
    for table in ORDER:
        if table in rows:
            key = contracts[table].primary_key()
            found[table] = rows[table].select(key).unique(maintain_order=True).collect()
    gone = set(found["pages"]["page_id"]) if "pages" in found else set()
    return Doomed(found, {page_id: left for page_id, left in pages.items() if page_id not in gone})


def by_author(store: Store, authors: list[str], shown: Shown, left: dict[str, bytes]) -> Doomed:
    """What people said: their comments, and posts of theirs that topics and reposts showed."""
    mine = pl.col("author_key").is_in(authors)
    posts = store.scan("posts").filter(pl.col("post_id").is_in(sorted(shown.posts)))
    under = posts.select("post_id")
    comments = store.scan("comments")
    said = pl.concat([comments.filter(mine), comments.join(under, on="post_id", how="semi")])
    rows = {
        "posts": posts,
        "metrics": store.scan("metrics").join(under, on="post_id", how="semi"),
        "comments": said,
        "restatements": _restated(store, under, said.select("comment_id")),
        **_by_hand(store, under, _raised(store, under, {})),
    }
    doomed = gathered(rows, left)
    doomed.replies = shown.replies
    return doomed


def by_channel(store: Store, channel_id: str, left: dict[str, bytes]) -> Doomed:
    """Everything of a channel; its entity too, where it has no other; `left` as in Doomed."""
    mine = pl.col("channel_id") == channel_id
    pages = store.scan("pages").filter(mine).select("page_id", "channel_id")
    every = store.scan("posts").select("post_id", "channel_id")
    posts = every.filter(mine)
    others = every.filter(~mine)

    def its(table: str) -> pl.LazyFrame:
        rows = store.scan(table)
        strays = rows.join(pages, on="page_id", how="semi").join(others, on="post_id", how="anti")
        return pl.concat([rows.join(posts, on="post_id", how="semi"), strays])

    channels = store.scan("channels")
    alone = channels.filter(mine).join(channels.filter(~mine), on="entity_id", how="anti")
    insights = store.scan("insights")
    page_ids = dict.fromkeys(pages.collect()["page_id"], b"")
    rows = {
        **{table: store.scan(table).filter(mine) for table in ("profiles", "coverage")},
        "validators": store.scan("validators").filter(mine),
        "metrics": its("metrics"),
        "comments": its("comments"),
        "insights": pl.concat([
            insights.join(posts, on="post_id", how="semi"),
            insights.join(alone, on="entity_id", how="semi"),
        ]),
        "posts": posts,
        "pages": _pages_of(store, pages, alone),
        "restatements": _restated(store, posts, its("comments"), channel_id),
        **_by_hand(store, posts, _raised(store, posts, page_ids)),
        "notes": store.scan("notes").join(alone, on="entity_id", how="semi"),
        "entities": store.scan("entities").join(alone, on="entity_id", how="semi"),
        "channels": channels.filter(mine),
    }  # fmt: skip
    return gathered(rows, left)


def _pages_of(store: Store, pages: pl.LazyFrame, alone: pl.LazyFrame) -> pl.LazyFrame:
    """A channel's pages, and the imported figures of an entity that goes with it."""
    figures = alone.select(channel_id=pl.format("insights:{}", "entity_id"))
    theirs = store.scan("pages").join(figures, on="channel_id", how="semi")
    return pl.concat([pages.select("page_id"), theirs.select("page_id")])


def by_date(store: Store, before: datetime) -> Doomed:
    """Everything older; posts by their publication, or where that is hidden by their last sight."""
    pages = store.scan("pages").filter(pl.col("fetched_at") < before).select("page_id")
    at = pl.coalesce("published_at", "last_seen_at")
    posts = store.scan("posts").filter(at < before).select("post_id")

    def older(table: str, time: str) -> pl.LazyFrame:
        return store.scan(table).filter(pl.col(time) < before)

    def under(table: str, time: str) -> pl.LazyFrame:
        hanging = store.scan(table).join(posts, on="post_id", how="semi")
        return pl.concat([older(table, time), hanging])

    timeless = store.scan("comments").filter(pl.col("published_at").is_null())
    comments = pl.concat(
        [under("comments", "published_at"), timeless.join(pages, on="page_id", how="semi")]
    )
    rows = {
        "pages": pages,
        "posts": posts,
        "metrics": under("metrics", "observed_at"),
        "comments": comments,
        "profiles": older("profiles", "observed_at"),
        "coverage": older("coverage", "started_at"),
        **_by_hand(
            store,
            posts,
            pl.concat([older("alerts", "raised_at").select("alert_id"), _raised(store, posts, {})]),
        ),
        "notes": store.scan("notes").filter(pl.col("day") < before.date()),
        "insights": store.scan("insights").filter(pl.col("day") < before.date()),
        "validators": store.scan("validators").join(pages, on="page_id", how="semi"),
        "restatements": pl.concat([_replayed(store, before), _restated(store, posts, comments)]),
    }
    return gathered(rows, {})


def _by_hand(store: Store, posts: pl.LazyFrame, alerts: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    """Alerts that go, with what people added to them and to these posts."""
    mutes, tags = store.scan("alert_mutes"), store.scan("post_tags")
    return {
        "alerts": alerts,
        "alert_mutes": mutes.join(alerts, on="alert_id", how="semi"),
        "post_tags": tags.join(posts.select("post_id"), on="post_id", how="semi"),
    }


def _replayed(store: Store, before: datetime) -> pl.LazyFrame:
    """What replays before the date noted, and later ones of observations before it."""
    run_id, observed = pl.col("run_id"), pl.col("key").str.extract(OBSERVED)
    older = run_id < f"replay-{before:%Y%m%dT%H%M%S}"
    noted = run_id.str.starts_with("replay-") & older
    of_then = observed < f"{before.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    snapshots = pl.col("table").is_in(["metrics", "profiles"])
    return store.scan("restatements").filter(noted | (snapshots & of_then))


def _restated(
    store: Store, posts: pl.LazyFrame, comments: pl.LazyFrame, channel_id: str | None = None
) -> pl.LazyFrame:
    """What replays noted about these posts and comments (and about a channel's profile)."""
    noted = store.scan("restatements").with_columns(row=pl.col("key").str.split(" ").list.first())
    ids = pl.concat(
        [posts.select(row="post_id").unique(), comments.select(row="comment_id").unique()]
    )
    found = [noted.join(ids, on="row", how="semi")]
    if channel_id is not None:
        found.append(noted.filter(pl.col("key").str.starts_with(f"{channel_id} ")))
    return pl.concat(found).drop("row")


def _raised(store: Store, posts: pl.LazyFrame, pages: dict[str, bytes]) -> pl.LazyFrame:
    """Alerts whose evidence is among these posts or pages."""
    alerts = store.scan("alerts").select("alert_id", pl.col("evidence").struct.unnest())
    by_post = alerts.explode("post_ids").join(
        posts.select(post_ids="post_id"), on="post_ids", how="semi"
    )
    by_page = alerts.explode("page_ids").filter(pl.col("page_ids").is_in(list(pages)))
    return pl.concat([by_post.select("alert_id"), by_page.select("alert_id")])
