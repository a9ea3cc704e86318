"""What rose and fell: weekly use of formats, hashtags and content types.

A thing's posts of a week are compared with what its accounts would have published at their usual
pace of it (the eight weeks before, each account shrunk towards the platform), so that an account
falling silent or posting more moves nothing. Counts are overdispersed: the variance is `phi`
times a Poisson's, from the weeks of the baseline (quasi-Poisson, McCullagh & Nelder 1989). The
test is the conditional binomial of two counts (Przyborowski & Wilenski 1940) on counts divided
by phi, two-sided; Benjamini & Hochberg (1995) at 10 % over everything tested that week.
"""

from datetime import datetime
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from data.vocabulary import ALL
from features.frames import monday, week_number

BASELINE_WEEKS: Final = 8
MIN_BASELINE_WEEKS: Final = 4
HISTORY_WEEKS: Final = 12
MIN_POSTS: Final = 8
"""Posts this week and in the baseline together, below which nothing can be tested."""
MIN_ACCOUNTS: Final = 3
SHRINK_POSTS: Final = 10.0
"""Weight of the platform's usual share in an account's, in posts."""
PHI_DF: Final = 8.0
TRIM: Final = 1.77
"""Sum of seven such squares over that of the six smaller ones, for Gaussian weeks."""
LEVEL: Final = 0.10
MIN_RATIO: Final = 1.2
"""A smaller change is steady however sure."""
EXAMPLES: Final = 5
TINY: Final = 1e-9
KEYS: Final = ["kind", "key", "platform"]
SCOPE: Final = ["kind", "platform"]

Array = NDArray[np.float64]


def uses(posts: pl.LazyFrame, types: pl.LazyFrame) -> pl.LazyFrame:
    """One row per post and thing it uses.

    In: `posts` with post_id, channel_id, platform, week, format, hashtags, lift; `types` with
    post_id, type_id. Out: kind, key, platform, channel_id, week, post_id, lift.
    """
    who = ["platform", "channel_id", "week", "post_id", "lift"]
    tags = posts.select(*who, key=pl.col("hashtags").list.unique(maintain_order=True))
    typed = posts.join(types.select("post_id", key="type_id"), on="post_id")
    parts = {
        "format": posts.select(*who, key=pl.col("format").cast(pl.String)),
        "hashtag": tags.explode("key", empty_as_null=False, keep_nulls=False),
        "content_type": typed.select(*who, "key").filter(pl.col("key").is_not_null()),
    }
    return pl.concat(
        part.select(*who, "key", kind=pl.lit(kind, pl.String)) for kind, part in parts.items()
    )


def under_all(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows twice: under their platform, a category, and under `all`."""
    return pl.concat([rows, rows.with_columns(platform=pl.lit(ALL).cast(pl.Categorical))])


def activity(posts: pl.LazyFrame) -> pl.LazyFrame:
    """Gives platform (and `all`), channel_id, week, all_posts: the offset."""
    each = posts.group_by("platform", "channel_id", "week").agg(all_posts=pl.len())
    return under_all(each.with_columns(pl.col("platform", "channel_id").cast(pl.Categorical)))


def weekly(used: pl.LazyFrame) -> pl.LazyFrame:
    """Posts (`c`) per thing, account and week; in: `uses`.

    Names become categories, and `all` is added, once there is one row for many posts.
    """
    names = ["kind", "key", "platform", "channel_id"]
    counted = used.group_by(*names, "week").agg(c=pl.len().cast(pl.Float64))
    return under_all(counted.with_columns(pl.col(names).cast(pl.Categorical)))


def tested_weeks(posts: pl.LazyFrame, at: datetime, timezone: str) -> list[int]:
    """Up to twelve last weeks, the current one included, with four weeks of history before."""
    last = week_number(at, timezone)
    first = posts.select(pl.col("week").min()).collect().item()
    if first is None:
        return []
    start = max(last - HISTORY_WEEKS + 1, int(first) + MIN_BASELINE_WEEKS)
    return list(range(start, last + 1))


def expected(used: pl.DataFrame, offset: pl.DataFrame, week: int) -> pl.DataFrame:
    """Per thing: posts this week and in the baseline, and what this week's accounts would give.

    In: `used` of `weekly`; `offset` of `activity`.
    Out: KEYS, posts, accounts, base (posts of the baseline), should (expected posts this week).
    """
    window = pl.col("week").is_between(week - BASELINE_WEEKS, week - 1)
    totals = offset.group_by("platform", "channel_id").agg(
        now=pl.col("all_posts").filter(pl.col("week") == week).sum(),
        before=pl.col("all_posts").filter(window).sum(),
    )
    counts = (
        used.filter(window | (pl.col("week") == week))
        .group_by(*KEYS, "channel_id")
        .agg(
            posts=pl.col("c").filter(pl.col("week") == week).sum(),
            base=pl.col("c").filter(pl.col("week") < week).sum(),
        )
    )
    things = counts.group_by(KEYS).agg(
        pl.col("posts", "base").sum(), accounts=(pl.col("posts") > 0).sum()
    )
    platform = totals.group_by("platform").agg(pl.col("now", "before").sum())
    share = (pl.col("base") + 0.5) / (pl.col("before") + 1.0)
    usual = things.join(platform, on="platform").select(*KEYS, share=share)
    # Accounts that never used a thing still count: their part of it is the shrunk share alone.
    pull = pl.col("now") * SHRINK_POSTS / (pl.col("before") + SHRINK_POSTS)
    pulled = totals.group_by("platform").agg(pull=pull.sum())
    own = (
        counts.join(totals, on=["platform", "channel_id"])
        .group_by(KEYS)
        .agg(own=(pl.col("now") * pl.col("base") / (pl.col("before") + SHRINK_POSTS)).sum())
    )
    return (
        things.join(usual, on=KEYS)
        .join(own, on=KEYS)
        .join(pulled, on="platform")
        .with_columns(should=pl.col("own") + pl.col("pull") * pl.col("share"))
        .select(*KEYS, "posts", "accounts", "base", "should")
    )


def dispersion(used: pl.DataFrame, offset: pl.DataFrame, week: int) -> pl.DataFrame:
    """Per thing: phi ≥ 1, the scatter of the baseline's weeks pulled towards that of its kind.

    From differences between consecutive weeks (von Neumann 1941), the largest left out and the
    rest scaled for it: a rise that began weeks ago must not hide behind the dispersion that it
    makes itself. The pull is that of `PHI_DF` degrees of freedom of the kind's pooled phi on the
    platform.
    """
    weeks = pl.DataFrame({"week": range(week - BASELINE_WEEKS, week)}, schema={"week": pl.Int16})
    totals = (
        offset.join(weeks, on="week", how="semi")
        .group_by("platform", "week")
        .agg(pl.col("all_posts").sum())
    )
    counts = used.join(weeks, on="week", how="semi").group_by(*KEYS, "week").agg(pl.col("c").sum())
    total = pl.col("c").sum().over(KEYS)
    mean = total * pl.col("all_posts") / pl.col("all_posts").sum().over(KEYS)
    grid = (
        counts.select(KEYS)
        .unique()
        .join(totals, on="platform")
        .join(counts, on=[*KEYS, "week"], how="left")
        .with_columns(pl.col("c").fill_null(0.0))
        .with_columns(mean=mean)
        .sort(*[pl.col(name).to_physical() for name in KEYS], "week")
    )
    step = pl.col("c") - pl.col("c").shift(1) - pl.col("mean") + pl.col("mean").shift(1)
    term = step**2 / (pl.col("mean") + pl.col("mean").shift(1))
    own = grid.group_by(KEYS, maintain_order=True).agg(
        pearson=((term.sum() - term.max()) * TRIM).fill_null(0.0),
        df=(pl.len() - 1).cast(pl.Float64),
    )
    pooled = pl.col("pearson").sum().over(SCOPE) / pl.col("df").sum().over(SCOPE).clip(1.0)
    phi = (pl.col("pearson") + PHI_DF * pooled.clip(1.0)) / (pl.col("df") + PHI_DF)
    return own.select(*KEYS, phi=phi.clip(1.0))


def two_counts(posts: Array, base: Array, exposure: Array) -> tuple[Array, Array, Array]:
    """p-value and 95 % interval of the rate ratio of two counts, for real-valued counts.

    `exposure`: expected `posts` over expected `base` when nothing changed. The interval is
    Clopper & Pearson's; the p-value is the mid-p (Lancaster 1961), which doubles the smaller of
    the tails with half of the observed outcome's own probability in it.
    """
    null = exposure / (1 + exposure)
    at_least = np.where(posts > 0, special.betainc(np.maximum(posts, TINY), base + 1, null), 1.0)
    more = special.betainc(posts + 1, np.maximum(base, TINY), null)
    upper = (at_least + more) / 2
    p = np.minimum(1.0, 2 * np.minimum(upper, 1 - upper))
    low = np.where(posts > 0, special.betaincinv(np.maximum(posts, TINY), base + 1, 0.025), 0.0)
    high = special.betaincinv(posts + 1, np.maximum(base, TINY), 0.975)
    odds_low = low / np.maximum(1 - low, 1e-12) / exposure
    odds_high = high / np.maximum(1 - high, 1e-12) / exposure
    return p, odds_low, odds_high


def benjamini_hochberg(p: Array) -> Array:
    """q-values: the smallest false-discovery rate at which each test would be called."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q


def week_trends(used: pl.DataFrame, offset: pl.DataFrame, week: int) -> pl.DataFrame:
    """Ratio, interval, q-value and status of everything testable in one week."""
    rows = (
        expected(used, offset, week)
        .join(dispersion(used, offset, week), on=KEYS, how="left")
        .filter(pl.col("posts") + pl.col("base") >= MIN_POSTS, pl.col("should") > 0)
        .with_columns(pl.col("phi").fill_null(1.0))
        .sort(pl.col(KEYS).cast(pl.String))
    )
    posts, base, should, phi = (
        rows[name].to_numpy().astype(np.float64) for name in ("posts", "base", "should", "phi")
    )
    p, low, high = two_counts(posts / phi, base / phi, should / (base + 0.5))
    q = benjamini_hochberg(p)
    ratio = posts / should
    up = (q <= LEVEL) & (ratio >= MIN_RATIO) & (rows["accounts"].to_numpy() >= MIN_ACCOUNTS)
    down = (q <= LEVEL) & (ratio <= 1 / MIN_RATIO)
    status = np.where(up, "rising", np.where(down, "falling", "steady"))
    return rows.select(*KEYS, pl.col("posts", "accounts").cast(pl.Int64)).with_columns(
        pl.lit(week, dtype=pl.Int16).alias("week"),
        pl.Series("ratio", ratio, dtype=pl.Float64),
        pl.Series("low", np.minimum(low, ratio), dtype=pl.Float64),
        pl.Series("high", np.maximum(high, ratio), dtype=pl.Float64),
        pl.Series("q_value", q, dtype=pl.Float64),
        pl.Series("status", status, dtype=pl.String),
    )


def brought(used: pl.LazyFrame) -> pl.LazyFrame:
    """Per thing and week: geometric mean lift of its posts, and the best ones as examples."""
    named = used.with_columns(pl.col(KEYS).cast(pl.Categorical))
    best_first = named.sort("lift", "post_id", descending=[True, False], nulls_last=True)
    return (
        under_all(best_first)
        .group_by(*KEYS, "week", maintain_order=True)
        .agg(lift=pl.col("lift").log().mean().exp(), examples=pl.col("post_id").head(EXAMPLES))
    )


def trends(posts: pl.LazyFrame, types: pl.LazyFrame, weeks: list[int]) -> pl.DataFrame:
    """The table of the same name for the weeks given (of `tested_weeks`). In: as `uses`."""
    if not weeks:
        return pl.DataFrame()
    columns = ["post_id", "channel_id", "platform", "week", "format", "hashtags", "lift"]
    recent = posts.filter(pl.col("week") >= weeks[0] - BASELINE_WEEKS).select(columns)
    recent = recent.collect().lazy()  # read four times below
    used = uses(recent, types).collect().lazy()
    offset = activity(recent).collect()
    counts = weekly(used).collect()
    found = pl.concat([week_trends(counts, offset, week) for week in weeks])
    shown = brought(used.filter(pl.col("week") >= weeks[0])).collect()
    examples = pl.col("examples").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    return (
        found.join(shown, on=[*KEYS, "week"], how="left")
        .with_columns(pl.col(KEYS).cast(pl.String), examples, week=monday(pl.col("week")))
        .sort("week", *KEYS)
    )
