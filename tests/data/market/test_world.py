"""The simulation: the same seed makes the same market, and time only adds to it."""

import dataclasses
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from data.market import Market
from data.market.cast import CHANNELS, RISING_FORMAT, RISING_HASHTAG, THEMES
from data.market.rhythm import PARIS, deck, dice
from data.market.server import respond
from data.market.wire.http import Request

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def market():
    return Market(seed=1)


def test_the_same_seed_makes_the_same_market(market):
    assert Market(seed=1).posts == market.posts


def test_another_seed_makes_another_market(market):
    other = Market(seed=2)
    assert (
        other.posts["bluesky:maisonalpine.example"] != market.posts["bluesky:maisonalpine.example"]
    )


def test_the_same_seed_serves_the_same_bytes(market):
    request = Request("/xrpc/app.bsky.feed.getAuthorFeed", {"actor": ["vallon.example"]})
    replies = [respond(m, request, market.end) for m in (market, Market(seed=1))]
    assert replies[0] == replies[1]
    assert len(replies[0].body) > 10_000


def test_a_channel_more_leaves_the_others_as_they_were():
    name = "bluesky:norarun.example"
    few = Market(seed=3, channels=tuple(c for c in CHANNELS if c.platform == "bluesky"))
    many = Market(seed=3)
    assert few.posts[name] == many.posts[name]


def test_thousands_of_posts_in_hundreds_of_sentences(market):
    posts = [post for posts in market.posts.values() for post in posts]
    assert 2000 < len(posts) < 5000
    assert len({post.text for post in posts}) > 0.95 * len(posts)
    assert {post.theme for post in posts} == set(THEMES)
    assert len({post.post_id for post in posts}) == len(posts)
    assert len({post.url for post in posts}) == len(posts)


def test_nothing_is_published_outside_the_simulation(market):
    for posts in market.posts.values():
        moments = [post.published_at for post in posts]
        assert moments == sorted(moments)
        assert market.start - DAY < moments[0]
        assert moments[-1] < market.end


@pytest.mark.parametrize("days", [14, 60, 365])
def test_other_lengths_work(days):
    market = Market(seed=1, days=days)
    assert market.truth.posts["published_at"].min() > market.start - DAY
    assert all(market.start < date <= market.end for date in market.crawl_dates())
    assert market.crawl_dates()[-1] == market.end


def test_counts_only_grow_and_end_near_their_final_value(market):
    hours = [0.5, 2, 12, 24, 96, 168, 720, 2000]
    for posts in market.posts.values():
        for post in posts[::9]:
            seen = [market.counts(post, post.published_at + timedelta(hours=h)) for h in hours]
            for name in ("likes", "comments", "shares", "views"):
                values = [getattr(counts, name) for counts in seen]
                if values[0] is None:
                    assert set(values) == {None}
                    continue
                assert values == sorted(values)
                if name != "comments":
                    assert values[-1] <= getattr(post.final, name)
                    assert values[-1] >= 0.98 * getattr(post.final, name) - 1


def test_half_of_the_engagement_comes_within_a_day(market):
    posts = market.posts["bluesky:refugenord.example"]
    young = [
        market.counts(post, post.published_at + DAY).likes / post.final.likes for post in posts
    ]
    assert 0.5 < np.median(young) < 0.95


def test_as_many_comments_can_be_read_as_are_counted(market):
    for post in market.posts["bluesky:leagrimpe.example"]:
        for age in (1, 5, 40):
            at = post.published_at + age * DAY
            readable = sum(comment.at <= at for comment in post.comments)
            assert market.counts(post, at).comments == readable
        assert all(a.at <= b.at for a, b in pairwise(post.comments))
        assert all(c.answer is None or c.answer.at > c.at for c in post.comments)


def test_posts_appear_with_time_and_deleted_ones_vanish(market):
    name = "bluesky:maisonalpine.example"
    deleted = next(post for post in market.posts[name] if post.deleted_at)
    second = timedelta(seconds=1)
    assert deleted not in market.visible(name, deleted.published_at - second)
    assert deleted in market.visible(name, deleted.published_at)
    assert deleted in market.visible(name, deleted.deleted_at - second)
    assert deleted not in market.visible(name, deleted.deleted_at)


def test_edits_show_from_their_time_on(market):
    edited = [post for posts in market.posts.values() for post in posts if post.edit]
    assert edited
    for post in edited:
        assert post.text_at(post.edit.at - timedelta(seconds=1)) == post.text
        assert post.text_at(post.edit.at) == post.edit.text != post.text
        assert post.edited_at(post.edit.at - timedelta(seconds=1)) is None


def test_followers_grow_and_differ_by_orders_of_magnitude(market):
    ends = [n for c in market.channels if (n := market.followers(c, market.end)) is not None]
    assert max(ends) / min(ends) > 500
    for channel in market.channels:
        if channel.followers and channel.growth >= 0.004:
            before = market.followers(channel, market.end - 28 * DAY)
            assert before < market.followers(channel, market.end)


def test_the_silent_account_is_silent_and_the_others_are_not(market):
    for channel in market.channels:
        last = market.posts[channel.channel_id][-1].published_at
        quiet = market.end - last
        assert quiet > 23 * DAY if channel.silent_d else quiet < 12 * DAY


def test_the_planted_rise_is_in_the_last_weeks_of_many_accounts(market):
    week = [
        post
        for posts in market.posts.values()
        for post in posts
        if market.midnight(market.last_week) <= post.published_at
    ]
    before = [
        post
        for posts in market.posts.values()
        for post in posts
        if post.published_at < market.end - 28 * DAY
    ]
    social = ("bluesky", "mastodon")
    late = [p for p in week if p.format == RISING_FORMAT and p.channel_id.startswith(social)]
    tagged = [p for p in week if RISING_HASHTAG in p.hashtags]
    assert len({p.channel_id for p in late}) >= 5
    assert len({p.channel_id for p in tagged}) >= 5
    early = [p for p in before if p.format == RISING_FORMAT and p.channel_id.startswith(social)]
    assert len(late) > 3 * len(early) / ((market.days - 28) / 7)


def test_every_incident_found_its_post(market):
    traits = Counter(t for posts in market.posts.values() for p in posts for t in p.traits)
    once = {"boosted", "breakout", "buzz", "copied", "copy"}
    assert {name: traits[name] for name in once} == dict.fromkeys(once, 1)
    assert traits["deleted"] == 6
    assert traits["edited"] == 3
    assert traits["odd"] == 7


def test_a_copy_is_nearly_its_original(market):
    posts = [post for posts in market.posts.values() for post in posts]
    original = next(post for post in posts if "copied" in post.traits)
    copy = next(post for post in posts if "copy" in post.traits)
    assert copy.text.split()[:3] == original.text.split()[:3]
    assert copy.theme == original.theme
    assert copy.published_at > original.published_at


def test_the_buzz_is_angry_and_sudden(market):
    posts = market.posts["bluesky:vallon.example"]
    buzz = next(post for post in posts if "buzz" in post.traits)
    usual = np.median([len(post.comments) for post in posts])
    assert len(buzz.comments) > 5 * usual
    assert market.counts(buzz, market.end).comments > 100
    assert not any(comment.answer for comment in buzz.comments)


def test_hours_and_weekdays_are_the_channels_own(market):
    for channel in market.channels:
        hours = {
            post.published_at.astimezone(PARIS).hour for post in market.posts[channel.channel_id]
        }
        assert hours <= set(channel.hours) | {hour + 1 for hour in channel.hours}


def test_a_deck_keeps_its_shares():
    cards = deck((("a", 0.6), ("b", 0.4)), 100, dice(1, "somebody", "test"))
    assert Counter(cards) == {"a": 60, "b": 40}


def test_truth_counts_what_the_crawls_could_see(market):
    truth = market.truth
    unseen = truth.posts.filter(~truth.posts["is_shown"])
    assert unseen.height == 1, "the post deleted within hours"
    assert unseen["deleted_at"].null_count() == 0
    alive = truth.posts.filter(truth.posts["is_shown"] & truth.posts["deleted_at"].is_null())
    assert alive.height == truth.channels["posts"].sum()
    assert truth.silent == {"bivouac-libre"}
    assert truth.buzz == {"vallon-outdoor"}


def test_records_are_frozen(market):
    post = market.posts["bluesky:vallon.example"][0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        post.text = "changed"
