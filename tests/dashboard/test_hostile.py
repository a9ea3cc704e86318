"""Every page over a lake whose every text attacks: all of it shows as text, none of it acts."""

import re

import polars as pl
import pytest

from data.store import Store
from tests.dashboard import sample, test_browser
from tests.dashboard.test_browser import DRAWN, IDLE, listed, served, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
browser, page = test_browser.browser, test_browser.page

MARK = "attack"
NAME = (
    f"{MARK} <b id=attack>b</b> **bold** `code` $x^2$ :red[red] :material/home: :smile: "
    "[way](https://evil.example) <script>window.attacked = 1</script> \u202eevil"
)
TEXT = (
    f"{NAME} <img src=x onerror='window.attacked = 1'> [way](javascript:window.attacked=1)\n"
    '# title\n=HYPERLINK("https://evil.example") {{ 7*7 }} ' + "long" * 2500
)
TEXTS = {
    "entities": ("name",),
    "posts": ("title", "text", "url"),
    "content_types": ("label",),
    "alerts": ("title", "reason"),
    "coverage": ("reason",),
    "channels": ("account", "url"),
}
INJECTED = f"""[...document.querySelectorAll(
    '#{MARK}, .katex, [href^="javascript"], [href*="evil.example"], img[src="x"], [onerror], '
    + '[data-testid=stMarkdownContainer] strong, [data-testid=stMarkdownContainer] h1, '
    + '.stMarkdownColoredText, [data-testid=stMarkdownContainer] [role=img], '
    + '[data-testid=stMarkdownContainer] [data-testid=stIconMaterial]'
)].filter(one => !one.closest('[data-testid=stAlert]')).map(one => one.outerHTML.slice(0, 200))"""
ESCAPES = re.compile(r"\\[*_`$:\[<#]")


def attack(store: Store) -> None:
    """Put the hostile text wherever the lake holds a text from elsewhere."""
    for table, columns in TEXTS.items():
        frame = store.scan(table).collect()
        said = {name: {"text": TEXT, "url": "javascript:window.attacked=1"} .get(name, NAME)
                for name in columns}  # fmt: skip
        store.replace(
            table,
            frame.with_columns(
                pl.when(pl.col(name).is_not_null()).then(pl.lit(text)).alias(name)
                for name, text in said.items()
            ),
        )
    trends = store.scan("trends").collect()
    tagged = pl.when(pl.col("kind") == "hashtag").then(pl.lit(NAME)).otherwise("key")
    store.replace(
        "trends", trends.with_columns(key=tagged).unique(["kind", "key", "platform", "week"])
    )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile") / "lake"
    store = Store(root)
    sample.fill(store)
    attack(store)
    with served(root) as base:
        yield base


def look(tab, url):
    """Open a page; what acts on it, and what it shows of its own escaping."""
    tab.goto(url)
    settled(tab)
    tab.wait_for_function(DRAWN)
    shown = tab.locator("body").inner_text()
    assert tab.evaluate("window.attacked") is None, url
    return [f"{url}: {one}" for one in tab.evaluate(INJECTED)] + [
        f"{url}: {shown[max(0, one.start() - 40) : one.end() + 20]!r}"
        for one in ESCAPES.finditer(shown)
    ]


def test_every_page_shows_hostile_text_as_text(hostile, page):
    page.goto(hostile)
    settled(page)
    assert MARK in page.locator(".v-head h1").inner_text()
    menu = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stSidebarNavLink]')].map(one => one.href)"
    )
    assert len(menu) > 10
    page.goto(f"{hostile}/posts?view=cards")
    page.get_by_role("link", name="Open the post").first.wait_for()
    post = page.get_by_role("link", name="Open the post").first.get_attribute("href")
    found = []
    for url in [*menu, f"{hostile}/posts?view=cards", f"{hostile}/{post}"]:
        found += look(page, url)
    assert found == [], "\n".join(found)
    assert page.broken == []


def test_options_and_their_lists_show_hostile_names_as_they_are(hostile, page):
    page.goto(f"{hostile}/posts")
    settled(page)
    for field in ("Who", "Content type"):
        option = listed(page, field, MARK)
        words = option.inner_text()
        assert "**bold** `code` $x^2$ :red[red] :material/home: :smile:" in words
        option.click()
        page.wait_for_function(IDLE)
        assert page.evaluate(INJECTED) == []


def test_forms_show_hostile_names_without_escapes(hostile, page):
    page.goto(f"{hostile}/content-types")
    settled(page)
    page.get_by_text("Rename and merge types").click()
    option = listed(page, "Type to change", MARK)
    assert not ESCAPES.search(option.inner_text())
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Notes on dates").click()
    option = listed(page, "About", MARK)
    assert not ESCAPES.search(option.inner_text())
