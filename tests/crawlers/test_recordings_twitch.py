"""Real Twitch pages: shells for scripts, never a channel without videos."""

import pytest

from tests.crawlers.recordings import read


@pytest.mark.parametrize("file", ["channel-twit-old.html", "clip-2023.html"])
def test_a_page_is_a_shell(recorded, file):
    assert read(recorded, f"twitch/{file}").blocked == "empty_shell"
