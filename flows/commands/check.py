"""`vigie check`: is the watchlist sound, and what can be had from each channel?"""

import sys
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import typer

from data.vocabulary import LAWFUL
from flows.words import console
from flows.words.messages import say
from flows.words.options import Lake, Lang, Now, WatchlistFile, lake_of

if TYPE_CHECKING:
    from data.store import Store

EXAMPLE = "Example: vigie check watchlist.yaml"
COLUMNS: Final = (
    "channel_id", "platform", "access", "confidence", "robots", "posts", "oldest", "posts_total",
    "in_lake", "counts", "hidden", "reason", "instead",
)  # fmt: skip
"""What a program reads."""
NARROW: Final = (
    "channel_id", "access", "confidence", "robots", "posts", "oldest", "counts",
)  # fmt: skip
"""What fits a terminal; the reasons follow on standard error."""
SPOKEN: Final = ("access", "confidence", "robots")
"""Columns whose values come from closed lists."""


def check(
    watchlist: WatchlistFile, lake: Lake = None, now: Now = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Validate the watchlist and look at each channel once; nothing is kept."""
    from data.store import Store
    from flows import crawl, watched
    from flows.probing import probed

    told, channels = watched.read(watchlist)
    run = crawl.new_run(now)
    with TemporaryDirectory(prefix="vigie-check-") as folder, console.steps() as step:
        step("check")
        store = Store(folder)
        coverage = crawl.crawl(store, run, told, channels, together=True, probe=True)
        rows = probed.told(store, channels, coverage, obeys=told.crawl.obey_robots)
    kept = held(Store(lake_of(lake)))
    show([{**row, "in_lake": kept.get(row["channel_id"], 0)} for row in rows])


def show(rows: Sequence[dict[str, Any]]) -> None:
    """The table; then, on standard error, what fell short and what to do instead: exit code 1."""
    columns, write = (NARROW, for_person) if sys.stdout.isatty() else (COLUMNS, for_program)
    console.table(columns, [[write(row, name) for name in columns] for row in rows])
    short = [row for row in rows if not row["complete"]]
    for row in short:
        name_short(row)
    if short:
        raise typer.Exit(1)


def for_program(row: dict[str, Any], name: str) -> Any:
    """A value as it is; a list as words between spaces."""
    return " ".join(row[name]) if isinstance(row[name], list) else row[name]


def for_person(row: dict[str, Any], name: str) -> Any:
    """A value in the language in use."""
    value = row[name]
    if name == "posts" and (total := row["posts_total"]) is not None:
        if value > total:  # reposts, which few platforms count
            return say("{posts} ({total} counted)", posts=value, total=total)
        return say("{posts} of {total}", posts=value, total=total)
    if isinstance(value, list):
        return ", ".join(map(say, value))
    return say(value) if name in SPOKEN and value is not None else value


def name_short(row: dict[str, Any]) -> None:
    """Say why a channel fell short, and the lawful way where there is one."""
    reason = row["reason"] or "-"
    if row["instead"] is None:
        console.problem("{channel}: {reason}", channel=row["channel_id"], reason=reason)
        return
    console.problem(
        "{channel}: {reason}; instead: {way}",
        channel=row["channel_id"],
        reason=reason.partition(LAWFUL)[0],
        way=say(row["instead"]),
    )


def held(store: "Store") -> dict[str, int]:
    """How many posts of each channel the lake has."""
    return dict(store.scan("posts").group_by("channel_id").len().collect().iter_rows())
