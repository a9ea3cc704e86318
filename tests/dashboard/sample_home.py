"""What the home pages read beyond the other tables of the sample: gaps, effects, comments."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl

GAPS = {
    # competitor: volume, mix, rate; half the width of every interval
    "crete-co": (420.0, 60.0, 900.0, 300.0),
    "refuge-7": (-210.0, 40.0, 120.0, 260.0),
    "nordlys": (-300.0, -40.0, -560.0, 240.0),
}
EFFECTS = (
    # dimension, level, posts, accounts, lift, half-width on the log scale, share, brand's, status
    ("weekday", "1", 60, 9, 1.02, 0.20, 0.14, 0.14, "usual"),
    ("weekday", "7", 58, 9, 1.40, 0.15, 0.13, 0.10, "usual"),
    ("daypart", "09-12", 70, 9, 0.98, 0.18, 0.20, 0.20, "usual"),
    ("daypart", "18-24", 80, 9, 1.05, 0.12, 0.25, 0.20, "usual"),
    ("format", "carousel", 24, 6, 1.62, 0.20, 0.06, 0.02, "opening"),
    ("format", "link", 90, 9, 0.62, 0.20, 0.24, 0.30, "crowded"),
    ("format", "live", 3, 1, None, None, 0.01, 0.00, "not enough posts"),
    ("content_type", "ct-4", 30, 7, 1.45, 0.25, 0.08, None, "opening"),
    ("content_type", "ct-2", 75, 9, 1.00, 0.15, 0.20, 0.18, "usual"),
)


def gaps() -> pl.DataFrame:
    """Each competitor's gap, whose parts add up to it."""
    made = []
    for rival, (volume, mix, rate, half) in GAPS.items():
        parts = {"from_volume": volume, "from_mix": mix, "from_rate": rate}
        values = {"gap": volume + mix + rate, **parts}
        row: dict[str, Any] = {"competitor_id": rival, "platform": "all", "period": "28d"}
        for name, value in values.items():
            row |= {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
        made.append(row)
    return pl.DataFrame(made)


def effects() -> pl.DataFrame:
    """A Sunday that is better, hours that are not, two openings."""
    names = ("dimension", "level", "posts", "accounts", "lift", "half", "share", "brand_share",
             "status")  # fmt: skip
    rows = pl.DataFrame(EFFECTS, schema=names, orient="row")
    return rows.with_columns(
        platform=pl.lit("all"),
        period=pl.lit("28d"),
        lift_low=pl.col("lift") * (-pl.col("half")).exp(),
        lift_high=pl.col("lift") * pl.col("half").exp(),
    )


def comments(frame: pl.DataFrame, pages: Mapping[str, str], end: datetime) -> pl.DataFrame:
    """Under the brand's two latest posts: three questions or remarks wait, one was answered."""
    own = frame.filter(pl.col("entity_id") == "maison-alpine").sort("published_at")[-2:]
    late, early = own["post_id"][1], own["post_id"][0]
    page = pages[own["channel_id"][1]]
    plans = (
        ("c1", late, 5, "Do you ship to Belgium?", False, None),
        ("c2", late, 4, "Lovely.", False, None),
        ("c3", late, 3, "Which size?", False, None),
        ("c4", late, 2, "A medium.", True, "c3"),
        ("c5", early, 6, "Nice ridge.", False, None),
        ("c6", early, 900, "Long ago?", False, None),
    )
    return pl.DataFrame(
        {
            "comment_id": key, "post_id": post, "published_at": end - timedelta(hours=hours),
            "author_key": key, "from_channel": own_voice, "in_reply_to": reply, "text": text,
            "page_id": page,
        }
        for key, post, hours, text, own_voice, reply in plans
    )  # fmt: skip
