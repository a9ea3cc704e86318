"""Every page in Chromium under axe-core's rules, and worked by keyboard alone."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.dashboard import test_browser
from tests.dashboard.test_browser import DRAWN, IDLE, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
address, browser, page = test_browser.address, test_browser.browser, test_browser.page
"""One server and one browser for all of these."""

GRAVE = {"serious", "critical"}
HERE = """() => {
    const one = document.activeElement;
    const ringed = part => {
        const style = getComputedStyle(part);
        return style.boxShadow !== 'none' || style.outlineStyle !== 'none';
    };
    const frame = one.closest('[data-testid=stDataFrame]');
    return {
        name: (one.getAttribute('aria-label') || one.labels?.[0]?.innerText || one.innerText
            || '').trim(),
        role: one.getAttribute('role') || one.tagName.toLowerCase(),
        // Fields have a border that takes the colour; the main column is there to be scrolled.
        shown: ringed(frame ?? one) || ['INPUT', 'MAIN', 'BODY', 'TEXTAREA'].includes(one.tagName),
    };
}"""
PRESSES = 90
"""More than the longest way by Tab through what a page shows."""


def opened(tab: Page, url: str) -> None:
    """The page, with its charts drawn and nothing left to come."""
    tab.goto(url)
    settled(tab)
    tab.wait_for_function(DRAWN)


def wrongs(tab: Page, *, all_of_it: bool = True, only: str | None = None) -> list[str]:
    """What axe-core finds gravely wrong with the page: its rule, where, and why."""
    part = None if all_of_it else {"include": [["[data-testid=stMain]"]]}
    options = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
    found = Axe().run(tab, context=part, options=options).response["violations"]
    return [
        f"{tab.url}: {one['id']} ({one['impact']}) at {node['target']}: {node['failureSummary']}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def test_no_page_of_the_menu_breaks_a_grave_rule(address, page):
    opened(page, address)
    found = wrongs(page)
    links = page.get_by_test_id("stSidebarNavLink").all()
    assert len(links) > 10
    for link in links[1:]:
        title = link.inner_text().strip()
        link.click()
        page.wait_for_function(
            "title => document.querySelector('.v-eyebrow')?.textContent === title", arg=title
        )
        page.wait_for_function(IDLE)
        page.wait_for_function(DRAWN)
        found += wrongs(page, all_of_it=False)
    assert found == [], "\n".join(found)


def test_no_post_and_no_archived_page_breaks_a_grave_rule(address, page):
    opened(page, f"{address}/posts?view=cards")
    found = wrongs(page, all_of_it=False)
    page.get_by_role("link", name="Open the post").first.click()
    page.get_by_text("Counts over time").wait_for()
    page.wait_for_function(IDLE)
    found += wrongs(page, all_of_it=False)
    page.get_by_role("link", name="Open the page").first.click()
    page.get_by_text("The whole page, as text").wait_for()
    found += wrongs(page, all_of_it=False)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("place", ["", "strategy", "content-types", "watchlist"])
def test_dark_is_as_readable(address, page, place):
    page.emulate_media(color_scheme="dark")
    opened(page, f"{address}/{place}?lang=fr")
    dark = "getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === 'dark'"
    page.wait_for_function(dark)
    found = wrongs(page, only="color-contrast")
    assert found == [], "\n".join(found)


def reach(tab: Page, name: str, role: str = "") -> None:
    """Press Tab until this has the keyboard; whatever is passed shows that it had."""
    for _step in range(PRESSES):
        tab.keyboard.press("Tab")
        here = tab.evaluate(HERE)
        assert here["shown"], f"{tab.url}: nothing shows that {here['name']!r} has the keyboard"
        if here["name"].startswith(name) and role in ("", here["role"]):
            return
    pytest.fail(f"{tab.url}: no way to {name!r} by Tab")


def test_the_work_is_done_by_keyboard_alone(address, page):
    opened(page, address)
    press = page.keyboard.press
    reach(page, "How is this computed?")
    press("Enter")
    page.get_by_text("Formula", exact=True).wait_for()
    press("Escape")
    page.get_by_text("Formula", exact=True).wait_for(state="hidden")

    opened(page, address)
    reach(page, "Posts", "a")
    press("Enter")
    page.wait_for_function("document.querySelector('.v-eyebrow')?.textContent === 'Posts'")
    page.wait_for_function(IDLE)
    reach(page, "Shown as")
    press("ArrowDown")
    page.get_by_role("option", name="Cards").wait_for()
    press("ArrowDown")
    press("Enter")
    page.get_by_role("link", name="Open the post").first.wait_for()
    page.wait_for_function(IDLE)
    reach(page, "Open the post")
    press("Enter")
    page.get_by_text("Counts over time").wait_for()
    page.wait_for_function(IDLE)
    reach(page, "Open the page")
    press("Enter")
    page.get_by_text("The whole page, as text").wait_for()
    page.wait_for_url("**post=*page=*")
    page.go_back()
    page.get_by_text("Counts over time").wait_for()
    page.go_back()
    page.get_by_role("link", name="Open the post").first.wait_for()
    assert urlsplit(page.url).query == "view=cards"


def test_filters_and_language_change_by_keyboard(address, page):
    opened(page, f"{address}/benchmark")
    press = page.keyboard.press
    reach(page, "Platform")
    press("ArrowDown")
    page.get_by_role("option", name="Bluesky").wait_for()
    page.keyboard.type("Blue")
    press("Enter")
    page.wait_for_url("**platform=bluesky**")
    page.wait_for_function(IDLE)
    reach(page, "English")
    press("ArrowRight")
    press("Space")
    page.wait_for_url("**lang=fr**")
    page.get_by_text("Plateforme", exact=True).first.wait_for()
    page.wait_for_function("document.documentElement.lang === 'fr'")
