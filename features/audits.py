"""Whether an account's figures look like those of others and its own: what to ask it about.

A check says "watch" where a figure lies outside what is usual; that is a reason to look, never a
proof: one honest account in twenty lies outside a 95 % interval, and a post that travels brings
followers in a day. Everything is of the 90 days before the reference time. Checks of one account
(size_tier, regularity, growth_jump) take that with most posts, where an entity has several on a
platform.

- `size_tier`: rate = median engagement at seven days / followers at publication (median over the
  posts). low … high is the 95 % prediction interval, at this audience, of an ordinary least squares
  line of log median engagement on log followers over all other watched accounts of the platform.
- `regularity`: longest silence (days), that still open too, against the 95 % range of the longest
  of as many gaps with the mean of its others, were they exponential (Rényi 1953: the longest of n
  exponential gaps has mean m·(1 + 1/2 + … + 1/n)).
- `growth_jump`: largest growth of followers in a day (log), against median ± JUMP_Z robust standard
  deviations (1.4826 · MAD; Leys et al. 2013) of its other days.
- `sponsored_share`, `boost_share`: disclosed as paid, and `is_boost_suspect`, over all posts.
- `comment_quality`: other people's comments of three words or more that their author did not write
  before, over all with text. Words are runs of letters: it says little of Chinese or Japanese.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from data.vocabulary import AUDIT_CHECKS
from features import followers
from features.measures import wilson

WINDOW: Final = timedelta(days=90)
ROLES: Final = ("brand", "competitor", "influencer")
LEAST: Final = 5
LEAST_OTHERS: Final = 5
"""Other accounts from which a line through them is worth something."""
LEAST_STEPS: Final = 8
JUMP_Z: Final = 6.0
LEAST_JUMP: Final = 0.01
"""Less than one percent a day changes nobody's audience, however even the days before."""
PAID: Final = 1 / 3
"""Surely more than one post in three paid for: the account is a billboard to its readers."""
BOUGHT: Final = 0.01
"""A single false suspect among a hundred posts does not get there; two of forty do."""
EMPTY: Final = 1 / 3
"""Surely less than one comment in three says something."""
MOST_EVIDENCE: Final = 20
KEYS: Final = ["entity_id", "platform"]
COLUMNS: Final = (
    *KEYS, "post_id", "channel_id", "published_at", "followers", "engagement_7d", "is_sponsored",
    "is_boost_suspect",
)  # fmt: skip
"""What is read of post_features."""
SCHEMA: Final[dict[str, Any]] = {
    "entity_id": pl.String, "platform": pl.String, "check": pl.String, "value": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "n": pl.Int64, "status": pl.String,
    "evidence": pl.List(pl.String),
}  # fmt: skip
DAY_S: Final = 86_400.0

Array = NDArray[np.float64]
Row = dict[str, Any]


def main_accounts(posts: pl.DataFrame) -> pl.DataFrame:
    """KEYS, channel_id: of each entity and platform, the account with the most posts."""
    sizes = posts.group_by(*KEYS, "channel_id").agg(n=pl.len())
    ordered = sizes.sort("n", "channel_id", descending=[True, False])
    return ordered.group_by(KEYS, maintain_order=True).first().drop("n")


def row(who: Row, check: str, n: int, found: Row | None = None) -> Row:
    """A row of the table: what was found, or that there is not enough to find anything."""
    none: Row = {"value": None, "low": None, "high": None, "evidence": []}
    status = "not enough posts" if found is None else "watch" if found.pop("is_odd") else "ok"
    return {**{key: who[key] for key in KEYS}, "check": check, "n": n, **none, **(found or {}),
            "status": status}  # fmt: skip


def expected(size: Array, got: Array) -> tuple[Array, Array]:
    """Ends of each account's 95 % prediction interval from the line through all the others.

    Closed forms of leaving one out (Belsley, Kuh & Welsch 1980). In and out: logs. Not a number
    where fewer than LEAST_OTHERS others remain or they have one size.
    """
    count = len(size)
    nothing = np.full(count, np.nan)
    if count <= LEAST_OTHERS or np.ptp(size) == 0:
        return nothing, nothing
    design = np.column_stack([np.ones(count), size])
    hat = np.einsum("ij,jk,ik->i", design, np.linalg.inv(design.T @ design), design)
    alone = hat > 1 - 1e-9
    room = np.where(alone, np.nan, 1 - hat)
    rest = got - design @ np.linalg.lstsq(design, got)[0]
    freedom = count - 3
    variance = np.maximum((rest @ rest - rest**2 / room) / freedom, 0)
    middle = got - rest / room
    half = special.stdtrit(freedom, 0.975) * np.sqrt(variance / room)
    return middle - half, middle + half


def size_tiers(posts: pl.DataFrame, main: pl.DataFrame) -> Iterator[Row]:
    """`size_tier` of every main account; the line holds all accounts of the platform."""
    known = posts.filter(pl.col("followers") > 0, pl.col("engagement_7d").is_not_null())
    each = known.group_by(*KEYS, "channel_id").agg(
        n=pl.len(), got=pl.col("engagement_7d").median(), size=pl.col("followers").median()
    )
    enough = each.filter(pl.col("n") >= LEAST, pl.col("got") > 0).sort("channel_id")
    judged = set(main.rows())
    for _, accounts in enough.group_by("platform", maintain_order=True):
        size, got = (accounts[name].to_numpy().astype(np.float64) for name in ("size", "got"))
        ends = np.exp(expected(np.log(size), np.log(got))) / size
        for who, low, high in zip(accounts.iter_rows(named=True), *ends, strict=True):
            if (*(who[key] for key in KEYS), who["channel_id"]) not in judged:
                continue
            rate = who["got"] / who["size"]
            odd = bool(rate < low or rate > high)
            found = {"value": rate, "low": low, "high": high, "is_odd": odd}
            yield row(who, "size_tier", who["n"], None if np.isnan(low) else found)


def usual_longest(gaps: Array) -> tuple[float, float]:
    """The 95 % range of the longest gap, were the gaps exponential with the mean of the others.

    Without its longest, n gaps of mean m have the sum m · (n - (1 + 1/2 + … + 1/n)).
    """
    n = len(gaps)
    harmonic = float(np.sum(1 / np.arange(1, n + 1)))
    mean = float(np.sum(gaps) - np.max(gaps)) / (n - harmonic)
    low, high = (-mean * float(np.log1p(-(q ** (1 / n)))) for q in (0.025, 0.975))
    return low, high


def regularity(who: Row, moments: Array, at: datetime) -> Row:
    """`regularity` of one account; `moments` of its posts in seconds since 1970, rising."""
    n = len(moments)
    if n < LEAST:
        return row(who, "regularity", n)
    ends = np.append(moments, at.timestamp())
    gaps = np.diff(ends) / DAY_S
    place = int(np.argmax(gaps))
    low, high = usual_longest(gaps)
    longest = float(gaps[place])
    days = [date_of(end) for end in ends[place : place + 2]]
    found = {"value": longest, "low": low, "high": high, "is_odd": longest > high}
    return row(who, "regularity", n, {**found, "evidence": days})


def date_of(moment: float) -> str:
    """The day of a moment in seconds since 1970, as YYYY-MM-DD."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def steps(seen: pl.DataFrame) -> pl.DataFrame:
    """channel_id, day, followers, step: log growth a day, from the latest count of each day.

    In: channel_id, observed_at, followers by time. Out: by channel and day.
    """
    day = pl.col("observed_at").dt.date()
    days = seen.group_by("channel_id", day=day).agg(pl.col("followers").last())
    ordered = days.filter(pl.col("followers") > 0).sort("channel_id", "day")
    span = pl.col("day").diff().dt.total_days()
    change = pl.col("followers").log().diff() / span
    same = pl.col("channel_id") == pl.col("channel_id").shift()
    return ordered.with_columns(step=pl.when(same).then(change)).drop_nulls("step")


def growth_jump(who: Row, found: pl.DataFrame) -> Row:
    """`growth_jump` of one account. In: its `steps`."""
    if found.height < LEAST_STEPS:
        return row(who, "growth_jump", found.height)
    step = found["step"].to_numpy()
    place = int(np.argmax(step))
    others = np.delete(step, place)
    usual = float(np.median(others))
    # Counts are whole and arrivals chance: not even a perfectly even account is surer than this.
    size = float(np.median(found["followers"].to_numpy()))
    chance = max(abs(usual) * size, 1.0) ** 0.5 / size
    spread = max(1.4826 * float(np.median(np.abs(others - usual))), chance)
    low, high = usual - JUMP_Z * spread, max(usual + JUMP_Z * spread, LEAST_JUMP)
    days = [found["day"][int(i)].isoformat() for i in np.flatnonzero(step > high)]
    ends = {"value": float(step[place]), "low": low, "high": high, "is_odd": bool(days)}
    return row(who, "growth_jump", found.height, {**ends, "evidence": days[-MOST_EVIDENCE:]})


def shares(
    rows: pl.DataFrame, check: str, hit: pl.Expr, odd: pl.Expr, ids: pl.Expr
) -> Iterator[Row]:
    """A share of the rows of each entity and platform, with Wilson's interval.

    `odd` reads low and high of the interval; `ids` are the evidence of each row that is named.
    """
    low, high = wilson(pl.col("hits"), pl.col("n"))
    found = (
        rows.group_by(KEYS)
        .agg(n=pl.len(), hits=hit.sum().cast(pl.Float64), evidence=ids)
        .with_columns(value=pl.col("hits") / pl.col("n"), low=low, high=high)
        .with_columns(is_odd=odd)
    )
    figures = ("value", "low", "high", "is_odd", "evidence")
    for who in found.iter_rows(named=True):
        enough = who["n"] >= LEAST
        yield row(who, check, who["n"], {name: who[name] for name in figures} if enough else None)


def newest(hit: pl.Expr) -> pl.Expr:
    """The newest posts of which it is true, as evidence. In: rows by time."""
    return pl.col("post_id").filter(hit).tail(MOST_EVIDENCE)


def remarks(comments: pl.LazyFrame, posts: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """KEYS, post_id, says: other people's comments with text; whether each says something new."""
    written = comments.filter(
        ~pl.col("from_channel"),
        pl.col("published_at").is_between(at - WINDOW, at, closed="right"),
        pl.col("text").str.contains(r"\S"),
    ).select("post_id", "comment_id", "author_key", "published_at", "text")
    mine = written.join(posts.lazy().select(*KEYS, "post_id"), on="post_id")
    same = pl.col("text").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    first = pl.struct(*KEYS, "author_key", "same").is_first_distinct()
    long = pl.col("text").str.count_matches(r"\pL+") >= 3  # noqa: PLR2004 - as documented above
    ordered = mine.sort("published_at", "comment_id").with_columns(same=same)
    return ordered.select(*KEYS, "post_id", says=first & long).collect()


def of_accounts(
    posts: pl.DataFrame, main: pl.DataFrame, seen: pl.DataFrame, at: datetime
) -> Iterator[Row]:
    """The checks that read one account's history. In: `posts` and `seen` by time."""
    mine = posts.select("channel_id", "published_at").join(main, on="channel_id", how="semi")
    moments = pl.col("published_at").sort().dt.epoch("us") / 1e6
    times = dict(mine.group_by("channel_id").agg(moments).iter_rows())
    found = steps(seen)
    grown = found.partition_by("channel_id", as_dict=True)
    for who in main.iter_rows(named=True):
        yield regularity(who, np.array(times[who["channel_id"]]), at)
        yield growth_jump(who, grown.get((who["channel_id"],), found.clear()))


def audits(
    posts: pl.LazyFrame,
    comments: pl.LazyFrame,
    profiles: pl.LazyFrame,
    entities: pl.LazyFrame,
    at: datetime,
) -> pl.DataFrame:
    """The table of the same name. In: `posts` of post_features; the others as in the core tables.

    Only brands, competitors and influencers are audited; every account with a post in the window
    gets a row a check, "not enough posts" where it says nothing.
    """
    listed = entities.filter(pl.col("role").is_in(ROLES)).select("entity_id")
    recent = posts.filter(pl.col("published_at") > at - WINDOW).select(COLUMNS)
    mine = recent.join(listed, on="entity_id", how="semi").sort("published_at", "post_id").collect()
    main = main_accounts(mine)
    seen = followers.observations(profiles, at).filter(pl.col("observed_at") > at - WINDOW)
    paid, bought, says = pl.col("is_sponsored"), pl.col("is_boost_suspect"), pl.col("says")
    low, high = pl.col("low"), pl.col("high")
    talk = remarks(comments, mine, at)
    hollow = pl.col("post_id").filter(~says).unique(maintain_order=True).tail(MOST_EVIDENCE)
    rows = [
        *size_tiers(mine, main),
        *of_accounts(mine, main, seen.collect(), at),
        *shares(mine, "sponsored_share", paid, low > PAID, newest(paid)),
        *shares(mine, "boost_share", bought, low > BOUGHT, newest(bought)),
        *shares(talk, "comment_quality", says, high < EMPTY, hollow),
    ]
    return completed(rows, main)


def completed(rows: Iterable[Row], main: pl.DataFrame) -> pl.DataFrame:
    """The rows as a frame, with one for every check that found nothing to read."""
    frame = pl.DataFrame(list(rows), schema=SCHEMA)
    checks = pl.DataFrame({"check": AUDIT_CHECKS})
    none = main.select(KEYS).join(checks, how="cross").join(frame, on=[*KEYS, "check"], how="anti")
    empty = [row(who, who["check"], 0) for who in none.iter_rows(named=True)]
    return pl.concat([frame, pl.DataFrame(empty, schema=SCHEMA)]).sort(*KEYS, "check")
