"""Both languages are complete: no text is missing, none is left over, every blank is kept."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from crawlers.registry import platforms
from dashboard import i18n, names
from data import vocabulary

ROOT = Path(i18n.__file__).parent
Message = str | tuple[str, ...]


def written() -> Iterator[tuple[str, Message]]:
    """Every text handed to `_` or `ngettext`, f-strings included, with its file."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            wanted = {"_": 1, "ngettext": 2}.get(node.func.id)
            if wanted is None:
                continue
            texts = [one.value for one in node.args[:wanted] if isinstance(one, ast.Constant)]
            assert len(texts) == wanted, f"{path}:{node.lineno}: texts must be written out"
            yield str(path.relative_to(ROOT)), texts[0] if wanted == 1 else tuple(texts)


def blanks(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture
def french():
    i18n.use("fr")
    yield
    i18n.use("en")


def test_no_text_is_missing_in_french():
    known = {message.id for message in i18n.catalogue("fr") if message.id and message.string}
    wanted = {text for _, text in written()}
    missing = {text for text in wanted if text not in known}
    assert not missing
    assert len(wanted) > 150


def test_no_text_is_left_over():
    wanted = {text for _, text in written()}
    assert {message.id for message in i18n.catalogue("fr") if message.id} - wanted == set()


def test_no_text_is_written_where_the_language_is_not_known():
    """Polars calls Python in threads of its own, which know nothing of the reader."""
    calls = re.compile(r"\.map_(elements|batches|groups|rows)\(")
    assert not [path for path in ROOT.rglob("*.py") if calls.search(path.read_text("utf-8"))]


def test_every_translation_keeps_the_blanks():
    for message in i18n.catalogue("fr"):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        assert not message.fuzzy
        for text in texts:
            assert text, message.id
            # "One thing was tested." may well say the number in French.
            assert blanks(text) - {"n"} == blanks(ids[-1]) - {"n"}, message.id
            assert "n" not in blanks(ids[-1]) or "n" in blanks(texts[-1])


def test_french_has_its_spaces():
    for message in filter(lambda one: one.id, i18n.catalogue("fr")):
        texts = [message.string] if isinstance(message.string, str) else message.string
        for text in texts:
            assert not re.search(r"\w[;!?%]| [;!?%:](\s|$)", text), text
            assert "'" not in text, text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_closed_lists_have_words(language):
    i18n.use(language)
    lists = {
        names.role: vocabulary.ROLES,
        names.period: vocabulary.PERIODS,
        names.trend_kind: vocabulary.TREND_KINDS,
        names.alert: vocabulary.ALERT_KINDS,
        names.status: vocabulary.TREND_STATUSES,
        names.form: vocabulary.FORMATS,
        names.count: vocabulary.COUNTS,
        names.access: vocabulary.ACCESS,
        names.confidence: vocabulary.CONFIDENCE,
        names.hidden: sorted(set().union(*(one.hides for one in platforms().values()))),
    }
    try:
        for words, keys in lists.items():
            for key in keys:
                assert words(key)
                assert "_" not in words(key)
        assert names.verdict("not enough posts")
    finally:
        i18n.use("en")


def test_numbers_dates_and_weeks_follow_the_language(french):
    assert i18n.decimal(1234.4) == "1\u202f234"
    assert i18n.percent(0.0123) == "1,23\u202f%"
    assert i18n.day(date(2026, 11, 20)) == "20 nov. 2026"
    assert i18n.week(date(2026, 11, 16)) == "semaine 47 (du 16 nov.)"
    assert i18n.ordinal(1) == "1er"
    assert i18n.ngettext("{n} post", "{n} posts", 0) == "0 publication"
    assert i18n.ngettext("{n} post", "{n} posts", 2) == "2 publications"


@given(st.integers(-(10**18), 10**18) | st.floats(-1e15, 1e15),
       st.integers(0, 3), st.sampled_from(["en", "fr"]))  # fmt: skip
def test_a_kept_number_is_what_babel_writes(value, digits, language):
    i18n.use(language)
    places = 0 if isinstance(value, int) else digits
    wanted = format_decimal(value or 0, f"#,##0.{'0' * places}", locale=language)
    assert i18n.decimal(value, digits) == wanted.replace("-", "−")
    assert i18n.decimal(value, digits) == i18n.decimal(value, digits)


def test_numbers_dates_and_ranks_in_english():
    assert i18n.decimal(1234.0) == "1,234"
    assert i18n.percent(0.0123) == "1.23%"
    assert i18n.interval(0.5, 1.25) == "[0.50–1.25]"
    assert i18n.interval(None, 1.0) == ""
    assert i18n.interval(57.0, None) == "[≥\u202f57.0]"
    assert i18n.interval(-0.5, 0.25) == "[−0.50 to 0.25]"
    assert i18n.percent(-0.0812) == "−8.12%"
    assert [i18n.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 102)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "102nd",
    ]  # fmt: skip
    assert i18n.ngettext("{n} post", "{n} posts", 0) == "0 posts"
    assert i18n.decimal(None) == i18n.NONE == i18n.percent(float("nan"))


def test_times_are_those_of_the_market():
    at = datetime(2026, 11, 20, 23, 5, tzinfo=UTC)
    i18n.use("fr", "Europe/Paris")
    assert i18n.moment(at) == "21 nov. 2026, 00:05"
    assert i18n.stamp(at) == "21 nov. 2026, 00:05 (Europe/Paris)"
    assert i18n.day(at) == "21 nov. 2026"
    i18n.use("en")
    assert i18n.stamp(at) == "20 Nov 2026, 23:05 (UTC)"
    assert i18n.moment(None) == i18n.stamp(None) == i18n.NONE


def test_unknown_language_is_english():
    i18n.use("xx")
    assert i18n.lang() == "en"


def test_charts_get_the_language_too(french):
    locale = i18n.vega_locale()
    assert locale["number"]["decimal"] == ","
    assert locale["time"]["days"][0] == "dimanche"
    assert locale["time"]["shortMonths"][10] == "nov."


def test_reasons_are_translated_and_their_detail_kept(french):
    assert names.reason("gone: whatever (404)") == "le compte ou la page n’existe plus (404)"
    assert names.reason("robots.txt says no") == "robots.txt says no"
    assert names.reason(None) == ""
    assert names.reason("robots.txt forbids https://x.example/") == (
        "robots.txt interdit https://x.example/"
    )


def test_platforms_have_a_name_of_ours_else_their_own_title(french):
    assert names.platform("feed", "RSS, Atom") == "Flux RSS"
    assert names.platform("hackernews", "Hacker News") == "Hacker News"
    assert names.platform("old_forum") == "Old forum"


def test_figures_carry_their_unit(french):
    assert names.figure(0.02, "ratio") == "2,00\u202f%"
    assert names.figure(3.5, "posts/week") == "3,50 par semaine"
    assert names.figure(3.5, "unheard of") == "3,50"
    assert names.figure(None, "ratio") == i18n.NONE
    assert names.bare("%")(2.77) == "2,77\u202f%" == names.figure(2.77, "%")
    assert names.bare("minutes")(343.0) == "343"
    assert names.bare("%")(None) == i18n.NONE
