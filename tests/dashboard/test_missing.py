"""What a page says where a figure is missing or a list is cut."""

import pytest

from dashboard import i18n, names, queries
from dashboard.widgets import cards
from tests.dashboard.test_pages import html, open_page


@pytest.mark.parametrize(("shape", "most"), [("table", 200), ("cards", 24)])
def test_the_list_tells_how_many_it_shows(full, shape, most):
    total = queries.find(queries.Scope(period="365d"), queries.Wanted())[1]
    said = f"{i18n.decimal(total)} posts, the first {most} shown"
    shown = html(open_page("posts", period="365d", view=shape))
    assert total > most
    assert said in shown


def test_a_figure_without_value_says_why():
    none = {"value": None, "verdict": "not enough posts"}
    assert names.standing(none | {"n": 138}) == "not known"
    assert names.standing(none | {"n": 4}) == "not enough posts"
    assert names.left_out([("Us", 3), ("Them", 138)]) == (
        "Not enough posts: Us (n\u00a0=\u00a03) · Not known: Them (n\u00a0=\u00a0138)"
    )
    assert "median" in cards.unknown("reply_median_min", 138)
    assert not cards.unknown("reply_median_min", 3)
    assert not cards.unknown("engagement_rate", 138)
