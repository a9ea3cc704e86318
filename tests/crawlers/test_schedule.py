from datetime import timedelta

import pytest

from crawlers.schedule import due
from tests.crawlers.scripted import NOON


def hours(number):
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("age_h", "seen_h", "expected"),
    [
        (0.5, 0.2, False),
        (1, 0.2, True),
        (1.5, 0.2, True),
        (1.5, 1, False),
        (5.9, 1.5, False),
        (6, 1.5, True),
        (25, 23, True),
        (47, 25, False),
        (73, 25, True),
        (24 * 8, 24 * 4, True),
        (24 * 29, 24 * 8, False),
        (24 * 31, 24 * 29, True),
        (24 * 400, 24 * 31, False),
        (24 * 400, 24 * 29, True),
    ],
)
def test_a_post_is_due_when_an_age_lies_between_last_sight_and_now(age_h, seen_h, expected):
    published_at = NOON - hours(age_h)
    assert due(published_at, published_at + hours(seen_h), NOON) is expected


def test_a_post_without_a_time_is_never_due():
    assert not due(None, NOON - hours(100), NOON)
