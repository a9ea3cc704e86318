"""Verification passes on a perfect lake and fails on each way of being wrong."""

import math
from datetime import date, timedelta

import polars as pl
import pytest

from data.market import Market
from data.market.check import INFORMATIVE
from data.market.effects import PERIOD
from data.market.verify import verify
from data.tables import TABLES
from data.watchlist import slug


class Lake:
    """Tables in memory, read as a store is read."""

    def __init__(self, tables):
        self.tables = tables

    def scan(self, name):
        return self.tables[name].lazy()

    def having(self, name, frame):
        return Lake(self.tables | {name: frame})


@pytest.fixture(scope="module")
def market():
    return Market(seed=1, days=120)


@pytest.fixture(scope="module")
def perfect(market):
    truth = market.truth.posts.filter("is_shown")
    posts = truth.select(
        "post_id", "channel_id", "published_at", "format", "deleted_at", "edited_at",
        is_repost=pl.lit(value=False), is_reply=pl.lit(value=False),
    )  # fmt: skip
    alive = truth.filter(pl.col("deleted_at").is_null())
    local = alive.with_columns(
        week=pl.col("published_at").dt.convert_time_zone("Europe/Paris").dt.truncate("1w").dt.date()
    )
    weeks = local.group_by("channel_id", "week").agg(posts=pl.len().cast(pl.Int64))
    tables = {
        "posts": posts,
        "metrics": observed_counts(market),
        "profiles": observed_followers(market),
        "channel_weeks": weeks.with_columns(reply_rate=pl.lit(0.5)),
        "trends": rising(market),
        "mentions": named(alive),
        "effects": lifts(market),
        "post_types": alive.select("post_id", version=pl.lit(1), type_id="theme"),
        "alerts": alerts(("competitor_silent", "bivouac-libre"), ("bad_buzz", "vallon-outdoor")),
        "post_features": suspected(boosted(market)),
    }
    return Lake(tables)


def named(posts):
    words = pl.concat(posts.select("post_id", name=k).drop_nulls() for k in ("names", "sponsor"))
    rows = [(post_id, slug(name)) for post_id, name in words.rows()]
    return pl.DataFrame(rows, schema=["post_id", "entity_id"], orient="row")


def boosted(market):
    rows = market.truth.posts.filter("is_shown", pl.col("traits").list.contains("boosted"))
    return rows["post_id"].to_list()


def suspected(post_ids):
    schema = TABLES["post_features"].create_empty().schema
    rows = [
        {**dict.fromkeys(schema), "post_id": post_id, "is_boost_suspect": True}
        for post_id in post_ids
    ]
    return pl.DataFrame(rows, schema=schema)


def observed_counts(market):
    rows = [
        {"post_id": post.post_id, "observed_at": at, **market.counts(post, at)._asdict()}
        for at in market.crawl_dates()
        for posts in market.posts.values()
        for post in posts[-30:]
        if post.alive(at)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def observed_followers(market):
    rows = [
        {"channel_id": c.channel_id, "observed_at": at, "followers": market.followers(c, at)}
        for c in market.channels
        for at in market.crawl_dates()
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def rising(market, *besides):
    rows = [
        {"kind": kind, "key": key, "week": market.last_week, "status": "rising"}
        for kind, key in [*market.truth.rising, *besides]
    ]
    return pl.DataFrame(rows)


def alerts(*rows):
    evidence = {"post_ids": ["p"], "page_ids": ["q"]}
    return pl.DataFrame([{"kind": k, "entity_id": e, "evidence": evidence} for k, e in rows])


def lifts(market, factor=1.0):
    """Format lifts `factor` times what was planted, and one content type that brings nothing."""
    forms = {"video": 30, "photo": 50, "text": 20}
    effects = {name: market.truth.format_effect[name] for name in forms}
    mean = sum(effects[name] * posts for name, posts in forms.items()) / 100
    rows = [
        {"platform": "bluesky", "dimension": "format", "level": name, "posts": posts,
         "lift": factor * math.exp(effects[name] - mean),
         "status": "opening" if name == "video" else "usual"}
        for name, posts in forms.items()
    ]  # fmt: skip
    rows.append({**rows[0], "dimension": "content_type", "level": "t001", "status": "usual"})
    lift = pl.col("lift")
    return pl.DataFrame(rows).with_columns(
        period=pl.lit(PERIOD), lift_low=lift * 0.95, lift_high=lift * 1.05
    )


def failed(lake, market):
    return {check.name for check in verify(lake, market) if not check.ok}


def test_a_perfect_lake_passes(perfect, market):
    checks = verify(perfect, market)
    assert [check.name for check in checks if not check.ok] == []
    assert len(checks) > 35
    assert all(check.planted and check.recovered and check.bound for check in checks)


def test_no_bound_is_left_unsaid(perfect, market):
    informative = [c.name for c in verify(perfect, market) if c.bound == INFORMATIVE]
    assert 0 < len(informative) < 8


def test_an_empty_lake_fails(market):
    empty = Lake({name: schema.create_empty() for name, schema in TABLES.items()})
    names = failed(empty, market)
    assert {"formats", "counts", "followers", "own posts", "content types"} <= names
    assert "cadence bluesky:vallon.example" in names


def test_lost_posts_break_the_cadence(perfect, market):
    name = "bluesky:maisonalpine.example"
    posts = perfect.tables["posts"].with_row_index()
    lost = posts.filter(~((pl.col("channel_id") == name) & (pl.col("index") % 20 == 0)))
    assert {f"cadence {name}", "own posts"} <= failed(
        perfect.having("posts", lost.drop("index")), market
    )


def test_counting_replies_as_posts_breaks_the_cadence(perfect, market):
    posts = perfect.tables["posts"]
    doubled = posts.head(10).with_columns(post_id=pl.col("post_id") + "x")
    assert "own posts" in failed(perfect.having("posts", pl.concat([posts, doubled])), market)


def test_missing_weeks_are_noticed(perfect, market):
    weeks = perfect.tables["channel_weeks"].filter(pl.col("week") != market.last_week)
    assert failed(perfect.having("channel_weeks", weeks), market) == {"weekly cadence"}


def test_wrong_formats_are_noticed(perfect, market):
    wrong = perfect.tables["posts"].with_columns(
        format=pl.when(pl.col("format") == "carousel").then(pl.lit("photo")).otherwise("format")
    )
    assert failed(perfect.having("posts", wrong), market) == {"formats"}


def test_wrong_counts_are_noticed(perfect, market):
    wrong = perfect.tables["metrics"].with_columns(pl.col("likes") + 1)
    assert failed(perfect.having("metrics", wrong), market) == {"counts"}


def test_guessed_zeros_are_noticed(perfect, market):
    wrong = perfect.tables["metrics"].with_columns(pl.col("shares").fill_null(0))
    assert failed(perfect.having("metrics", wrong), market) == {"counts"}


def test_wrong_followers_are_noticed(perfect, market):
    wrong = perfect.tables["profiles"].with_columns(pl.col("followers") * 2)
    assert failed(perfect.having("profiles", wrong), market) == {"followers"}


@pytest.mark.parametrize(("column", "name"), [("deleted_at", "deletions"), ("edited_at", "edits")])
def test_unnoticed_deletions_and_edits(column, name, perfect, market):
    blind = perfect.tables["posts"].with_columns(
        pl.lit(None, pl.Datetime("us", "UTC")).alias(column)
    )
    assert name in failed(perfect.having("posts", blind), market)


def test_false_deletions_are_noticed(perfect, market):
    posts = perfect.tables["posts"].with_columns(
        deleted_at=pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit(market.end))
        .otherwise("deleted_at")
    )
    assert "deletions" in failed(perfect.having("posts", posts), market)


def test_a_rise_not_found_is_noticed(perfect, market):
    early = perfect.tables["trends"].with_columns(week=pl.lit(date(2026, 11, 2)))
    names = failed(perfect.having("trends", early), market)
    assert names == {"rising format", "rising hashtag"}


def test_one_false_rise_passes_and_two_fail(perfect, market):
    one, two = ("hashtag", "trek"), ("format", "poll")
    assert not failed(perfect.having("trends", rising(market, one)), market)
    assert failed(perfect.having("trends", rising(market, one, two)), market) == {"false rises"}


def test_mixed_content_types_are_noticed(perfect, market):
    mixed = perfect.tables["post_types"].with_columns(
        type_id=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("x")).otherwise("type_id")
    )
    assert failed(perfect.having("post_types", mixed), market) == {"content types"}


def test_leaving_most_posts_out_is_no_way_to_agree(perfect, market):
    few = perfect.tables["post_types"].with_columns(
        type_id=pl.when(pl.int_range(pl.len()) % 5 == 0).then(None).otherwise("type_id")
    )
    assert failed(perfect.having("post_types", few), market) == {"posts without a type"}


def test_only_the_latest_version_of_the_types_counts(perfect, market):
    types = perfect.tables["post_types"]
    old = types.with_columns(type_id=pl.lit("one"), version=pl.lit(0))
    assert not failed(perfect.having("post_types", pl.concat([old, types])), market)


def test_alerts_not_raised_are_noticed(perfect, market):
    assert failed(perfect.having("alerts", alerts(("breakout_post", "lea-grimpe"))), market) == {
        "alert: silent account", "alert: bad buzz",
    }  # fmt: skip


def test_false_alerts_are_noticed(perfect, market):
    noisy = alerts(
        ("competitor_silent", "bivouac-libre"), ("bad_buzz", "vallon-outdoor"),
        ("bad_buzz", "refuge-nord"),
    )  # fmt: skip
    assert failed(perfect.having("alerts", noisy), market) == {"alert: bad buzz"}


def test_observations_moments_later_still_match(perfect, market):
    late = perfect.tables["metrics"].with_columns(
        pl.col("observed_at") + timedelta(microseconds=400)
    )
    assert not failed(perfect.having("metrics", late), market)


def test_wrong_format_effects_and_openings_are_noticed(perfect, market):
    assert failed(perfect.having("effects", lifts(market, 1.2)), market) == {"format effects"}
    right = lifts(market)
    poor = pl.col("level").is_in(["text", "video"])
    status = pl.when(poor).then(pl.lit("missed")).otherwise("status")
    wrong = right.with_columns(status=status)
    assert failed(perfect.having("effects", wrong), market) == {"openings"}
    types = right.filter(dimension="content_type").with_columns(status=pl.lit("opening"))
    many = pl.concat([right, types, types, types])
    assert failed(perfect.having("effects", many), market) == {"openings"}


def test_boosts_not_found_and_honest_posts_suspected_are_noticed(perfect, market):
    planted = boosted(market)
    assert planted
    assert "boosted post" in failed(perfect.having("post_features", suspected([])), market)
    honest = market.truth.posts.filter("is_shown", ~pl.col("post_id").is_in(planted))["post_id"]
    for more, wrong in ((1, False), (2, True)):
        lake = perfect.having("post_features", suspected([*planted, *honest[:more]]))
        assert ("boosted post" in failed(lake, market)) == wrong


@pytest.mark.parametrize(("rate", "wrong"), [(0.6, False), (0.3, True), (0.7, True), (None, True)])
def test_answers_miscounted_are_noticed(rate, wrong, perfect, market):
    weeks = perfect.tables["channel_weeks"].with_columns(reply_rate=pl.lit(rate, pl.Float64))
    found = failed(perfect.having("channel_weeks", weeks), market)
    assert ("answers to comments" in found) == wrong


def test_mentions_not_found_and_wrong_ones_are_noticed(perfect, market):
    rows = perfect.tables["mentions"]
    for wrong in (rows.slice(1), rows.with_columns(entity_id=pl.lit("lea-grimpe"))):
        assert failed(perfect.having("mentions", wrong), market) == {"mentions"}
