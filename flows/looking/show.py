"""From a number to the posts behind it, and from a post to the pages that showed it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl
from msgspec import Struct

from data.delta import StoreError
from data.records import Capture
from data.store import Store
from data.vocabulary import ALL, PERIODS
from flows.crawl import latest_run
from flows.words.problems import Unusable

POST_HAS: Final = "post_id", "url", "published_at", "format", "lift"


class PostShown(Struct, frozen=True):
    """A post, its derived figures, its counts over time and the pages they came from."""

    post: dict[str, Any]
    features: dict[str, Any]
    counts: pl.DataFrame
    pages: pl.DataFrame


class KpiShown(Struct, frozen=True):
    """A figure of the benchmark, its formula and the posts that it speaks of."""

    figure: dict[str, Any]
    formula: dict[str, Any]
    posts: pl.DataFrame


def post(store: Store, post_id: str) -> PostShown:
    """One post with everything that led to its figures.

    Raises:
        Unusable: no such post.
    """
    ours = pl.col("post_id") == post_id
    found = store.scan("posts").filter(ours).collect()
    if found.is_empty():
        raise Unusable("post {id}: not in this lake; `vigie export posts` lists them", id=post_id)
    counts = store.scan("metrics").filter(ours).sort("observed_at").collect()
    page_ids = {*counts["page_id"], *found["page_id"]}
    return PostShown(
        post=found.row(0, named=True),
        features=_first(store.scan("post_features").filter(ours)),
        counts=counts.drop("post_id"),
        pages=pages(store, page_ids),
    )


def kpi(store: Store, name: str) -> KpiShown:
    """One figure, named `entity/platform/period/kpi`, and the posts that it speaks of.

    Raises:
        Unusable: not such a name, or no such figure.
    """
    entity, *rest = name.rsplit("/", 3)
    if len(rest) < len(("platform", "period", "kpi")):
        raise Unusable(
            "kpi {id}: write it as entity/platform/period/kpi, "
            "such as maison-alpine/all/28d/engagement_rate", id=name,
        )  # fmt: skip
    platform, period, kind = rest
    row = _first(
        store.scan("benchmark").filter(
            pl.col("entity_id") == entity,
            pl.col("platform") == platform,
            pl.col("period") == period,
            pl.col("kpi") == kind,
        )
    )
    if not row:
        raise Unusable(
            "kpi {id}: no such figure in this lake; `vigie export benchmark` lists them", id=name
        )
    formula = _first(store.scan("kpis").filter(pl.col("kpi") == kind))
    return KpiShown(row, formula, _behind(store, entity, platform, period, kind))


def _behind(store: Store, entity: str, platform: str, period: str, kind: str) -> pl.DataFrame:
    """The posts of a period that a figure speaks of, newest first: its own, or those naming it."""
    ends = latest_run(store) or datetime.max.replace(tzinfo=UTC)
    begins = ends - timedelta(days=PERIODS[period])
    table = "mentions" if kind == "share_of_voice" else "post_features"
    rows = store.scan(table).filter(
        pl.col("entity_id") == entity,
        pl.col("published_at") > begins,
        pl.col("published_at") <= ends,
    )
    if platform != ALL:
        rows = rows.filter(pl.col("platform") == platform)
    posts = store.scan("posts").select("post_id", "url", "format")
    lifts = store.scan("post_features").select("post_id", "lift")
    shown = rows.select("post_id", "published_at").join(posts, on="post_id", how="left")
    named = shown.join(lifts, on="post_id", how="left").select(*POST_HAS)
    return named.sort("published_at", "post_id", descending=True).collect()


def pages(store: Store, page_ids: set[str]) -> pl.DataFrame:
    """When and from where these captures were taken, oldest first."""
    held = store.scan("pages").filter(pl.col("page_id").is_in(list(page_ids)))
    return held.select("page_id", "fetched_at", "status", "url").sort("fetched_at").collect()


def page(store: Store, page_id: str) -> Capture:
    """One archived page.

    Raises:
        Unusable: not in the archive, or its content was erased.
    """
    try:
        return store.read_page(page_id)
    except StoreError as error:
        raise Unusable("{problem}", problem=error) from None


def _first(rows: pl.LazyFrame) -> dict[str, Any]:
    found = rows.head(1).collect()
    return {} if found.is_empty() else found.row(0, named=True)
