from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fields.times import DAY, UNZONED_S
from crawlers.imports import cells
from crawlers.imports.problems import CellError

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
MOMENTS = st.datetimes(*map(datetime.fromisoformat, ("2000-01-01", "2026-08-19"))).map(
    lambda moment: moment.replace(microsecond=0)
)
AMOUNTS = st.integers(0, 10**11).map(lambda cents: cents / 100)


def at(text, order="dmy", zone=UTC):
    return cells.moment(text, order, zone, NOW)


@given(MOMENTS, st.sampled_from(("dmy", "mdy")), st.sampled_from("/.-"))
def test_a_written_date_is_read_back(moment, order, sign):
    first, second = (moment.day, moment.month) if order == "dmy" else (moment.month, moment.day)
    text = f"{first:02}{sign}{second}{sign}{moment.year} {moment:%H:%M:%S}"
    assert at(text, order) == (moment.replace(tzinfo=UTC), 0.0)


@given(MOMENTS)
def test_the_clock_of_a_zone_is_moved_to_utc(moment):
    local = moment.replace(tzinfo=PARIS)
    found = at(f"{moment:%d/%m/%Y %H:%M}", zone=PARIS)
    assert found.at == local.replace(second=0).astimezone(UTC)
    assert found.within_s == 60


@pytest.mark.parametrize(
    ("text", "expected", "within"),
    [
        ("22/4/2018 18:05", "2018-04-22 18:05", 60),
        ("22.04.18", "2018-04-22", DAY),
        ("22/04/2018 à 6h05", "2018-04-22 06:05", 60),
        ("2018/04/22 18:05", "2018-04-22 18:05", 60),
        ("20180422", "2018-04-22", DAY),
        ("2018-04-22T18:05:00", "2018-04-22 18:05", 0),
        ("2018-04-22", "2018-04-22", DAY),
        ("22/04/2018 12:05 am", "2018-04-22 00:05", 60),
        ("22/04/2018 6:05 PM", "2018-04-22 18:05", 60),
        ("22 avr. 2018", "2018-04-22", DAY),
        ("Apr 22, 2018", "2018-04-22", DAY),
        ("Sun, Apr 22, 2018", "2018-04-22", DAY),
        ("20 août", "2026-08-20", DAY),
        ("21 août", "2025-08-21", DAY),
        ("August 19", "2026-08-19", DAY),
    ],
)
def test_forms_of_dates(text, expected, within):
    assert at(text) == (datetime.fromisoformat(expected).replace(tzinfo=UTC), within)


def test_a_time_without_any_zone_is_known_to_be_vague():
    assert at("22/04/2018 18:05:01", zone=None).within_s == UNZONED_S
    assert at("2018-04-22T18:05:00", zone=None).within_s == UNZONED_S
    assert at("2018-04-22T18:05:00+02:00", zone=None) == (
        datetime(2018, 4, 22, 16, 5, tzinfo=UTC), 0.0,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["31/02/2018", "32/1/2018", "1/13/2018", "soon", "1/2", "25:00"])
def test_no_date_is_said(text):
    with pytest.raises(CellError, match="is no date"):
        at(text)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["1/2/2018", "13/2/2018"], "dmy"),
        (["1/2/2018", "2/13/2018"], "mdy"),
        (["13/2/2018", "2/13/2018"], "mixed"),
        (["1/2/2018"], None),
        (["2018-02-13"], None),
    ],
)
def test_one_cell_tells_the_order_of_the_column(texts, order):
    assert cells.order_of(texts) == order


def test_only_dates_that_may_be_read_both_ways_need_an_order():
    assert cells.has_slashed(["1/2/2018"])
    assert not cells.has_slashed(["2/2/2018", "2018-02-01", ""])


@given(AMOUNTS, st.sampled_from((".", ",")), st.sampled_from(("", " ", "\u202f", "'", "group")))
def test_a_written_amount_is_read_back(amount, decimal, group):
    if group == "group":
        group = "," if decimal == "." else "."
    text = f"{amount:,.2f}".replace(",", "_").replace(".", decimal).replace("_", group)
    assert cells.real(text, decimal) == pytest.approx(amount)
    assert cells.real(f"{text} €", decimal) == pytest.approx(amount)


@given(st.integers(0, 10**14), st.sampled_from(("", ",", ".", " ", "\u00a0", "'")))
def test_a_written_count_is_read_back(number, group):
    assert cells.whole(f"{number:,}".replace(",", group)) == number
    assert cells.whole(f"{number}.0") == number


@pytest.mark.parametrize("text", ["-3", "1,5", "12.5", "beaucoup", "1e3", "1.234k", "=1+1"])
def test_no_count_is_said(text):
    with pytest.raises(CellError, match="is no whole number"):
        cells.whole(text)


@pytest.mark.parametrize(("text", "expected"), [("1.234", 1234.0), ("1,234", 1.234)])
def test_three_digits_behind_a_lone_mark_follow_the_file(text, expected):
    assert cells.real(text, ",") == expected


@pytest.mark.parametrize("text", ["-3", "gratuit", "1.2.3,4,5", "", "1e999999"])
def test_no_amount_is_said(text):
    with pytest.raises(CellError, match="is no amount"):
        cells.real(text, ".")


@pytest.mark.parametrize(
    ("text", "expected"), [("75", 75), ("1:15", 75), ("1:01:15", 3675), ("12,5", 12.5)]
)
def test_lengths(text, expected):
    assert cells.seconds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Oui", True), ("Sponsorisé", True), ("0", False), ("Organic", False)]
)
def test_flags(text, expected):
    assert cells.flag(text) is expected


def test_what_is_neither_yes_nor_no_is_said():
    with pytest.raises(CellError, match="neither yes nor no"):
        cells.flag("maybe")


@pytest.mark.parametrize("text", ["", " ", "-", "N/A", "nan", "–"])
def test_empty_cells(text):
    assert cells.is_empty(text)
    assert not cells.is_empty("0")


@given(st.text(max_size=40), st.sampled_from(("dmy", "mdy")), st.sampled_from((None, PARIS)))
def test_any_text_is_a_moment_of_the_calendar_or_an_error(text, order, zone):
    try:
        found = cells.moment(text, order, zone, NOW)
    except CellError:
        return
    assert found.at.utcoffset() == timedelta(0)
    assert found.within_s >= 0


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_an_error(text):
    for reader in (cells.whole, lambda cell: cells.real(cell, ","), cells.seconds):
        try:
            assert 0 <= reader(text) < float("inf")
        except CellError:
            continue
