from datetime import UTC, datetime

import polars as pl
import pytest

from flows.looking import show
from flows.words.problems import Unusable
from tests.flows.lakes import BODY, fill


def test_a_post_leads_to_its_counts_and_pages(store):
    first, second = fill(store)
    shown = show.post(store, "feed:1")
    assert shown.post["text"] == "Bivouac au lac"
    assert shown.features["lift"] == 1.2
    assert shown.counts["likes"].to_list() == [3, 9]
    assert shown.pages["page_id"].to_list() == [first, second]


def test_a_figure_leads_to_its_posts(store):
    fill(store)
    shown = show.kpi(store, "crete-co/all/28d/engagement_rate")
    assert (shown.figure["value"], shown.figure["low"], shown.figure["n"]) == (0.021, 0.01, 12)
    assert shown.posts["post_id"].to_list() == ["feed:2", "feed:1"]
    assert shown.posts["url"].to_list() == ["https://crete.example/2", "https://crete.example/1"]


def test_behind_the_share_of_voice_are_the_posts_of_those_who_name_it(store):
    fill(store)
    named = {"post_id": "feed:1", "entity_id": "lea", "by_entity_id": "crete-co",
             "channel_id": "feed:https://crete.example/feed", "platform": "feed",
             "published_at": datetime(2026, 11, 1, tzinfo=UTC), "named_by": "name"}  # fmt: skip
    store.merge("mentions", pl.DataFrame([named]))
    behind = show._behind(store, "lea", "all", "365d", "share_of_voice")
    assert behind.select("post_id", "url").rows() == [("feed:1", "https://crete.example/1")]
    assert show._behind(store, "lea", "all", "365d", "engagement_rate").is_empty()


def test_only_posts_of_the_platform_and_period_are_behind_a_figure(store):
    fill(store)
    behind = show._behind(store, "crete-co", "bluesky", "28d", "engagement_rate")
    assert behind.is_empty()
    store.merge(
        "coverage",
        store.scan("coverage").collect().with_columns(started_at=datetime(2027, 2, 1, tzinfo=UTC)),
    )
    assert show._behind(store, "crete-co", "all", "28d", "engagement_rate").is_empty()
    assert show._behind(store, "crete-co", "all", "365d", "engagement_rate").height == 2


def test_a_page_is_given_as_served(store):
    first, _ = fill(store)
    assert show.page(store, first).body == BODY


@pytest.mark.parametrize("name", ["crete-co/28d", "crete-co/all/28d/nothing", ""])
def test_an_unknown_figure_is_said(store, name):
    fill(store)
    with pytest.raises(Unusable, match="kpi"):
        show.kpi(store, name)


def test_an_unknown_post_or_page_is_said(store):
    fill(store)
    with pytest.raises(Unusable, match="post feed:9: not in this lake"):
        show.post(store, "feed:9")
    with pytest.raises(Unusable, match="not in the archive"):
        show.page(store, "nothing")
