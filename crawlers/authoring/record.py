"""A page becomes a case: `input.*`, `page.json` and `expected.json` in a folder of its own."""

import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, structs

from crawlers.authoring.asking import NotHadError
from crawlers.authoring.outcome import SECRET, Outcome, outcome, written
from crawlers.authoring.scrub import scrub
from crawlers.formats import xml
from crawlers.formats.walls import is_html
from crawlers.platform import Fetch, Page, Platform
from data.records import Metrics, Post, Profile

CASES: Final = Path(__file__).parents[2] / "tests" / "crawlers" / "cases"
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")
PARTS: Final = re.compile(r"[/@:?#]+")
KEPT: Final = {
    Profile: ("followers", "following", "posts_total"),
    Post: ("published_at", "edited_at", "duration_s", "media_count"),
    Metrics: ("likes", "comments", "shares", "views", "saves"),
}
"""What scrubbing must leave as it was."""


class RefusedCaseError(Exception):
    """A case that can't be written; the message says why and what helps."""


class Recorded(Struct, frozen=True):
    """A case as it was written: the one line that the command prints."""

    case: str
    files: tuple[str, ...]
    scrubbed: dict[str, int]
    records: dict[str, int]
    fetches: int
    dropped: int
    blocked: str | None = None
    error: str | None = None


def fetch_of(platform: Platform, url: str) -> tuple[Fetch, str]:
    """The request for an address, and its account.

    One of the platform's own first requests where the address is such; for an account's address
    the first of them; else the address itself.
    """
    account = platform.account_of(url)
    if account is None:
        return Fetch(url), url
    first = list(platform.start(account))
    return next((fetch for fetch in first if fetch.url == url), first[0]), account


def saved(platform: Platform, url: str, file: Path, fetched_at: datetime) -> Page:
    """A page that somebody saved, as if it had just come.

    Raises:
        NotHadError: the file can't be read.
    """
    try:
        body = file.read_bytes()
    except OSError as error:
        raise NotHadError(
            f"{file}: can't be read ({error.strerror}); give a saved page. Nothing was written."
        ) from error
    fetch, account = fetch_of(platform, url)
    fetch = fetch if fetch.url == url else Fetch(url)
    return Page(fetch, account, url, body, fetched_at)


def record(platform: Platform, page: Page, name: str, cases: Path = CASES) -> Recorded:
    """Write a page, scrubbed, with what reading it gives now.

    Raises:
        RefusedCaseError: the case exists, its name is none, or the page can't be scrubbed
            without changing what it says. Nothing is written then.
    """
    folder = vacant(platform.name, name, cases)
    page = structs.replace(page, secret=SECRET)
    own = own_names(page)
    body, counts = scrub(page.body, own)
    about, in_address = _about(page, own)
    clean = structs.replace(page, body=body, url=about["url"])
    found = outcome(platform, clean)
    if facts(found) != facts(outcome(platform, page)):
        raise RefusedCaseError(
            f"{page.url}: without names and secrets the page would read differently; nothing was "
            "written. Save it, shorten and rename it by hand, and give it with --file"
        )
    files = {
        f"input.{_ending(page)}": body,
        "page.json": (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode(),
        "expected.json": written(found).encode(),
    }
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    kinds = Counter(type(one).__name__ for one in found.records)
    return Recorded(
        case=f"{platform.name}/{name}",
        files=tuple(str(folder / file) for file in files),
        scrubbed=dict(Counter(counts) + Counter(in_address)),
        records=dict(kinds),
        fetches=len(found.fetches),
        dropped=len(found.dropped),
        blocked=found.blocked,
        error=found.error,
    )


def own_names(page: Page) -> tuple[str, ...]:
    """What a page may call the recorded account: the account, its parts, and its context's."""
    told = (page.account, *page.fetch.context.values())
    return tuple({part for text in told for part in (text, *PARTS.split(text)) if part})


def vacant(platform: str, name: str, cases: Path = CASES) -> Path:
    """The folder of a new case.

    Raises:
        RefusedCaseError: its name is none, or there is such a case.
    """
    if not NAME.fullmatch(name):
        raise RefusedCaseError(f"--case {name}: small letters, digits and _ only")
    folder = cases / platform / name
    if folder.exists():
        raise RefusedCaseError(
            f"{platform}/{name} exists and is not overwritten; name another with --case"
        )
    return folder


def facts(found: Outcome) -> tuple[Any, ...]:
    """Kinds, times and counts of all that was read, without names and texts."""
    told = [
        (type(one).__name__, *(getattr(one, name) for name in KEPT.get(type(one), ())))
        for one in found.records
    ]
    return told, len(found.fetches), len(found.dropped), found.blocked, found.error


def _about(page: Page, own: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, int]]:
    """`page.json`, and what was scrubbed of its address."""
    address, counts = scrub(page.url.encode(), own)
    about: dict[str, Any] = {
        "url": address.decode(),
        "account": scrub(page.account.encode(), own)[0].decode(),
        "fetched_at": page.fetched_at.isoformat(),
    }
    if page.fetch.kind != "list":
        about["kind"] = page.fetch.kind
    if page.fetch.context:
        about["context"] = page.fetch.context
    if page.fetch.official:
        about["official"] = True
    if page.status != 200:  # noqa: PLR2004 - HTTP
        about["status"] = page.status
    if page.content_type:
        about["content_type"] = page.content_type
    return about, counts


def _ending(page: Page) -> str:
    start = xml.decoded(page.body[:4000], page.content_type).lstrip("\ufeff \t\r\n")
    if is_html(start):
        return "html"
    if start.startswith(("{", "[")):
        return "json"
    return "xml" if start.startswith("<") else "txt"
