"""What is wrong with a lake, each finding with its cure. Reads only; mending.py mends."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

from data import pseudonyms, soundness
from data.lock import FILE as LOCK
from data.store import Store
from data.tables import CORE
from features.build import STATE_VERSION
from flows.build import STATE, is_rewritten
from flows.erasing.forget import PENDING
from flows.erasing.rotation import ROTATING
from flows.words.messages import say

REPAIR: Final = "`vigie doctor --repair` sets it aside and rebuilds what it can"
TEXTS: Final[dict[str, tuple[str, str]]] = {
    "log": ("{file}: the table's log can't be read", REPAIR),
    "file": ("{file}: missing or unreadable, {rows} rows", REPAIR),
    "doubled": ("{rows} rows have the key of another",
                "`vigie doctor --repair` keeps one of each and reads the archive again"),
    "pageless": ("{rows} rows come from a page that the archive doesn't hold",
                 "they stay; the next crawls see again what is still shown"),
    "altered": ("{rows} pages hold other bytes than were archived",
                "`vigie doctor --repair` sets the bytes aside and marks the pages as damaged"),
    "emptied": ("{rows} pages lost their bytes",
                "`vigie doctor --repair` marks them as damaged; the next crawl asks anew"),
    "erasure": ("an erasure or a new key was begun and not ended",
                "`vigie doctor --repair` or the next `vigie forget` ends it"),
    "build": ("rows changed after the last build", "`vigie build` or `vigie doctor --repair`"),
    "version": ("the last build is of another version of Vigie ({version}, not {wanted})",
                "`vigie build` builds everything anew"),
    "busy": ("process {pid} is writing to the lake", "look again when it is done"),
    "stuck": ("process {pid} is stopped and holds the lake's lock",
              "let it go on or end it: kill -CONT {pid} or kill -9 {pid}"),
    "open": ("{file}: others on this machine may read it", "chmod 600 {file}"),
    "key": ("{file}: holds no key of pseudonyms",
            "bring it back from a copy, or move it away: commenters then go by new pseudonyms"),
    "settings": ("{file}: others on this machine may read it", "chmod 600 {file}"),
}  # fmt: skip
"""Kind of damage → what is said of it, and its cure."""
NOTES: Final = frozenset({"version", "busy", "settings"})
"""Kinds that are no damage."""
Look = Callable[[str], None]


class Finding(Struct, frozen=True):
    """One thing that is wrong; `files` are paths that a repair sets aside."""

    kind: str
    table: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def is_damage(self) -> bool:
        """Whether the lake is not sound because of it."""
        return self.kind not in NOTES

    def told(self) -> tuple[str, str, str]:
        """Table, damage and cure, in the language in use."""
        damage, cure = (say(text, **self.values) for text in TEXTS[self.kind])
        return self.table, damage, cure


def examine(store: Store, step: Look = lambda _: None) -> list[Finding]:
    """Everything that is wrong. Rows are looked at where all logs and files can be read."""
    root = Path(store.root)
    step("locks and permissions")
    found = [*_locks(root), *_permissions(root)]
    step("files")
    files = [one for table in soundness.NAMES for one in _files(root, table)]
    found += files
    if files:
        return found
    step("rows")
    return [*found, *_rows(store), *_states(store)]


def _files(root: Path, table: str) -> Iterator[Finding]:
    if log := soundness.broken_log(root, table):
        file = log[0].relative_to(root)
        yield Finding("log", table, {"file": str(file)}, tuple(log))
        return
    for path, rows in soundness.broken_files(root, table):
        told = "?" if rows is None else rows
        yield Finding("file", table, {"file": str(path.relative_to(root)), "rows": told}, (path,))


def _rows(store: Store) -> Iterator[Finding]:
    for table in soundness.NAMES:
        if more := soundness.doubled(store, table):
            yield Finding("doubled", table, {"rows": more})
    for table in CORE:
        if more := soundness.without_page(store, table):
            yield Finding("pageless", table, {"rows": more})
    altered = soundness.altered_pages(Path(store.root))
    for kind, pages in (("altered", altered), ("emptied", soundness.emptied_pages(store))):
        if pages:
            yield Finding(kind, "pages", {"rows": len(pages)}, pages=tuple(pages))


def _states(store: Store) -> Iterator[Finding]:
    if any(store.state(name) for name in (PENDING, ROTATING)):
        yield Finding("erasure", "state")
    if is_rewritten(store):
        yield Finding("build", "state")
    version = (store.state(STATE) or {}).get("version", STATE_VERSION)
    if version != STATE_VERSION:
        yield Finding("version", "state", {"version": version, "wanted": STATE_VERSION})


def _permissions(root: Path) -> Iterator[Finding]:
    """The lake's key, what it holds too, and the settings, which may hold tokens."""
    kinds = {"open": root / pseudonyms.FILE, "settings": Path(".env").absolute()}
    for kind, file in kinds.items():
        if file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(kind, values={"file": str(file)})
    if pseudonyms.is_damaged(str(root)):
        yield Finding("key", values={"file": str(root / pseudonyms.FILE)})


def _locks(root: Path) -> Iterator[Finding]:
    """Who holds the lake's lock, where the system says so (Linux)."""
    lock, held = root / LOCK, Path("/proc/locks")
    if not lock.exists() or not held.exists():
        return
    number = lock.stat().st_ino
    for line in held.read_text(encoding="ascii").splitlines():
        parts = line.split()
        if "FLOCK" in parts and any(part.endswith(f":{number}") for part in parts):
            pid = parts[parts.index("FLOCK") + 3]
            yield Finding("stuck" if _is_stopped(pid) else "busy", values={"pid": pid})


def _is_stopped(pid: str) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tT" in status.read_text(encoding="utf-8")
