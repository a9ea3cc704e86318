"""`vigie show`: from a number to its pages."""

import sys
from typing import Annotated, Any

import typer

from flows.commands.common import existing
from flows.words import console
from flows.words.options import Lake, Lang

EXAMPLES = {
    "post": "Example: vigie show post youtube:Qx3TrAiLs_0",
    "kpi": "Example: vigie show kpi maison-alpine/all/28d/engagement_rate",
    "page": "Example: vigie show page 5d41402abc4b2a76b9719d911017c592 --body > page.html",
}
FIRST_BYTES = 500

show = typer.Typer(help="From a number to its pages.", rich_markup_mode=None, no_args_is_help=True)
Identifier = Annotated[str, typer.Argument(metavar="ID")]


def post(
    identifier: Identifier, lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """A post: its fields and figures, its counts over time, the pages they came from."""
    from flows.looking import show as work

    shown = work.post(existing(lake), identifier)
    _fields({**shown.post, **shown.features})
    console.result("")
    console.table(shown.counts.columns, shown.counts.rows())
    console.result("")
    console.table(shown.pages.columns, shown.pages.rows())


def kpi(
    identifier: Identifier, lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """A figure, named entity/platform/period/kpi: its formula, n, interval and posts."""
    from flows.looking import show as work

    shown = work.kpi(existing(lake), identifier)
    _fields({**shown.formula, **shown.figure})
    console.result("")
    console.table(shown.posts.columns, shown.posts.rows())


def page(
    identifier: Identifier,
    body: Annotated[bool, typer.Option("--body", help="Write the page itself, as served.")] = False,
    lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:
    """An archived page: address, time, status and first bytes, or the whole of it."""
    from flows.looking import show as work

    capture = work.page(existing(lake), identifier)
    if body:
        sys.stdout.buffer.write(capture.body)
        return
    names = ("url", "fetched_at", "status", "content_type", "channel_id", "run_id")
    fields: dict[str, Any] = {name: getattr(capture, name) for name in names}
    first = capture.body[:FIRST_BYTES].decode(errors="replace")
    _fields({**fields, "bytes": len(capture.body), "body": first})


def _fields(values: dict[str, Any]) -> None:
    for name, value in values.items():
        console.result(f"{name}: {console.cell(value)}")
