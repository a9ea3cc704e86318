"""Engagement rate under every definition in use, so that a figure from elsewhere can be placed.

Each definition but one is a mean over posts of interactions / audience; `per_day` is a sum over
days. Means of counts with heavy tails move with a single post: the intervals (Student's, as the
definitions imply) say how much. The benchmark's own rate is a median at seven days instead.

Sources of the definitions: Rival IQ's help page on engagement rates (per follower at the time of
the post; per view for TikTok; per reach and impression for own data), Hootsuite's "How to
calculate engagement rate" (per follower of today, per day, per view, reach and impression),
Socialinsider's guide to engagement and Minter.io's help (likes and comments only on Instagram).
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from scipy import special

from data.vocabulary import PERIODS, RATE_PERIODS
from features import followers
from features.periods import GROUP, named, with_all

LEAST_POSTS: Final = 5
LEVEL: Final = 0.975
PER_DAY: Final = "per_day"
COLUMNS: Final = (
    "post_id", "channel_id", "entity_id", "platform", "published_at", "followers", "engagement",
    "engagement_7d", "likes", "comments", "saves", "views",
)  # fmt: skip
"""What is read of post_features."""


class Definition(NamedTuple):
    """One way to compute an engagement rate, and who does."""

    definition: str
    name_en: str
    name_fr: str
    formula: str
    formula_fr: str
    used_by: str


DEFINITIONS: Final = (
    Definition(
        "mean_7d",
        "Mean instead of median",
        "Moyenne au lieu de la médiane",
        "mean of (likes + comments + shares at seven days) / followers at publication",
        "moyenne de (mentions j’aime + commentaires + partages à sept jours) / abonnés à la "
        "publication",
        "Vigie",
    ),
    Definition(
        "followers_of_day",
        "Counts as they stand, followers at publication",
        "Comptes tels quels, abonnés à la publication",
        "mean of (likes + comments + shares as last seen) / followers at publication",
        "moyenne de (mentions j’aime + commentaires + partages, derniers vus) / abonnés à la "
        "publication",
        "Rival IQ",
    ),
    Definition(
        "followers_today",
        "Counts as they stand, followers of today",
        "Comptes tels quels, abonnés d’aujourd’hui",
        "mean of (likes + comments + shares as last seen) / followers as last seen",
        "moyenne de (mentions j’aime + commentaires + partages, derniers vus) / abonnés, derniers "
        "vus",
        "Hootsuite (ER post)",
    ),
    Definition(
        PER_DAY,
        "Per day instead of per post",
        "Par jour au lieu de par publication",
        "sum of (likes + comments + shares as last seen) / (days × followers as last seen)",
        "somme de (mentions j’aime + commentaires + partages, derniers vus) / (jours × abonnés, "
        "derniers vus)",
        "Hootsuite (Daily ER)",
    ),
    Definition(
        "without_shares",
        "Likes and comments only",
        "Mentions j’aime et commentaires seulement",
        "mean of (likes + comments as last seen) / followers at publication",
        "moyenne de (mentions j’aime + commentaires, derniers vus) / abonnés à la publication",
        "Minter.io, Socialinsider (Instagram)",
    ),
    Definition(
        "with_saves",
        "Saves counted too",
        "Enregistrements comptés aussi",
        "mean of (likes + comments + shares + saves as last seen) / followers at publication",
        "moyenne de (mentions j’aime + commentaires + partages + enregistrements, derniers vus) / "
        "abonnés à la publication",
        "Hootsuite",
    ),
    Definition(
        "per_view",
        "Per view",
        "Par vue",
        "mean of (likes + comments + shares) / views, both as last seen",
        "moyenne de (mentions j’aime + commentaires + partages) / vues, derniers vus",
        "Rival IQ (TikTok), Hootsuite (ER views)",
    ),
    Definition(
        "per_reach",
        "Per person reached",
        "Par personne touchée",
        "mean of (likes + comments + shares as last seen) / reach as imported",
        "moyenne de (mentions j’aime + commentaires + partages, derniers vus) / portée importée",
        "Hootsuite (ERR), Rival IQ (own data)",
    ),
    Definition(
        "per_impression",
        "Per impression",
        "Par impression",
        "mean of (likes + comments + shares as last seen) / impressions as imported",
        "moyenne de (mentions j’aime + commentaires + partages, derniers vus) / impressions "
        "importées",
        "Hootsuite (ER impressions), Rival IQ (own data)",
    ),
)


def table() -> pl.DataFrame:
    """The definitions as the table of the same name."""
    return pl.DataFrame(DEFINITIONS, schema=list(Definition._fields), orient="row")


def interactions(*names: str) -> pl.Expr:
    """Sum of the counts named; null where the platform shows none of them."""
    shown = pl.any_horizontal(pl.col(names).is_not_null())
    return pl.when(shown).then(pl.sum_horizontal(pl.col(name).cast(pl.Float64) for name in names))


def ratios() -> dict[str, pl.Expr]:
    """Of each definition but `per_day`, the rate of one post; null where its audience is unknown.

    Saves change nothing where a platform does not show them: no figure then.
    """
    above_zero = {
        name: pl.when(pl.col(name) > 0).then(pl.col(name))
        for name in ("followers", "followers_today", "views", "reach", "impressions")
    }
    counted = pl.col("engagement").cast(pl.Float64)
    saved = pl.when(pl.col("saves").is_not_null()).then(counted + pl.col("saves"))
    return {
        "mean_7d": pl.col("engagement_7d") / above_zero["followers"],
        "followers_of_day": counted / above_zero["followers"],
        "followers_today": counted / above_zero["followers_today"],
        "without_shares": interactions("likes", "comments") / above_zero["followers"],
        "with_saves": saved / above_zero["followers"],
        "per_view": counted / above_zero["views"],
        "per_reach": counted / above_zero["reach"],
        "per_impression": counted / above_zero["impressions"],
    }


def shown_to(insights: pl.LazyFrame) -> pl.LazyFrame:
    """post_id, reach, impressions: the largest that the brand's own exports give of a post.

    Not their sum: reach counts people, who come again the next day.
    """
    return (
        insights.filter(pl.col("post_id") != "")
        .group_by("post_id")
        .agg(pl.col("reach", "impressions").max())
    )


def with_audiences(
    posts: pl.LazyFrame, profiles: pl.LazyFrame, insights: pl.LazyFrame, at: datetime
) -> pl.LazyFrame:
    """Posts of the longest of RATE_PERIODS with followers_today, reach and impressions."""
    newest = followers.observations(profiles, at).group_by("channel_id")
    today = newest.agg(followers_today=pl.col("followers").last())
    longest = timedelta(days=max(PERIODS[name] for name in RATE_PERIODS))
    return (
        posts.filter(pl.col("published_at") > at - longest)
        .select(COLUMNS)
        .join(today, on="channel_id", how="left")
        .join(shown_to(insights), on="post_id", how="left")
    )


def means(rows: pl.LazyFrame) -> pl.LazyFrame:
    """GROUP, definition, value, sd, n of the means. In: GROUP and the columns of `ratios`."""
    found = [
        rows.select(*GROUP, rate=rate)
        .drop_nulls("rate")
        .group_by(GROUP)
        .agg(value=pl.col("rate").mean(), sd=pl.col("rate").std(), n=pl.len().cast(pl.Int64))
        .with_columns(definition=pl.lit(name))
        for name, rate in ratios().items()
    ]
    return pl.concat(found)


def daily(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The same of `per_day`; its sd makes the interval that of a compound Poisson sum."""
    keys = [*GROUP, "channel_id"]
    counted = pl.col("engagement").cast(pl.Float64)
    known = rows.filter(pl.col("engagement").is_not_null(), pl.col("followers_today") > 0)
    each = known.group_by(keys).agg(
        total=counted.sum(),
        squares=counted.pow(2).sum(),
        audience=pl.col("followers_today").first(),
        n=pl.len().cast(pl.Int64),
    )
    days = pl.col("period").cast(pl.String).replace_strict(PERIODS, return_dtype=pl.Float64)
    base = days * pl.col("audience").sum()
    return each.group_by(GROUP).agg(
        value=pl.col("total").sum() / base.first(),
        # n posts whose sum varies by sqrt(sum of squares): sd such that sd / sqrt(n) is that.
        sd=(pl.col("squares").sum() * pl.col("n").sum()).sqrt() / base.first(),
        n=pl.col("n").sum(),
        definition=pl.lit(PER_DAY).first(),
    )


def rates(
    posts: pl.LazyFrame, profiles: pl.LazyFrame, insights: pl.LazyFrame, at: datetime
) -> pl.DataFrame:
    """The table of the same name: each entity's engagement rate under every definition.

    In: `posts` of post_features; `profiles` and `insights` as in the core tables. Rows exist where
    any post has the audience that a definition asks for; under five posts value and interval are
    null. The interval is Student's for a mean, cut at zero.
    """
    recent = with_audiences(posts, profiles, insights, at).collect().lazy()
    both = with_all(named(recent, "entity_id", "platform", "channel_id"))
    cut = pl.concat(
        both.filter(pl.col("published_at") > at - timedelta(days=PERIODS[name])).with_columns(
            period=pl.lit(name).cast(pl.Categorical)
        )
        for name in RATE_PERIODS
    )
    columns = [*GROUP, "definition", "value", "sd", "n"]
    found = pl.concat([means(cut).select(columns), daily(cut).select(columns)]).collect()
    n = found["n"].to_numpy().astype(np.float64)
    times = special.stdtrit(np.maximum(n - 1, 1), LEVEL) / np.sqrt(n)
    half = pl.col("sd") * pl.Series(times)
    enough = pl.col("n") >= LEAST_POSTS
    return (
        found.with_columns(
            pl.col(GROUP).cast(pl.String),
            low=(pl.col("value") - half).clip(0.0),
            high=pl.col("value") + half,
        )
        .with_columns(pl.when(enough).then(pl.col(name)).alias(name) for name in FIGURES)
        .select(*GROUP, "definition", *FIGURES, "n")
        .sort(*GROUP, "definition")
    )


FIGURES: Final = ("value", "low", "high")
