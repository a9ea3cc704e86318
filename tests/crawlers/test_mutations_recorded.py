"""Real recordings, damaged: reading ends in a named error or valid records, never in a crash."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from crawlers.registry import platforms
from tests.crawlers.recordings import page_of
from tests.crawlers.test_mutations import bruised, hold

FOLDERS = {"feed": ["feeds"], "website": ["articles"], "reviews": ["trustpilot", "google_reviews"]}
"""Platforms whose recordings lie in folders of other names."""
LARGEST = 250_000
"""Larger files say nothing more and take a second each."""
EXAMPLES = int(os.environ.get("VIGIE_TEST_EXAMPLES", "200"))


def files_of(recorded, platform):
    """Recordings of a platform that are small enough to be read hundreds of times."""
    found = [
        path.relative_to(recorded).as_posix()
        for folder in FOLDERS.get(platform, [platform])
        for path in sorted((recorded / folder).glob("*"))
        if not path.name.endswith(".meta.json") and path.stat().st_size <= LARGEST
    ]
    if not found:
        pytest.skip("no recording of this platform is small enough")
    return found


@pytest.mark.parametrize("name", platforms())
def test_damaged_recordings(recorded, name):
    pages = [page_of(recorded, file, name) for file in files_of(recorded, name)]

    @settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def damaged(data):
        page = data.draw(st.sampled_from(pages))
        hold(platforms()[name], structs.replace(page, body=data.draw(bruised(page.body))))

    damaged()
