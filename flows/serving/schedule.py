"""When `vigie serve` runs: every so often, counted from a time of the market's day."""

import hashlib
import re
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self
from zoneinfo import ZoneInfo

import msgspec

from flows.words.problems import Unusable

if TYPE_CHECKING:
    from prefect.schedules import Schedule

UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LEAST: Final = timedelta(minutes=1)


class Rhythm(NamedTuple):
    """How often, from which time of the day on, and where that day is."""

    every: timedelta
    at: time
    timezone: str

    @classmethod
    def read(cls, every: str, at: str, timezone: str) -> Self:
        """`1d` and `06:30`, as the command takes them.

        Raises:
            Unusable: one of them is no such thing.
        """
        step = re.fullmatch(r"(\d{1,4})([mhdw])", every)
        length = timedelta(**{UNITS[step[2]]: int(step[1])}) if step else timedelta()
        if length < LEAST:
            raise Unusable("--every {every}: write it like 1d, 6h or 30m", every=every)
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
            raise Unusable("--at {at}: write a time of the day like 06:30", at=at)
        return cls(length, time.fromisoformat(at), timezone)

    def prefect(self, now: datetime) -> "Schedule":
        """The schedule as Prefect keeps it; whole days keep their hour through summer time."""
        from prefect.schedules import Interval

        anchor = datetime.combine(now.astimezone(ZoneInfo(self.timezone)).date(), self.at)
        return Interval(
            self.every,
            anchor_date=anchor.replace(tzinfo=ZoneInfo(self.timezone)),
            timezone=self.timezone,
        )


class Job(msgspec.Struct, frozen=True):
    """What is served: no address to notify is in it, runs read the watchlist themselves."""

    watchlist: str
    lake: str
    dashboard: str
    rhythm: Rhythm
    language: str

    @property
    def name(self) -> str:
        """The deployment's name: one for each lake."""
        return name_of(self.lake)


def name_of(lake: str) -> str:
    """What a lake's schedule is called in Prefect."""
    where = lake if "://" in lake else str(Path(lake).resolve())
    return f"vigie-{hashlib.sha256(where.encode()).hexdigest()[:8]}"
