"""Real recorded answers, read as if their platform had just served them."""

import json
from collections import Counter
from datetime import UTC, datetime

from crawlers.platform import Fetch, Page
from crawlers.registry import platforms
from tests.crawlers.casebook import outcome
from tests.crawlers.validity import check

NOW = datetime(2026, 8, 20, tzinfo=UTC)
"""After the newest recording."""


def page_of(recorded, file, platform, account=None, url=None, kind="list"):
    """A recording as the page that its platform would be given."""
    platform = platforms()[platform]
    about = json.loads((recorded / f"{file}.meta.json").read_text(encoding="utf-8"))
    account = account or platform.account_of(platform.examples[0])
    url = url or about.get("url") or platform.url_of(account)
    body = (recorded / file).read_bytes()
    return Page(Fetch(url, kind), account, url, body, NOW, secret=b"recordings")


def read(recorded, file, platform=None, account=None, url=None, kind="list"):
    """All that a file gives, by its folder's platform or another, checked as every record is."""
    name = platform or file.partition("/")[0]
    found = outcome(platforms()[name], page_of(recorded, file, name, account, url, kind))
    for item in (*found.records, *found.fetches, *found.dropped):
        check(item)
    return found


def tally(found):
    """How many records of each kind; requests for more pages count as "more"."""
    counts = Counter(type(record).__name__ for record in found.records)
    counts["more"] = sum(fetch.more for fetch in found.fetches)
    counts["dropped"] = len(found.dropped)
    return {name: count for name, count in counts.items() if count}


def one(found, kind, native_id):
    """The record of this kind with this id."""
    return next(
        record
        for record in found.records
        if type(record).__name__ == kind and record.native_id == native_id
    )
