"""`vigie forget`: erasure, retention, the pseudonym key."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.common import existing
from flows.words import console
from flows.words.messages import say
from flows.words.options import Lake, Lang
from flows.words.problems import Unusable

if TYPE_CHECKING:
    from data.store import Store
    from flows.erasing.forget import Job

EXAMPLE = "Example: vigie forget --author lea.example --dry-run"

Author = Annotated[str | None, typer.Option(
    metavar="NAME|KEY", help="A commenter: public handle, name or address, or an author_key."
)]  # fmt: skip
Channel = Annotated[str | None, typer.Option(
    metavar="CHANNEL|URL", help="A channel, with all that came from it.")]  # fmt: skip
Before = Annotated[str | None, typer.Option(
    metavar="DATE", help="Everything older than this day or time.")]  # fmt: skip
RotateKey = Annotated[bool, typer.Option(
    "--rotate-key", help="Give every commenter a new pseudonym.")]  # fmt: skip
Undo = Annotated[bool, typer.Option(
    "--undo", help="Let the author or channel be stored again; brings nothing back.")]  # fmt: skip
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would go, write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def forget(  # noqa: PLR0913, PLR0917 - one parameter an option
    author: Author = None, channel: Channel = None, before: Before = None,
    rotate_key: RotateKey = False, undo: Undo = False, dry_run: DryRun = False, yes: Yes = False,
    lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Erase a commenter, a channel, or what is old: from every table, the archive and the disk.

    What was erased is not stored again by later crawls and replays. There is no way back.
    """
    told = [author, channel, before, rotate_key or None]
    if sum(one is not None for one in told) != 1:
        raise Unusable("write one of --author, --channel, --before and --rotate-key")
    store = existing(lake)
    if rotate_key:
        _rotate(store, dry_run=dry_run, yes=yes)
        return
    job = _job(store, author, channel, before)
    if undo:
        _undo(store, job)
        return
    if dry_run or not yes:
        _preview(store, job)
    if dry_run:
        console.note("nothing was written")
    elif yes or agreed():
        _erase(store, job, show=yes)


def _job(store: "Store", author: str | None, channel: str | None, before: str | None) -> "Job":
    from flows.erasing import forget as work

    if author is not None:
        return work.author_job(store, author)
    if channel is not None:
        return work.channel_job(store, channel)
    return work.Job(before=_day(before or ""))


def _day(text: str) -> datetime:
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise Unusable(
            "--before {date}: write a day like 2026-01-31, or a time with its zone", date=text
        ) from None
    return day.replace(tzinfo=day.tzinfo or UTC).astimezone(UTC)


def _preview(store: "Store", job: "Job") -> None:
    from flows.erasing.forget import looked_up

    with console.steps() as step:
        step("looking")
        _, doomed = looked_up(store, job)
    _count(doomed.counts())


def _erase(store: "Store", job: "Job", *, show: bool) -> None:
    from data.soundness import QUARANTINE
    from flows.erasing.forget import carry_out

    with console.steps() as step:
        rows = carry_out(store, job, step)
    if show:
        _count(rows)
    console.note("erased; no crawl or replay brings it back")
    if (aside := Path(store.root) / QUARANTINE).is_dir():  # of a lake on S3, there is none
        console.problem("{folder} may hold it still: delete that folder", folder=aside)


def _count(rows: dict[str, int]) -> None:
    console.table(("table", "rows"), list(rows.items()))


def agreed() -> bool:
    """Whether the person at the terminal agrees to what was shown.

    Raises:
        Unusable: nobody is there to ask.
    """
    if not sys.stdin.isatty():
        raise Unusable("nothing was erased: nobody is there to confirm it; add --yes")
    return typer.confirm(say("erase this for good?"), err=True)


def _undo(store: "Store", job: "Job") -> None:
    from flows.erasing.forget import allow

    if not allow(store, job):
        raise Unusable("nothing of the kind was erased")
    console.note("later crawls may store it again")


def _rotate(store: "Store", *, dry_run: bool, yes: bool) -> None:
    import polars as pl

    from flows.erasing import rotation

    rows = store.scan("comments").select(pl.len()).collect().item()
    if dry_run or not yes:
        _count({"comments": rows})
    if dry_run:
        console.note("nothing was written")
    elif yes or agreed():
        _count(rotation.rotate(store))
