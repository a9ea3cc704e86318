"""The watchlist file as the dashboard sees it: read, checked, added to, saved with a way back."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from dashboard import access, i18n, queries, runs
from data.said import WatchlistError
from data.settings import settings
from data.watchlist import parse

STATE: Final = "watchlist"
"""State of the lake that remembers where the watchlist of the last run lies."""
PREVIOUS: Final = ".previous"
"""Ending of the copy that saving leaves behind."""
PATIENCE_S: Final = 180.0
MOST_BYTES: Final = 1 << 20
GROUPS: Final = ("competitors", "influencers", "topics")


class WatchlistFileError(Exception):
    """The file can't be read or saved; the message says why."""


class ChangedError(WatchlistFileError):
    """Somebody else saved the file meanwhile."""


@dataclass(frozen=True)
class Proposal:
    """A channel that a home page names: whose it is, as found, and how a watchlist writes it."""

    name: str
    channel: Any

    @property
    def address(self) -> str:
        """Its address."""
        return str(self.channel["url"] if isinstance(self.channel, dict) else self.channel)


def path() -> Path | None:
    """Where the watchlist lies: as the settings say, else as the last run told; None: unknown."""
    told = settings().watchlist or (queries.state(STATE) or {}).get("path")
    return Path(told) if told else None


def read(file: Path) -> str:
    """The text of the file.

    Raises:
        WatchlistFileError: it can't be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WatchlistFileError(str(error)) from error


def mark(text: str) -> str:
    """Tells one text from another."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def problems(text: str, name: str) -> list[str]:
    """What is wrong with a watchlist, a line each with its place and cure; nothing where sound."""
    try:
        parse(text, name)
    except WatchlistError as error:
        return error.told(i18n.lang()).splitlines()
    return []


def save(file: Path, text: str, seen: str) -> Path:
    """Replace the file in one step, and keep what it was beside it; the copy's path.

    Args:
        file: the watchlist.
        text: what it is to say; sound.
        seen: `mark` of the text that was changed.

    Raises:
        ChangedError: the file is not that text any more.
        WatchlistFileError: it can't be written.
    """
    if not access.may_edit():
        raise PermissionError("viewers change nothing")
    if mark(read(file)) != seen:
        raise ChangedError(str(file))
    file = file.resolve()  # a link stays one
    copy = file.with_name(file.name + PREVIOUS)
    try:
        shutil.copy2(file, copy)
        _replace(file, text)
    except OSError as error:
        raise WatchlistFileError(str(error)) from error
    return copy


def _replace(file: Path, text: str) -> None:
    handle, fresh = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        shutil.copymode(file, fresh)
        Path(fresh).replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            Path(fresh).unlink()
        raise


def discover(urls: Sequence[str]) -> tuple[list[Proposal], str]:
    """The channels that home pages name, and what was said about those that could not be had.

    Asked for by `vigie discover` in a process of its own.

    Raises:
        WatchlistFileError: nothing came of it; the message says why.
    """
    if not access.may_edit():
        raise PermissionError("viewers ask for nothing")
    command = [sys.executable, "-P", "-c", "from flows.cli import main; main()", "discover"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; addresses come after `--`
            [*command, "--lang", i18n.lang(), "--", *urls], capture_output=True, text=True,
            timeout=PATIENCE_S, check=False, stdin=subprocess.DEVNULL,
            env=runs.environment(os.environ),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise WatchlistFileError(f"{error.timeout:.0f} s") from error
    found = list(_proposals(done.stdout))
    if not found:
        raise WatchlistFileError(done.stderr.strip()[-500:] or f"code {done.returncode}")
    return found, done.stderr.strip()


def _proposals(draft: str) -> Iterator[Proposal]:
    document = YAML(typ="safe").load(draft[:MOST_BYTES]) or {}
    for entity in [document.get("brand"), *(document.get("competitors") or [])]:
        for channel in (entity or {}).get("channels") or []:
            yield Proposal(str(entity["name"]), channel)


def names(text: str) -> list[str]:
    """Names of the entities in a watchlist, the brand first; none where it is not readable."""
    return [str(entity.get("name")) for entity in _entities(_loaded(text)[1])]


def _loaded(text: str) -> tuple[YAML, Any]:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 1 << 20
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        return yaml, yaml.load(text)
    except YAMLError:
        return yaml, None


def _entities(document: Any) -> Iterator[Any]:
    if not isinstance(document, dict):
        return
    groups = [[document.get("brand")], *(document.get(group) or [] for group in GROUPS)]
    yield from (one for group in groups for one in group if isinstance(one, dict))


def added(text: str, wanted: Sequence[Proposal], name: str) -> str:
    """The text with channels added to an entity, or to a new competitor; comments stay.

    Channels that the watchlist has already are left out.
    """
    yaml, document = _loaded(text)
    if not isinstance(document, dict):
        return text
    known = {_address(one) for entity in _entities(document) for one in entity["channels"] or []}
    fresh = [one.channel for one in wanted if one.address not in known]
    if not fresh:
        return text
    for entity in _entities(document):
        if entity.get("name") == name:
            # In place: a list of ours would drop the comments between its lines.
            if not isinstance(entity.setdefault("channels", fresh), list):
                entity["channels"] = fresh
            elif entity["channels"] is not fresh:
                entity["channels"].extend(fresh)
            break
    else:
        rivals = document.setdefault("competitors", [])
        rivals.append({"name": name, "channels": fresh})
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _address(channel: Any) -> str:
    return str(channel.get("url")) if isinstance(channel, dict) else str(channel)
