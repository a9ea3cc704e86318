"""`vigie replay`: read the archived pages again, without any network."""

import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.common import existing
from flows.words import console
from flows.words.options import Lake, Lang
from flows.words.problems import FellShort, Unusable

if TYPE_CHECKING:
    from crawlers.replay import Replayed
    from data.store import Store

EXAMPLE = "Example: vigie replay --platform feed"


def replay(
    platform: Annotated[str | None, typer.Option(help="Only this platform's pages.")] = None,
    lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:
    """Parse every archived page again and correct the core tables; changes are logged.

    Where something changed, the out tables are built anew.
    """
    from crawlers.registry import platforms
    from flows import build, turns

    if platform is not None and platform not in platforms():
        known = ", ".join(platforms())
        raise Unusable(
            "no platform is called {name}; there are {known}", name=platform, known=known
        )
    store = existing(lake)
    with turns.taken(store.root, "vigie replay"), console.steps() as step:
        was_rewritten = build.is_rewritten(store)
        step("replay")
        build.mark_rewritten(store)  # first: it may be killed between two tables
        done = carried_out(store, platform)
        if done.restated:
            step("build")
            built = _built(store)
        elif not was_rewritten:
            build.mark_rewritten(store, rewritten=False)
    _tell(done)
    if done.restated and built:
        console.note("rows changed, so every out table was built anew")


def carried_out(store: "Store", platform: str | None) -> "Replayed":
    """Replay in a process of its own, which ends with this one; what it came to.

    Raises:
        FellShort: the process ended without saying so.
    """
    import msgspec

    from crawlers.replay import Replayed
    from flows.crawl import TOLD
    from flows.processes.children import Child

    command = [sys.executable, "-P", "-m", "crawlers", "replay", "--lake", store.root]
    command += ["--platform", platform] if platform else []
    pipe = subprocess.PIPE
    with Child(command, stdout=pipe, stderr=pipe) as child:
        out, err = child.leash.communicate()
    try:
        return msgspec.json.decode((out.strip().splitlines() or [b""])[-1], type=Replayed)
    except msgspec.MsgspecError:
        said = err.decode(errors="replace").strip().rpartition("\n")[2]
        raise FellShort(
            "the replay's process ended with code {code}: {said}",
            code=child.leash.returncode, said=said[:TOLD] or "-",
        ) from None  # fmt: skip


def _built(store: "Store") -> bool:
    """Build in full, as of the latest crawl; False where nothing was ever crawled."""
    from flows.build import build_lake
    from flows.crawl import latest_run

    if (at := latest_run(store)) is None:
        return False
    build_lake(store, at, (store.state("market") or {}).get("timezone", "UTC"), full=True)
    return True


def _tell(done: "Replayed") -> None:
    """How much was read, then a line a table with its restated rows and values."""
    names = ("channels", "pages", "unreadable")
    console.table(names, [[getattr(done, name) for name in names]])
    if done.restated:
        console.result("")
        console.table(("table", "restated"), list(done.restated.items()))
