"""All that reading a page gives, as a case keeps it in `expected.json`."""

import json
from typing import Any

import msgspec
from msgspec import Struct, field, structs

from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform
from data.records import Record

SECRET = b"casebook"
"""The key of pseudonyms in cases: the same in every checkout."""


class Outcome(Struct, omit_defaults=True):
    """All that a page gives: a wall by its reason, a ParseError by its path."""

    records: list[Record] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    blocked: str | None = None
    error: str | None = None


def outcome(platform: Platform, page: Page) -> Outcome:
    """What reading the page gives, walls and errors included."""
    found = Outcome()
    try:
        for item in platform.read(page):
            if isinstance(item, Fetch):
                found.fetches.append(item)
            elif isinstance(item, Dropped):
                found.dropped.append(item)
            else:
                found.records.append(item)
    except Blocked as wall:
        found.blocked = wall.reason
    except ParseError as error:
        found.error = error.path
    return found


def bare(record: Record) -> dict[str, Any]:
    """A record as JSON values, without the fields that have their default value."""
    defaults = dict(
        zip(record.__struct_fields__[::-1], record.__struct_defaults__[::-1], strict=False)
    )
    shown = {
        name: value
        for name, value in structs.asdict(record).items()
        if name not in defaults or value != defaults[name]
    }
    plain: dict[str, Any] = msgspec.to_builtins(shown)
    return {"type": type(record).__name__} | plain


def written(found: Outcome) -> str:
    """An outcome as `expected.json` holds it."""
    shown = msgspec.to_builtins(found) | {"records": [bare(one) for one in found.records]}
    kept = {key: value for key, value in shown.items() if value not in (None, [])}
    return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
