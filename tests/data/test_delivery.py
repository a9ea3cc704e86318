from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from data import delivery
from data.delivery import DAYS, Order, Quiet
from data.watchlist import WatchlistError, parse

HEAD = "market: A\nbrand: {name: B, channels: ['https://a.example/feed']}\n"
CANARY = "canary-81c2"


def test_addresses_are_secrets_with_their_severity():
    told = parse(
        f"{HEAD}alerts: [mailto://u:{CANARY}@h, {{url: json://{CANARY}/y, at_least: critical}}]"
    )
    assert [one.at_least for one in told.alerts] == ["info", "critical"]
    assert told.alerts[0].url.get_secret_value() == f"mailto://u:{CANARY}@h"
    assert CANARY not in repr(told)
    assert CANARY not in str(told.model_dump())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"alerts: [{CANARY}]", "“alerts.0.url”: must be a notification address"),
        (f"alerts: [{{url: 'json://{CANARY}', at_least: all}}]", "“alerts.0.at_least”"),
        ("quiet_hours: 25:00-07:00", "“quiet_hours”: must be hours such as"),
        ("quiet_hours: 07:00-07:00", "“quiet_hours”: must be hours such as"),
        (f"reports: [{{to: {CANARY}, every: monday}}]", "“reports.0.to”: must be a notification"),
        ("reports: [{to: 'json://x', every: friday13}]", "“reports.0.every”"),
    ],
)
def test_a_mistake_is_named_without_the_address(line, said):
    with pytest.raises(WatchlistError) as told:
        parse(HEAD + line)
    assert "line 3" in str(told.value)
    assert said in str(told.value)
    assert CANARY not in str(told.value)


@given(st.times(), st.times(), st.datetimes())
def test_quiet_hours_end_when_they_no_longer_cover(start, end, now):
    start, end = (one.replace(second=0, microsecond=0) for one in (start, end))
    quiet = Quiet(start, end)
    if start != end and now.year < 9999 and quiet.covers(now):
        over = quiet.over(now)
        assert over > now
        assert not quiet.covers(over)
        assert over.time() == end


@pytest.mark.parametrize(
    ("at", "covered"), [(time(20, 59), False), (time(21), True), (time(3), True), (time(7), False)]
)
def test_quiet_hours_cross_midnight(at, covered):
    night = Quiet.read("21:00-07:00")
    assert night.covers(datetime.combine(date(2026, 11, 3), at)) is covered
    assert Quiet.read("07:00-21:00").covers(datetime.combine(date(2026, 11, 3), at)) is not covered


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(DAYS))
def test_a_weekly_report_is_due_on_its_day(today, day):
    due = Order(to=SecretStr("json://x"), every=day).last_due(today)
    assert 0 <= (today - due).days < 7
    assert due.weekday() == DAYS.index(day)


def test_daily_and_monthly_reports_are_due():
    today = date(2026, 11, 17)
    assert Order(to=SecretStr("json://x"), every="day").last_due(today) == today
    assert Order(to=SecretStr("json://x"), every="month").last_due(today) == date(2026, 11, 1)


def test_addresses_are_had_from_a_watchlist_that_is_wrong_elsewhere(tmp_path):
    file = tmp_path / "watchlist.yaml"
    file.write_text("market: A\nbrnd: {}\nalerts: ['json://x']\nlanguage: fr\n")
    told = delivery.load(file)
    assert told is not None
    assert [one.url.get_secret_value() for one in told.alerts] == ["json://x"]
    assert (told.market, told.language) == ("A", "fr")


@pytest.mark.parametrize("text", ["a: [", "- 1\n", "alerts: [nothing]\n"])
def test_a_watchlist_that_names_no_address_gives_none(tmp_path, text):
    file = tmp_path / "watchlist.yaml"
    file.write_text(text)
    assert delivery.load(file) is None
    assert delivery.load(tmp_path / "absent.yaml") is None
