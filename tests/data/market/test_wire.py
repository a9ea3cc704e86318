"""The market speaks real formats: the product's own parsers read back what was planted."""

import re

import pytest

from crawlers.platform import Blocked, Fetch
from crawlers.registry import claimants, platforms
from data.market import Market
from data.market.cast import CHANNELS, Channel
from data.market.wire.youtube import ago, clock, short_count
from data.records import Gone
from tests.data.market.harvest import ask, harvest

READABLE = [channel for channel in CHANNELS if channel.dialect != "script"]
TRUNCATED = 0.1


@pytest.fixture(scope="module")
def market():
    return Market(seed=1)


@pytest.fixture(scope="module")
def harvests(market):
    return {c.channel_id: harvest(market, c, market.end) for c in READABLE}


def named(channel: Channel) -> str:
    return channel.channel_id


@pytest.mark.parametrize("channel", READABLE, ids=named)
def test_every_visible_post_comes_back_and_no_other(channel, market, harvests):
    found = harvests[channel.channel_id]
    own = {i for i, p in found.posts.items() if not (p.is_repost or p.is_reply)}
    visible = [post.native_id for post in market.visible(channel.channel_id, market.end)]
    asked_for = {"sitemap": 50}.get(channel.dialect)
    assert set(visible[:asked_for]) <= own <= set(visible)
    assert not found.dropped


@pytest.mark.parametrize("channel", READABLE, ids=named)
def test_format_date_and_address_are_as_planted(channel, market, harvests):
    found = harvests[channel.channel_id].posts
    for post in market.visible(channel.channel_id, market.end):
        if post.native_id not in found:
            continue
        got = found[post.native_id]
        assert got.format == post.format
        assert got.url == post.url
        if got.published_within_s == 0 and got.published_at is not None:
            assert got.published_at == post.published_at
        elif got.published_at is not None:
            off = abs((got.published_at - post.published_at).total_seconds())
            assert off <= got.published_within_s


@pytest.mark.parametrize("channel", READABLE, ids=named)
def test_words_are_as_planted(channel, market, harvests):
    found = harvests[channel.channel_id].posts
    for post in market.visible(channel.channel_id, market.end):
        got = found.get(post.native_id)
        if got is None:
            continue
        if post.title:
            assert got.title.replace("’", "'") == post.title
        if got.text is not None:
            assert squeezed(post.text_at(market.end)) in squeezed(got.text)
        if channel.platform in {"bluesky", "mastodon"}:
            assert got.hashtags == post.hashtags
            assert got.language == post.language
            assert (got.media_count or 0) == post.media


def squeezed(text: str) -> str:
    """Without the white space that HTML doesn't keep."""
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("channel", READABLE, ids=named)
def test_counts_are_as_planted(channel, market, harvests):
    found = harvests[channel.channel_id].metrics
    compared = 0
    for post in market.visible(channel.channel_id, market.end):
        got, planted = found.get(post.native_id), market.counts(post, market.end)
        if got is None:
            continue
        compared += 1
        for name in ("likes", "comments", "shares"):
            assert getattr(got, name) in {None, getattr(planted, name)}
        if got.views is not None:
            assert (1 - TRUNCATED) * planted.views <= got.views <= planted.views
    if channel.platform in {"bluesky", "mastodon", "youtube"}:
        assert compared == len(market.visible(channel.channel_id, market.end))


@pytest.mark.parametrize(
    "channel",
    [c for c in READABLE if c.platform in {"bluesky", "mastodon"} and c.answers],
    ids=named,
)
def test_comments_and_answers_come_back(channel, market, harvests):
    found = harvests[channel.channel_id].comments
    assert found
    planted = {
        last_part(comment.native_id): comment
        for post in market.visible(channel.channel_id, market.end)
        for comment in post.comments
    }
    answers = {last_part(c.answer.native_id): c for c in planted.values() if c.answer}
    for native_id, got in found.items():
        name = last_part(native_id)
        assert got.from_channel == (name in answers)
        known = answers[name].answer if got.from_channel else planted[name]
        assert got.text == known.text
        parent = last_part(answers[name].native_id) if got.from_channel else None
        assert (last_part(got.in_reply_to) if got.in_reply_to else None) == parent
        assert not any(person in repr(got) for person in ("anouk", "yann"))


def last_part(native_id: str) -> str:
    """A comment's own key, without its author's."""
    return native_id.rpartition("/")[2]


@pytest.mark.parametrize("channel", [c for c in READABLE if c.followers is not None], ids=named)
def test_followers_come_back(channel, market, harvests):
    planted = market.followers(channel, market.end)
    got = harvests[channel.channel_id].profiles[0].followers
    assert 0.9 * planted <= got <= planted if channel.platform == "youtube" else got == planted


def test_reposts_are_told_apart(market, harvests):
    for name, reposts in market.reposts.items():
        found = {i: p for i, p in harvests[name].posts.items() if p.is_repost}
        assert len(found) == sum(repost.alive(market.end) for repost in reposts) > 5
        assert not found.keys() & harvests[name].metrics.keys()


def test_answers_in_the_feed_are_replies(market, harvests):
    for channel in READABLE:
        if channel.platform in {"bluesky", "mastodon"} and not channel.is_topic:
            found = {i for i, p in harvests[channel.channel_id].posts.items() if p.is_reply}
            said = market.answered(channel.channel_id, market.end)
            assert found == {answer.native_id for _, _, answer in said}


@pytest.mark.parametrize("channel", CHANNELS, ids=named)
def test_one_platform_claims_each_address(channel):
    claims = claimants(channel.url)
    if channel.platform != "wordpress":
        assert claims == [(channel.platform, channel.account)]


def test_a_watch_page_gives_the_exact_date_and_all_counts(market):
    channel = next(c for c in CHANNELS if c.platform == "youtube")
    post = market.visible(channel.channel_id, market.end)[-1]
    platform = platforms()["youtube"]
    fetch = next(platform.refresh(channel.account, [(post.native_id, post.url)]))
    got, metrics = platform.read(ask(market, fetch, channel.account, market.end))
    assert got.published_at == post.published_at
    assert got.text == post.text
    planted = market.counts(post, market.end)
    assert (metrics.likes, metrics.comments, metrics.views) == (
        planted.likes, planted.comments, planted.views,
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["bluesky:maisonalpine.example", "mastodon:crete@social.vigie-demo.example"]
)
def test_a_deleted_post_is_said_to_be_gone(name, market):
    channel = next(c for c in CHANNELS if c.channel_id == name)
    post = next(post for post in market.posts[name] if post.deleted_at)
    platform = platforms()[channel.platform]
    for fetch in platform.refresh(channel.account, [(post.native_id, post.url)]):
        page = ask(market, fetch, channel.account, post.deleted_at)
        assert Gone(post.native_id) in list(platform.read(page))


@pytest.mark.parametrize(
    ("platform", "account"),
    [
        ("bluesky", "nobody.example"),
        ("mastodon", "nobody@social.vigie-demo.example"),
        ("youtube", "@nobody"),
        ("wordpress", "https://blogs.vigie-demo.example/nobody"),
        ("feed", "https://blogs.vigie-demo.example/nobody/feed.xml"),
    ],
)
def test_an_unknown_account_is_gone(platform, account, market):
    fetch = next(platforms()[platform].start(account))
    with pytest.raises(Blocked):
        list(platforms()[platform].read(ask(market, fetch, account, market.end)))


def test_the_script_site_shows_nothing_without_a_browser(market):
    channel = next(c for c in CHANNELS if c.dialect == "script")
    with pytest.raises(Blocked, match="empty_shell"):
        harvest(market, channel, market.end)


def test_the_articles_behind_the_script_are_read(market):
    channel = next(c for c in CHANNELS if c.dialect == "script")
    platform = platforms()["website"]
    for post in market.visible(channel.channel_id, market.end):
        fetch = Fetch(post.url, kind="article", context={"post": post.url})
        (got,) = platform.read(ask(market, fetch, channel.account, market.end))
        assert (got.native_id, got.published_at) == (post.native_id, post.published_at)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "5 seconds ago"), (3700, "1 hour ago"), (13.5 * 86_400, "13 days ago"),
     (14 * 86_400, "2 weeks ago"), (40 * 86_400, "1 month ago"), (800 * 86_400, "2 years ago")],
)  # fmt: skip
def test_ages_in_youtubes_words(seconds, said):
    assert ago(seconds) == said


@pytest.mark.parametrize(
    ("value", "said"), [(999, "999"), (1_960, "1.9K"), (26_400, "26K"), (3_400_000, "3.4M")]
)
def test_counts_as_youtube_shortens_them(value, said):
    assert short_count(value) == said


def test_lengths_as_youtube_writes_them():
    assert (clock(183), clock(4054)) == ("3:03", "1:07:34")
