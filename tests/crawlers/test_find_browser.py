import os
import stat

import pytest

from crawlers import browser
from data.settings import CHROMIUM_NAMES, settings


@pytest.fixture
def path(monkeypatch, tmp_path):
    """An empty PATH: no browser is on it until a test puts one there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("VIGIE_CHROMIUM", raising=False)
    settings.cache_clear()
    return tmp_path


def program(folder, name):
    file = folder / name
    file.write_text("#!/bin/sh\nexit 0\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


@pytest.mark.parametrize("name", CHROMIUM_NAMES)
def test_a_browser_on_the_path_is_found(path, name):
    assert settings().browser_path() is None
    assert browser.settings().browser_path() is None
    found = program(path, name)
    assert browser.browser() == found


def test_the_one_that_the_user_names_comes_first(path, monkeypatch):
    program(path, "chromium")
    monkeypatch.setenv("VIGIE_CHROMIUM", "/opt/mine")
    settings.cache_clear()
    assert browser.browser() == "/opt/mine"


def test_without_a_browser_the_set_up_goes_on_and_says_what_will_be_missing(
    path, monkeypatch, capsys
):
    monkeypatch.setattr(browser, "playwright_browser", lambda: None)
    monkeypatch.setattr(browser, "install", lambda: False)
    assert browser.main() == 0
    assert "VIGIE_CHROMIUM" in capsys.readouterr().err


def test_debian_is_asked_first_and_playwright_where_that_fails(path, monkeypatch):
    asked = []
    program(path, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser, "_succeeds", lambda *command: asked.append(command) or True)
    assert browser.install()
    assert [("update" in c, "chromium" in c) for c in asked] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    assert asked[-1][1:] == ("-m", "playwright", "install", "chromium")


def test_a_command_that_fails_or_does_not_exist_is_no_success(path):
    assert not browser._succeeds("/bin/sh", "-c", "exit 3")
    assert not browser._succeeds("no-such-program")
    assert browser._succeeds("/bin/sh", "-c", "exit 0")
