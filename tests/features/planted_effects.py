"""A planted market where what is published when is entangled, with every effect known."""

from datetime import timedelta

import numpy as np
import polars as pl

from . import world

FORMATS = {"photo": 0.0, "video": 0.5, "text": -0.4, "link": 0.0}
WEEKDAYS = (0.0, 0.0, 0.1, 0.0, -0.1, 0.3, 0.4)
HOURS = {7: 0.0, 10: 0.1, 13: -0.1, 16: 0.0, 20: 0.5}
DAYPARTS = {7: "06-09", 10: "09-12", 13: "12-14", 16: "14-18", 20: "18-24"}
TYPES = {"t001": 0.0, "t002": 0.35, "t003": -0.3}
NAMES = ("format", "weekday", "hour", "type_id")


def posts(seed, accounts=8, per_account=60, *, tails=np.inf, uneven=0.0, days=90):
    """(posts, types, roles) of a market: videos and text mostly in the evening and at week ends.

    log engagement = account + the effects above + N(0, 0.5) (or Student's t with `tails` degrees
    of freedom); `uneven`: how far accounts differ in what a format brings them.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for account in range(accounts):
        level = rng.normal(6, 1.2)
        taste = rng.dirichlet([4, 3, 3, 2])
        own = dict(zip(FORMATS, rng.normal(0, uneven, len(FORMATS)), strict=True))
        for n in range(rng.poisson(per_account * rng.uniform(0.5, 1.8))):
            form = str(rng.choice(list(FORMATS), p=taste))
            late = 3.0 if form in {"video", "text"} else 1.0
            weekday = int(rng.choice(7, p=_of([1, 1, 1, 1, 1, late, late])))
            hour = int(rng.choice(list(HOURS), p=_of([1, 1, 1, 1, 1.5 * late])))
            kind = str(rng.choice(list(TYPES), p=_of([1, late, 1.5])))
            noise = rng.normal() if np.isinf(tails) else rng.standard_t(tails)
            mean = level + FORMATS[form] + own[form] + WEEKDAYS[weekday] + HOURS[hour]
            value = np.exp(mean + TYPES[kind] + 0.5 * noise)
            age = timedelta(days=float(rng.uniform(2, days)))
            rows.append(
                (f"{account}/{n}", f"e{account}", f"bluesky:c{account}", form, weekday + 1, hour,
                 kind, float(value), world.AT - age)
            )  # fmt: skip
    names = ["post_id", "entity_id", "channel_id", "format", "weekday", "hour", "type_id"]
    frame = pl.DataFrame(rows, schema=[*names, "engagement_7d", "published_at"], orient="row")
    frame = frame.with_columns(
        platform=pl.lit("bluesky"), engagement_7d_is_measured=True, age_h=pl.lit(200.0)
    )
    roles = frame.select("entity_id").unique(maintain_order=True)
    role = pl.when(pl.col("entity_id") == "e0").then(pl.lit("brand")).otherwise(pl.lit("rival"))
    return frame.drop("type_id"), frame.select("post_id", "type_id"), roles.with_columns(role=role)


def _of(weights):
    return np.array(weights) / np.sum(weights)


def truth():
    """(dimension, level, planted): the planted effects on the log scale."""
    rows = [("format", name, effect) for name, effect in FORMATS.items()]
    rows += [("weekday", str(day + 1), effect) for day, effect in enumerate(WEEKDAYS)]
    rows += [("daypart", DAYPARTS[hour], effect) for hour, effect in HOURS.items()]
    rows += [("content_type", name, effect) for name, effect in TYPES.items()]
    return pl.DataFrame(rows, schema=["dimension", "level", "planted"], orient="row")


def held_against(table):
    """One platform and period beside the truth: `planted`, centred as the lifts are, in logs."""
    both = table.filter(pl.col("lift").is_not_null()).join(truth(), on=["dimension", "level"])
    mean = (pl.col("planted") * pl.col("posts")).sum() / pl.col("posts").sum()
    logs = pl.col("lift", "lift_low", "lift_high").log()
    return both.with_columns(logs, planted=pl.col("planted") - mean.over("dimension"))
