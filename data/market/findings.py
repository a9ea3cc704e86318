"""Checks of what was concluded: rises, content types, alerts, and planted oddities."""

from typing import Final

import polars as pl

from data.market.check import Check, exactly, told
from data.market.effects import effects_found
from data.market.world import Market
from data.store import Store
from data.watchlist import slug

ARI_BOUND: Final = 0.8
OUTLIER_BOUND: Final = 0.15
FALSE_RISES: Final = 1
FALSE_BOOSTS: Final = 1
REPLIES_BOUND: Final = 0.15
"""Three standard errors of a share of the hundred or so comments of four weeks."""


def findings(store: Store, market: Market) -> list[Check]:
    """All of them, from the out tables."""
    alerts = store.scan("alerts").collect()
    features = store.scan("post_features").collect()
    return [
        *rises(store.scan("trends").collect(), market),
        *content_types(store.scan("post_types").collect(), market),
        _alert("silent account", "competitor_silent", market.truth.silent, alerts),
        _alert("bad buzz", "bad_buzz", market.truth.buzz, alerts),
        _breakout(alerts, market),
        _boost(features, market),
        _copy(features, market),
        _sponsored(features, market),
        _mentions(store.scan("mentions").collect(), market),
        _register(features, market),
        *effects_found(store.scan("effects").collect(), market),
        _replies(store.scan("channel_weeks").collect(), market),
    ]


def rises(trends: pl.DataFrame, market: Market) -> list[Check]:
    """Planted rises in the latest complete week, and how many others were announced."""
    rising = trends.filter(pl.col("status") == "rising", pl.col("week") == market.last_week)
    got = set(rising.select("kind", "key").unique().rows())
    checks = [
        Check(f"rising {kind}", key, "rising" if (kind, key) in got else "not found",
              "found", (kind, key) in got)
        for kind, key in sorted(market.truth.rising)
    ]  # fmt: skip
    false = sorted(f"{kind} {key}" for kind, key in got - market.truth.rising)
    said = f"{len(false)}: {', '.join(false[:5])}" if false else "0"
    return [
        *checks,
        Check("false rises", "0", said, f"≤ {FALSE_RISES}", len(false) <= FALSE_RISES),
    ]


def content_types(types: pl.DataFrame, market: Market) -> list[Check]:
    """Agreement of the latest version's types with the planted themes, outliers left aside."""
    latest = types.filter(pl.col("version") == pl.col("version").max())
    both = latest.join(market.truth.posts, on="post_id")
    typed = both.filter(pl.col("type_id").is_not_null())
    outliers = 1 - typed.height / both.height if both.height else 1.0
    score = _agreement(typed)
    themes, kinds = both["theme"].n_unique(), typed["type_id"].n_unique()
    return [
        Check("content types", f"{themes} themes", f"ARI {score:.3f}, {kinds} types",
              f"≥ {ARI_BOUND}", score >= ARI_BOUND),
        Check("posts without a type", "0", f"{outliers:.1%} of {both.height}",
              f"≤ {OUTLIER_BOUND:.0%}", outliers <= OUTLIER_BOUND),
    ]  # fmt: skip


def _agreement(typed: pl.DataFrame) -> float:
    if typed.is_empty():
        return 0.0
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(typed["theme"].to_list(), typed["type_id"].to_list()))


def _alert(name: str, kind: str, planted: frozenset[str], alerts: pl.DataFrame) -> Check:
    raised = alerts.filter(pl.col("kind") == kind)["entity_id"].drop_nulls()
    return exactly(f"alert: {name}", set(planted), set(raised))


def _planted(market: Market, trait: str) -> set[str]:
    rows = market.truth.posts.filter("is_shown", pl.col("traits").list.contains(trait))
    return set(rows["post_id"])


def _told_posts(name: str, planted: set[str], flagged: set[str]) -> Check:
    besides = len(flagged - planted)
    recovered = f"{len(planted & flagged)} of {len(planted)}, {besides} besides"
    return told(name, str(len(planted)), recovered)


def _breakout(alerts: pl.DataFrame, market: Market) -> Check:
    raised = alerts.filter(pl.col("kind") == "breakout_post")
    evidence = raised.select(pl.col("evidence").struct.field("post_ids").explode()).drop_nulls()
    return _told_posts("breakout post", _planted(market, "breakout"), set(evidence["post_ids"]))


def _boost(features: pl.DataFrame, market: Market) -> Check:
    """Every boosted post is suspected, and hardly any other."""
    planted = _planted(market, "boosted")
    flagged = set(features.filter("is_boost_suspect")["post_id"])
    besides = len(flagged - planted)
    return Check(
        "boosted post", str(len(planted)),
        f"{len(planted & flagged)} of {len(planted)}, {besides} besides",
        f"all, ≤ {FALSE_BOOSTS} besides", planted <= flagged and besides <= FALSE_BOOSTS,
    )  # fmt: skip


def _copy(features: pl.DataFrame, market: Market) -> Check:
    """Originality of the copied post among all others of its channel."""
    copies = _planted(market, "copy")
    score = features.filter(pl.col("post_id").is_in(list(copies)))["originality"].drop_nulls()
    median = features["originality"].median()
    seen = f"originality {score[0]:.2f}" if score.len() else "originality not known"
    usual = f"median {median:.2f}" if isinstance(median, float) else "median not known"
    return told("copied post", str(len(copies)), f"{seen}, {usual}")


def _sponsored(features: pl.DataFrame, market: Market) -> Check:
    truth = market.truth.posts.filter("is_shown", pl.col("sponsor").is_not_null())
    flagged = set(features.filter("is_sponsored")["post_id"])
    return _told_posts("sponsored posts", set(truth["post_id"]), flagged)


def _mentions(mentions: pl.DataFrame, market: Market) -> Check:
    """Brands named by strangers, and by those whom they paid: each post with whom it names."""
    alive = pl.col("deleted_at").is_null() | (pl.col("deleted_at") > market.end)
    truth = market.truth.posts.filter("is_shown", alive)
    named = pl.concat(
        [truth.select("post_id", name=key).drop_nulls() for key in ("names", "sponsor")]
    )
    planted = {f"{post_id} {slug(name)}" for post_id, name in named.iter_rows()}
    got = {f"{row[0]} {row[1]}" for row in mentions.select("post_id", "entity_id").iter_rows()}
    return exactly("mentions", planted, got)


def _register(features: pl.DataFrame, market: Market) -> Check:
    """Posts whose recovered register contradicts their account's."""
    habits = market.truth.channels.select("channel_id", pl.col("register").alias("planted"))
    spoken = features.filter(pl.col("register").is_in(["tu", "vous"])).join(habits, on="channel_id")
    right = spoken.filter(pl.col("register") == pl.col("planted")).height
    return told("tu and vous", "by account", f"{right} of {spoken.height} posts agree")


def _replies(weeks: pl.DataFrame, market: Market) -> Check:
    """Share of comments answered over the last four weeks, brand's Bluesky account."""
    channel = "bluesky:maisonalpine.example"
    rate = weeks.filter(
        pl.col("channel_id") == channel, pl.col("week") <= market.last_week,
    ).sort("week")["reply_rate"].tail(4).mean()  # fmt: skip
    habits = market.truth.channels.filter(pl.col("channel_id") == channel)["answers"]
    if habits.is_empty():
        return told("answers to comments", "not in this market", "not measured")
    return Check(
        "answers to comments", f"{habits[0]:.0%} sooner or later",
        f"{rate:.0%} answered" if isinstance(rate, float) else "not measured",
        f"± {100 * REPLIES_BOUND:.0f} points",
        isinstance(rate, float) and abs(rate - habits[0]) <= REPLIES_BOUND,
    )  # fmt: skip
