"""The page printed on A4 by Chromium, which may ask no address and run no script."""

import os
from pathlib import Path
from typing import Final

TIMEOUT_MS: Final = 120_000
FLAGS: Final = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip
"""Chromium asks nobody; as root alone it runs without its sandbox, which it has to."""


def write(page: str, file: Path, browser: str | None) -> None:
    """Print a page that has everything inside.

    Args:
        page: the HTML of the report.
        file: where the PDF goes.
        browser: path of Chrome or Chromium; None for Playwright's own.
    """
    from playwright.sync_api import sync_playwright

    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=flags)
        try:
            context = chromium.new_context(java_script_enabled=False, offline=True)
            context.route("**/*", lambda route: route.abort())
            sheet = context.new_page()
            sheet.set_content(page, wait_until="load", timeout=TIMEOUT_MS)
            sheet.pdf(path=file, prefer_css_page_size=True, print_background=True, outline=True,
                      tagged=True)  # fmt: skip
        finally:
            chromium.close()
