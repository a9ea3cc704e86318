"""Small lakes and watchlists that the tests of the commands work on."""

from datetime import timedelta

import polars as pl

from data.records import Capture
from data.tables import TABLES
from tests.data.rows import T0, frame, metric, post

WATCHLIST = """\
market: Outdoor
timezone: Europe/Paris
language: fr
brand:
  name: Maison Alpine
  channels:
    - https://bsky.app/profile/maisonalpine.example
competitors:
  - name: Crête & Co
    channels:
      - https://crete.example/blog/feed
      - {platform: wordpress, url: https://blog.crete.example}
"""
BODY = b"<rss><channel><title>Cr\xc3\xaate</title></channel></rss>"


def rows(table, *records):
    """A frame of a table; columns that a record leaves out are null."""
    schema = TABLES[table].create_empty().schema
    return pl.DataFrame([{**dict.fromkeys(schema), **r} for r in records], schema=schema)


def capture(number=1, body=BODY, status=200):
    return Capture(
        channel_id="feed:crete",
        run_id="r1",
        url=f"https://crete.example/blog/feed?page={number}",
        fetch='{"url": "https://crete.example/blog/feed"}',
        fetched_at=T0 + timedelta(minutes=number),
        status=status,
        content_type="application/rss+xml",
        body=body,
    )


def fill(store):
    """A lake with two posts, three observations, two pages and a figure; its page_ids."""
    first, second = store.archive([capture(1), capture(2)])
    store.merge(
        "entities",
        rows("entities", {"entity_id": "crete-co", "name": "Crête & Co", "role": "competitor"}),
    )
    store.merge(
        "channels",
        rows("channels", {
            "channel_id": "feed:crete", "entity_id": "crete-co", "platform": "feed",
            "account": "crete", "url": "https://crete.example/blog/feed",
        }),
    )  # fmt: skip
    store.merge("posts", frame("posts", post(1, page_id=first), post(2, page_id=second)))
    store.merge(
        "metrics",
        frame(
            "metrics",
            metric(1, page_id=first),
            metric(1, T0 + timedelta(days=1), likes=9, page_id=second),
            metric(2, page_id=second),
        ),
    )
    covered(store, "r1", T0 + timedelta(days=2))
    store.replace("benchmark", rows("benchmark", figure()))
    store.replace("post_features", rows("post_features", feature(1), feature(2)))
    return first, second


def covered(store, run_id, at, *, channel="feed:crete", **changes):
    """A line of coverage; complete and with two posts unless said otherwise."""
    line = {
        "run_id": run_id, "channel_id": channel, "started_at": at, "pages": 1, "posts": 2,
        "new_posts": 2, "dropped": 0, "errors": 0, "reason": None, "complete": True,
    }  # fmt: skip
    store.insert("coverage", rows("coverage", line | changes))


def figure(**changes):
    return {
        "entity_id": "crete-co", "platform": "all", "period": "28d", "kpi": "engagement_rate",
        "value": 0.021, "low": 0.01, "high": 0.03, "n": 12, "verdict": "level",
    } | changes  # fmt: skip


def feature(number, **changes):
    return {
        "post_id": f"feed:{number}", "entity_id": "crete-co", "channel_id": "feed:crete",
        "platform": "feed", "format": "text", "published_at": T0, "weekday": 1, "hour": 9,
        "has_question": False, "has_cta": False, "is_contest": False, "is_sponsored": False,
        "is_boost_suspect": False, "lift": 1.2,
    } | changes  # fmt: skip


def held(lake, table):
    """All rows of a table, sorted."""
    return lake.scan(table).collect().sort(pl.all())


def everything(lake):
    """All tables that an import may touch."""
    tables = ("entities", "channels", "posts", "metrics", "insights", "coverage", "pages", "state")
    return {table: held(lake, table).drop("updated_at", strict=False) for table in tables}


def same(before, after):
    """Whether two lakes hold the same."""
    return all(before[table].equals(after[table], null_equal=True) for table in before)
