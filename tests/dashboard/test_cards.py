"""What a post's card shows in place of its picture, film or sound."""

from pathlib import Path

import pytest

from dashboard import names, theme
from dashboard.widgets import cards
from data.vocabulary import FORMATS

STYLE = Path(theme.__file__).with_name("style.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_a_medium_has_a_sign_and_says_what_it_is(form):
    shown = cards.medium(form)
    if form not in cards.MEDIA:
        assert shown == ""
        assert f".v-{form} {{ --v-icon" not in STYLE
        return
    assert f'class="v-media v-{form}"' in shown
    assert f'aria-label="{names.form(form)}"' in shown
    assert f".v-{form} {{ --v-icon" in STYLE


def test_an_unknown_format_has_none():
    assert cards.medium(None) == ""


def test_the_style_fetches_nothing():
    for address in STYLE.split("url(")[1:]:
        assert address.startswith('"data:'), address[:60]
    assert "@import" not in STYLE
