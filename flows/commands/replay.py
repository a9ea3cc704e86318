"""`vigie replay`: read the archived pages again, without any network."""

import subprocess
import sys
from typing import Annotated

import typer

from flows import console
from flows.commands.common import existing
from flows.options import Lake, Lang

EXAMPLE = "Example: vigie replay --platform feed"


def replay(
    platform: Annotated[str | None, typer.Option(help="Only this platform's pages.")] = None,
    lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:
    """Parse every archived page again and correct the core tables; changes are logged."""
    from crawlers.registry import platforms
    from flows.children import Child
    from flows.crawl import summary_of
    from flows.problems import Unusable

    if platform is not None and platform not in platforms():
        known = ", ".join(platforms())
        raise Unusable(
            "no platform is called {name}; there are {known}", name=platform, known=known
        )
    store = existing(lake)
    command = [sys.executable, "-m", "crawlers", "replay", "--lake", store.root]
    command += ["--platform", platform] if platform else []
    pipe = subprocess.PIPE
    with console.steps() as step, Child(command, stdout=pipe, stderr=pipe) as child:
        step("replay")
        out, err = child.leash.communicate()
    summary = summary_of(out, err, child.leash.returncode)
    names = ("pages", "posts", "new_posts", "dropped", "errors")
    console.table(names, [[getattr(summary, name) for name in names]])
    for short in summary.incomplete:
        console.problem("{channel}: {reason}", channel=short.channel_id, reason=short.reason)
    if summary.incomplete:
        raise typer.Exit(1)
