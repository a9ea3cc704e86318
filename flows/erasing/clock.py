"""Whether a clock may be believed before anything is erased for its age.

A clock that is years ahead for an hour (an empty battery, a restored machine, a bad time server)
would make everything old. So a time far from the last run's is doubted, and believed only once
another run, about a day after it, says the same. Crawls and builds go on meanwhile.
"""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, convert, to_builtins

from data.store import Store
from flows.crawl import latest_run
from flows.words import console

CLOCK: Final = "clock"
"""State of the lake: a Seen."""
FAR: Final = timedelta(days=32)
"""Runs once a month are near one another."""
ANOTHER_DAY: Final = timedelta(hours=20)


class Seen(Struct):
    """The time of the last run that was believed, and of the first one since that was not."""

    at: datetime
    doubted: datetime | None = None


def judged(seen: Seen, at: datetime) -> Seen:
    """What is seen after a run at a time; it was believed where `at` is that time."""
    if abs(at - seen.at) <= FAR:
        return Seen(at)
    if seen.doubted is not None and ANOTHER_DAY <= at - seen.doubted <= FAR:
        return Seen(at)
    if seen.doubted is not None and abs(at - seen.doubted) < ANOTHER_DAY:
        return seen
    return Seen(seen.at, doubted=at)


def believed(store: Store, at: datetime) -> bool:
    """Whether the time of a run may be believed; says so on standard error where it newly can't.

    A lake that was never asked knows the time of its newest page; an empty one believes any.
    """
    kept = store.state(CLOCK)
    seen = convert(kept, Seen) if kept else Seen(latest_run(store) or at)
    now = judged(seen, at)
    if now != seen or not kept:
        store.set_state(CLOCK, to_builtins(now))
    if now.doubted is not None and now.doubted != seen.doubted:
        console.problem(
            "the clock says {now}, and said {last} at the last run: nothing is erased for its age "
            "until a run on another day says so too",
            now=f"{at:%Y-%m-%d}", last=f"{now.at:%Y-%m-%d}",
        )  # fmt: skip
    return now.doubted is None


def maintain(store: Store) -> None:
    """The store's upkeep at the end of a run, which drops old versions: not by a doubted clock."""
    if not (store.state(CLOCK) or {}).get("doubted"):
        store.maintain()
