"""`vigie audit`: the strategist's report, as a file to put before a client."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from flows.commands import run as runs
from flows.commands.common import existing, report
from flows.words import console, messages
from flows.words.options import Lake, Lang, Now, WatchlistFile, lake_of
from flows.words.problems import FellShort, Unusable

EXAMPLE = "Example: vigie audit watchlist.yaml -o audit.pdf --period 90d --lang fr"
SUFFIXES: Final = (".pdf", ".html", ".pptx", ".xlsx")
PERIODS: Final = ("7d", "28d", "90d", "365d")


def audit(
    watchlist: WatchlistFile,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE",
                     help="Where to: a .pdf, .html, .pptx or .xlsx file."),
    ],
    lake: Lake = None,
    period: Annotated[
        str, typer.Option(metavar="7d|28d|90d|365d", help="What the figures speak of.")
    ] = "28d",
    no_crawl: Annotated[
        bool, typer.Option("--no-crawl", help="Report from the lake as it stands.")
    ] = False,
    now: Now = None, lang: Lang = None,  # noqa: ARG001 - the callback of `lang` sets the language
) -> None:  # fmt: skip
    """Crawl, build, then write the report: findings, benchmark, trends, gaps, method, coverage."""
    _usable(out, period)
    root = lake_of(lake)
    market = _market(watchlist)
    if no_crawl:
        root = existing(lake).root
    run_id = None if no_crawl else runs.carry_out(watchlist, root, now=now)
    with console.steps(1) as step:
        step("report")
        _write(out, root, period, market)
    console.note("the report: {file}", file=out)
    if run_id is not None:
        report(runs.covered(root, run_id))


def _usable(out: Path, period: str) -> None:
    """Find what can't be written before anything is crawled."""
    suffix = out.suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise Unusable("{file}: end its name in one of {known}", file=out, known=known)
    if period not in PERIODS:
        raise Unusable(
            "--period {period}: write one of {known}", period=period, known=", ".join(PERIODS)
        )
    from dashboard.report.make import missing

    if lacking := missing(suffix):
        raise Unusable(
            "{suffix} needs {names}: pip install 'vigie[report]'",
            suffix=suffix, names=", ".join(lacking),
        )  # fmt: skip
    if out.is_dir():
        raise Unusable("{file}: can't be written ({problem})", file=out, problem="Is a directory")
    _through(out, lambda partial: partial.touch(), keep=False)


def _through(out: Path, write: Callable[[Path], None], *, keep: bool = True) -> None:
    """Write beside the file first: a reader sees the old one or the whole new one."""
    partial = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        write(partial)
        if keep:
            partial.replace(out)
    except OSError as error:
        raise Unusable(
            "{file}: can't be written ({problem})", file=out, problem=error.strerror or error
        ) from None
    finally:
        partial.unlink(missing_ok=True)


def _market(watchlist: Path) -> str:
    """The market's name; an unusable watchlist ends here."""
    from flows import watched

    return watched.read(watchlist)[0].market


def _write(out: Path, lake: str, period: str, market: str) -> None:
    from dashboard.queries import LakeError
    from dashboard.report import make
    from data.settings import settings

    try:
        content = make.make(lake, period, messages.language(), market)
    except LakeError as error:
        raise FellShort("{lake}: can't be read ({problem})", lake=error.path,
                        problem=error.problem) from None  # fmt: skip
    suffix = out.suffix.lower()
    browser = settings().browser_path() if suffix == ".pdf" else None
    _through(out, lambda partial: _printed(content, partial, suffix, browser))


def _printed(content: object, partial: Path, suffix: str, browser: str | None) -> None:
    """Write it; a browser that does not start is told with its cure."""
    from playwright.sync_api import Error

    from dashboard.report import make
    from dashboard.report.model import Report

    assert isinstance(content, Report)
    try:
        make.write(content, partial, suffix, browser)
    except Error as error:
        raise FellShort(
            "no browser printed the PDF ({problem}); run `make setup`, set VIGIE_CHROMIUM, or "
            "write a .html", problem=str(error).partition("\n")[0],
        ) from None  # fmt: skip
