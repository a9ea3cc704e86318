"""Boosted posts found in planted markets: how many of those suspected are, how many of them found.

    .venv/bin/python benchmarks/boosts.py --seeds 20

Every account has its own ratio of likes to comments and shares, and posts that differ from it: some
spread like any (log-normal), one post in fifty breaks out (every count a multiple), one in fifty is
a contest (comments without likes), platforms hide their shares here and there, and small accounts
have counts of a few. A boost multiplies the likes of a post by 6 to 40 and nothing else; one in a
hundred posts is boosted. The last line is JSON: precision, recall, n (boosts planted).
"""

import argparse
import json
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import polars as pl

from features import boost, lift
from features.frames import week_number

AT: Final = datetime(2026, 6, 28, 20, tzinfo=UTC)
WEEKS: Final = 16
ACCOUNTS: Final = 20
BOOSTED: Final = 0.01
BREAKOUTS: Final = 0.02
CONTESTS: Final = 0.02
BOOSTS: Final = (6.0, 40.0)
SHARED: Final = (0.3, 4.0)
"""Shares for every comment that a post without a contest would get."""
SPREAD: Final = 0.35
"""Standard deviation of a post's log ratio of likes to the rest, within its account."""


def market(seed: int) -> pl.DataFrame:
    """What `boost` and `lift` read of every post, and `boosted`."""
    rng = np.random.default_rng(seed)
    last = week_number(AT, "Europe/Paris")
    return pl.concat(account(rng, number, last) for number in range(ACCOUNTS))


def account(rng: np.random.Generator, number: int, last: int) -> pl.DataFrame:
    """The posts of one account."""
    n = max(int(rng.poisson(WEEKS * rng.uniform(1, 6))), 1)
    reach = np.exp(rng.normal(5, 1.2) + rng.normal(0, 0.6, n))
    reach *= np.where(rng.random(n) < BREAKOUTS, rng.uniform(5, 12, n), 1.0)
    ratio = np.exp(rng.normal(2, 0.5) + rng.normal(0, SPREAD, n))
    talk = np.where(rng.random(n) < CONTESTS, rng.uniform(5, 20, n), 1.0)
    comments = rng.poisson(reach * talk / ratio)
    shares = rng.poisson(reach * rng.uniform(*SHARED) / ratio)
    boosted = rng.random(n) < BOOSTED
    likes = rng.poisson(reach) * np.where(boosted, rng.uniform(*BOOSTS, n), 1.0)
    # Of four accounts, one hides shares: every other such account always, the rest now and then.
    hiding = (0.0 if number % 4 else 1.0) * (0.5 if number % 8 else 1.0)
    unseen = rng.random(n) < hiding
    return pl.DataFrame(
        {
            "channel_id": f"c{number}",
            "platform": "bluesky",
            "format": rng.choice(["photo", "video"], n),
            "week": last - rng.integers(0, WEEKS, n),
            "likes": likes.astype(np.int64),
            "comments": comments,
            "shares": pl.Series(shares).set(pl.Series(unseen), None),
            "boosted": boosted,
            "engagement_7d_is_measured": True,
            "age_h": 400.0,
        },
        schema_overrides={"week": pl.Int16},
    ).with_columns(
        engagement_7d=pl.sum_horizontal("likes", "comments", "shares").cast(pl.Float64),
        projection_var=pl.lit(0.0),
    )


def judged(posts: pl.DataFrame) -> pl.DataFrame:
    """The posts with `is_boost_suspect`, as the build finds it."""
    rows = posts.lazy()
    lifted = lift.lifts(rows, lift.baselines(rows, None))
    return boost.suspects(lifted, boost.usual_ratio(rows, None)).collect()


def measure(seeds: int) -> dict[str, Any]:
    """The line of JSON."""
    found = pl.concat(judged(market(seed)) for seed in range(seeds))
    hits = found.filter("boosted", "is_boost_suspect").height
    suspects, planted = (int(found[name].sum()) for name in ("is_boost_suspect", "boosted"))
    return {
        "precision": round(hits / suspects, 3) if suspects else None,
        "recall": round(hits / planted, 3) if planted else None,
        "n": planted,
        "posts": found.height,
        "seeds": seeds,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Boosted posts found in planted markets.")
    parser.add_argument("--seeds", type=int, default=20)
    print(json.dumps(measure(parser.parse_args().seeds)))
