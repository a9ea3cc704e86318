"""Who is named by whom, and shares of voice: by hand, and against planted shares."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features import voice
from features.build import build
from features.plan import Previous
from flows.build import CARRIED

from . import world

NAMES = {"e0": "Maison Alpine", "e1": "Crête & Co (1962)", "e2": "Io", "e3": "Bivouac"}
WAY = {"e0": "alpine.example", "e1": "@crete", "e2": "https://io.example/feed.xml", "e3": "tent"}


def core(posts, names=None):
    """Four entities, the last one a topic, on two platforms; posts as given."""
    people = world.who(4, ("bluesky", "mastodon"), ("brand", "competitor", "competitor", "topic"))
    who = pl.col("entity_id")
    called = people["entities"].with_columns(name=who.replace_strict(names or NAMES))
    accounts = people["channels"].with_columns(account=who.replace_strict(WAY))
    rows = [
        {"post_id": f"p{n}", "channel_id": "bluesky:c3", "published_at": world.AT, **post}
        for n, post in enumerate(posts)
    ]
    return world.core(entities=called, channels=accounts, posts=world.frame("posts", rows))


def found(*posts):
    given = core(posts)
    heard = voice.heard(given, world.AT, world.ZONE)
    rows = voice.mentions(heard, voice.named(given))
    return rows.select("post_id", "entity_id", "named_by").rows()


@pytest.mark.parametrize(
    ("post", "named"),
    [
        ({"text": "Vu chez MAISON ALPINE, hier."}, [("e0", "name")]),
        ({"title": "Maison Alpine", "text": None}, [("e0", "name")]),
        ({"text": "(maison alpine)"}, [("e0", "name")]),
        ({"text": "La maison alpinement belle, amaison alpine"}, []),
        ({"text": "Merci crête & co (1962) !"}, [("e1", "name")]),
        ({"text": "Merci crête & co"}, []),
        ({"text": "io io io"}, []),
        ({"text": "Un bivouac"}, []),
        ({"text": "", "hashtags": ["MaisonAlpine"]}, [("e0", "tag")]),
        ({"text": "", "hashtags": ["maison"]}, []),
        ({"text": "", "mentions": ["Alpine.example"]}, [("e0", "handle")]),
        ({"text": "", "mentions": ["crete"], "channel_id": "mastodon:c3"}, [("e1", "handle")]),
        ({"text": "", "mentions": ["alpine"]}, []),
        ({"text": "Maison Alpine et Crête & Co (1962)"}, [("e0", "name"), ("e1", "name")]),
        ({"text": "Maison Alpine", "mentions": ["alpine.example"]}, [("e0", "handle")]),
        ({"text": "Maison Alpine", "channel_id": "mastodon:c0"}, []),
        ({"text": "Maison Alpine", "channel_id": "bluesky:c1"}, [("e0", "name")]),
        ({"text": "Maison Alpine", "is_repost": True}, []),
        ({"text": "Maison Alpine", "is_reply": True}, [("e0", "name")]),
        ({"text": "Maison Alpine", "deleted_at": world.AT}, []),
        ({"text": "Maison Alpine", "published_at": world.AT + timedelta(hours=1)}, []),
        ({"text": None}, []),
    ],
)
def test_who_is_named(post, named):
    assert found(post) == [("p0", *one) for one in named]


def test_a_handle_of_another_platform_is_somebody_else():
    given = core([{"text": "", "mentions": ["crete"]}])
    given["channels"] = given["channels"].filter(pl.col("platform") == "mastodon")
    given["channels"] = pl.concat([
        given["channels"], world.frame("channels", [
            {"channel_id": "bluesky:c3", "entity_id": "e3", "platform": "bluesky"}
        ]).lazy(),
    ])  # fmt: skip
    heard = voice.heard(given, world.AT, world.ZONE)
    assert voice.mentions(heard, voice.named(given)).is_empty()


def test_no_names_no_posts():
    assert found() == []
    given = core([{"text": "Maison Alpine"}])
    given["entities"] = given["entities"].filter(pl.col("role") == "topic")
    heard = voice.heard(given, world.AT, world.ZONE)
    assert voice.mentions(heard, voice.named(given)).is_empty()


# ── the share ───────────────────────────────────────────────────────────────────────────────────


def cut(rows):
    """(entity_id, channel_id, day, period) of mentions as `share_of_voice` takes them."""
    schema = ["entity_id", "channel_id", "day", "period"]
    frame = pl.DataFrame([(*row, "28d")[:4] for row in rows], schema=schema, orient="row")
    constants = {"platform": "all", "peers": "market"}
    return frame.with_columns(pl.lit(v).alias(k) for k, v in constants.items()).lazy()


def shares(rows):
    return voice.share_of_voice(cut(rows)).sort("entity_id").collect()


def test_a_share_by_hand():
    rows = [("a", "x", 1), ("a", "x", 1), ("a", "y", 1), ("b", "y", 1), ("b", "z", 2)]
    got = shares(rows)
    assert got["value"].to_list() == [3 / 5, 2 / 5]
    assert got["n"].to_list() == [3, 2]
    # Clusters x1, y1, z2 of 2, 1 + 1 and 1: hits of a 2, 1, 0.
    p, n, m, z, t = 0.6, 5, 3, 1.96, 4.302652729911275
    scatter = sum((y - p * size) ** 2 for y, size in ((2, 2), (1, 2), (0, 1)))
    effect = max(1.0, m / (m - 1) * scatter / n**2 / (p * (1 - p) / n))
    few = n / effect * (z / t) ** 2
    centre = (p + z**2 / (2 * few)) / (1 + z**2 / few)
    half = z / (1 + z**2 / few) * (p * (1 - p) / few + z**2 / (4 * few**2)) ** 0.5
    assert got["low"][0] == pytest.approx(max(0, centre - half))
    assert got["high"][0] == pytest.approx(min(1, centre + half))


def test_the_only_one_named_has_all_of_it_and_is_not_sure_by_one_account():
    alone = shares([("a", "x", 1)] * 50)
    assert alone["value"].item() == 1
    assert alone["low"].item() < 0.1
    many = shares([("a", f"x{n}", 1) for n in range(50)])
    assert many["low"].item() > 0.9


def test_intervals_hold_the_planted_share():
    """Accounts that go on about one brand all day: 300 markets, three brands."""
    rng = np.random.default_rng(5)
    planted = {"a": 0.5, "b": 0.35, "c": 0.15}
    rows = [
        (entity, f"x{cluster}", 1, str(market))
        for market in range(300)
        for cluster, entity in enumerate(rng.choice(list(planted), 60, p=list(planted.values())))
        for _ in range(1 + int(rng.poisson(2)))
    ]
    got = shares(rows).with_columns(truth=pl.col("entity_id").replace_strict(planted))
    inside = got.select(pl.col("truth").is_between("low", "high")).to_series()
    assert got.height == 900
    assert 0.93 <= inside.mean() <= 0.98


# ── in the build ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def market():
    found = world.market(seed=4, channels=3, weeks=16, per_week=4)
    names = {"e0": "Maison Alpine", "e1": "Crête", "e2": "Refuge"}
    who = found["entities"].with_columns(name=pl.col("entity_id").replace_strict(names))
    ids = pl.col("post_id").str.slice(-1).cast(pl.Int64)
    word = pl.when(ids < 3).then(pl.lit(" Maison Alpine")).when(ids < 5).then(pl.lit(" Refuge"))
    text = pl.concat_str("text", word, ignore_nulls=True)
    return {**found, "entities": who, "posts": found["posts"].with_columns(text=text)}


def after(built, at):
    return Previous(
        at, world.ZONE, built.state, {name: built.tables[name].lazy() for name in CARRIED}
    )


def test_the_benchmark_has_a_share_for_those_who_are_named(market):
    tables = build(market, world.AT, world.ZONE).tables
    said = tables["mentions"]
    assert set(said["entity_id"]) == {"e0", "e1", "e2"}
    assert (said["by_entity_id"] != said["entity_id"]).all()
    row = tables["benchmark"].filter(
        entity_id="e0", platform="all", period="90d", kpi="share_of_voice"
    ).row(0, named=True)  # fmt: skip
    recent = said.filter(pl.col("published_at") > world.AT - timedelta(days=90))
    assert row["n"] == recent.filter(entity_id="e0").height
    assert row["value"] == pytest.approx(row["n"] / recent.height)
    assert row["low"] < row["value"] < row["high"]
    assert row["rank"] == 1


def test_a_day_adds_the_new_mentions_and_a_new_name_is_looked_for_everywhere(market):
    before = world.AT - timedelta(days=3)
    whole = build(market, world.AT, world.ZONE)
    first = build(market, before, world.ZONE)
    daily = build(market, world.AT, world.ZONE, after(first, before))
    months = daily.months["mentions"]
    assert months == sorted({"2026-06", *months})
    kept = whole.tables["mentions"].filter(
        pl.col("published_at").dt.strftime("%Y-%m").is_in(months)
    )
    keys = ["post_id", "entity_id"]
    assert_frame_equal(daily.tables["mentions"].sort(keys), kept.sort(keys))
    name = pl.when(entity_id="e1").then(pl.lit("Refuge")).otherwise("name")
    renamed = {**market, "entities": market["entities"].with_columns(name=name)}
    again = build(renamed, world.AT, world.ZONE, after(first, before))
    assert "mentions" not in again.months
    named = again.tables["mentions"].filter(entity_id="e1", named_by="name")
    assert named["published_at"].min() < before - timedelta(weeks=8)
