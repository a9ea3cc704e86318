"""The options that commands share, and what every command does on a known problem."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from flows.words import console, messages
from flows.words.problems import FellShort, Problem, Unusable


def _speak(language: str | None) -> str | None:
    if language is not None:
        if language not in messages.LANGUAGES:
            raise typer.BadParameter("fr or en")
        messages.speak(language)
    return language


Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="fr|en", callback=_speak, is_eager=True,
                 help="Language of the messages. Default: VIGIE_LANG, else the system's."),
]  # fmt: skip
Lake = Annotated[
    str | None,
    typer.Option(help="Folder or s3:// address of the lake. Default: VIGIE_LAKE, else data/lake."),
]
WatchlistFile = Annotated[Path, typer.Argument(metavar="WATCHLIST", help="The YAML watchlist.")]
Only = Annotated[
    str | None,
    typer.Option(metavar="PLATFORM|ENTITY", help="Crawl one platform or one entity only."),
]
Now = Annotated[
    str | None, typer.Option(hidden=True, help="Simulated time of the run, ISO 8601 with zone.")
]

P = ParamSpec("P")


def answers(command: Callable[P, None]) -> Callable[P, None]:
    """A command whose known problems end in one line on standard error and an exit code."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        from flows.processes.children import Stopping, leaving_cleanly

        try:
            with leaving_cleanly():
                command(*args, **kwargs)
        except Problem as told:
            console.problem("{problem}", problem=told)
            raise typer.Exit(told.code) from None
        except (KeyboardInterrupt, Stopping):
            raise typer.Exit(130) from None
        except Exception as error:
            if (code := _code(error)) is None:
                raise
            console.problem("{problem}", problem=_told(error))
            raise typer.Exit(code) from None

    return guarded


def _code(error: Exception) -> int | None:
    """The exit code where the message is all that its user needs; None for a fault of ours."""
    from data.delta import StoreError
    from data.said import WatchlistError

    if isinstance(error, WatchlistError):
        return Unusable.code
    return FellShort.code if isinstance(error, StoreError) else None


def _told(error: Exception) -> str:
    """What went wrong, in the language in use where it is told in two."""
    from data.said import WatchlistError

    if isinstance(error, WatchlistError):
        return error.told(messages.language())
    return str(error)


def lake_of(lake: str | None) -> str:
    """The lake's address as given, or from the settings."""
    from data.settings import settings

    return lake or settings().lake
