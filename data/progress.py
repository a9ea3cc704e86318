"""What a run does, told while it runs: one small file of JSON lines a run, in the lake's folder.

Written by the run, read by whoever looks: another session, a page that was loaded again, a run
that was started in a terminal. One run at a time holds the lake's run lock; a file without an end
whose run holds no lock tells of a run that was killed. A lake on S3 has no such files.
"""

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct, field

from data import lock
from data.stale import stale

FOLDER: Final = "runs"
BY: Final = "VIGIE_RUN_BY"
"""Variable that tells a run who started it from the dashboard."""
KEPT_DAYS: Final = 30
MOST_BYTES: Final = 4_000_000
"""A longer file is not one of ours."""
SAID: Final = 500
"""Characters kept of a reason."""

Origin = Literal["command", "dashboard", "schedule"]
COMMANDS: Final[dict[Origin, str]] = {
    "command": "vigie run", "dashboard": "vigie run", "schedule": "vigie serve",
}  # fmt: skip
"""What holds the lock for a run that is told of."""
Phase = Literal["start", "crawl", "build", "alerts"]
PHASES: Final[tuple[Phase, ...]] = ("start", "crawl", "build", "alerts")
End = Literal["done", "short", "failed", "stopped"]


class Begin(Struct, frozen=True, tag="begin"):
    """A run begins: for whom and on what."""

    at: datetime
    origin: Origin
    by: str | None
    watchlist: str


class Step(Struct, frozen=True, tag="phase"):
    """A part of the run begins."""

    at: datetime
    phase: Phase


class Planned(Struct, frozen=True, tag="plan"):
    """What will be crawled, under which run_id."""

    run_id: str
    channels: list[str]


class Visited(Struct, frozen=True, tag="channel"):
    """A channel is done: posts read, those never seen before, and why it fell short."""

    channel_id: str
    posts: int
    new_posts: int
    reason: str | None


class Ended(Struct, frozen=True, tag="end"):
    """The run is over; `code` is the command's exit code, `problem` what stopped it."""

    at: datetime
    state: End
    code: int
    problem: str | None = None


Event = Begin | Step | Planned | Visited | Ended


class Progress(Struct):
    """A run as its file tells it. `is_live`: it holds the lake's run lock."""

    begin: Begin
    phase: Phase = "start"
    run_id: str | None = None
    channels: list[str] = field(default_factory=list)
    visited: dict[str, Visited] = field(default_factory=dict)
    end: Ended | None = None
    is_live: bool = False

    @property
    def new_posts(self) -> int:
        """Posts never seen before, so far."""
        return sum(one.new_posts for one in self.visited.values())

    @property
    def short(self) -> list[Visited]:
        """Channels that fell short, in order."""
        fallen = (one for one in self.visited.values() if one.reason is not None)
        return sorted(fallen, key=lambda one: one.channel_id)

    def hear(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case Step():
                self.phase = event.phase
            case Planned():
                self.run_id, self.channels = event.run_id, event.channels
            case Visited():
                self.visited[event.channel_id] = event
            case Ended():
                self.end = event


class Writer:
    """Adds events to a run's file; a full disk must not end a run that could go on."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def tell(self, event: Event) -> None:
        """Add one event: one line, written in one piece."""
        if self._file is None:
            return
        with contextlib.suppress(OSError), self._file.open("ab", buffering=0) as out:
            out.write(msgspec.json.encode(event) + b"\n")


def is_local(root: str) -> bool:
    """Whether the lake is a folder of this machine, where runs can be told of."""
    return "://" not in root


def place(root: str) -> str:
    """The folder that the store means by this address."""
    return str(Path(root).expanduser().absolute())


@contextlib.contextmanager
def begun(
    root: str, watchlist: str, origin: Origin, by: str | None,
    patience_s: float = lock.GLANCE_S,
) -> Iterator[Writer]:  # fmt: skip
    """Hold the lake's run lock, with a fresh file to write to; old files go.

    Raises:
        BusyError: another run was still under way after `patience_s` seconds.
    """
    if not is_local(root):
        yield Writer(None)
        return
    with lock.running(place(root), COMMANDS[origin], patience_s) as holder:
        now = holder.since
        folder = Path(place(root)) / FOLDER
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            _clean(folder, now)
        writer = Writer(folder / f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(2)}.jsonl")
        writer.tell(Begin(now, origin, by, watchlist))
        yield writer


def forget(root: str) -> None:
    """Take out what runs that are over told: channels and people may be named in it."""
    if is_local(root) and not lock.is_running(place(root)):
        for file in (Path(place(root)) / FOLDER).glob("*.jsonl"):
            file.unlink(missing_ok=True)


def _clean(folder: Path, now: datetime) -> None:
    for file in stale(folder, now.date(), KEPT_DAYS):
        file.unlink(missing_ok=True)


def latest(root: str) -> Progress | None:
    """The run that is under way, else the last one that left its file; None: there was none."""
    if not is_local(root):
        return None
    files = sorted((Path(place(root)) / FOLDER).glob("*.jsonl"), reverse=True)
    found = next((run for file in files if (run := read(file)) is not None), None)
    if found is not None and found.end is None:
        held = lock.holder(place(root))
        found.is_live = held is not None and held.since == found.begin.at
    return found


def read(file: Path) -> Progress | None:
    """What a file tells; a line cut short by a kill is left out. None: it tells of no run."""
    try:
        with file.open("rb") as lines:
            text = lines.read(MOST_BYTES)
    except OSError:
        return None
    events = list(_events(text.splitlines()))
    if not events or not isinstance(events[0], Begin):
        return None
    run = Progress(events[0])
    for event in events:
        run.hear(event)
    return run


def _events(lines: Sequence[bytes]) -> Iterator[Event]:
    decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
    for line in lines:
        with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
            yield decoder.decode(line)
