"""Find a browser for pages that need one, or install one: `python -m crawlers.browser`.

In this order: VIGIE_CHROMIUM; Chrome or Chromium on the path; Playwright's own, if it is there;
Debian's `chromium` package, where we may install it; Playwright's own, downloaded.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from data.settings import settings

CURE: Final = (
    "No browser was found or could be installed. Pages that need JavaScript will be reported as "
    "not readable; all else works. To mend it, install Google Chrome or Chromium, or set "
    "VIGIE_CHROMIUM to the path of one, then run `make setup` again."
)
APT: Final = ("apt-get", "-qq", "-y", "-o=Dpkg::Use-Pty=0")
INSTALL_TIMEOUT_S: Final = 600


def playwright_browser() -> str | None:
    """Path of Playwright's own Chromium, if it was downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def browser() -> str | None:
    """Path of a browser that is here, or None."""
    return settings().browser_path() or playwright_browser()


def _succeeds(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands of ours
            command,
            env=environment,
            timeout=INSTALL_TIMEOUT_S,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install() -> bool:
    """Install Debian's Chromium as root, else let Playwright download its own."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        packages = ("chromium", "fonts-dejavu-core")
        installed = _succeeds(*APT, "update") and _succeeds(*APT, "install", *packages)
        if installed and settings().browser_path():
            return True
    return _succeeds(sys.executable, "-m", "playwright", "install", "chromium")


def main() -> int:
    """Say which browser will be used; a missing one is a warning, not a failure."""
    if browser() is None:
        print("No browser on this machine yet; installing one …", file=sys.stderr)  # noqa: T201
        if not install():
            print(CURE, file=sys.stderr)  # noqa: T201
            return 0
    print(f"Browser: {browser()}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
