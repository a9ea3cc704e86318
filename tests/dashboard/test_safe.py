"""Hostile text shows as text, in HTML, in Markdown, in links and in CSV."""

import csv
import io
import re
from html import unescape

import polars as pl
import pytest

from dashboard.views import archive
from dashboard.widgets import safe
from data.records import Capture
from tests.dashboard.sample import END

HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[click](javascript:alert(1))",
    "**bold** _it_ ~~no~~ `code`", "$\\frac{1}{2}$", ":red[x] :material/home: :smile:",
    "# title\n- list\n> quote", "\u202eright to left", '=HYPERLINK("http://evil.example")',
    "x" * 10_000, "{{7*7}} {kpi}", "https://evil.example www.evil.example", "a\x00b", "|a|b|",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_html_has_no_tag_left(text):
    assert "<" not in safe.esc(text)
    assert '"' not in safe.esc(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_renders_as_the_text_itself(text):
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark").parseInline(safe.plain(text))[0].children
    assert {token.type for token in made} <= {"text", "text_special"}
    shown = "".join(token.content for token in made).replace(safe.WORD_JOINER, "")
    assert shown == " ".join(text.replace("\x00", "\ufffd").split())


@pytest.mark.parametrize("text", [":smile:", ":material/home:", ":red[x]"])
def test_shortcodes_are_broken_up(text):
    assert f":{safe.WORD_JOINER}" in safe.plain(text)
    assert ":smile" not in safe.plain(text)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x",
     "", "http:///nohost", "https://a\nb", "https://a b", "java\tscript:alert(1)", "https://[::1",
     "vbscript:x", "https:\\\\evil.example", None],
)  # fmt: skip
def test_only_web_addresses_are_links(url):
    assert safe.web(url) is None
    assert "<a" not in safe.link(url, "text")


def test_a_link_is_escaped_and_leaks_nothing():
    made = safe.link('https://a.example/?q="><script>', "<b>")
    assert made.count("<") == 2
    assert 'rel="noopener noreferrer"' in made
    assert "&lt;b&gt;" in made


def test_shorten_keeps_one_line():
    assert safe.shorten("a\n b", 10) == "a b"
    assert safe.shorten("abcdef", 4) == "abc…"
    assert safe.shorten(None, 4) == ""


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [("Garantie du fabricant", 17, "Garantie du…"), ("mesures à l'appui. Puis", 19,
     "mesures à l'appui…"), ("ab " + "c" * 40, 20, "ab " + "c" * 16 + "…")],
)  # fmt: skip
def test_shorten_cuts_between_words_unless_one_is_endless(text, most, kept):
    assert safe.shorten(text, most) == kept


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", " =1+1",
                                  "\ufeff=1", "\u200b=1", "\uff1d1+1", "\xa0@sum"])  # fmt: skip
def test_csv_cells_are_no_formulas(text):
    made = safe.to_csv(pl.DataFrame({"a": [text], "n": [-1.5], "none": [None]}))
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["'" + text, "-1.5", ""]


def capture(body: bytes, content_type: str | None) -> Capture:
    return Capture(
        channel_id="c", run_id="r", url="https://a.example/", fetch="{}", fetched_at=END,
        status=200, content_type=content_type, body=body,
    )  # fmt: skip


def test_json_is_indented_and_tags_come_one_a_line():
    assert archive.source(capture(b'{"a":"\xc3\xa9"}', "application/json")) == '{\n  "a": "é"\n}'
    assert archive.source(capture(b"<a><b/></a>", "text/xml")) == "<a>\n<b/>\n</a>"


def test_endless_nesting_and_strange_charsets_are_still_text():
    deep = b"[" * 200_000
    assert archive.source(capture(deep, None)) == deep.decode()
    assert archive.decoded(capture(b"caf\xe9", "text/html; charset=latin-1")) == "café"
    assert archive.decoded(capture(b"caf\xc3\xa9", "text/html; charset=nonsense")) == "café"
    assert archive.decoded(capture(b"\xff", "text/html")) == "\ufffd"


def test_a_drawn_page_is_caged():
    made = archive.framed('"></iframe><script>alert(1)</script>')
    assert 'sandbox=""' in made
    assert "default-src &#x27;none&#x27;" in made
    assert "<script" not in made
    assert made.count("<iframe") == made.count("</iframe>") == 1


@pytest.mark.parametrize(
    "tag",
    [
        "<link rel=preconnect href=x>", "<IFRAME src=x>", "</iframe>", "<frame/src=x>",
        "<frameset>",
        "<object\ndata=x>", "<embed src=x>", "<ifr<link>ame src=x>", "<<iframe>iframe src=x>",
        '<link title="><iframe src=x>">',
    ],
)  # fmt: skip
def test_elements_that_connect_in_advance_are_gone(tag):
    made = unescape(archive.framed(f"<p>before{tag}<b>after</b>"))
    page = made.partition("srcdoc=")[2].rpartition("</iframe>")[0]
    assert not re.search(r"<(link|i?frame|object|embed)", page, re.IGNORECASE)
    assert "<p>before" in page
    assert "<b>after</b>" in page


def test_the_place_of_a_post_is_found():
    text = "\n".join(f"line {n}" for n in range(100)) + '\n"id": "3kabcdefgh"\nafter'
    needles = archive.places("bluesky:at://did:plc:x/app.bsky.feed.post/3kabcdefgh")
    assert needles[1] == "3kabcdefgh"
    found = archive.around(text, needles).split("\n")
    assert '"id": "3kabcdefgh"' in found
    assert len(found) <= 2 * archive.AROUND + 1
    assert archive.around(text, ["nowhere"]) == ""
    assert archive.places("feed:host/7") == ["host/7"]
