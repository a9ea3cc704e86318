"""The build around its pure core: reads the lake, builds, writes what changed."""

from datetime import datetime
from typing import Any, Final

import polars as pl

from data import lock
from data.store import Store
from features.build import STATE_VERSION, build
from features.plan import Previous
from features.stretches import SPOOLED
from flows import spool

STATE: Final = "features"
REWRITTEN: Final = "rewritten"
"""A mark in the lake: old rows may have changed, so that the next build starts anew."""
INPUTS: Final = (
    "entities", "channels", "profiles", "posts", "metrics", "comments", "pages", "insights",
    "type_edits",
)  # fmt: skip
CARRIED: Final = ("post_features", "post_types", "trends", "mentions")
"""Out tables that the next build continues."""


def build_lake(store: Store, at: datetime, timezone: str, *, full: bool = False) -> dict[str, int]:
    """Bring every out table of the features up to the reference time.

    The state is written last: a build killed before that is simply done again by the next one.
    `full` is for an import or an erasure; a lake marked as rewritten is built anew unasked.
    Returns the rows per table written.
    """
    with lock.shared(store.root):
        return _build(store, at, timezone, full=full)


def _build(store: Store, at: datetime, timezone: str, *, full: bool) -> dict[str, int]:
    full = full or is_rewritten(store)
    core = {name: store.scan(name) for name in INPUTS}
    written = {}
    with spool.opened() as kept:
        built = build(core, at, timezone, previous(store), full=full, spool=kept)
        for name in SPOOLED if built.is_spooled else ():
            store.replace_in_parts(name, kept.parts(name))
            written[name] = kept.scan(name).select(pl.len()).collect().item()
    for name, frame in built.tables.items():
        months = built.months.get(name)
        if months != []:
            store.replace(name, frame, months)
        written[name] = frame.height
    store.set_state(STATE, built.state)
    if is_rewritten(store):
        mark_rewritten(store, rewritten=False)
    return written


def is_rewritten(store: Store) -> bool:
    """Whether old rows may have changed since the last build."""
    return bool((store.state(REWRITTEN) or {}).get("since_build"))


def mark_rewritten(store: Store, *, rewritten: bool = True) -> None:
    """Say whether old rows may have changed since the last build; set it before changing them."""
    store.set_state(REWRITTEN, {"since_build": rewritten})


def previous(store: Store) -> Previous | None:
    """The build before this one, if its state is of this version of the software."""
    state: dict[str, Any] | None = store.state(STATE)
    if state is None or state.get("version") != STATE_VERSION:
        return None
    tables = {name: store.scan(name) for name in CARRIED}
    return Previous(datetime.fromisoformat(state["at"]), state["timezone"], state, tables)
