from datetime import timedelta

import polars as pl
import pytest

from dashboard import alerted
from flows.alerts import raise_alerts
from tests.data.rows import T0, frame, post
from tests.flows.lakes import covered, feature, fill, rows

AT = T0 + timedelta(days=2)


@pytest.fixture
def lake(store):
    fill(store)
    store.set_state("market", {"language": "en", "timezone": "Europe/Paris"})
    return store


def titles(frame):
    return sorted(frame["title"])


def kinds(store):
    return store.scan("alerts").collect()["kind"].to_list()


def test_a_quiet_lake_raises_nothing(lake):
    version = lake.version()
    assert raise_alerts(lake, AT).is_empty()
    assert lake.version() == version


def test_a_breakout_post_is_raised_once_with_its_page(lake):
    features = (feature(1, lift=6.0, lift_low=4.0, lift_high=9.0), feature(2))
    lake.replace("post_features", rows("post_features", *features))
    fresh = raise_alerts(lake, AT)
    assert titles(fresh) == ["Crête & Co: a post gets 6 times its usual engagement"]
    page_id = lake.scan("posts").filter(pl.col("post_id") == "feed:1").collect()["page_id"][0]
    assert fresh["evidence"][0] == {"post_ids": ["feed:1"], "page_ids": [page_id]}
    assert raise_alerts(lake, AT).is_empty()
    assert raise_alerts(lake, AT + timedelta(days=1)).is_empty()
    assert kinds(lake) == ["breakout_post"]


def test_titles_speak_the_language_of_the_market(lake):
    lake.set_state("market", {"language": "fr", "timezone": "Europe/Paris"})
    features = (feature(1, lift=6.0, lift_low=4.0, lift_high=9.0), feature(2))
    lake.replace("post_features", rows("post_features", *features))
    expected = ["Crête & Co\u00a0: une publication obtient 6 fois l’engagement habituel"]
    assert titles(raise_alerts(lake, AT)) == expected


@pytest.mark.parametrize(
    ("language", "lift", "figure"),
    [("fr", 16.54, "16,5"), ("en", 16.54, "16.5"), ("fr", 1234.0, "1\u202f230"), ("fr", 6.0, "6")],
)
def test_numbers_in_titles_are_written_as_the_market_writes_them(lake, language, lift, figure):
    lake.set_state("market", {"language": language, "timezone": "Europe/Paris"})
    features = (feature(1, lift=lift, lift_low=lift * 0.7, lift_high=lift * 1.4), feature(2))
    lake.replace("post_features", rows("post_features", *features))
    title = titles(raise_alerts(lake, AT))[0]
    assert f" {figure} " in title


def trend(week, status="rising"):
    return {
        "kind": "hashtag", "key": "bivouac", "platform": "all", "week": week, "posts": 9,
        "accounts": 4, "ratio": 3.0, "low": 2.0, "high": 4.0, "q_value": 0.01, "lift": 1.0,
        "status": status, "examples": ["feed:1"],
    }  # fmt: skip


def test_a_trend_that_goes_on_rising_is_one_alert(lake):
    monday = AT.date() - timedelta(days=AT.date().weekday())
    for number in range(3):
        lake.merge("trends", rows("trends", trend(monday + timedelta(weeks=number))))
        raise_alerts(lake, AT + timedelta(weeks=number))
    alerts = lake.scan("alerts").collect()
    assert titles(alerts) == ["The hashtag “bivouac” rises: 3 times its usual rate"]
    assert alerts["entity_id"].to_list() == [None]
    lake.merge("trends", rows("trends", trend(monday + timedelta(weeks=6))))
    assert raise_alerts(lake, AT + timedelta(weeks=6)).height == 1


def test_silence_is_raised_once_however_long_it_lasts(lake):
    days = [feature(number, published_at=T0 + timedelta(days=number)) for number in range(1, 13)]
    lake.replace("post_features", rows("post_features", *days))
    later = T0 + timedelta(days=12 + 20)
    fresh = raise_alerts(lake, later)
    assert titles(fresh) == ["Crête & Co: silent for 20 days, longer than ever before"]
    assert raise_alerts(lake, later + timedelta(days=5)).is_empty()


def test_bad_buzz_of_several_days_is_one_alert(lake):
    posts = [post(n, published_at=T0 + timedelta(days=n), page_id=f"p{n}") for n in range(1, 31)]
    lake.merge("posts", frame("posts", *posts))
    lake.replace(
        "post_features",
        rows(
            "post_features",
            *(feature(n, published_at=p["published_at"]) for n, p in enumerate(posts, 1)),
        ),
    )
    comments = [comment(n, n, "Merci, super sortie") for n in range(1, 31)]
    for day in (28, 29):
        comments += [comment(f"{day}-{n}", day, "Quelle honte, une arnaque") for n in range(40)]
    lake.merge("comments", rows("comments", *comments))
    at = T0 + timedelta(days=29, hours=6)
    fresh = raise_alerts(lake, at).filter(pl.col("kind") == "bad_buzz")
    assert titles(fresh) == ["Crête & Co: 40 negative comments in a day, against 0 as a rule"]
    assert fresh["evidence"][0]["post_ids"] == ["feed:28"]
    again = raise_alerts(lake, at + timedelta(days=2))
    assert "bad_buzz" not in again["kind"].to_list()


def comment(number, day, text):
    return {
        "comment_id": f"feed:c{number}", "post_id": f"feed:{day}", "author_key": f"a{number}",
        "published_at": T0 + timedelta(days=day, hours=1), "from_channel": False, "text": text,
        "page_id": "p1",
    }  # fmt: skip


def test_a_broken_source_is_raised_once_until_it_has_recovered(lake):
    def run(number, **changes):
        at = AT + timedelta(days=number)
        covered(lake, f"r{number + 2}", at, **changes)
        return raise_alerts(lake, at)

    wall = {"complete": False, "posts": 0, "reason": "login_wall: the platform asks to sign in"}
    fresh = run(1, **wall)
    assert titles(fresh) == ["feed:crete: nothing could be read: the platform asks to sign in"]
    assert fresh["reason"].to_list() == [wall["reason"]]
    assert fresh["severity"].to_list() == ["warning"]
    assert fresh["entity_id"].to_list() == ["crete-co"]
    assert run(2, **wall).is_empty()
    assert run(3).is_empty()
    assert run(4, **wall).height == 1


def test_a_channel_that_fell_short_but_gave_posts_is_not_broken(lake):
    covered(lake, "r9", AT + timedelta(days=1), complete=False, reason="stopped after 5000 pages")
    assert raise_alerts(lake, AT + timedelta(days=1)).is_empty()


def muted(lake, kind, entity_id, key=None, days=5):
    row = {"alert_id": "other", "kind": kind, "entity_id": entity_id, "key": key, "by": "b",
           "until": (AT + timedelta(days=days)).date(), "at": AT}  # fmt: skip
    lake.merge("alert_mutes", rows("alert_mutes", row))


def test_a_muted_subject_is_raised_again_only_when_the_mute_is_over(lake):
    features = (feature(1, lift=6.0, lift_low=4.0, lift_high=9.0), feature(2))
    lake.replace("post_features", rows("post_features", *features))
    muted(lake, "breakout_post", "crete-co", days=0)
    assert raise_alerts(lake, AT).is_empty()
    assert raise_alerts(lake, AT + timedelta(days=1)).height == 1


def test_a_mute_covers_its_subject_alone(lake):
    lake.replace("trends", rows("trends", trend(AT.date() - timedelta(days=AT.weekday()))))
    key = raise_alerts(lake, AT)["key"].to_list()
    assert key == ["hashtag/bivouac"]
    lake.remove("alerts", lake.scan("alerts").select("alert_id").collect())
    for other in ("hashtag/gravel", None):
        muted(lake, "rising_trend", None, other)
        assert raise_alerts(lake, AT).height == 1, "a mute of that kind names its trend"
        lake.remove("alerts", lake.scan("alerts").select("alert_id").collect())
    muted(lake, "rising_trend", None, key[0])
    assert raise_alerts(lake, AT).is_empty()


def test_an_alert_keeps_the_figures_that_it_is_worded_from(lake):
    lake.set_state("market", {"language": "fr", "timezone": "Europe/Paris"})
    features = (feature(1, lift=6.0, lift_low=4.0, lift_high=9.0), feature(2))
    lake.replace("post_features", rows("post_features", *features))
    row = raise_alerts(lake, AT).row(0, named=True)
    assert (row["value"], row["reason"]) == (6.0, None)
    who = dict(lake.scan("entities").select("entity_id", "name").collect().iter_rows())
    assert alerted.said_in("fr", row, who, {}) == row["title"]
    assert alerted.said_in("en", row, who, {}).endswith("a post gets 6 times its usual engagement")
