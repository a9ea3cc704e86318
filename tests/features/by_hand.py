"""The benchmark of one entity on one platform, with nothing but the standard library.

Written from the formulas in docs/kpis.md, not from the code: plain loops over rows, so that a
reader can check a number with a pencil. Intervals of ranks come from random draws and are left
out; ranks, quartiles and everything else are here. Posts must all be seen near seven days.
"""

import math
import statistics
from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from .by_hand_statistics import (
    Z,
    gamma_quantile,
    median_with_interval,
    t_quantile,
    waiting_median,
    wilson,
)

PERIODS = {"7d": 7, "28d": 28, "90d": 90, "365d": 365}
LOWER_IS_BETTER = {"reply_median_min"}


def days(delta):
    return delta / timedelta(days=1)


# ── posts, comments, followers ──────────────────────────────────────────────────────────────────


class Lake:
    """Core tables as lists of dicts, at a reference time."""

    def __init__(self, tables, at, zone):
        self.at, self.zone, self.tables = at, ZoneInfo(zone), tables
        self.entity = {row["channel_id"]: row["entity_id"] for row in tables["channels"]}
        self.platform = {row["channel_id"]: row["platform"] for row in tables["channels"]}
        self.posts = [
            row for row in tables["posts"]
            if not (row["is_repost"] or row["is_reply"])
            and row["published_at"] <= at
            and (row["deleted_at"] is None or row["deleted_at"] > at)
        ]  # fmt: skip
        self.metrics = {}
        for row in tables["metrics"]:
            self.metrics.setdefault(row["post_id"], []).append(row)

    def own(self, entity, platform, period=None):
        start = self.at - timedelta(days=PERIODS.get(period, 10**5))
        return [
            post for post in self.posts
            if self.entity[post["channel_id"]] == entity
            and platform in {self.platform[post["channel_id"]], "all"}
            and post["published_at"] > start
        ]  # fmt: skip

    def engagement(self, post):
        """Likes, comments and shares in the snapshot nearest to seven days."""
        near = []
        for row in self.metrics.get(post["post_id"], []):
            age_h = (row["observed_at"] - post["published_at"]) / timedelta(hours=1)
            if 144 <= age_h <= 216 and row["observed_at"] <= self.at:
                shown = [row[name] for name in ("likes", "comments", "shares")]
                near.append((abs(age_h - 168), sum(count or 0 for count in shown)))
        return float(min(near)[1])

    def followers(self, channel, time):
        seen = sorted(
            (row["observed_at"], row["followers"])
            for row in self.tables["profiles"]
            if row["channel_id"] == channel and row["observed_at"] <= self.at
        )
        place = bisect_right([at for at, _ in seen], time)
        if place in {0, len(seen)}:
            return float(seen[min(place, len(seen) - 1)][1])
        (before_at, before), (after_at, after) = seen[place - 1], seen[place]
        return before + (time - before_at) / (after_at - before_at) * (after - before)

    def views(self, post):
        """Views in the last snapshot."""
        rows = [row for row in self.metrics[post["post_id"]] if row["observed_at"] <= self.at]
        return float(max(rows, key=lambda row: row["observed_at"])["views"])

    def waits(self, entity, platform, period):
        """Minutes from each comment by somebody else to the channel's answer, or till now."""
        mine = {post["post_id"] for post in self.own(entity, platform)}
        start = self.at - timedelta(days=PERIODS[period])
        answers = {}
        for row in self.tables["comments"]:
            if row["from_channel"] and row["in_reply_to"]:
                answers.setdefault(row["in_reply_to"], []).append(row["published_at"])
        found = []
        for row in self.tables["comments"]:
            if not row["from_channel"] and row["post_id"] in mine and row["published_at"] > start:
                answer = min(answers.get(row["comment_id"], [self.at]))
                minutes = (answer - row["published_at"]) / timedelta(minutes=1)
                found.append((minutes, row["comment_id"] in answers))
        return found


# ── KPIs: each gives (value, low, high, n) ──────────────────────────────────────────────────────


def watched_days(lake, entity, platform, period):
    first = min(post["published_at"] for post in lake.own(entity, platform))
    return max(1.0, min(PERIODS[period], days(lake.at - first)))


def activity(lake, entity, platform, period):
    posts = lake.own(entity, platform, period)
    watched = watched_days(lake, entity, platform, period)
    a_day = Counter(post["published_at"].astimezone(lake.zone).date() for post in posts)
    n, mean = len(posts), len(posts) / watched
    variance = sum(count**2 for count in a_day.values()) / watched - mean**2
    phi = min(10.0, max(0.25, variance / mean))
    active = min(len(a_day), watched)
    low, high = wilson(active, watched)
    return {
        "posts_per_week": (
            7 * n / watched,
            gamma_quantile(0.025, n / phi) * 7 * phi / watched,
            gamma_quantile(0.975, n / phi + 1) * 7 * phi / watched,
            n,
        ),
        "active_days_per_week": (7 * active / watched, 7 * low, 7 * high, n),
    }


def engagement(lake, entity, platform, period):
    posts = lake.own(entity, platform, period)
    counts = [lake.engagement(post) for post in posts]
    rates = [
        count / lake.followers(post["channel_id"], post["published_at"])
        for post, count in zip(posts, counts, strict=True)
    ]
    views = [
        lake.views(post) / lake.followers(post["channel_id"], post["published_at"])
        for post in posts
    ]
    kpis = {"engagement_per_post": counts, "engagement_rate": rates, "view_rate": views}
    return {kpi: (*median_with_interval(values), len(posts)) for kpi, values in kpis.items()}


def shares(lake, entity, platform, period, peers):
    posts = {who: lake.own(who, platform, period) for who in peers}
    counts = {who: [lake.engagement(post) for post in own] for who, own in posts.items()}
    n, total = len(posts[entity]), sum(map(len, posts.values()))
    own, rest = sum(counts[entity]), sum(sum(c) for who, c in counts.items() if who != entity)
    squares = sum(count**2 for count in counts[entity])
    others = sum(count**2 for who, c in counts.items() if who != entity for count in c)
    sd = math.sqrt(squares / own**2 + others / rest**2)
    logit = math.log(own / rest)
    bounds = [1 / (1 + math.exp(-(logit + sign * Z * sd))) for sign in (-1, 1)]
    return {
        "share_of_posts": (n / total, *wilson(n, total), n),
        "share_of_engagement": (own / (own + rest), *bounds, n),
    }


def diversity(lake, entity, platform, period):
    used = Counter(post["format"] for post in lake.own(entity, platform, period))
    n = sum(used.values())
    parts = [count / n for count in used.values()]
    entropy = -sum(p * math.log(p) for p in parts)
    first = max(0.0, sum(p * math.log(p) ** 2 for p in parts) - entropy**2) / n
    half = Z * math.sqrt(first + (len(parts) - 1) / (2 * n**2))
    middle, value = entropy + (len(parts) - 1) / (2 * n), math.exp(entropy)
    low, high = max(1.0, math.exp(middle - half)), math.exp(middle + half)
    return {"format_diversity": (value, min(low, value), high, n)}


def answers(lake, entity, platform, period):
    waits = lake.waits(entity, platform, period)
    n, answered = len(waits), sum(was for _, was in waits)
    return {
        "reply_rate": (answered / n, *wilson(answered, n), n),
        "reply_median_min": (*waiting_median(waits), n),
    }


def growth(lake, entity, platform, period):
    """Of one channel: followers at both ends; its variance by the even growth in between."""
    (channel,) = {post["channel_id"] for post in lake.own(entity, platform)}
    start = lake.at - timedelta(days=PERIODS[period])
    seen = sorted(
        (row["observed_at"], float(row["followers"]))
        for row in lake.tables["profiles"]
        if row["channel_id"] == channel and row["observed_at"] <= lake.at
    )
    after = [point for point in seen if point[0] > start]
    if seen[0][0] <= start:
        after.insert(0, (start, lake.followers(channel, start)))
    span, change = days(after[-1][0] - after[0][0]), after[-1][1] - after[0][1]
    if span < PERIODS[period] / 2:
        return {}
    scatter = sum(
        (b[1] - a[1] - change / span * days(b[0] - a[0])) ** 2 / days(b[0] - a[0])
        for a, b in pairwise(after)
    )
    steps = len(after) - 1
    variance = max(abs(change), 1.0, scatter / (steps - 1) * span if steps > 1 else 0.0)
    value, half = 100 * change / after[0][1], Z * 100 * math.sqrt(variance) / after[0][1]
    return {"follower_growth_pct": (value, value - half, value + half, len(after))}


def voice(lake, entity, platform, period, names):
    """Posts of others that hold a name, in clusters of one account and day."""
    start = lake.at - timedelta(days=PERIODS[period])
    hits, sizes = Counter(), Counter()
    for post in lake.tables["posts"]:
        here = platform in {lake.platform[post["channel_id"]], "all"}
        if post["is_repost"] or not here or not start < post["published_at"] <= lake.at:
            continue
        cluster = (post["channel_id"], post["published_at"].astimezone(lake.zone).date())
        for who, name in names.items():
            if name in post["text"] and lake.entity[post["channel_id"]] != who:
                sizes[cluster] += 1
                hits[cluster] += who == entity
    n, m, own = sizes.total(), len(sizes), hits.total()
    p = own / n
    scatter = sum((hits[cluster] - p * size) ** 2 for cluster, size in sizes.items())
    effect = max(1.0, m / (m - 1) * scatter / n**2 / (p * (1 - p) / n))
    few = n / effect * (Z / t_quantile(m - 1)) ** 2
    return {"share_of_voice": (p, *wilson(p * few, few), own)}


def by_hand(lake, entity, platform, period, names):
    """Every KPI of an entity with one channel; n of five or more (two for growth)."""
    found = {
        **activity(lake, entity, platform, period),
        **engagement(lake, entity, platform, period),
        **shares(lake, entity, platform, period, list(names)),
        **voice(lake, entity, platform, period, names),
        **diversity(lake, entity, platform, period),
        **answers(lake, entity, platform, period),
    }
    enough = {kpi: row for kpi, row in found.items() if row[-1] >= 5}
    return enough | growth(lake, entity, platform, period)


def standing(kpi, own, others):
    """Rank (1 = best, ties share it) and quartiles of the others."""
    better = (lambda x: x < own) if kpi in LOWER_IS_BETTER else (lambda x: x > own)
    return 1 + sum(map(better, others)), statistics.quantiles(others, n=4, method="inclusive")
