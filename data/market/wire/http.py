"""What every platform's endpoints share: a request in, a reply out, no sockets."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from data.market.world import Market


@dataclass(frozen=True, slots=True)
class Request:
    """One request, whichever host it was meant for."""

    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: bytes = b""
    method: str = "GET"

    def one(self, name: str, default: str = "") -> str:
        """A query parameter given once."""
        return self.query.get(name, [default])[0]

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number between 1 and `most`."""
        text = self.one(name, str(default))
        return max(1, min(most, int(text))) if text.isdecimal() else default


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


Endpoint = Callable[[Market, Request, datetime], Reply | None]
"""Answers a request at a simulated time, or None when the path is not its own."""


def as_json(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON answer."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, "application/json; charset=utf-8", body, headers or {})


def as_text(text: str, content_type: str, status: int = 200) -> Reply:
    """HTML, XML or plain text."""
    return Reply(status, f"{content_type}; charset=utf-8", text.encode())


def iso(moment: datetime) -> str:
    """2026-11-16T05:00:00.000Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def rfc3339(moment: datetime) -> str:
    """2026-11-16T05:00:00+00:00."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
