"""A new key for pseudonyms: every commenter goes by another one, and later crawls follow.

The new pseudonym is the keyed hash of the old one, so that no name is needed and the same person
stays the same person inside the lake. Exports made before can't be joined with the lake any more.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import polars as pl

from data import lock
from data.pseudonyms import LENGTH, again, fresh_key
from data.store import Store
from flows.erasing.forget import PATIENCE_S
from flows.words.problems import FellShort

ROTATING: Final = "rotating"
"""State of the lake: the rotation that is under way, and the version of each table before it."""
KEYED_ID: Final = re.compile(
    rf"^(?P<platform>(?:bluesky|linkedin):)(?P<key>[0-9a-f]{{{LENGTH}}})(?=/|$)"
)
"""A comment_id that holds a pseudonym, where the platform's own id would name the author or
is not shown; a test over all platforms holds the list."""


def rotate(store: Store) -> dict[str, int]:
    """Make a new key and give every stored pseudonym a new form; rows rewritten, by table.

    Raises:
        FellShort: others write to the lake and did not end in time.
    """
    try:
        with lock.alone(store.root, PATIENCE_S):
            complete(store)
            ring, fresh = store.secret(), fresh_key()
            versions = {table: store.version_of(table) for table in RENAMED}
            told = {"ring": (ring + fresh).hex(), "fresh": fresh.hex(), "versions": versions}
            store.set_state(ROTATING, told)
            return _carry_out(store, told)
    except lock.BusyError:
        raise FellShort(
            "{lake}: somebody is writing there; try again when it is done", lake=store.root
        ) from None


def complete(store: Store) -> bool:
    """Complete the rotation that a kill left; whether there was one."""
    if (told := store.state(ROTATING)) is None:
        return False
    with lock.alone(store.root, PATIENCE_S):
        _carry_out(store, told)
    return True


def _carry_out(store: Store, told: dict[str, Any]) -> dict[str, int]:
    fresh = bytes.fromhex(told["fresh"])
    rows = {}
    for table in RENAMED:
        frame = store.scan(table).collect()
        rows[table] = frame.height
        # A table is written in one commit: another version than before says that it was done.
        if frame.height and store.version_of(table) == told["versions"][table]:
            store.replace(table, RENAMED[table](frame, fresh))
    store.set_secret(bytes.fromhex(told["ring"]))
    store.purge()
    store.remove("state", pl.DataFrame({"name": [ROTATING]}))
    store.purge(["state"])
    return {table: count for table, count in rows.items() if count}


def comments(frame: pl.DataFrame, fresh: bytes) -> pl.DataFrame:
    """The table `comments` under one more key."""
    ids = (_renamed(name, fresh) for name in ("comment_id", "in_reply_to"))
    return frame.with_columns(_under("author_key", fresh), *ids)


def erasures(frame: pl.DataFrame, fresh: bytes) -> pl.DataFrame:
    """The table `erasures` under one more key."""
    return frame.with_columns(_under(name, fresh) for name in ("key", "asked"))


def restatements(frame: pl.DataFrame, fresh: bytes) -> pl.DataFrame:
    """The table `restatements` under one more key: of comments, ids and pseudonyms."""
    about = pl.col("table") == "comments"
    of_author, of_id = (
        about & (pl.col("column") == name) for name in ("author_key", "in_reply_to")
    )
    values = (
        pl.when(of_author)
        .then(_under(name, fresh))
        .when(of_id)
        .then(_renamed(name, fresh))
        .otherwise(name)
        .alias(name)
        for name in ("before", "after")
    )
    return frame.with_columns(pl.when(about).then(_renamed("key", fresh)).otherwise("key"), *values)


def _under(column: str, fresh: bytes) -> pl.Expr:
    return pl.col(column).map_elements(lambda key: again(key, fresh), return_dtype=pl.String)


def _renamed(column: str, fresh: bytes) -> pl.Expr:
    return pl.col(column).map_elements(lambda told: renamed(told, fresh), return_dtype=pl.String)


def renamed(comment_id: str, fresh: bytes) -> str:
    """A comment_id under one more key."""
    return KEYED_ID.sub(lambda found: found["platform"] + again(found["key"], fresh), comment_id)


RENAMED: Final[dict[str, Callable[[pl.DataFrame, bytes], pl.DataFrame]]] = {
    "comments": comments,
    "erasures": erasures,
    "restatements": restatements,
}
