"""What format, weekday, hour and content type bring, estimated together.

Videos published on Sunday evenings tell nothing of videos, Sundays or evenings one by one. So all
four are fitted at once (`within`): log(engagement_7d + 0.5) = level of the account in the month
+ format + weekday + hour band + content type. Levels are the account's own, so big accounts don't
decide; they may change by month, so that growth is not taken for an effect of what is new.
Clusters are entities: their accounts may share luck.

`lift` is the effect over that of the average post (effects weighed by posts have mean 0 on the
log scale within a dimension). It is a mean over accounts weighed by what each can tell, and says
what goes with more engagement, not what causes it. Counts near zero flatten it: a lift among
accounts that get one or two reactions a post is understated.

Sums by month and cluster only are held; post counts in the market beside those with known
engagement (`shares`). Topics hold strangers' posts and are left out.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from data.vocabulary import ALL, EFFECT_DIMENSIONS, EFFECT_PERIODS, PERIODS
from features import within
from features.lift import SETTLED_H, log_level

DIMENSIONS: Final = EFFECT_DIMENSIONS
OFFERED: Final = ("format", "content_type")
"""Dimensions in which something can be an opening: things to publish, not times."""
HOURS: Final = (6, 9, 12, 14, 18)
DAYPARTS: Final = ("00-06", "06-09", "09-12", "12-14", "14-18", "18-24")
MONTH_D: Final = 30
LONGEST: Final = timedelta(days=PERIODS[EFFECT_PERIODS[-1]])
CLUSTERS: Final = 32
"""Entities share clusters beyond so many: t has then hardly anything left to gain."""
MIN_POSTS: Final = 5
MIN_ACCOUNTS: Final = 2
MIN_LIFT: Final = 1.1
"""A smaller gain opens nothing, however sure."""
DAY_S: Final = 86_400.0
KEYS: Final = ("platform", "dimension", "level", "period")
SCHEMA: Final[dict[str, Any]] = (
    dict.fromkeys(KEYS, pl.String)
    | dict.fromkeys(("posts", "accounts"), pl.Int64)
    | dict.fromkeys(("lift", "lift_low", "lift_high", "share", "brand_share"), pl.Float64)
    | {"status": pl.String}
)

BY_NAME: Final = pl.col("entity_id").cast(pl.String).rank("dense")
"""Numbers of entities that depend on no order of rows, as those of categories would."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def published(
    posts: pl.LazyFrame, types: pl.LazyFrame, roles: pl.LazyFrame, at: datetime
) -> pl.DataFrame:
    """The market's posts of the longest period, in order of account and month.

    In: `posts` of post_features; `types` with post_id and type_id; `roles` with entity_id, role.
    Out: platform, account, entity and month (numbers), is_brand, age_d, value (log engagement;
    null where not known) format, weekday, hour and content_type (null for an outlier).
    """
    settled = pl.col("engagement_7d_is_measured") | (pl.col("age_h") >= SETTLED_H)
    age_d = (pl.lit(at) - pl.col("published_at")).dt.total_seconds() / DAY_S
    names = ["platform", "entity_id", "channel_id"]
    recent = posts.filter(pl.col("published_at") > at - LONGEST).select(
        "post_id",
        "weekday",
        "hour",
        pl.col(*names, "format").cast(pl.Categorical),
        value=pl.when(settled).then(log_level()),
        age_d=age_d,
        month=(age_d / MONTH_D).floor().cast(pl.Int8),
    )
    market = roles.filter(pl.col("role") != "topic").select(
        pl.col("entity_id").cast(pl.Categorical), is_brand=pl.col("role") == "brand"
    )
    accounts = (
        recent.select(names)
        .unique()
        .join(market, on="entity_id")
        .sort(pl.col(names).cast(pl.String))
        .with_row_index("account")
        .select("channel_id", "account", "is_brand", entity=BY_NAME)
    )
    typed = types.select("post_id", content_type=pl.col("type_id").cast(pl.Categorical))
    return (
        recent.join(accounts, on="channel_id")
        .join(typed, on="post_id", how="left")
        .drop("post_id", "channel_id", "entity_id")
        .sort("account", "month")
        .collect()
    )


def coded(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    """Each dimension as numbers of columns, and the (dimension, level) that each column is.

    Posts of no content type are in the last column, whose level is empty.
    """
    formats, types = (
        rows[name].drop_nulls().unique().cast(pl.String).sort().to_list()
        for name in ("format", "content_type")
    )
    levels = {
        "format": formats,
        "weekday": [str(day) for day in range(1, 8)],
        "daypart": DAYPARTS,
        "content_type": [*types, ""],
    }
    numbers = {
        "format": pl.col("format").cast(pl.Enum(formats)).to_physical(),
        "weekday": pl.col("weekday") - 1,
        "daypart": pl.sum_horizontal(pl.col("hour") >= hour for hour in HOURS),
        "content_type": pl.col("content_type").cast(pl.Enum(types)).to_physical(),
    }
    start, columns = 0, []
    for name, known in levels.items():
        number = numbers[name].cast(pl.Int16).fill_null(len(known) - 1)
        columns.append((number + start).alias(name))
        start += len(known)
    named = [(name, level) for name, known in levels.items() for level in known]
    return rows.with_columns(columns).drop("hour"), named


def fitted(rows: pl.DataFrame, width: int) -> within.Fit | None:
    """The regression over posts with known engagement (`published`, `coded`); None without any."""
    rows = rows.filter(pl.col("value").is_not_null())
    if rows.is_empty():
        return None
    cluster = np.unique(rows["entity"].to_numpy(), return_inverse=True)[1] % CLUSTERS
    order = np.argsort(cluster.astype(np.uint8), kind="stable")
    steps = rows.select(pl.struct("account", "month").rle_id()).to_series().to_numpy()[order]
    group = np.cumsum(np.diff(steps.astype(np.int64), prepend=-1) != 0) - 1
    columns = rows.select(DIMENSIONS).to_numpy().astype(np.int64)[order]
    return within.fit(
        within.Sample(rows["value"].to_numpy()[order], columns, group, cluster[order], width)
    )


def counted(rows: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """Per column of a dimension: posts, known (with engagement), accounts, brand posts."""
    is_known = pl.col("value").is_not_null()
    return rows.group_by(column=dimension).agg(
        posts=pl.len().cast(pl.Int64),
        known=is_known.sum(),
        accounts=pl.col("account").n_unique().cast(pl.Int64),
        users=pl.col("account").filter(is_known).n_unique(),
        by_brand=pl.col("is_brand").sum(),
    )


def comparable(free: Floats, columns: Ints, posts: Floats) -> NDArray[np.bool_]:
    """Which columns of a dimension can be told from one another: the group with most posts.

    Two columns can't where no account uses both, nor others that lead from one to the other.
    """
    rows = np.round(free[columns], 6) + 0.0
    kinds = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    return np.asarray(kinds == np.bincount(kinds, weights=posts).argmax())


def estimated(found: within.Fit | None, counts: pl.DataFrame) -> pl.DataFrame:
    """Adds lift, its interval and `told` (enough posts) to one dimension's `counted`."""
    told = (counts["known"] >= MIN_POSTS) & (counts["users"] >= MIN_ACCOUNTS)
    figures = np.full((3, counts.height), np.nan)
    place = np.flatnonzero(told.to_numpy())
    if found is not None and place.size:
        columns = counts["column"].to_numpy().astype(np.int64)[place]
        posts = counts["known"].to_numpy().astype(np.float64)[place]
        same = comparable(found.free, columns, posts)
        place, columns, posts = place[same], columns[same], posts[same]
        wanted = np.zeros((found.effects.size, place.size))
        wanted[columns] = np.eye(place.size) - (posts / posts.sum())[:, None]
        if place.size > 1:
            figures[:, place] = np.exp(within.contrasts(found, wanted))
    names = ("lift", "lift_low", "lift_high")
    return counts.with_columns(
        told.alias("told"),
        *(pl.Series(name, row).fill_nan(None) for name, row in zip(names, figures, strict=True)),
    )


def status() -> pl.Expr:
    """What a level is to the market and its brand.

    Pays: the whole interval lies above 1 and the lift is `MIN_LIFT` at least. Rare: its share of
    the posts is below an even one (1 / levels in use). An `opening` pays, is rare in the market,
    and rare with the brand or no brand is watched: what works there is not yet common. `missed`
    pays too, but the market knows it and the brand publishes less than half as much of it.
    `crowded` costs (the whole interval below 1) and is not rare. Times are never openings.
    """
    even = 1 / pl.len().over("dimension")
    offered = pl.col("dimension").is_in(OFFERED)
    pays = offered & (pl.col("lift_low") > 1) & (pl.col("lift") >= MIN_LIFT)
    ours = pl.col("brand_share")
    opens = (pl.col("share") < even) & (ours.is_null() | (ours < even))
    return (
        pl.when(~pl.col("told"))
        .then(pl.lit("not enough posts"))
        .when(pl.col("lift").is_null())
        .then(pl.lit("not comparable"))
        .when(pays & opens)
        .then(pl.lit("opening"))
        .when(pays & (ours < pl.col("share") / 2))
        .then(pl.lit("missed"))
        .when(offered & (pl.col("lift_high") < 1) & (pl.col("share") >= even))
        .then(pl.lit("crowded"))
        .otherwise(pl.lit("usual"))
    )


def market_effects(rows: pl.DataFrame, columns: list[tuple[str, str]]) -> pl.DataFrame:
    """All levels of one platform and period, with what they bring. In: `coded`."""
    found = fitted(rows, len(columns))
    parts = [estimated(found, counted(rows, name)) for name in DIMENSIONS]
    names = pl.DataFrame(
        {"column": range(len(columns)), "dimension": [c[0] for c in columns],
         "level": [c[1] for c in columns]}, schema_overrides={"column": pl.Int16},
    )  # fmt: skip
    ours = pl.col("by_brand") / pl.col("by_brand").sum().over("dimension")
    return (
        pl.concat(parts)
        .join(names, on="column")
        .with_columns(
            share=pl.col("posts") / pl.col("posts").sum().over("dimension"),
            brand_share=ours.fill_nan(None),
        )
        .filter(pl.col("level") != "")
        .with_columns(status=status())
    )


def effects(
    posts: pl.LazyFrame, types: pl.LazyFrame, roles: pl.LazyFrame, at: datetime
) -> pl.DataFrame:
    """The table of the same name. In: as `published`."""
    rows, columns = coded(published(posts, types, roles, at))
    parts = [pl.DataFrame(schema=SCHEMA)]
    # Many small matrices: several threads would only wait for one another.
    with threadpool_limits(1):
        for platform in [ALL, *rows["platform"].unique().cast(pl.String).sort()]:
            own = rows if platform == ALL else rows.filter(pl.col("platform") == platform)
            for period in EFFECT_PERIODS:
                held = own.filter(pl.col("age_d") < PERIODS[period])
                if not held.is_empty():
                    named = {"platform": pl.lit(platform), "period": pl.lit(period)}
                    found = market_effects(held, columns).with_columns(**named)
                    parts.append(found.select(*SCHEMA))
    return pl.concat(parts).sort(KEYS)
