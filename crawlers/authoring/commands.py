"""`python -m crawlers new` and `record`: one JSON line each; 2 and a plain reason when refused."""

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from crawlers.authoring import new
from crawlers.authoring.asking import NotHadError, ask
from crawlers.authoring.record import (
    CASES,
    Recorded,
    RefusedCaseError,
    fetch_of,
    record,
    saved,
    vacant,
)
from crawlers.platform import Fetch, Page
from crawlers.registry import platforms

WORDS = re.compile(r"[^a-z0-9]+")


def run(options: argparse.Namespace, folder: Path = new.PLATFORMS, cases: Path = CASES) -> int:
    """Carry out one of the commands; the exit code."""
    try:
        begins = options.command == "new"
        done = _new(options, folder, cases) if begins else _record(options, cases)
    except (NotHadError, RefusedCaseError, new.RefusedPlatformError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's answer
        return 2
    print(msgspec.json.encode(done).decode())  # noqa: T201 - the command's answer
    return 0


def _new(options: argparse.Namespace, folder: Path, cases: Path) -> Recorded:
    new.checked(options.name, options.url, folder)
    page = ask(
        new.Blank(options.name),
        Fetch(options.url),
        options.url,
        allow_private=options.allow_private_networks,
        contact=options.contact,
    )
    return new.begin(options.name, options.url, page, folder, cases)


def _record(options: argparse.Namespace, cases: Path) -> Recorded:
    known = platforms()
    if options.platform not in known:
        raise new.RefusedPlatformError(
            f"no platform is called {options.platform}; there are {', '.join(known)}"
        )
    platform = known[options.platform]
    words = WORDS.split(options.url.lower().partition("://")[2].partition("/")[2])
    name = options.case or "_".join(["page", *filter(None, words)])[:60]
    vacant(platform.name, name, cases)
    if options.file:
        return record(platform, _saved(options), name, cases)
    fetch, account = fetch_of(platform, options.url)
    page = ask(
        platform,
        fetch,
        account,
        allow_private=options.allow_private_networks,
        contact=options.contact,
    )
    return record(platform, page, name, cases)


def _saved(options: argparse.Namespace) -> Page:
    try:
        told = options.fetched_at
        time = datetime.fromisoformat(told) if told else _own_time(options.file)
    except ValueError:
        raise NotHadError(
            f"--fetched-at {options.fetched_at}: write a time like 2026-01-31T06:00:00Z"
        ) from None
    served = time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
    return saved(platforms()[options.platform], options.url, options.file, served)


def _own_time(file: Path) -> datetime:
    """When the file was written; now where it is not to be read, which is said later."""
    when = file.stat().st_mtime if file.exists() else 0
    return datetime.fromtimestamp(when, UTC).replace(microsecond=0)
