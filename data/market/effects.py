"""Checks of what formats bring: the lifts of `effects` against the planted effects of formats."""

from typing import Final

import polars as pl

from data.market.check import Check
from data.market.world import Market
from data.vocabulary import ALL

COVER_BOUND: Final = 0.8
"""Of some fifteen 95 % intervals one may miss by chance, two hardly, four never."""
FALSE_OPENINGS: Final = 2
"""Content types bring nothing of their own here: openings among them are chance."""
PERIOD: Final = "90d"
PAYS: Final = ("opening", "missed")


def effects_found(effects: pl.DataFrame, market: Market) -> list[Check]:
    """How many planted format effects lie in their intervals, and what the openings are."""
    rows = effects.filter(pl.col("platform") != ALL, period=PERIOD)
    known = pl.DataFrame(
        {"level": list(market.truth.format_effect),
         "effect": list(market.truth.format_effect.values())}
    )  # fmt: skip
    shown = rows.filter(pl.col("lift_low").is_not_null(), dimension="format")
    mean = (pl.col("effect") * pl.col("posts")).sum() / pl.col("posts").sum()
    both = shown.join(known, on="level").with_columns(
        planted=(pl.col("effect") - mean.over("platform")).exp()
    )
    return [_covered(both), _openings(rows, both)]


def _covered(both: pl.DataFrame) -> Check:
    inside = both.filter(pl.col("planted").is_between("lift_low", "lift_high")).height
    out = both.filter(~pl.col("planted").is_between("lift_low", "lift_high"))
    missed = [
        f"{row['platform']} {row['level']} {row['planted']:.2f} not in "
        f"{row['lift_low']:.2f}-{row['lift_high']:.2f}"
        for row in out.iter_rows(named=True)
    ]
    said = "; ".join([f"{inside} of {both.height} in their intervals", *missed[:2]])
    ok = both.height > 0 and inside >= COVER_BOUND * both.height
    return Check("format effects", f"{both.height} lifts", said, f"≥ {COVER_BOUND:.0%}", ok)


def _openings(rows: pl.DataFrame, both: pl.DataFrame) -> Check:
    """Formats said to bring more were planted to; content types hardly ever are said to."""
    pays = pl.col("status").is_in(PAYS)
    formats = both.filter(pays)
    wrong = formats.filter(pl.col("planted") <= 1)
    false = rows.filter(pays, dimension="content_type").height
    names = ", ".join(sorted({f"{p} {level}" for p, level in formats["platform", "level"].rows()}))
    said = f"{names or 'none'}; {wrong.height} wrongly, {false} content types"
    ok = wrong.is_empty() and false <= FALSE_OPENINGS
    bound = f"none wrongly, ≤ {FALSE_OPENINGS} content types"
    return Check("openings", "formats above average", said, bound, ok)
