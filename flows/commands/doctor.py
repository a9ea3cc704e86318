"""`vigie doctor`: what is wrong with a lake, and its repair."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.common import existing
from flows.words import console
from flows.words.options import Lake, Lang
from flows.words.problems import Unusable

if TYPE_CHECKING:
    from data.store import Store
    from flows.repair.doctor import Finding

EXAMPLE = "Example: vigie doctor --lake data/lake"

Repair = Annotated[bool, typer.Option(
    "--repair", help="Set damaged files aside in <lake>/quarantine and rebuild what can be."
)]  # fmt: skip


def doctor(
    lake: Lake = None,
    repair: Repair = False,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:
    """Look for damage in the lake and name each with its cure: files, rows, pages, permissions.

    Exit code 0: sound. 1: damage was found, or repaired with a loss that is named.
    """
    from flows.repair.doctor import examine

    store = existing(lake)
    if "://" in store.root:
        raise Unusable("{lake}: only a lake in a folder can be looked at", lake=store.root)
    with console.steps() as step:
        found = examine(store, step)
    if found:
        console.table(("table", "damage", "cure"), [finding.told() for finding in found])
    damaged = any(finding.is_damage for finding in found)
    if not damaged:
        console.note("the lake is sound")
    elif not repair or _repair(store):
        raise typer.Exit(1)


def _repair(store: "Store") -> bool:
    """Mend; whether something is lost or still wrong, which is then told."""
    from flows.repair.doctor import examine
    from flows.repair.mending import mend

    with console.steps() as step:
        lost = mend(store, step)
        left: list[Finding] = [one for one in examine(store, step) if one.is_damage]
    for table, rows in lost.items():
        if rows < 0:
            console.problem("{table}: the rows of its last commits are lost", table=table)
        else:
            console.problem("{table}: {rows} rows are lost", table=table, rows=rows)
    for finding in left:
        table, damage, _ = finding.told()
        console.problem("{table}: {damage}", table=table, damage=damage)
    if not lost and not left:
        console.note("repaired; nothing is lost")
    return bool(lost or left)
