"""A small lake with plausible, seeded rows in every table that the dashboard reads.

Run it to look at the pages: `python -m tests.dashboard.sample FOLDER`.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from data.records import Capture
from data.store import Store
from data.tables import TABLES
from flows.probing import platform_facts
from tests.dashboard import sample_home, sample_out

END = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
ZONE = "Europe/Paris"
WEEKS = 26
WATCHED = (
    ("maison-alpine", "Maison Alpine", "brand", ("bluesky", "youtube", "feed"), 1.0, 5.2),
    ("crete-co", "Crête & Co", "competitor", ("mastodon", "wordpress"), 1.35, 6.8),
    ("nordlys", "Nordlys", "competitor", ("bluesky", "youtube"), 0.8, 3.1),
    ("granit", "Granit", "competitor", ("bluesky", "website"), 0.95, 4.4),
    ("refuge-7", "Refuge 7", "competitor", ("mastodon", "feed"), 1.1, 2.6),
    ("sherpa-and-sons", "Sherpa & Sons", "competitor", ("youtube",), 0.6, 1.4),
    ("lea-grimpe", "Léa Grimpe", "influencer", ("youtube", "bluesky"), 2.1, 3.8),
    ("tom-outside", "Tom Outside", "influencer", ("bluesky",), 1.6, 5.0),
    ("bivouac", "bivouac", "topic", ("mastodon",), 0.9, 7.5),
)
FORMATS = {
    "bluesky": ("text", "photo", "carousel", "link"),
    "mastodon": ("text", "photo", "poll", "link"),
    "youtube": ("video", "short", "live"),
    "feed": ("article", "audio"),
    "wordpress": ("article",),
    "website": ("article",),
}
EFFECT = {"carousel": 1.7, "short": 1.5, "poll": 1.3, "link": 0.6, "text": 0.8, "article": 0.9}
TYPES = {
    "ct-1": ("Bivouac et refuges", "bivouac tente nuit refuge étoiles"),
    "ct-2": ("Trail running", "trail course dénivelé finish ultra"),
    "ct-3": ("Repairs and second life", "repair zip patch second hand care"),
    "ct-4": ("Contests", "concours gagner tirage lot participe"),
    "ct-5": ("Climbing tips", "climb grip belay boulder route"),
    "ct-6": ("Product launches", "nouveau veste collection duvet prix"),
}


FORBIDDEN = (
    "robots.txt forbids https://granit.example/; "
    "lawful alternative: the official API or the user's own export, see https://schema.org/Article"
)


def channel_of(entity: str, platform: str) -> str:
    return f"{platform}:{entity}"


def _rows() -> Iterator[dict[str, Any]]:
    rng = np.random.default_rng(7)
    for entity, name, role, platforms, strength, cadence in WATCHED:
        for platform in platforms:
            count = rng.poisson(cadence / len(platforms) * WEEKS)
            for number, age in enumerate(np.sort(rng.uniform(0.2, WEEKS * 7, count))):
                form = str(rng.choice(FORMATS[platform]))
                kind = str(rng.choice([*TYPES, ""], p=[0.2, 0.2, 0.15, 0.1, 0.15, 0.15, 0.05]))
                lift = EFFECT.get(form, 1.0) * float(np.exp(rng.normal(0, 0.5)))
                base = 12_000 * strength * 0.02
                words = TYPES[kind][1].split() if kind else ["bonjour", "hello"]
                yield {
                    "post_id": f"{platform}:{entity}/{number}",
                    "channel_id": channel_of(entity, platform),
                    "entity_id": entity,
                    "role": role,
                    "platform": platform,
                    "format": form,
                    "type_id": kind or None,
                    "published_at": (END - timedelta(days=float(age))).replace(microsecond=0),
                    "engagement": int(base * lift),
                    "lift": lift,
                    "spread": float(rng.uniform(0.15, 0.4)),
                    "followers": 12_000 * strength,
                    "hashtag": words[0],
                    "title": f"{name} : {words[1]}" if form in {"article", "video"} else None,
                    "text": f"{' '.join(rng.permutation(words))} {number}, {name}. #{words[0]}",
                }


def posts() -> pl.DataFrame:
    """Every simulated post with what is known about it."""
    return pl.DataFrame(list(_rows()), infer_schema_length=None)


def channels() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "channel_id": channel_of(entity, platform),
            "entity_id": entity,
            "platform": platform,
            "account": entity,
            "url": f"https://{platform}.example/@{entity}",
        }
        for entity, _, _, platforms, _, _ in WATCHED
        for platform in platforms
    )


def _page(channel: str, rows: list[dict[str, Any]], at: datetime) -> Capture:
    url = f"https://{channel.split(':', maxsplit=1)[0]}.example/api/feed?actor={channel}"
    feed = [{"id": row["post_id"], "text": row["text"], "likes": row["engagement"]} for row in rows]
    return Capture(
        channel_id=channel,
        run_id="run-2",
        url=url,
        fetch=json.dumps({"url": url}),
        fetched_at=at,
        status=200,
        content_type="application/json",
        body=json.dumps({"feed": feed}, ensure_ascii=False).encode(),
    )


def archive(store: Store, frame: pl.DataFrame) -> dict[str, str]:
    """One page a channel; channel_id → page_id."""
    groups = {str(key[0]): group.to_dicts() for key, group in frame.group_by("channel_id")}
    names = sorted(groups)
    captures = [_page(name, groups[name], END - timedelta(hours=1)) for name in names]
    return dict(zip(names, store.archive(captures), strict=True))


def _write_core(store: Store, frame: pl.DataFrame, pages: dict[str, str]) -> None:
    page = pl.col("channel_id").replace_strict(pages, default="unknown").alias("page_id")
    store.replace(
        "entities",
        pl.DataFrame({"entity_id": row[0], "name": row[1], "role": row[2]} for row in WATCHED),
    )
    store.replace("channels", channels())
    empty = pl.lit([], dtype=pl.List(pl.String))
    store.replace(
        "posts",
        conform(
            "posts",
            frame.with_columns(
                page,
                url=pl.format("https://social.example/{}", "post_id"),
                published_within_s=pl.lit(0.0),
                hashtags=pl.concat_list("hashtag"),
                mentions=empty,
                links=empty,
                is_repost=False,
                is_reply=False,
                first_seen_at=pl.lit(END - timedelta(days=1)),
                last_seen_at=pl.lit(END),
            ),
        ),
    )
    shots = [
        frame.with_columns(
            page,
            observed_at=pl.col("published_at") + pl.duration(hours=hours),
            likes=(pl.col("engagement") * share * 0.8).cast(pl.Int64),
            comments=(pl.col("engagement") * share * 0.1).cast(pl.Int64),
            shares=(pl.col("engagement") * share * 0.1).cast(pl.Int64),
        ).filter(pl.col("observed_at") <= END)
        for hours, share in ((1, 0.2), (6, 0.5), (24, 0.8), (72, 0.95), (168, 1.0))
    ]
    store.replace("metrics", conform("metrics", pl.concat(shots)))
    store.replace("coverage", _coverage())


def _coverage() -> pl.DataFrame:
    bad = {
        "feed:refuge-7": "gone: the account or page no longer exists (404)",
        "website:granit": FORBIDDEN,
    }
    return pl.DataFrame(
        {
            "run_id": run,
            "channel_id": channel,
            "started_at": END - timedelta(days=2 - number),
            "pages": 0 if channel in bad else 3,
            "posts": 0 if channel in bad else 40,
            "new_posts": 0 if channel in bad else 4 * number,
            "dropped": 1 if channel == "wordpress:crete-co" else 0,
            "errors": int(channel in bad),
            "reason": bad.get(channel),
            "complete": channel not in bad,
        }
        for number, run in enumerate(("run-1", "run-2"), start=1)
        for channel in channels()["channel_id"]
    )


def conform(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The contract's columns of the frame, the missing ones null."""
    schema = TABLES[table].create_empty().schema
    have = set(frame.columns)
    return frame.select(
        (pl.col(name) if name in have else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )


def fill(store: Store) -> None:
    """Write every table."""
    frame = posts()
    pages = archive(store, frame)
    _write_core(store, frame, pages)
    platform_facts.write(store)
    store.set_state("market", {"market": "Outdoor", "timezone": ZONE, "language": "fr"})
    store.replace("comments", conform("comments", sample_home.comments(frame, pages, END)))
    store.replace("gaps", conform("gaps", sample_home.gaps()))
    store.replace("effects", conform("effects", sample_home.effects()))
    for table, rows in sample_out.tables(frame, pages, END, TYPES).items():
        store.replace(table, conform(table, rows))


if __name__ == "__main__":
    fill(Store(sys.argv[1]))
