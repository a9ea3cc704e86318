"""Audits of accounts: by hand, and against planted truth."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from data.tables import TABLES
from data.vocabulary import AUDIT_CHECKS
from features import audits
from features.audits import BOUGHT, expected, usual_longest
from tests.features.world import AT, frame

ACCOUNTS = 12


def post(account, number, **more):
    """A post of an account of the right engagement for its audience, one every two days."""
    size = 1000.0 * 2 ** (account / 2)
    return {
        "post_id": f"bluesky:{account}/{number:03d}",
        "channel_id": f"bluesky:{account}",
        "entity_id": f"e{account}",
        "platform": "bluesky",
        "published_at": AT - timedelta(days=1.9 * number + 0.5),
        "followers": size,
        "engagement_7d": 0.5 * size**0.7 * (1 + 0.1 * ((7 * account) % 5) + 0.02 * number),
        "is_sponsored": False,
        "is_boost_suspect": False,
        **more,
    }


def posts(changes=(), accounts=ACCOUNTS, numbers=20):
    """Everybody's posts; `changes`: account, which of its posts, and what is different there."""
    rows = {(a, n): post(a, n) for a in range(accounts) for n in range(numbers)}
    for account, chosen, more in changes:
        for number in chosen:
            row = rows[account, number]
            row |= {name: new(row) if callable(new) else new for name, new in more.items()}
    return list(rows.values())


def audited(rows, comments=(), profiles=(), role="influencer"):
    schema = TABLES["post_features"].create_empty().schema
    full = [{name: row.get(name) for name in schema} for row in rows]
    who = [{"entity_id": name, "role": role} for name in sorted({r["entity_id"] for r in rows})]
    found = audits.audits(
        pl.LazyFrame(full, schema=schema),
        frame("comments", comments).lazy(),
        frame("profiles", profiles).lazy(),
        frame("entities", who).lazy(),
        AT,
    )
    return TABLES["audits"].validate(found, cast=True)


def one(found, check, entity="e3"):
    return found.row(by_predicate=(pl.col("check") == check) & (pl.col("entity_id") == entity),
                     named=True)  # fmt: skip


def watched(found, check):
    return set(found.filter(check=check, status="watch")["entity_id"])


def followed(account, changes=(), days=60):
    """Followers day by day: around five more on each, but `changes` (day → more)."""
    rng = np.random.default_rng(account)
    daily = rng.poisson(5, days)
    for day, more in dict(changes).items():
        daily[day] += more
    return [
        {"channel_id": f"bluesky:{account}", "observed_at": AT - timedelta(days=days - 1 - day),
         "followers": 2000 + int(total)}
        for day, total in enumerate(np.cumsum(daily))
    ]  # fmt: skip


def test_honest_accounts_are_not_watched_and_every_check_has_its_row():
    found = audited(posts(), profiles=[r for a in range(ACCOUNTS) for r in followed(a)])
    assert found.height == ACCOUNTS * len(AUDIT_CHECKS)
    assert watched(found, "size_tier") == set()
    assert found.filter(status="watch").is_empty(), found.filter(status="watch")
    assert set(found.filter(check="comment_quality")["status"]) == {"not enough posts"}


@pytest.mark.parametrize("factor", [1 / 20, 20])
def test_engagement_unlike_that_of_accounts_of_the_size_is_watched(factor):
    more = {"engagement_7d": lambda row: factor * row["engagement_7d"]}
    found = audited(posts([(3, range(20), more)]))
    assert watched(found, "size_tier") == {"e3"}
    row = one(found, "size_tier")
    assert row["n"] == 20
    usual = one(audited(posts()), "size_tier")["value"]
    assert row["low"] < usual < row["high"]
    assert row["value"] == pytest.approx(factor * usual)


def test_the_line_leaves_the_judged_account_out_as_a_fit_without_it_does():
    rng = np.random.default_rng(2)
    size = rng.normal(8, 2, 9)
    got = 0.7 * size + rng.normal(0, 0.3, 9)
    low, high = expected(size, got)
    for i in range(9):
        x, y = np.delete(size, i), np.delete(got, i)
        slope, start = np.polyfit(x, y, 1)
        assert (low[i] + high[i]) / 2 == pytest.approx(start + slope * size[i])
    inside = 0
    for _ in range(400):
        size = rng.normal(8, 2, 12)
        got = 0.7 * size + rng.normal(0, 0.3, 12)
        low, high = expected(size, got)
        inside += low[0] <= got[0] <= high[0]
    assert 0.92 <= inside / 400 <= 0.98


def test_too_few_accounts_or_all_of_one_size_make_no_line():
    assert np.isnan(expected(np.arange(5.0), np.arange(5.0))[0]).all()
    assert np.isnan(expected(np.ones(9), np.arange(9.0))[0]).all()
    found = audited(posts(accounts=4))
    assert set(found.filter(check="size_tier")["status"]) == {"not enough posts"}


def test_a_long_silence_is_watched_with_its_days():
    moved = {"published_at": lambda row: row["published_at"] - timedelta(days=30)}
    found = audited(posts([(3, range(10, 20), moved)]))
    assert watched(found, "regularity") == {"e3"}
    row = one(found, "regularity")
    assert row["value"] == pytest.approx(31.9)
    ends = [AT - timedelta(days=days) for days in (1.9 * 10 + 30.5, 1.9 * 9 + 0.5)]
    assert row["evidence"] == [end.date().isoformat() for end in ends]
    gone = {"published_at": lambda row: row["published_at"] - timedelta(days=40)}
    assert watched(audited(posts([(3, range(20), gone)])), "regularity") == {"e3"}


def test_random_posting_is_rarely_taken_for_a_long_silence():
    rng = np.random.default_rng(3)
    above = 0
    for _ in range(500):
        gaps = rng.exponential(2.0, 30)
        above += np.max(gaps) > usual_longest(gaps)[1]
    assert above / 500 <= 0.06


def test_a_jump_of_followers_is_watched_with_its_day():
    seen = [row for a in range(ACCOUNTS) for row in followed(a, {40: 400} if a == 3 else ())]
    found = audited(posts(), profiles=seen)
    assert watched(found, "growth_jump") == {"e3"}
    row = one(found, "growth_jump")
    assert row["evidence"] == [(AT - timedelta(days=19)).date().isoformat()]
    assert row["value"] == pytest.approx(np.log(1 + 400 / 2200), abs=0.02)
    assert one(audited(posts(), profiles=followed(3, days=8)), "growth_jump")["value"] is None


def test_shares_of_paid_and_bought_posts_have_wilson_s_interval_and_name_the_posts():
    found = audited(
        posts([(3, range(12), {"is_sponsored": True}), (4, range(2), {"is_boost_suspect": True}),
               (5, range(1), {"is_boost_suspect": True}), (6, range(4), {"is_sponsored": True})])
    )  # fmt: skip
    assert watched(found, "sponsored_share") == {"e3"}
    assert watched(found, "boost_share") == {"e4"}
    row = one(found, "sponsored_share")
    assert (row["value"], row["n"]) == (0.6, 20)
    assert (row["low"], row["high"]) == pytest.approx((0.387, 0.781), abs=1e-3)
    bought = one(found, "boost_share", "e4")
    assert bought["evidence"] == ["bluesky:4/001", "bluesky:4/000"]
    assert one(found, "boost_share", "e5")["low"] < BOUGHT


def test_hollow_and_repeated_comments_are_counted_out():
    rows = [
        {"comment_id": f"{a}/{n}", "post_id": f"bluesky:{a}/000", "author_key": f"p{n}",
         "published_at": AT - timedelta(hours=n + 1), "text": text}
        for a, texts in (
            (3, ["Top", "🔥🔥🔥", "wow !!", "so nice"] * 5),
            (4, ["Où trouver cette veste ?", "Une belle sortie ce matin"] * 10),
        )
        for n, text in enumerate(texts)
    ]  # fmt: skip
    rows += [
        {"comment_id": f"5/{n}", "post_id": "bluesky:5/000", "author_key": "same",
         "published_at": AT - timedelta(hours=n + 1), "text": f"J'adore  ton {'contenu'.upper()}"}
        for n in range(20)
    ]  # fmt: skip
    rows += [{**rows[0], "comment_id": "own", "from_channel": True},
             {**rows[0], "comment_id": "none", "text": None},
             {**rows[0], "comment_id": "old", "published_at": AT - timedelta(days=91)}]  # fmt: skip
    found = audited(posts(), rows)
    assert watched(found, "comment_quality") == {"e3", "e5"}
    values = [one(found, "comment_quality", name)["value"] for name in ("e3", "e4", "e5")]
    assert values == [0, 1, pytest.approx(1 / 20)]
    assert one(found, "comment_quality")["n"] == 20
    assert one(found, "comment_quality")["evidence"] == ["bluesky:3/000"]


def test_topics_are_not_audited_and_few_posts_say_nothing():
    assert audited(posts(), role="topic").is_empty()
    few = audited(posts(accounts=1, numbers=4))
    assert set(few["status"]) == {"not enough posts"}
    assert few["value"].null_count() == few.height == len(AUDIT_CHECKS)
