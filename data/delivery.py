"""Who is told what, and when: the part of a watchlist that `vigie serve` delivers by.

Addresses may hold passwords and tokens: they are secrets from here on, and no message names one.
"""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from data.said import WrongError

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)")


def _address(url: SecretStr) -> SecretStr:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://\S", url.get_secret_value()):
        raise WrongError("must be a notification address such as mailto://… or slack://…")
    return url


Address = Annotated[SecretStr, AfterValidator(_address)]


class Quiet(NamedTuple):
    """Hours of the market's day in which only what is critical is sent."""

    start: time
    end: time

    @classmethod
    def read(cls, value: Any) -> Self:
        """`21:00-07:00`: across midnight where it ends before it starts."""
        match = HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None or match.group(1, 2) == match.group(3, 4):
            raise WrongError('must be hours such as "21:00-07:00"')
        hour, minute, end_hour, end_minute = map(int, match.groups())
        return cls(time(hour, minute), time(end_hour, end_minute))

    def covers(self, local: datetime) -> bool:
        """Whether a time of the market lies within."""
        now = local.time()
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def over(self, local: datetime) -> datetime:
        """When the hours that cover a time of the market end."""
        ends = local.replace(
            hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0, fold=0
        )
        return ends if ends > local else ends + timedelta(days=1)


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Notice(_Told):
    """One address, and from which severity on it is told."""

    url: Address
    at_least: Literal["info", "warning", "critical"] = "info"


class Order(_Told):
    """A report that is made and sent again and again."""

    to: Address
    format: Literal["pdf", "html", "pptx", "xlsx"] = "pdf"
    every: Literal["day", "month", "monday", "tuesday", "wednesday", "thursday", "friday",
                   "saturday", "sunday"] = "monday"  # fmt: skip
    period: Literal["7d", "28d", "90d", "365d"] = "28d"

    def last_due(self, today: date) -> date:
        """The latest day, today included, on which it was due."""
        if self.every == "day":
            return today
        if self.every == "month":
            return today.replace(day=1)
        return today - timedelta(days=(today.weekday() - DAYS.index(self.every)) % 7)


def _notice(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


def _quiet(value: Any) -> Any:
    return Quiet.read(value) if isinstance(value, str) else value


Notices = list[Annotated[Notice, BeforeValidator(_notice)]]
QuietHours = Annotated[Quiet | None, BeforeValidator(_quiet)]


class Delivery(BaseModel):
    """What is sent where, whatever else the watchlist says."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    market: str = Field(default="Vigie", min_length=1)
    timezone: str = "UTC"
    language: Literal["fr", "en"] = "en"
    alerts: Notices = []
    quiet_hours: QuietHours = None
    reports: list[Order] = []


def load(path: str | Path) -> Delivery | None:
    """Where to send, also from a watchlist that is wrong elsewhere; None where that can't be read.

    A run that fails for a mistake in the watchlist is then still told to its readers.
    """
    try:
        # The C parser stumbles over {url: https://…}, which the watchlist allows.
        document = YAML(typ="safe", pure=True).load(Path(path).read_text(encoding="utf-8"))
        return Delivery.model_validate(document)
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError):
        return None
