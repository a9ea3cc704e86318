"""Cases: saved pages beside the records that they hold, one folder each.

`cases/<platform>/<case>/` has the page's bytes in `input.<anything>`, what is known of the request
in `page.json` (url, account, fetched_at; optional kind, context, official, status, content_type)
and what reading it gives in `expected.json`, without the fields that have their default value.

`python -m tests.crawlers.casebook PLATFORM/CASE` prints what a page gives now, for a first
expected.json; read it against the input before you keep it.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from crawlers.authoring.outcome import SECRET, Outcome, outcome, written
from crawlers.platform import Fetch, Page
from crawlers.registry import platforms

CASES = Path(__file__).parent / "cases"


def cases(platform="*"):
    """Every case as "<platform>/<case>"."""
    found = sorted(CASES.glob(f"{platform}/*/page.json"))
    return [path.parent.relative_to(CASES).as_posix() for path in found]


def page_of(case):
    """The page of a case."""
    folder = CASES / case
    about = json.loads((folder / "page.json").read_text(encoding="utf-8"))
    (body,) = folder.glob("input.*")
    fetch = Fetch(
        about["url"],
        kind=about.get("kind", "list"),
        context=about.get("context", {}),
        official=about.get("official", False),
    )
    return Page(
        fetch=fetch,
        account=about["account"],
        url=about["url"],
        body=body.read_bytes(),
        fetched_at=datetime.fromisoformat(about["fetched_at"]),
        status=about.get("status", 200),
        content_type=about.get("content_type"),
        secret=SECRET,
    )


def platform_of(case):
    return platforms()[case.partition("/")[0]]


def expected_of(case):
    text = (CASES / case / "expected.json").read_bytes()
    return msgspec.json.decode(text, type=Outcome)


def main(names):
    for case in names:
        sys.stdout.write(written(outcome(platform_of(case), page_of(case))))


if __name__ == "__main__":
    main(sys.argv[1:])
