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
from msgspec import Struct, field, structs

from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError
from crawlers.registry import platforms
from data.records import Record

CASES = Path(__file__).parent / "cases"


class Outcome(Struct, omit_defaults=True):
    """All that a page gives: a wall by its reason, a ParseError by its path."""

    records: list[Record] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    blocked: str | None = None
    error: str | None = None


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
        secret=b"casebook",
    )


def platform_of(case):
    return platforms()[case.partition("/")[0]]


def expected_of(case):
    text = (CASES / case / "expected.json").read_bytes()
    return msgspec.json.decode(text, type=Outcome)


def outcome(platform, page):
    """What reading the page gives, walls and errors included."""
    found = Outcome()
    try:
        for item in platform.read(page):
            drawer = {Fetch: found.fetches, Dropped: found.dropped}.get(type(item), found.records)
            drawer.append(item)
    except Blocked as wall:
        found.blocked = wall.reason
    except ParseError as error:
        found.error = error.path
    return found


def bare(record):
    """A record as JSON values, without the fields that have their default value."""
    defaults = dict(
        zip(record.__struct_fields__[::-1], record.__struct_defaults__[::-1], strict=False)
    )
    shown = {
        name: value
        for name, value in structs.asdict(record).items()
        if name not in defaults or value != defaults[name]
    }
    return {"type": type(record).__name__} | msgspec.to_builtins(shown)


def main(names):
    for case in names:
        found = outcome(platform_of(case), page_of(case))
        shown = msgspec.to_builtins(found) | {"records": [bare(r) for r in found.records]}
        kept = {key: value for key, value in shown.items() if value not in (None, [])}
        sys.stdout.write(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
