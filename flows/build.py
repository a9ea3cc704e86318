"""The build around its pure core: reads the lake, builds, writes what changed."""

from datetime import datetime
from typing import Any, Final

from data.store import Store
from features.build import STATE_VERSION, build
from features.plan import Previous

STATE: Final = "features"
INPUTS: Final = ("entities", "channels", "profiles", "posts", "metrics", "comments", "pages")
CARRIED: Final = ("post_features", "post_types", "trends")
"""Out tables that the next build continues."""


def build_lake(store: Store, at: datetime, timezone: str, *, full: bool = False) -> dict[str, int]:
    """Bring every out table of the features up to the reference time.

    The state is written last: a build killed before that is simply done again by the next one.
    Pass `full` after a replay, an import or an erasure. Returns the rows per table written.
    """
    core = {name: store.scan(name) for name in INPUTS}
    built = build(core, at, timezone, previous(store), full=full)
    for name, frame in built.tables.items():
        months = built.months if name == "post_features" else None
        if months is None or months:
            store.replace(name, frame, months)
    store.set_state(STATE, built.state)
    return {name: frame.height for name, frame in built.tables.items()}


def previous(store: Store) -> Previous | None:
    """The build before this one, if its state is of this version of the software."""
    state: dict[str, Any] | None = store.state(STATE)
    if state is None or state.get("version") != STATE_VERSION:
        return None
    tables = {name: store.scan(name) for name in CARRIED}
    return Previous(datetime.fromisoformat(state["at"]), state["timezone"], state, tables)
