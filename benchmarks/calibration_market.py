"""A planted market for the calibration: who publishes what at which rate, and what it brings."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import optimize, stats

AT: Final = datetime(2026, 6, 26, 10, tzinfo=UTC)
ZONE: Final = "Europe/Paris"
DAYS: Final = 90
KNOWN_DAYS: Final = 120
ENTITIES: Final = 10
FORMATS: Final = ("link", "photo", "text", "video")
WORTH: Final = np.array([-0.3, 0.2, 0.0, 0.7])
SPREAD: Final = np.array([0.5, 0.5, 0.4, 0.8])
"""Posts scatter differently by format: nothing in the features may count on the contrary."""
COMMENTS_A_POST: Final = 1.5
DELAY_LOG_MIN: Final = (4.5, 1.2)
FOLLOWERS: Final = 5_000
STRANGERS: Final = 150
"""Accounts that name somebody."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Habits:
    """The truth of one entity: posts a day, shares of formats, level, answers, arrivals a day."""

    entity_id: str
    pace: float
    mix: Floats
    level: float
    answers: float
    arrivals: float
    departures: float

    def median(self) -> float:
        """Median engagement of a post: of a mixture of log-normals."""

        def below(log: float) -> float:
            cut = stats.norm.cdf((log - self.level - WORTH) / SPREAD)
            return float((self.mix * cut).sum()) - 0.5

        return float(np.exp(optimize.brentq(below, self.level - 5, self.level + 5)))

    def means(self) -> Floats:
        """Mean engagement of a post by format."""
        return np.asarray(np.exp(self.level + WORTH + SPREAD**2 / 2))

    def truth(self) -> dict[str, float]:
        """KPIs that concern no other entity."""
        answered = self.answers
        wait = stats.norm.ppf(0.5 / answered) if answered > 0.55 else None  # noqa: PLR2004 - half
        log, spread = DELAY_LOG_MIN
        entropy = -(self.mix * np.log(self.mix)).sum()
        found = {
            "posts_per_week": 7 * self.pace,
            "active_days_per_week": 7 * -np.expm1(-self.pace),
            "engagement_per_post": self.median(),
            "engagement_rate": self.median() / FOLLOWERS,
            "format_diversity": float(np.exp(entropy)),
            "reply_rate": answered,
            "follower_growth_pct": 100 * DAYS * (self.arrivals - self.departures) / FOLLOWERS,
        }
        return found if wait is None else {**found, "reply_median_min": np.exp(log + spread * wait)}


@dataclass(frozen=True)
class Market:
    """What the features read, and the habits behind it."""

    habits: list[Habits]
    posts: pl.DataFrame
    comments: pl.DataFrame
    profiles: pl.DataFrame


def spoken(market: Market) -> pl.LazyFrame:
    """Mentions as `voice.share_of_voice` takes them: a stranger's day is all about one entity.

    Entities are named as often as they publish.
    """
    rng = np.random.default_rng(market.posts.height)
    paces = np.array([one.pace for one in market.habits])
    who = rng.choice(ENTITIES, STRANGERS, p=paces / paces.sum())
    times = 1 + rng.poisson(1.0, STRANGERS)
    rows = {
        "entity_id": [f"e{i}" for i in np.repeat(who, times)],
        "channel_id": [f"s{i}" for i in np.repeat(np.arange(STRANGERS), times)],
    }
    constants = {"platform": "bluesky", "period": f"{DAYS}d", "day": 0, "peers": "market"}
    return pl.LazyFrame(rows).with_columns(pl.lit(v).alias(k) for k, v in constants.items())


def market(seed: int) -> Market:
    """Entities with one account each, a hundred days of posts, comments and followers."""
    rng = np.random.default_rng(seed)
    habits = [
        Habits(
            f"e{i}", rng.uniform(0.3, 1.5), rng.dirichlet([6, 8, 6, 4]), rng.normal(6, 1),
            rng.uniform(0.2, 0.95), rng.uniform(8, 20), rng.uniform(2, 6),
        )
        for i in range(ENTITIES)
    ]  # fmt: skip
    posts = pl.concat(published(one, rng) for one in habits)
    comments = pl.concat(talk(one, posts, rng) for one in habits)
    return Market(habits, posts, comments, pl.concat(crowd(one, rng) for one in habits))


def published(one: Habits, rng: np.random.Generator) -> pl.DataFrame:
    """Posts of one entity; `luck` is what a post brings beyond its usual, `usual` the log of it."""
    count = rng.poisson(one.pace * KNOWN_DAYS)
    form = rng.choice(len(FORMATS), count, p=one.mix)
    usual = one.level + WORTH[form]
    luck = SPREAD[form] * rng.standard_normal(count)
    age = np.sort(rng.uniform(0, KNOWN_DAYS * 86_400, count))
    got = rng.poisson(np.exp(usual + luck)).astype(float)
    return pl.DataFrame(
        {"format": [FORMATS[i] for i in form], "usual": usual, "luck": luck, "engagement_7d": got,
         "published_at": [AT - timedelta(seconds=float(s)) for s in age]}
    ).select(
        pl.all(),
        post_id=pl.format(f"{one.entity_id}/{{}}", pl.int_range(pl.len())),
        entity_id=pl.lit(one.entity_id), platform=pl.lit("bluesky"),
        channel_id=pl.lit(f"bluesky:{one.entity_id}"),
        engagement_rate=pl.col("engagement_7d") / FOLLOWERS,
        view_rate=pl.lit(None, pl.Float64), engagement_7d_is_measured=pl.lit(value=True),
        age_h=pl.lit(200.0), projection_var=pl.lit(0.0),
    )  # fmt: skip


def talk(one: Habits, posts: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Comments under the posts of the period, with the answers that came by now."""
    own = posts.filter(entity_id=one.entity_id).select("post_id", "published_at")
    own = own[np.sort(rng.choice(own.height, round(COMMENTS_A_POST * own.height)))]
    log, spread = DELAY_LOG_MIN
    delay = np.exp(log + spread * rng.standard_normal(own.height))
    asked = own.select(
        "post_id", "published_at", text=pl.lit("?"), from_channel=pl.lit(value=False),
        comment_id=pl.format(f"{one.entity_id}?{{}}", pl.int_range(pl.len())),
        in_reply_to=pl.lit(None, pl.String),
    )  # fmt: skip
    answers = asked.with_columns(
        pl.col("published_at") + pl.duration(seconds=pl.Series(60 * delay)),
        comment_id=pl.format("{}!", "comment_id"), in_reply_to="comment_id",
        from_channel=pl.lit(value=True),
    ).filter(
        pl.Series(rng.random(own.height) < one.answers), pl.col("published_at") <= AT
    )  # fmt: skip
    return pl.concat([asked, answers])


def crowd(one: Habits, rng: np.random.Generator) -> pl.DataFrame:
    """Followers once a day from the start of the period, FOLLOWERS then."""
    steps = rng.poisson(one.arrivals, DAYS) - rng.poisson(one.departures, DAYS)
    seen = FOLLOWERS + np.concatenate([[0], np.cumsum(steps)])
    times = [AT - timedelta(days=DAYS - day) for day in range(DAYS + 1)]
    return pl.DataFrame(
        {"channel_id": f"bluesky:{one.entity_id}", "observed_at": times, "followers": seen}
    )
