"""What a crawl is told and what it answers: the interface of `python -m crawlers crawl`."""

from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct, field

from crawlers.registry import platforms

MAX_CONTACT: Final = 200


class PlanError(Exception):
    """The plan can't be carried out; the message says where and why."""


class PlanChannel(Struct, frozen=True, forbid_unknown_fields=True):
    """One channel to visit.

    `base_url` moves the origin of its pages, `api_url` that of the platform's official API;
    `browser` renders its pages. Where its pages are moved and the API is not, it is asked
    through its pages: a token goes where it belongs, or where the user sends it.
    """

    channel_id: str
    entity_id: str
    platform: str
    account: str
    url: str
    base_url: str | None = None
    api_url: str | None = None
    browser: bool = False


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """One crawl.

    `started_at` is the run's reference time. A page's `fetched_at` is that plus the seconds
    since; with `frozen_clock`, plus one microsecond a page, so that time stands still.
    `delay_s` overrides each platform's own seconds between two requests to one site.
    `max_pages` ends a channel's visit after so many pages: a probe.
    """

    run_id: str
    lake: str
    started_at: datetime
    channels: tuple[PlanChannel, ...]
    frozen_clock: bool = False
    history_days: int = 365
    refresh_days: int = 30
    obey_robots: bool = True
    allow_private_networks: bool = False
    contact: str | None = None
    delay_s: float | None = None
    max_pages: int | None = None
    chromium: str | None = None


class Shortfall(Struct, frozen=True):
    """A channel that was not had in full, and why."""

    channel_id: str
    reason: str


class Summary(Struct, frozen=True):
    """What a crawl came to: the one line that it prints."""

    run_id: str
    channels: int = 0
    pages: int = 0
    posts: int = 0
    new_posts: int = 0
    dropped: int = 0
    errors: int = 0
    incomplete: list[Shortfall] = field(default_factory=list)
    seconds: float = 0


def load(text: bytes) -> Plan:
    """The plan in a JSON document.

    Raises:
        PlanError: it is no such document, names an unknown platform, or its time has no zone.
    """
    try:
        plan = msgspec.json.decode(text, type=Plan)
    except msgspec.MsgspecError as error:
        raise PlanError(f"the plan can't be read: {error}") from error
    if plan.started_at.tzinfo is None:
        raise PlanError("started_at: needs a time zone, such as 2026-01-31T06:00:00Z")
    if plan.contact and (len(plan.contact) > MAX_CONTACT or not plan.contact.isprintable()):
        raise PlanError("contact: must be one short printable line")
    unknown = {channel.platform for channel in plan.channels} - set(platforms())
    if unknown:
        raise PlanError(
            f"channels: no platform is called {', '.join(sorted(unknown))}; "
            f"there are {', '.join(platforms())}"
        )
    twice = len(plan.channels) - len({channel.channel_id for channel in plan.channels})
    if twice:
        raise PlanError(f"channels: {twice} of them are named twice")
    return plan
