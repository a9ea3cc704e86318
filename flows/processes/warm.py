"""Loading what the end of a run needs while its crawl waits for the network."""

import importlib
import threading
from typing import Final

from flows.processes.children import is_leaving

HEAVY: Final = (
    "flows.daily",
    "sklearn.decomposition",
    "sklearn.cluster",
    "sklearn.metrics",
)
"""Eight CPU seconds to import, the models below included."""
_begun = threading.Event()


def up() -> None:
    """Begin to load in a thread, once a process; returns at once.

    Call it with Prefect's settings in place (prefect_env.Server).
    """
    if not _begun.is_set():
        _begun.set()
        # No daemon: a thread that dies inside a native library takes the exit code with it.
        threading.Thread(target=_load, name="warm-up").start()


def _load() -> None:
    for name in HEAVY:
        if is_leaving():
            return
        importlib.import_module(name)
    import py3langid

    from features.vectors import encoder

    # Models load with the first text.
    py3langid.classify("a")
    if (model := encoder()) is not None:
        model.encode(["a"])
