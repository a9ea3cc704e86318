"""The lake as the dashboard sees it: read once per version, errors that say what to do."""

import contextlib
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

import polars as pl

from data.delta import StoreError
from data.settings import settings
from data.store import Store

LOOK_AGAIN_S: Final = 5.0
"""How often a session asks the lake whether it changed."""
KEPT: Final = 512
"""Answers kept in memory: all are small."""

FAULTS: Final = (
    StoreError, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError,
)  # fmt: skip
"""Of the lake. A file cut short makes Polars panic, which is no Exception."""
P = ParamSpec("P")
T = TypeVar("T")
_lock = threading.Lock()
_seen: dict[str, tuple[float, str]] = {}
_chosen: ContextVar[str | None] = ContextVar("lake", default=None)


class LakeError(Exception):
    """The lake can't be read; `path` says which, `cure` what to do."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


def use(where: str | None) -> None:
    """Read this lake in the rest of this context; None is the one of the settings again."""
    _chosen.set(where)


def address() -> str:
    """Where the lake lies."""
    return _chosen.get() or settings().lake


@lru_cache(maxsize=8)
def store(where: str) -> Store:
    """The store of a lake, opened once."""
    return Store(where)


def guarded(read: Callable[[], T]) -> T:
    """What `read` gives; whatever the engine underneath raises comes out as a LakeError.

    It is tried twice: an erasure takes files away under who has just opened their table.
    """
    with contextlib.suppress(*FAULTS):
        return read()
    try:
        return read()
    except FAULTS as error:
        raise LakeError(address(), str(error).partition("\n")[0]) from error


def version() -> str:
    """The lake's version, asked for at most every few seconds."""
    where = address()
    with _lock:
        when, known = _seen.get(where, (0.0, ""))
        if known and time.monotonic() - when < LOOK_AGAIN_S:
            return known
        now = guarded(lambda: store(where).version())
        _seen[where] = (time.monotonic(), now)
        return now


def forget() -> None:
    """Look at the lake afresh on the next read."""
    with _lock:
        _seen.clear()


def scan(table: str) -> pl.LazyFrame:
    """A table of the lake, lazily."""
    return store(address()).scan(table)


def cached(read: Callable[P, T]) -> Callable[P, T]:
    """Keep the answers of a query per version of the lake; its arguments must be hashable."""

    @lru_cache(maxsize=KEPT)
    def keep(_where: str, _version: str, *args: Any, **kwargs: Any) -> T:
        return guarded(lambda: read(*args, **kwargs))

    @wraps(read)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        answer: T = cast("Any", keep)(address(), version(), *args, **kwargs)
        return answer

    return ask
