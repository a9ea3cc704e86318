"""`vigie discover`: from home pages to a draft watchlist with the channels that they name."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from flows.words import console
from flows.words.options import Lang
from flows.words.problems import Unusable

if TYPE_CHECKING:
    from crawlers.discover.errand import Errand
    from crawlers.discover.findings import Site

EXAMPLE: Final = "Example: vigie discover https://brand.example https://rival.example -o draft.yaml"
Urls = Annotated[
    list[str], typer.Argument(metavar="URL…", help="Home pages; the first is your brand's.")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="A new file; without it, to the screen."),
]
Private = Annotated[
    bool, typer.Option("--allow-private-networks", help="Ask addresses of private networks too.")
]
MaxPages = Annotated[
    int,
    typer.Option(min=1, max=10, metavar="N",
                 help="Pages of each site: home, then contact, about, blog."),
]  # fmt: skip


def discover(
    urls: Urls, output: Output = None, allow_private_networks: Private = False,
    max_pages: MaxPages = 4,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:  # fmt: skip
    """Find the channels that home pages name, and draft a watchlist of them."""
    from crawlers.discover.errand import Errand
    from data.settings import settings
    from flows.probing import drafted

    if output and output.exists():
        raise Unusable("{file}: exists already; give another name", file=output)
    errand = Errand(
        urls=tuple(dict.fromkeys(map(address, urls))),
        max_pages=max_pages,
        allow_private_networks=allow_private_networks,
        contact=settings().contact,
    )
    with console.steps() as step:
        step("discover")
        sites = carry_out(errand)
    write(drafted.draft(sites), output)
    problems = [problem for site in sites for problem in site.problems]
    for problem in problems:
        console.problem("not had: {problem}", problem=problem)
    if problems:
        raise typer.Exit(1)


def address(text: str) -> str:
    """A home page's address; a bare host is asked by https.

    Raises:
        Unusable: it is none.
    """
    from data.watchlist import Entity

    url = text if "://" in text else f"https://{text}"
    try:
        return Entity(name="-", channels=[url]).channels[0].url  # type: ignore[list-item]
    except ValueError:
        raise Unusable("{url}: give the address of a home page", url=text) from None


def carry_out(errand: "Errand") -> "list[Site]":
    """Ask for the pages in a process of its own, which ends with this one.

    Raises:
        CrawlDied: the process ended without its answer.
    """
    from crawlers.discover.findings import Site
    from flows.crawl import TOLD, CrawlDied
    from flows.processes.children import Child

    pipe = subprocess.PIPE
    command = [sys.executable, "-P", "-m", "crawlers", "discover", "--plan", "-"]
    with Child(command, stdin=pipe, stdout=pipe, stderr=pipe) as child:
        out, err = child.leash.communicate(msgspec.json.encode(errand))
    lines = out.strip().splitlines()
    try:
        return msgspec.json.decode(lines[-1] if lines else b"", type=list[Site])
    except msgspec.MsgspecError:
        said = err.decode(errors="replace").strip().rpartition("\n")[2]
        raise CrawlDied(child.leash.returncode, said[:TOLD] or "-") from None


def write(text: str, output: Path | None) -> None:
    """To the file, else to standard output.

    Raises:
        Unusable: the file can't be written.
    """
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unusable(
            "{file}: can't be written ({problem})", file=output, problem=error
        ) from error
