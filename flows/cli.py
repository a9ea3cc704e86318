"""The `vigie` command."""

import sys
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from flows.commands import (
    audit,
    build,
    check,
    crawl,
    dashboard,
    demo,
    discover,
    doctor,
    export,
    forget,
    import_,
    metrics,
    parse,
    replay,
    run,
    serve,
    show,
)
from flows.words.options import answers

COMMANDS: Final[dict[Callable[..., None], str]] = {
    demo.demo: demo.EXAMPLE,
    run.run: run.EXAMPLE,
    audit.audit: audit.EXAMPLE,
    crawl.crawl: crawl.EXAMPLE,
    build.build: build.EXAMPLE,
    replay.replay: replay.EXAMPLE,
    parse.parse: parse.EXAMPLE,
    discover.discover: discover.EXAMPLE,
    check.check: check.EXAMPLE,
    import_.import_: import_.EXAMPLE,
    export.export: export.EXAMPLE,
    forget.forget: forget.EXAMPLE,
    doctor.doctor: doctor.EXAMPLE,
    metrics.metrics: metrics.EXAMPLE,
    dashboard.dashboard: dashboard.EXAMPLE,
    serve.serve: serve.EXAMPLE,
}
SHOWS: Final = (show.post, show.kpi, show.page)
LOOKS: Final[dict[str, Any]] = {
    "rich_markup_mode": None,  # plain help: half the start-up time
    "pretty_exceptions_enable": False,  # no local values (tokens) in a traceback
    "add_completion": False,
    "no_args_is_help": True,
    "context_settings": {"help_option_names": ["--help", "-h"]},
}

app = typer.Typer(
    name="vigie", help="Competitive watch and benchmarking, from public pages.",
    epilog="Start with: vigie demo", **LOOKS,
)  # fmt: skip
for command, example in COMMANDS.items():
    app.command(command.__name__.rstrip("_"), epilog=example)(answers(command))
for command in SHOWS:
    show.show.command(epilog=show.EXAMPLES[command.__name__])(answers(command))
app.add_typer(show.show, name="show", epilog=show.EXAMPLES["kpi"])


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("vigie"))
        raise typer.Exit


@app.callback()
def vigie(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Competitive watch and benchmarking, from public pages."""


def main() -> None:
    """Run the command; piped output is UTF-8 whatever the system's encoding."""
    for stream in (sys.stdout, sys.stderr):
        if not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    app()
