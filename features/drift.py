"""Parser drift: a field that a source used to fill is filled less often since the newest crawl.

Compared are the posts that the newest crawl brought (and those of the last seven days, for sources
of few posts) with those of the three weeks before. Each channel and format is compared with itself,
and posts that are looked at again with such, so that another mix of them moves nothing:

    expected share of empty ones  mu = sum over strata of n_now * empty / n_before, over n_now
    history that it rests on      N  = n_now² / sum of n_now² / n_before
    p = P(X >= empty now), X ~ beta-binomial(n_now; mu * K, (1 - mu) * K), 1/K = 1/(N + 1) + rho

This is the posterior predictive check (Box 1980) of a rate under Jeffreys' prior, widened by `rho`,
the likeness of what one day brings (intraclass correlation by moments, Kleinman 1973). Benjamini &
Hochberg (1995) over every field of every channel and platform. Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from scipy import special

from features.filled import AUTHORED, KEYS, STRATUM
from features.trends import benjamini_hochberg

HISTORY_DAYS: Final = 21
HORIZONS: Final = (1, 7)
"""Days whose posts are judged together: the newest crawl's, a week's."""
MIN_NEW: Final = 3
MIN_DAYS: Final = 3
"""Days of history below which nothing is known to be usual."""
MIN_USUAL: Final = 0.2
MOST_LEFT: Final = 0.75
"""A field that is filled at more than this part of its usual rate is no fall, however sure."""
LEVEL: Final = 0.001
"""Were nothing ever broken: at most one run in a thousand raises anything."""
MIN_AUTHORS: Final = 2
"""Channels in which what authors write must fall: one may have changed its manner."""
LEAST_RHO: Final = 0.01
"""Likeness of a day's posts in what their authors decide, where history shows less."""
MOST_RHO: Final = 0.9
SOURCE: Final = ["platform", "channel_id", "field"]
FALLS: Final = {
    "platform": pl.String(), "channel_id": pl.String(), "field": pl.String(),
    "days": pl.Int64(), "now": pl.Float64(), "n": pl.Int64(), "usual": pl.Float64(),
    "n_usual": pl.Int64(), "q_value": pl.Float64(), "since": pl.Int64(),
}  # fmt: skip
Row = Mapping[str, Any]


def falls(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Fields that are filled less often than before, surely; in: `filled.counted`.

    Out: FALLS, one row a field of a platform (channel_id is null) or of a channel whose platform
    has not fallen as a whole. `now`, `usual`: shares filled, of `n` and `n_usual`; `usual` is what
    the channels and formats of now showed before. `since`: the last day on which it was filled;
    `days`: of how many days the posts of now are.
    """
    parts = list(parts)
    strata = {days: pl.concat(_strata(part, days) for part in parts) for days in HORIZONS}
    tested = pl.concat(_tested(parts, rates, days) for days, rates in strata.items())
    if tested.is_empty():
        return pl.DataFrame(schema=FALLS)
    found = (
        tested.with_columns(q_value=pl.Series(benjamini_hochberg(tested["p"].to_numpy())))
        .filter(pl.col("q_value") <= LEVEL)
        .sort("p", "days")
        .unique(SOURCE, keep="first", maintain_order=True)
    )
    whole = found.filter(pl.col("channel_id").is_null())
    single = found.filter(pl.col("channel_id").is_not_null())
    single = single.join(whole, on=["platform", "field"], how="anti")
    kept = [
        {**row, "since": _since(row, _days(parts, row, strata[row["days"]]))}
        for row in pl.concat([whole, single]).iter_rows(named=True)
    ]
    return pl.DataFrame(kept, schema=FALLS).sort(SOURCE)


def _past(days: int) -> pl.Expr:
    return pl.col("day").is_between(days, days + HISTORY_DAYS - 1)


def _strata(part: pl.DataFrame, days: int) -> pl.DataFrame:
    """What each channel and format shows now, and what it showed before.

    Left out is what it seldom showed: photos lose no length, and beside them the loss of the
    videos' would look smaller.
    """
    fields = part.columns[len(KEYS) + 1 :]
    if days > 1:  # a week's crawls look at the same posts again and again
        part = part.filter(~pl.col("again"))
    past, now = (
        part.filter(when)
        .group_by(STRATUM)
        .agg(pl.col("n", *fields).sum(), past_days=pl.col("day").n_unique())
        .unpivot(fields, index=[*STRATUM, "n", "past_days"], variable_name="field")
        for when in (_past(days), pl.col("day") < days)
    )
    before = past.select(
        *STRATUM, "field", "past_days", past_n="n", rate=1 - pl.col("value") / pl.col("n")
    ).filter(pl.col("rate") <= 1 - MIN_USUAL)
    now = now.select(*STRATUM, "field", "n", empty=pl.col("n") - pl.col("value"))
    both = now.join(before, on=[*STRATUM, "field"], maintain_order="left")
    return both.with_columns(should=pl.col("n") * pl.col("rate"))


def _tested(parts: list[pl.DataFrame], strata: pl.DataFrame, days: int) -> pl.DataFrame:
    """Every field of a platform, and what the platform shows of a channel, with its p-value."""
    shown = pl.col("field").is_in(list(AUTHORED)).not_()
    single = _summed(strata.filter(shown), SOURCE)
    whole = _summed(strata, ["platform", "field"])
    tested = pl.concat([single, whole], how="diagonal").filter(
        pl.col("n") >= MIN_NEW, pl.col("past_days") >= MIN_DAYS
    )
    tested = tested.with_columns(
        days=pl.lit(days, pl.Int64), now=1 - pl.col("empty") / pl.col("n"),
        usual=1 - pl.col("should") / pl.col("n"), rests=pl.col("n") ** 2 / pl.col("weight"),
    )  # fmt: skip
    wide = shown | (pl.col("authors") >= MIN_AUTHORS)
    fell = (pl.col("now") <= MOST_LEFT * pl.col("usual")) & wide
    p = np.ones(tested.height)
    for row in tested.with_row_index("at").filter(fell).iter_rows(named=True):
        p[row["at"]] = _chance(row, _likeness(row, _days(parts, row, strata)))
    return tested.with_columns(p=pl.Series(p))


def _summed(strata: pl.DataFrame, source: list[str]) -> pl.DataFrame:
    """The strata of each source together."""
    return strata.group_by(source, maintain_order=True).agg(
        pl.col("n", "empty", "should").sum(),
        n_usual=pl.col("past_n").sum(),
        weight=(pl.col("n") ** 2 / pl.col("past_n")).sum(),
        past_days=pl.col("past_days").max(),
        authors=pl.col("channel_id").filter(pl.col("empty") > pl.col("should")).n_unique(),
    )


def _days(parts: list[pl.DataFrame], row: Row, strata: pl.DataFrame) -> pl.DataFrame:
    """The source's days and strata: day, n, filled, and the usual rate of empty ones."""
    part = next(one for one in parts if row["field"] in one.columns)
    ours = [pl.col(name) == row[name] for name in ("platform", "channel_id") if row[name]]
    rates = strata.filter(pl.col("field") == row["field"]).select(*STRATUM, "rate")
    wanted = part.filter(*ours).select(*KEYS, "n", filled=row["field"])
    return wanted.join(rates, on=STRATUM)


def _likeness(row: Row, days: pl.DataFrame) -> float:
    """The intraclass correlation of what a day (or a week) brought the source before."""
    n, rate, length = pl.col("n"), pl.col("rate"), row["days"]
    sums = days.filter(_past(length)).group_by(pl.col("day") // length).agg(
        n.sum(),
        off=(n - pl.col("filled") - n * rate).sum() ** 2,
        variance=(n * rate * (1 - rate)).sum(),
    )  # fmt: skip
    lost = sums.height / max(sums.height - 1, 1)  # the rate was taken from the same days
    excess = float(sums["off"].sum()) * lost - float(sums["variance"].sum())
    room = float((sums["variance"] * (sums["n"] - 1)).sum())
    least = LEAST_RHO if row["field"] in AUTHORED else 0.0
    return max(least, min(excess / room, MOST_RHO)) if room > 0 else least


def _chance(row: Row, rho: float) -> float:
    """P(X >= empty) of the beta-binomial at the head of this file."""
    n, rests = row["n"], row["rests"]
    mean = (rests * row["should"] / n + 0.5) / (rests + 1)
    weight = 1 / (1 / (rests + 1) + rho)
    a, b = mean * weight, (1 - mean) * weight
    k = np.arange(row["empty"], n + 1, dtype=np.float64)
    ways = -special.betaln(k + 1, n - k + 1) - np.log(n + 1)
    terms = ways + special.betaln(k + a, n - k + b) - special.betaln(a, b)
    return min(1.0, float(np.exp(terms).sum()))


def _since(row: Row, days: pl.DataFrame) -> int:
    """The last day on which the field was filled nearer to its usual than to what it is now."""
    middle = (row["now"] / row["usual"] + 1) / 2
    usual = (pl.col("n") * (1 - pl.col("rate"))).sum()
    sums = days.filter(pl.col("day") > 0).group_by("day").agg(pl.col("filled").sum(), usual=usual)
    last: int | None = sums.filter(pl.col("filled") > middle * pl.col("usual"))["day"].min()  # type: ignore[assignment]
    return HISTORY_DAYS if last is None else last
