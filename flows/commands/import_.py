"""`vigie import`: what people bring themselves."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from flows.words import console
from flows.words.messages import say
from flows.words.options import Lake, Lang, lake_of
from flows.words.problems import Unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawlers.imports.problems import Bad, ImportProblem
    from data.store import Store
    from flows.imports.importing import Choices, Read, Report

EXAMPLE: Final = "Example: vigie import content.csv --as insights --entity maison-alpine"
KINDS: Final = ("insights", "posts", "newsletter")
MOST_SHOWN: Final = 20
"""Unreadable lines that are named one by one; the others are counted."""

File = Annotated[str, typer.Argument(
    metavar="FILE", help="CSV, XLSX or ZIP; NDJSON of a browser add-on; .eml, mbox or "
    "imap://user@host/folder.")]  # fmt: skip
As = Annotated[str, typer.Option("--as", metavar="insights|posts|newsletter",
                                 help="What the file holds.")]  # fmt: skip
Entity = Annotated[str, typer.Option(help="Whose it is: name or id, as in the watchlist.")]
Maps = Annotated[list[str] | None, typer.Option(
    "--map", metavar="OWN=COLUMN", help="What a column holds, such as reach=Couverture; "
    "OWN== a value for every line; id=@line the line's number. May be repeated.")]  # fmt: skip
Yes = Annotated[bool, typer.Option("--yes", help="Take the columns as guessed, don't ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and tell, write nothing.")]
SkipBad = Annotated[bool, typer.Option(
    "--skip-bad", help="Import the lines that can be read, name the others, exit 1.")]  # fmt: skip
Channel = Annotated[str | None, typer.Option(
    metavar="PLATFORM[:ACCOUNT]", help="Where the posts were published, if the file doesn't say."
)]  # fmt: skip
Sheet = Annotated[str | None, typer.Option(help="Which sheet of a workbook.")]
Dates = Annotated[str | None, typer.Option(metavar="dmy|mdy", help="Order of day and month.")]
Timezone = Annotated[str | None, typer.Option(
    help="Of times that name none. Default: the market's.")]  # fmt: skip
MadeAt = Annotated[str | None, typer.Option(
    help="When the file was made, ISO 8601. Default: the file's own time.")]  # fmt: skip
Role = Annotated[str | None, typer.Option(
    metavar="brand|competitor|influencer|topic", help="Add the entity, in this role.")]  # fmt: skip


def import_(  # noqa: PLR0913, PLR0917 - one parameter an option
    file: File, as_: As, entity: Entity, maps: Maps = None, yes: Yes = False,
    dry_run: DryRun = False, skip_bad: SkipBad = False, channel: Channel = None,
    sheet: Sheet = None, dates: Dates = None, timezone: Timezone = None, made_at: MadeAt = None,
    role: Role = None, lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Import a brand's own figures, a platform's export of posts, or received newsletters.

    Shows what was understood, asks, and imports the file wholly or not at all. The file is
    archived, so that every number opens it. Importing it again changes nothing.
    """
    from crawlers.imports.problems import ImportProblem
    from data.store import Store

    if as_ not in KINDS:
        raise Unusable("--as {kind}: there are {known}", kind=as_, known=", ".join(KINDS))
    store = Store(lake_of(lake))
    choices = _choices(store, maps, channel, sheet, dates, timezone, role)
    try:
        read = _read(store, as_, entity, file, made_at, choices)
    except ImportProblem as error:
        raise Unusable("{file}: {reason}", file=file, reason=_said(error)) from None
    _show(read.report)
    _name_bad(file, read.report.bad)
    if read.report.bad and not skip_bad:
        raise Unusable(
            "{file}: nothing was imported; correct these lines, or leave them out with --skip-bad",
            file=file,
        )
    if dry_run:
        console.note("nothing was written")
    elif yes or _agreed():
        _enter(read)
    if read.report.bad:
        raise typer.Exit(1)


def _choices(
    store: "Store", maps: list[str] | None, channel: str | None, sheet: str | None,
    dates: str | None, timezone: str | None, role: str | None,
) -> "Choices":  # fmt: skip
    from crawlers.imports.cells import ORDERS
    from data.vocabulary import ROLES
    from flows.imports.importing import Choices

    told = dict(_pair(one) for one in maps or ())
    if dates not in {None, *ORDERS}:
        raise Unusable("--dates {dates}: write dmy or mdy", dates=dates)
    if role not in {None, *ROLES}:
        raise Unusable("--role {role}: there are {known}", role=role, known=", ".join(ROLES))
    zone = timezone or (store.state("market") or {}).get("timezone")
    try:
        return Choices(told, channel, sheet, dates, ZoneInfo(zone) if zone else None, role)
    except (ZoneInfoNotFoundError, ValueError):
        raise Unusable(
            "--timezone {zone}: is no time zone; write one such as Europe/Paris", zone=zone
        ) from None


def _pair(text: str) -> tuple[str, str]:
    own, sign, column = text.partition("=")
    if not sign:
        raise Unusable("--map {pair}: write it as own=column, such as reach=Couverture", pair=text)
    return own.strip(), column.strip()


def _read(
    store: "Store", kind: str, entity: str, file: str, made_at: str | None, choices: "Choices"
) -> "Read":
    from crawlers.imports.collected import is_collected
    from flows.imports import imported, importing, mailbox

    usual = "brand" if kind == "insights" else "competitor"
    owner = imported.owner_of(store, entity, choices.role, usual)
    if kind == "newsletter":
        from crawlers.imports.letters import split

        if file.startswith(mailbox.SCHEME):
            messages = mailbox.letters_in(file, _password())
        else:
            messages = split(_content(file))
        return importing.read_letters(store, owner, messages, choices)
    body, at = _content(file), _made_at(file, made_at)
    if is_collected(body):
        return importing.read_collected(store, owner, Path(file).name, body, choices)
    return importing.read_table(store, kind, owner, Path(file).name, body, at, choices)


def _password() -> str | None:
    from data.settings import settings

    kept = settings().imap_password
    return kept.get_secret_value() if kept else None


def _content(file: str) -> bytes:
    """The file's bytes, no more than an export has.

    Raises:
        Unusable: it can't be read, or is larger.
    """
    from crawlers.imports.sheet import MAX_BYTES

    try:
        with Path(file).open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unusable(
            "{file}: can't be read ({problem}); give the file as it was exported",
            file=file, problem=error.strerror,
        ) from None  # fmt: skip
    if len(body) > MAX_BYTES:
        raise Unusable(
            "{file}: larger than {size} MB; export a shorter period",
            file=file, size=MAX_BYTES // 10**6,
        )  # fmt: skip
    return body


def _made_at(file: str, told: str | None) -> datetime:
    """When the figures were taken: as told, else the file's own time; never in the future."""
    if told is not None:
        try:
            moment = datetime.fromisoformat(told)
        except ValueError:
            raise Unusable(
                "--made-at {time}: write a time like 2026-01-31T06:00:00Z", time=told
            ) from None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return min(datetime.fromtimestamp(Path(file).stat().st_mtime, UTC), datetime.now(UTC))


def _show(report: "Report") -> None:
    """What each column was taken for, then how much was read."""
    if report.columns:
        console.result(f"{say('read as')}: {report.title}")
        console.table(("own name", "column"), report.columns)
        if report.unread:
            console.result(f"{say('not read')}: {', '.join(map(console.cell, report.unread))}")
        console.result("")
    counts = {
        "lines": report.lines, "unreadable": len({bad.line for bad in report.bad}),
        "twice": report.doubles, "left out": report.totals, **report.counts,
    }  # fmt: skip
    console.table(tuple(counts), [list(counts.values())])


def _name_bad(file: str, bad: "Sequence[Bad]") -> None:
    for one in bad[:MOST_SHOWN]:
        reason = _said(one.problem)
        console.problem("{file}, line {line}: {reason}", file=file, line=one.line, reason=reason)
    if len(bad) > MOST_SHOWN:
        console.problem("{file}: and {count} more", file=file, count=len(bad) - MOST_SHOWN)


def _said(problem: "ImportProblem") -> str:
    """A problem in the language in use, also where one is told inside another."""
    values = {
        name: _said(value) if isinstance(value, type(problem)) else value
        for name, value in problem.values.items()
    }
    return console.cell(say(problem.text, **values))


def _agreed() -> bool:
    """Whether the person at the terminal agrees to what was shown.

    Raises:
        Unusable: nobody is there to ask.
    """
    if not sys.stdin.isatty():
        raise Unusable("nothing was imported: nobody is there to confirm it; add --yes")
    return typer.confirm(say("import it like this?"), err=True)


def _enter(read: "Read") -> None:
    """Write what was read and say what came of it."""
    with console.steps() as step:
        step("import")
        written = read.enter()
    console.result("")
    if written is None:
        console.result(say("imported before: nothing changed"))
        return
    console.table(("new", "replaced"), [(written.new, written.replaced)])
    console.note("`vigie build` computes the figures anew")
