"""The shared cleaners: what is surely meant is read, what is not gives None."""

import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fields import (
    count,
    decode,
    find,
    get,
    hashtags_of,
    hrefs_of,
    instant,
    is_web,
    language_of,
    links_of,
    maybe,
    mentions_of,
    once,
    text_of,
    utc,
    when,
)
from crawlers.platform import ParseError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("12", 12), ("1 234", 1234), ("1\u202f234\u202f567", 1_234_567),
        ("1,234", 1234), ("1.234", 1234), ("1'234", 1234), ("1,234,567", 1_234_567),
        ("26k", 26_000), ("26 K", 26_000), ("1,2 k", 1200), ("1.2K", 1200), ("5.04m", 5_040_000),
        ("1,2 M", 1_200_000), ("3 Md", 3_000_000_000), ("1.5B", 1_500_000_000),
        ("12 345,6 k", 12_345_600), ("1,234.5K", 1_234_500), ("2 mille", 2000),
        ("1,5 million de vues", 1_500_000), ("1.2M views", 1_200_000), ("1 vue", 1),
        ("852 J’aime", 852), ("No views", 0), ("Aucun commentaire", 0), (7, 7), (7.0, 7),
    ],
)  # fmt: skip
def test_counts(text, number):
    assert count(text) == number


@pytest.mark.parametrize(
    "text",
    [
        None, "", " ", "k", "-3", "12.5", "1.234k", "1,23", "12,34,567", "3 weeks ago", "12:30",
        "1 234 56", "٣", "²", "1e5", "0x10", "10+", "about 5", "5 apples", "9" * 30, "9999999 Md",
        True, False, -1, 1.5, float("nan"), float("inf"), 10**16,
    ],
)  # fmt: skip
def test_what_is_no_count(text):
    assert count(text) is None


@given(st.integers(0, 10**14))
def test_a_grouped_count_reads_back(number):
    assert count(f"{number:,}") == count(f"{number:,}".replace(",", "\u202f")) == number


@given(st.text())
def test_any_text_is_a_count_or_none(text):
    assert count(text) is None or count(text) >= 0


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-02-03T04:05:06Z", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-02-03T04:05:06+02:00", datetime(2026, 2, 3, 2, 5, 6, tzinfo=UTC)),
        ("Tue, 03 Feb 2026 04:05:06 +0100", datetime(2026, 2, 3, 3, 5, 6, tzinfo=UTC)),
        ("3 Feb 26 04:05 GMT", datetime(2026, 2, 3, 4, 5, tzinfo=UTC)),
        ("Tue, 3 Feb 2026 23:05:06 EST", datetime(2026, 2, 4, 4, 5, 6, tzinfo=UTC)),
        ("1770091506", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        (1770091506, datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        (1770091506000, datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_exact_times(text, at):
    assert when(text, NOW) == (at, 0)


@pytest.mark.parametrize(
    ("text", "ago", "within"),
    [
        ("il y a 2 h", 2 * HOUR, HOUR), ("il y a 3 semaines", 21 * DAY, 7 * DAY),
        ("il y a un an", 365 * DAY, 365 * DAY), ("il y a environ 5 minutes", 300, 60),
        ("3 weeks ago", 21 * DAY, 7 * DAY), ("1 day ago", DAY, DAY), ("an hour ago", HOUR, HOUR),
        ("Streamed 2 months ago", 60 * DAY, 30 * DAY), ("Diffusé il y a 4 jours", 4 * DAY, DAY),
        ("5 j", 5 * DAY, DAY), ("2d", 2 * DAY, DAY), ("3 sem.", 21 * DAY, 7 * DAY),
        ("45 min", 2700, 60), ("hier", DAY, DAY), ("Yesterday", DAY, DAY), ("just now", 0, 60),
        ("À l’instant", 0, 60),
    ],
)  # fmt: skip
def test_relative_times_say_how_far_off_they_are(text, ago, within):
    assert when(text, NOW) == (NOW - timedelta(seconds=ago), within)


@pytest.mark.parametrize(
    ("text", "at", "within"),
    [
        ("2026-02-03", datetime(2026, 2, 3, tzinfo=UTC), DAY + 14 * HOUR),
        ("2026-02-03T04:05:06", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), 14 * HOUR),
        ("3 février 2026", datetime(2026, 2, 3, tzinfo=UTC), DAY + 14 * HOUR),
        ("mardi 3 févr. 2026 à 16:05", datetime(2026, 2, 3, 16, 5, tzinfo=UTC), 14 * HOUR),
        ("Feb 3, 2026", datetime(2026, 2, 3, tzinfo=UTC), DAY + 14 * HOUR),
        ("February 3rd, 2026 at 4:05 PM", datetime(2026, 2, 3, 16, 5, tzinfo=UTC), 14 * HOUR),
        ("1er août 2025", datetime(2025, 8, 1, tzinfo=UTC), DAY + 14 * HOUR),
    ],
)  # fmt: skip
def test_times_without_a_zone_are_imprecise(text, at, within):
    assert when(text, NOW) == (at, within)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "soon", "3", "3 minutes", "12:30", "31 février 2026", "il y a 3 pommes", "m 3",
        "2026-13-01", "il y a 9999 ans", "0001-01-01T00:00:00+14:00", True, "tomorrow",
    ],
)  # fmt: skip
def test_what_is_no_time(text):
    assert when(text, NOW) is None


@given(st.text())
def test_any_text_is_a_utc_time_or_none(text):
    moment = when(text, NOW)
    assert moment is None or (moment.at.utcoffset() == timedelta(0) and moment.within_s >= 0)


def test_instant_wants_a_zone():
    assert instant("2026-02-03T04:05:06.123456789+01:00") == datetime(
        2026, 2, 3, 3, 5, 6, 123456, tzinfo=UTC
    )
    assert instant("2026-02-03T04:05:06") is None
    assert instant("yesterday") is None


def test_utc_refuses_the_ends_of_the_calendar():
    assert utc(datetime(2026, 2, 3, 4, tzinfo=UTC)).hour == 4
    with pytest.raises(ParseError, match="out of range"):
        utc(datetime.fromisoformat("0001-01-01T00:00:00+14:00"))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"), ("a &amp; b", "a & b"),
        ("<p>one<br>two</p><p>three</p>", "one\ntwo\n\nthree"),
        ("<p>a\n b</p>\n\n\n<div>c</div>", "a b\n\nc"), ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<p>a</p><script>if (a<b) {}</script>", "a"), ("a < b", "a < b"),
        ('<a title="x > y" href="#">t</a>', "t"), ("<table><tr><td>c</td></tr></table>", "c"),
        ("<p>cut <b", "cut"), ("<style>p{}</style><p>shown</p>", "shown"), ("", ""),
        ("<span>l</span><em>’été</em>", "l’été"), ("caf&eacute;<br/>noir", "café\nnoir"),
    ],
)  # fmt: skip
def test_text_of_html(markup, text):
    assert text_of(markup) == text


@pytest.mark.parametrize(
    "markup", ["<a " * 200_000, "<a href='" * 100_000, '<p x="' * 100_000, "< " * 200_000]
)
def test_hostile_html_takes_linear_time(markup):
    started = time.process_time()
    text_of(markup)
    hrefs_of(markup)
    assert time.process_time() - started < 5


def test_hashtags():
    assert hashtags_of("Le #Bivouac, (#été) #2026 #bivouac ＃夏 x#no https://a.example/#frag") == (
        "bivouac", "été", "夏",
    )  # fmt: skip


def test_mentions():
    text = "@lea.grimpe et @guide@refuge.example. Écrire à nous@crete.example, @lea.grimpe !"
    assert mentions_of(text) == ("lea.grimpe", "guide@refuge.example")


def test_links():
    text = "Voir https://a.example/x. (https://b.example/y_(z)) <https://c.example/?q=1>, http://"
    assert links_of(text) == (
        "https://a.example/x", "https://b.example/y_(z)", "https://c.example/?q=1",
    )  # fmt: skip


def test_hrefs_leave_out_mentions_hashtags_and_other_schemes():
    markup = (
        '<a href="https://a.example/?x=1&amp;y=2">a</a> <a class="mention" href="https://b.example">'
        '<a class="mention hashtag" href="https://c.example"> <a href="/d"> <a href="javascript:e">'
        "<a rel='tag' href='https://f.example'>"
    )
    assert hrefs_of(markup) == ("https://a.example/?x=1&y=2",)


@pytest.mark.parametrize("link", ["https://", "https:///x", "ftp://a.example", "http://a b", "x"])
def test_what_is_no_web_address(link):
    assert not is_web(link)


def test_languages():
    codes = ("en-US", "fr", "zh_TW", "und", "", None, "english", "f", "ckb")
    assert [language_of(code) for code in codes] == [
        "en", "fr", "zh", None, None, None, None, None, "ckb",
    ]  # fmt: skip


def test_once_keeps_order():
    assert once(["b", "", "a", "b"]) == ("b", "a")


def test_access_names_the_path():
    document = {"feed": [{"post": {"text": 3}}]}
    assert get(document, "feed", 0, "post", "text", of=int) == 3
    with pytest.raises(ParseError, match=r"^feed\[0\]\.post\.text: expected str, got int$"):
        get(document, "feed", 0, "post", "text", of=str)
    with pytest.raises(ParseError, match=r"^feed\[1\]: missing$"):
        get(document, "feed", 1, "post")
    assert maybe(document, "feed", 0, "post", "text", of=str) is None
    assert list(find(document, "text")) == [3]


class Inner(msgspec.Struct):
    number: int


class Outer(msgspec.Struct):
    rows: list[Inner]


@pytest.mark.parametrize(
    ("body", "path", "problem"),
    [
        (b'{"rows": [{"number": 1}, {}]}', "rows[1].number", "missing"),
        (b'{"rows": [{"number": "1"}]}', "rows[0].number", "expected `int`, got `str`"),
        (b"{}", "rows", "missing"),
        (b'{"rows": ', "", "input data was truncated"),
        (b"", "", "input data was truncated"),
    ],
)
def test_decoding_errors_name_the_path(body, path, problem):
    with pytest.raises(ParseError) as error:
        decode(msgspec.json.Decoder(Outer), body)
    assert (error.value.path, error.value.problem) == (path, problem)


@pytest.mark.parametrize("body", [b"\xff", b'{"rows": ' + b"[" * 100_000, b'{"a": ' * 100_000])
def test_bytes_that_are_no_document(body):
    with pytest.raises(ParseError):
        decode(msgspec.json.Decoder(Outer), body)
